import CDashboardLMDB
import DashboardSystem
import Synchronization

/// Read transactions that have ended and can be renewed, which spares the search for a reader slot.
///
/// Those that ended on a processor are on its own shelf, so that threads that read at once don't wait for one another's
/// caches. Safe to share: a lock guards each shelf, and a transaction on one is nobody's.
@safe final class ReaderPool: Sendable {
  @safe private struct Shelf: @unchecked Sendable {
    /// First, beside the lock: what comes last may be in one line of the processor's cache with the lock of the next shelf.
    var count = 0
    /// Of a fixed size, as an array would cost every CGI process the making of its type.
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

  /// Ends the transaction if there is no room for it.
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
