import DashboardCrypto
import DashboardLMDB
package import DashboardRecords

/// The username is taken.
package struct DuplicateUsername: Error {}

/// What can be changed. Every index and count changes with its record, in the same transaction.
extension Change {
  /// Begins a change of an app, which gets its number with the first one.
  init(
    _ transaction: consuming WriteTransaction, _ tables: Tables, _ app: AppName, isMetered: Bool,
    random: any RandomSource
  ) throws {
    var number = try tables.apps.get(NameKey(app.description), in: transaction)?.value
    if number == nil {
      let next = UInt64(try tables.apps.count(in: transaction)) + 1
      try tables.apps.put(NameKey(app.description), Number(next), in: transaction)
      number = next
    }
    self.init(
      transaction, tables, app, AppNumber(clamping: number ?? 0), isMetered: isMetered, random: random)
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

  /// An identifier that nothing of its kind in the app has. Two of the same second can be drawn alike; then it is the next one.
  func unusedIdentifier<Kind, Record: TableValue>(
    madeAt now: Timestamp, in records: Table<RecordKey, Record>
  ) throws -> Identifier<Kind> {
    var value = Identifier<Kind>(madeAt: now, random).rawValue
    while try records.contains(RecordKey(app: number, id: value), in: transaction) { value &+= 1 }
    return Identifier(rawValue: value)
  }

  // MARK: What belongs to accounts

  /// Adds a record of an account and gives it its identifier and its place in the order of creation.
  package func insert<Record: StoredRecord>(_ new: Record, of account: Account) throws -> Record {
    let records = Record.tables(tables)
    var record = new
    record.id = try unusedIdentifier(madeAt: new.createdAt, in: records.records)
    record.sequence = try nextSequence()
    let id = Number(record.id.rawValue)
    try records.records.put(RecordKey(app: number, id: record.id.rawValue), record, in: transaction)
    try records.ofAccount.put(place(record.sequence, owner: account.sequence), id, in: transaction)
    try records.byAge.put(place(record.sequence), id, in: transaction)
    try record.link(number, owner: account.sequence, tables, in: transaction)
    try add(1, to: records.counted)
    try add(1, to: records.counted, owner: account.sequence)
    return record
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

  /// The oldest records of an account, oldest first.
  package func oldest<Record: StoredRecord>(of account: Account, limit: Int) throws -> [Record] {
    var oldest: [Record] = []
    let prefix = OrderedKey.prefix(app: number, owner: account.sequence)
    try Record.tables(tables).ofAccount.scan(prefix: prefix, .ascending, in: transaction) { _, id in
      if let found: Record = try record(Identifier(rawValue: id.value)) { oldest.append(found) }
      return oldest.count < limit
    }
    return oldest
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
