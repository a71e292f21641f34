import CDashboardLMDB
import DashboardSystem
import Glibc
import Synchronization

/// Finished read transactions to renew, and the number of transactions that use the map. Renewing one saves the search for a
/// reader slot.
///
/// Each processor has a shelf of its own, so that threads that read at once do not share cache lines.
///
/// Safe to share: each shelf has a lock, and a transaction on a shelf is in no other use.
@safe final class ReaderPool: Sendable {
  @safe private struct Shelf: @unchecked Sendable {
    /// The number of spares. First in the struct, next to its lock: the last bytes may share a cache line with the next
    /// shelf's lock.
    var count: UInt8 = 0
    /// Nothing begins while the map is changed.
    var isPaused = false
    /// No read begins while a file is not in its place.
    var isDisplaced = false
    /// The transactions that began here, less the ended ones. A thread can change its processor meanwhile, so
    /// only the sum over all shelves says something.
    var balance: Int32 = 0
    /// Of fixed size, since an array would make every CGI process instantiate its type.
    var spares = unsafe InlineArray<14, OpaquePointer?>(repeating: nil)

    mutating func takeSpare() -> OpaquePointer? {
      if count == 0 { return nil }
      count -= 1
      return unsafe spares[Int(count)]
    }
  }

  private let shelves = InlineArray<8, Mutex<Shelf>> { _ in Mutex(Shelf()) }

  /// Counts a transaction. Every call that returns true needs one call of `put` or of `leave`.
  ///
  /// - Parameter spare: gets a finished read transaction, if there is one.
  /// - Returns: false if the pool is paused, or a file is not in its place.
  func take(_ spare: inout OpaquePointer?) -> Bool {
    let nearest = Thread.processor % shelves.count
    let isOpen = shelves[nearest].withLock { shelf in
      if shelf.isPaused || shelf.isDisplaced { return false }
      shelf.balance &+= 1
      unsafe spare = unsafe shelf.takeSpare()
      return true
    }
    var distance = 1
    while isOpen, unsafe spare == nil, distance < shelves.count {
      unsafe spare = unsafe shelves[(nearest + distance) % shelves.count].withLock { unsafe $0.takeSpare() }
      distance += 1
    }
    return isOpen
  }

  /// Counts a transaction that is not taken from the pool.
  ///
  /// - Returns: false if the pool is paused.
  func enter() -> Bool {
    shelves[Thread.processor % shelves.count].withLock { shelf in
      if !shelf.isPaused { shelf.balance &+= 1 }
      return !shelf.isPaused
    }
  }

  /// Counts the end of a transaction.
  func leave() { shelves[Thread.processor % shelves.count].withLock { $0.balance &-= 1 } }

  /// Counts the end of a finished read transaction, and keeps it. Aborts it if its shelf is full.
  func put(_ transaction: OpaquePointer) {
    let isTaken = shelves[Thread.processor % shelves.count].withLock { shelf in
      shelf.balance &-= 1
      if unsafe Int(shelf.count) == shelf.spares.count { return false }
      unsafe shelf.spares[Int(shelf.count)] = unsafe transaction
      shelf.count += 1
      return true
    }
    if !isTaken { unsafe mdb_txn_abort(transaction) }
  }

  func abortAll() {
    for index in shelves.indices {
      while let transaction = unsafe shelves[index].withLock({ unsafe $0.takeSpare() }) {
        unsafe mdb_txn_abort(transaction)
      }
    }
  }

  // MARK: Pausing

  /// Lets no further transaction begin, and waits until all have ended.
  ///
  /// - Parameter limit: in milliseconds.
  /// - Returns: false if one has not ended in time.
  func pause(limit: Int64) -> Bool {
    for index in shelves.indices { shelves[index].withLock { $0.isPaused = true } }
    let deadline = monotonicMilliseconds() + limit
    // Balances only fall from here on, so the sum can't miss a transaction.
    while shelves.indices.reduce(Int32(0), { sum, index in sum &+ shelves[index].withLock(\.balance) }) != 0 {
      if monotonicMilliseconds() >= deadline { return false }
      usleep(100)
    }
    return true
  }

  func resume() {
    for index in shelves.indices { shelves[index].withLock { $0.isPaused = false } }
  }

  /// Lets no further read begin, or lets reads begin again.
  func setDisplaced(_ isDisplaced: Bool) {
    for index in shelves.indices { shelves[index].withLock { $0.isDisplaced = isDisplaced } }
  }
}
