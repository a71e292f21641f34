import DashboardLMDB
package import DashboardRecords

/// What can be changed. Every index and count changes with its record, in the same transaction.
extension Change {
  /// Something that should be unique exists already.
  package struct Duplicate: Error {}

  /// Begins a change of an app, which gets its number with the first one.
  init(
    _ transaction: consuming WriteTransaction, _ tables: Tables, _ app: AppName, isMetered: Bool
  ) throws {
    var number = try tables.apps.get(NameKey(app.description), in: transaction)?.value
    if number == nil {
      let next = UInt64(try tables.apps.count(in: transaction)) + 1
      try tables.apps.put(NameKey(app.description), Number(next), in: transaction)
      number = next
    }
    self.init(transaction, tables, app, AppNumber(clamping: number ?? 0), isMetered: isMetered)
  }

  /// Runs `body` as a change of an app that has its number, inside another transaction.
  static func nested<Result>(
    in transaction: borrowing WriteTransaction, _ tables: Tables, _ app: AppName, _ number: AppNumber,
    isMetered: Bool, _ body: (borrowing Change) throws -> Result
  ) throws -> Result {
    let change = Change(try transaction.beginNested(), tables, app, number, isMetered: isMetered)
    let result = try body(change)
    try change.commit()
    return result
  }

  consuming func commit() throws(LMDBError) { try transaction.commit() }

  /// The next place in the order of creation, over the whole store.
  package func nextSequence() throws -> UInt64 {
    var next: UInt64 = 0
    try tables.numbers.replace(NameKey("sequence"), default: Number(0), in: transaction) { last in
      next = last.value &+ 1
      return Number(next)
    }
    return next
  }

  // MARK: Identifiers

  /// The identifier, or the next one that nothing of its kind in the app has: two of the same second can be drawn alike.
  package func unused(_ id: AccountID) throws -> AccountID { try unused(id, in: tables.accounts) }
  package func unused(_ id: SessionID) throws -> SessionID { try unused(id, in: tables.sessions.records) }
  package func unused(_ id: ProfileID) throws -> ProfileID { try unused(id, in: tables.profiles.records) }
  package func unused(_ id: ResetCodeID) throws -> ResetCodeID {
    try unused(id, in: tables.resetCodes.records)
  }

  private func unused<Kind, Record: TableValue>(
    _ id: Identifier<Kind>, in records: Table<RecordKey, Record>
  ) throws -> Identifier<Kind> {
    var value = id.rawValue
    while try records.contains(RecordKey(app: number, id: value), in: transaction) { value &+= 1 }
    return Identifier(rawValue: value)
  }

  // MARK: What belongs to accounts

  /// Adds a record to its account's and the app's.
  ///
  /// - Throws: `Duplicate` when its identifier is taken.
  package func add<Record: StoredRecord>(_ record: Record, to account: Account) throws {
    let records = Record.tables(tables)
    let id = Number(record.id.rawValue)
    let key = RecordKey(app: number, id: record.id.rawValue)
    guard try records.records.insert(key, record, in: transaction) else { throw Duplicate() }
    try records.ofAccount.put(place(record.sequence, owner: account.sequence), id, in: transaction)
    try records.byAge.put(place(record.sequence), id, in: transaction)
    try record.link(number, owner: account.sequence, tables, in: transaction)
    try add(1, to: records.counted)
    try add(1, to: records.counted, owner: account.sequence)
  }

  /// Stores a record that has changed in nothing that an index holds.
  package func update<Record: StoredRecord>(_ record: Record) throws {
    let key = RecordKey(app: number, id: record.id.rawValue)
    try Record.tables(tables).records.put(key, record, in: transaction)
  }

  /// Removes a record of an account.
  package func remove<Record: StoredRecord>(_ record: Record, of account: Account) throws {
    try unlink(record, owner: account.sequence)
    try add(-1, to: Record.tables(tables).counted)
    try add(-1, to: Record.tables(tables).counted, owner: account.sequence)
  }

