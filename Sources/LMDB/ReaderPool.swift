import CDashboardLMDB
import DashboardSystem
import Synchronization

/// Finished read transactions to renew. Renewing one saves the search for a reader slot.
///
/// Each processor has a shelf of its own, so that threads that read at once do not share cache lines.
///
/// Safe to share: each shelf has a lock, and a transaction on a shelf is in no other use.
@safe final class ReaderPool: Sendable {
  @safe private struct Shelf: @unchecked Sendable {
    /// First in the struct, next to its lock: the last bytes may share a cache line with the next shelf's lock.
    var count = 0
    /// Of fixed size, since an array would make every CGI process instantiate its type.
    var spares = unsafe InlineArray<14, OpaquePointer?>(repeating: nil)
  }

  private let shelves = InlineArray<8, Mutex<Shelf>> { _ in Mutex(Shelf()) }

  func take() -> OpaquePointer? {
    let nearest = Thread.processor
    for distance in shelves.indices {
      let found = unsafe shelves[(nearest + distance) % shelves.count].withLock { shelf -> OpaquePointer? in
        if shelf.count == 0 { return nil }
        shelf.count -= 1
        return unsafe shelf.spares[shelf.count]
      }
      if let found = unsafe found { return unsafe found }
    }
    return nil
  }

  /// Aborts the transaction if its shelf is full.
  func put(_ transaction: OpaquePointer) {
    let isTaken = shelves[Thread.processor % shelves.count].withLock { shelf in
      if unsafe shelf.count == shelf.spares.count { return false }
      unsafe shelf.spares[shelf.count] = unsafe transaction
      shelf.count += 1
      return true
    }
    if !isTaken { unsafe mdb_txn_abort(transaction) }
  }

  func abortAll() {
    while let transaction = unsafe take() { unsafe mdb_txn_abort(transaction) }
  }
}
