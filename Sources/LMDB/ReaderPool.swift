import CLMDB
import Synchronization

/// Read transactions that have ended and can be renewed, which spares the search for a reader slot.
///
/// Safe to share: the lock guards the list, and a transaction on the list is nobody's.
@safe final class ReaderPool: Sendable {
  @safe private struct Spare: @unchecked Sendable { let transaction: OpaquePointer }
  private let spares = Mutex<[Spare]>([])

  func take() -> OpaquePointer? {
    unsafe spares.withLock { unsafe $0.popLast()?.transaction }
  }

  func put(_ transaction: OpaquePointer) {
    let spare = unsafe Spare(transaction: transaction)
    spares.withLock { $0.append(spare) }
  }

  func abortAll() {
    while let transaction = unsafe take() { unsafe mdb_txn_abort(transaction) }
  }
}
