import CDashboardLMDB

/// A transaction to read in: a read transaction or the write transaction.
package protocol Transaction: ~Copyable {
  /// Only this module uses it.
  var access: TransactionAccess { get }
}

/// LMDB's handle of a transaction. Only this module uses it.
@safe package struct TransactionAccess {
  let handle: OpaquePointer
}

/// A view of the data as of one moment. It ends with its life.
///
/// - Warning: While it lives, LMDB can't reuse the pages that other transactions replace. End it soon.
@safe package struct ReadTransaction: Transaction, ~Copyable {
  private let handle: OpaquePointer
  private var isEnded = false
  /// `nil` if the lender of the transaction ends it.
  private let owner: Environment?

  init(handle: OpaquePointer, owner: Environment?) {
    unsafe self.handle = unsafe handle
    self.owner = owner
  }

  deinit { if !isEnded { unsafe owner?.recycle(handle) } }

  package var access: TransactionAccess { unsafe TransactionAccess(handle: handle) }

  /// Keeps the tables open that were opened in this transaction. Read transactions need a commit for nothing else.
  ///
  /// The corresponding C function is `mdb_txn_commit`.
  package consuming func commit() throws(LMDBError) {
    precondition(owner != nil, "a lent transaction must not be committed")
    isEnded = true
    defer { owner?.readers.leave() }
    try unsafe LMDBError.check(mdb_txn_commit(handle))
  }
}

/// The write transaction. It is undone at the end of its life unless it was committed.
///
/// - Warning: It belongs to the thread that began it.
package struct WriteTransaction: Transaction, ~Copyable {
  private let whole: Whole
  /// True if committing this value does not commit `whole`.
  private let isShare: Bool

  /// LMDB's transaction. An object, because all shares have it in common. It is undone when the last of them ends, unless it was committed.
  @safe private final class Whole {
    let handle: OpaquePointer
    let environment: Environment
    var writeCount = 0
    private var isEnded = false
    private let isNested: Bool

    init(environment: Environment, parent: OpaquePointer?) throws(LMDBError) {
      if let parent = unsafe parent {
        isNested = true
        unsafe handle = try unsafe environment.beginWriting(in: parent)
      } else {
        isNested = false
        unsafe handle = try unsafe environment.beginWriting()
      }
      self.environment = environment
    }

    deinit {
      guard !isEnded else { return }
      unsafe mdb_txn_abort(handle)
      if !isNested { environment.readers.leave() }
    }

    func commit() throws(LMDBError) {
      if !isNested { try unsafe environment.requireFiles(for: handle) }
      isEnded = true
      let code = unsafe mdb_txn_commit(handle)
      if isNested { return try LMDBError.check(code) }
      let isShort = environment.isShort
      environment.readers.leave()
      try LMDBError.check(code)
      if writeCount > 0 { environment.queue.noteStored() }
      if isShort { environment.extendFile() }
    }
  }

  /// - Parameter parent: the transaction to nest this one in.
  init(environment: Environment, parent: OpaquePointer?) throws(LMDBError) {
    (whole, isShare) = (try unsafe Whole(environment: environment, parent: parent), false)
  }

  private init(shareOf whole: Whole) { (self.whole, isShare) = (whole, true) }

  package var access: TransactionAccess { unsafe TransactionAccess(handle: whole.handle) }

  /// The number of writes by all shares of the transaction.
  var writeCount: Int { whole.writeCount }

  func noteWrite() { whole.writeCount &+= 1 }

  /// The same transaction for one of the pieces that write in it together. Committing a share commits nothing, and ending it
  /// undoes nothing.
  func share() -> WriteTransaction { WriteTransaction(shareOf: whole) }

  /// The same transaction for reading, with the changes that it has made so far. It must not be used after this one has ended.
  package func reading() -> ReadTransaction { unsafe ReadTransaction(handle: whole.handle, owner: nil) }

  /// Makes all changes durable. The changes of a nested transaction or a share become part of the outer one instead. After an
  /// error nothing has changed.
  ///
  /// The corresponding C function is `mdb_txn_commit`.
  package consuming func commit() throws(LMDBError) {
    if !isShare { try whole.commit() }
  }

  /// Begins a transaction nested in this one, which must not be used until the nested one has ended.
  package func beginNested() throws(LMDBError) -> WriteTransaction {
    // Counts as a write, since this transaction does not learn whether the nested one writes.
    noteWrite()
    return try unsafe WriteTransaction(environment: whole.environment, parent: whole.handle)
  }
}