  /// Removes a record and its places; the counts are the caller's.
  func unlink<Record: StoredRecord>(_ record: Record, owner: UInt64) throws {
    let records = Record.tables(tables)
    _ = try records.records.remove(RecordKey(app: number, id: record.id.rawValue), in: transaction)
    _ = try records.ofAccount.remove(place(record.sequence, owner: owner), in: transaction)
    _ = try records.byAge.remove(place(record.sequence), in: transaction)
    try record.unlink(number, owner: owner, tables, in: transaction)
  }

  /// Adds a session, and notes the sign-in with its account.
  ///
  /// - Parameter most: how many the account may have: beyond it the oldest gives way.
  package func signIn(_ account: Account, _ session: Session, atMost most: Int) throws {
    try add(session, to: account)
    try giveWay(of: account, beyond: most) { (old: Session) in
      old.hasEnded(at: session.createdAt, account: account)
    }
    try count(.sessionsCreated, at: session.createdAt)
    try count(.activeSessions, at: session.createdAt, unlessIn: account.lastSignedInAt)
    var account = account
    account.lastSignedInAt = session.createdAt
    account.updatedAt = session.createdAt
    try update(account)
  }

  /// Adds a reset code, and notes it with its account; parameters as those of `signIn`.
  package func addResetCode(_ code: ResetCode, to account: Account, atMost most: Int) throws {
    try add(code, to: account)
    try giveWay(of: account, beyond: most) { (old: ResetCode) in old.sequence < account.oldestCode }
    try count(.resetCodesCreated, at: code.createdAt)
    var account = account
    account.resetCodeLastCreatedAt = code.createdAt
    account.updatedAt = code.createdAt
    try update(account)
  }

  /// Removes one of the account's oldest records if there are more than so many, and another one, which in time gets their
  /// number down to a bound that was lowered. Of the few oldest, first those that are good for nothing any more.
  private func giveWay<Record: StoredRecord>(
    of account: Account, beyond most: Int, first isUseless: (Record) -> Bool
  ) throws {
    let excess = min(2, try count(Record.self, of: account) - most)
    guard excess > 0 else { return }
    var oldest: [Record] = []
    let prefix = OrderedKey.prefix(app: number, owner: account.sequence)
    try Record.tables(tables).ofAccount.scan(prefix: prefix, .ascending, in: transaction) { _, id in
      if let found: Record = try record(Identifier(rawValue: id.value)) { oldest.append(found) }
      return oldest.count < 16
    }
    let ordered = oldest.filter(isUseless) + oldest.filter { !isUseless($0) }
    for one in ordered.prefix(excess) { try remove(one, of: account) }
  }

  /// Removes the reset code that is a secret.
  ///
  /// - Parameter hashes: of it by several keys.
  package func removeResetCodes(of account: Account, hashes: [[UInt8]]) throws {
    for hash in hashes {
      if let code = try foundResetCode(of: account, hash: hash) { try remove(code, of: account) }
    }
  }

  // MARK: Counts

  func add(_ difference: Int, to counted: CountKey.Counted, owner: UInt64 = 0) throws {
    let key = CountKey(app: number, owner: owner, counted)
    var value = 0
    try tables.counts.replace(key, default: Number(0), in: transaction) { former in
      value = max(0, Int(clamping: former.value) + difference)
      return Number(UInt64(value))
    }
    if value == 0 { try tables.counts.remove(key, in: transaction) }
  }

  /// Counts that something happened, in every period that the moment belongs to.
  ///
  /// - Parameter last: when it last happened to the same; periods that have seen that are left out.
  package func count(_ name: Metric.Name, at now: Timestamp, unlessIn last: Timestamp? = nil) throws {
    guard isMetered, last?.days != now.days else { return }
    let seen = last.map { Metric.periods(of: $0) } ?? []
    for period in Metric.periods(of: now) where !seen.contains(period) {
      let key = MetricKey(app: number, name, period)
      try tables.metrics.replace(key, default: Number(0), in: transaction) { Number($0.value &+ 1) }
    }
  }

  func place(_ sequence: UInt64, owner: UInt64 = 0) -> OrderedKey {
    OrderedKey(app: number, owner: owner, sequence: sequence)
  }
}
