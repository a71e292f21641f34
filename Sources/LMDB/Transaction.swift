import CDashboardLMDB

/// What reads can be made in: a read transaction, or the one that writes.
package protocol Transaction: ~Copyable {
  /// Only this module's.
  var access: TransactionAccess { get }
}

/// LMDB's handle of a transaction, for this module alone.
@safe package struct TransactionAccess {
  let handle: OpaquePointer
}

/// A view of the data at one moment. Ends with its life.
///
/// - Warning: While it lives, the pages that others replace are kept: end it soon.
@safe package struct ReadTransaction: Transaction, ~Copyable {
  private let handle: OpaquePointer
  private var isEnded = false
  /// `nil`: somebody else sees to its end.
  private let owner: Environment?

  init(handle: OpaquePointer, owner: Environment?) {
    unsafe self.handle = unsafe handle
    self.owner = owner
  }

  deinit { if !isEnded { unsafe owner?.recycle(handle) } }

  package var access: TransactionAccess { unsafe TransactionAccess(handle: handle) }

  /// Keeps the tables that were opened in it open. Nothing else of a read transaction needs that.
  ///
  /// The corresponding C function is `mdb_txn_commit`.
  package consuming func commit() throws(LMDBError) {
    precondition(owner != nil, "whoever was lent a transaction does not end it")
    isEnded = true
    try unsafe LMDBError.check(mdb_txn_commit(handle))
  }
}

/// The one transaction that writes. Undone at the end of its life, unless committed.
///
/// - Warning: It belongs to the thread that began it.
package struct WriteTransaction: Transaction, ~Copyable {
  private let whole: Whole
  /// Whether its end is not the end of the whole.
  private let isShare: Bool

  /// LMDB's transaction, which several may write in together. An object: as fields of the struct, beside a second Bool, its parts
  /// were read from wrong places by optimised generic code (Swift 6.3.1).
  @safe private final class Whole {
    let handle: OpaquePointer
    let environment: Environment
    var writeCount = 0
    private var isEnded = false

    init(environment: Environment, parent: OpaquePointer?) throws(LMDBError) {
      unsafe handle = try unsafe environment.beginWriting(in: parent)
      self.environment = environment
    }

    deinit { if !isEnded { unsafe mdb_txn_abort(handle) } }

    func commit() throws(LMDBError) {
      isEnded = true
      try unsafe LMDBError.check(mdb_txn_commit(handle))
    }
  }

  /// - Parameter parent: the transaction that this one is nested in.
  init(environment: Environment, parent: OpaquePointer?) throws(LMDBError) {
    (whole, isShare) = (try unsafe Whole(environment: environment, parent: parent), false)
  }

  private init(shareOf whole: Whole) { (self.whole, isShare) = (whole, true) }

  package var access: TransactionAccess { unsafe TransactionAccess(handle: whole.handle) }

  /// How often something was written, by all who share it.
  var writeCount: Int { whole.writeCount }

  func noteWrite() { whole.writeCount &+= 1 }

  /// The same transaction for one of those that write in it together. That commits nothing, and undoes nothing.
  func share() -> WriteTransaction { WriteTransaction(shareOf: whole) }

  /// Makes everything durable; of a nested transaction or a share, part of the whole. On an error nothing has changed.
  ///
  /// The corresponding C function is `mdb_txn_commit`.
  package consuming func commit() throws(LMDBError) {
    if !isShare { try whole.commit() }
  }

  /// Begins a transaction nested in this one, which must not be used until that one has ended.
  package func beginNested() throws(LMDBError) -> WriteTransaction {
    // As if: that it writes and commits is its own business.
    noteWrite()
    return try unsafe WriteTransaction(environment: whole.environment, parent: whole.handle)
  }

  /// Runs `body` in a transaction nested in this one: its error undoes what it did, and nothing else.
  ///
  /// - Warning: While it runs, this transaction must not be used.
  package func nested<Result>(_ body: (borrowing WriteTransaction) throws -> Result) throws -> Result {
    let child = try beginNested()
    let result = try body(child)
    try child.commit()
    return result
  }
}
