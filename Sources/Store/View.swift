package import Accounts
package import LMDB

/// The records of one app as of one moment.
package typealias Snapshot = View<ReadTransaction>

/// The records of one app, in the transaction that writes.
package typealias Change = View<WriteTransaction>

/// The records of one app in a transaction. No record of another app is reachable.
package struct View<Underlying: Transaction & ~Copyable>: ~Copyable {
  let transaction: Underlying
  let tables: Tables
  package let app: AppName
  /// 0: nobody has written to the app yet.
  let number: AppNumber

  init(_ transaction: consuming Underlying, _ tables: Tables, _ app: AppName, _ number: AppNumber) {
    self.transaction = transaction
    self.tables = tables
    self.app = app
    self.number = number
  }

  // MARK: Accounts

  package func account(_ id: AccountID) throws -> Account? {
    try tables.accounts.get(RecordKey(app: number, id: id.rawValue), in: transaction)
  }

  package func account(usernameHash: [UInt8]) throws -> Account? {
    let id = try tables.usernames.get(UsernameKey(app: number, hash: usernameHash), in: transaction)
    return try id.flatMap { try account(AccountID(rawValue: $0.value)) }
  }

  package func accountCount() throws -> Int { try count(.accounts) }

  // MARK: Sessions

  /// A session, whether it lives or has ended.
  package func session(_ id: SessionID) throws -> Session? {
    try tables.sessions.get(RecordKey(app: number, id: id.rawValue), in: transaction)
  }

  /// Sessions of an account, newest first.
  ///
  /// - Parameters:
  ///   - last: continue after this one, at a cost that does not grow with what came before.
  ///   - offset: pass over so many, one by one.
  package func sessions(of account: Account, after last: Session? = nil, offset: Int = 0, limit: Int) throws
    -> [Session]
  {
    var found: [Session] = []
    var toPassOver = offset
    let prefix = OrderedKey.prefix(app: number, owner: account.sequence)
    let bound = last.map { OrderedKey(app: number, owner: account.sequence, sequence: $0.sequence) }
    if limit == 0 { return [] }
    try tables.sessionsOfAccount.scan(prefix: prefix, after: bound, .descending, in: transaction) { _, id in
      if toPassOver > 0 {
        toPassOver -= 1
        return true
      }
      if let session = try session(SessionID(rawValue: id.value)) { found.append(session) }
      return found.count < limit
    }
    return found
  }

  func count(_ counted: CountKey.Counted) throws -> Int {
    Int(clamping: try tables.counts.get(CountKey(app: number, counted), in: transaction)?.value ?? 0)
  }
}
