package import Accounts
import LMDB

/// What can be changed. Every index and count changes with its record, in the same transaction.
extension Change {
  /// Something that should be unique exists already.
  package struct Duplicate: Error {}

  /// Begins a change of an app, which gets its number with the first one.
  init(_ transaction: consuming WriteTransaction, _ tables: Tables, _ app: AppName) throws {
    var number = try tables.apps.get(NameKey(app.description), in: transaction)?.value
    if number == nil {
      let next = UInt64(try tables.apps.count(in: transaction)) + 1
      try tables.apps.put(NameKey(app.description), Number(next), in: transaction)
      number = next
    }
    self.init(transaction, tables, app, AppNumber(clamping: number ?? 0))
  }

  consuming func commit() throws(LMDBError) { try transaction.commit() }

  /// The next place in the order of creation, over the whole store.
  package func nextSequence() throws -> UInt64 {
    let next = (try tables.numbers.get(NameKey("sequence"), in: transaction)?.value ?? 0) &+ 1
    try tables.numbers.put(NameKey("sequence"), Number(next), in: transaction)
    return next
  }

  private func add(_ difference: Int, to counted: CountKey.Counted) throws {
    let value = max(0, try count(counted) + difference)
    try tables.counts.put(CountKey(app: number, counted), Number(UInt64(value)), in: transaction)
  }

  // MARK: Accounts

  /// Adds an account. The first one of an app becomes its owner and administrator.
  ///
  /// - Throws: `Duplicate` when its username is taken.
  package func register(_ account: Account) throws -> Account {
    var account = account
    if try accountCount() == 0 {
      account.ownerSince = account.createdAt
      account.administratorSince = account.createdAt
    }
    let id = Number(account.accountid.rawValue)
    let key = RecordKey(app: number, id: account.accountid.rawValue)
    let username = UsernameKey(app: number, hash: account.usernameHash)
    guard try tables.usernames.insert(username, id, in: transaction),
      try tables.accounts.insert(key, account, in: transaction)
    else { throw Duplicate() }
    let place = OrderedKey(app: number, owner: 0, sequence: account.sequence)
    try tables.accountsByAge.put(place, id, in: transaction)
    try add(1, to: .accounts)
    if account.isAdministrator {
      try tables.administrators.put(place, id, in: transaction)
      try add(1, to: .administrators)
    }
    return account
  }

  /// Stores an account that has changed in nothing that an index holds.
  package func update(_ account: Account) throws {
    try tables.accounts.put(RecordKey(app: number, id: account.accountid.rawValue), account, in: transaction)
  }

  // MARK: Sessions

  /// Adds a session, and notes the sign-in with its account.
  package func signIn(_ account: Account, _ session: Session) throws {
    let id = Number(session.sessionid.rawValue)
    let key = RecordKey(app: number, id: session.sessionid.rawValue)
    guard try tables.sessions.insert(key, session, in: transaction) else { throw Duplicate() }
    try tables.sessionsOfAccount.put(
      OrderedKey(app: number, owner: account.sequence, sequence: session.sequence), id, in: transaction)
    try tables.sessionsByAge.put(
      OrderedKey(app: number, owner: 0, sequence: session.sequence), id, in: transaction)
    try tables.expiries.put(
      DueKey(time: session.expiresAt, sequence: session.sequence),
      RecordValue(app: number, id: session.sessionid.rawValue), in: transaction)
    try add(1, to: .sessions)
    var account = account
    account.lastSignedInAt = session.createdAt
    account.updatedAt = session.createdAt
    account.sessionCount &+= 1
    try update(account)
  }

  /// Stores a session that has changed in nothing that an index holds.
  package func update(_ session: Session) throws {
    try tables.sessions.put(RecordKey(app: number, id: session.sessionid.rawValue), session, in: transaction)
  }
}
