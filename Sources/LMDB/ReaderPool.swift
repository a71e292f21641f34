import CLMDB
import Synchronization
import Threading

/// Read transactions that have ended and can be renewed, which spares the search for a reader slot.
///
/// Those that ended on a processor are on its own shelf, so that threads that read at once don't wait for one another's
/// caches. Safe to share: a lock guards each shelf, and a transaction on one is nobody's.
@safe final class ReaderPool: Sendable {
  @safe private struct Spare: @unchecked Sendable { let transaction: OpaquePointer }

  private struct Shelf: ~Copyable {
    let spares = Mutex<[Spare]>([])
    /// Each has a line of the processor's cache for itself.
    let unused = InlineArray<6, UInt64>(repeating: 0)
  }

  private let shelves = InlineArray<8, Shelf> { _ in Shelf() }

  func take() -> OpaquePointer? {
    let nearest = Thread.processor
    for distance in shelves.indices {
      let shelf = (nearest + distance) % shelves.count
      if let spare = unsafe shelves[shelf].spares.withLock({ unsafe $0.popLast()?.transaction }) {
        return unsafe spare
      }
    }
    return nil
  }

  func put(_ transaction: OpaquePointer) {
    let spare = unsafe Spare(transaction: transaction)
    shelves[Thread.processor % shelves.count].spares.withLock { $0.append(spare) }
  }

  func abortAll() {
    while let transaction = unsafe take() { unsafe mdb_txn_abort(transaction) }
  }
}
