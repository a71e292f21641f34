import DashboardCrypto
import DashboardLMDB
import DashboardRecords

/// A change of one app's records. Every index and count changes with its record, in the same transaction.
/// `Change` documents the methods.
struct DataFileWrite: ~Copyable {
  let transaction: WriteTransaction
  /// The records as they are in the transaction.
  let current: DataFileRead
  /// True if the app counts metrics.
  let isMetered: Bool
  /// The source of identifiers.
  let random: any RandomSource

  var tables: Tables { current.tables }
  var number: AppNumber { current.number }

  init(
    _ transaction: consuming WriteTransaction, _ tables: Tables, _ app: AppName, _ number: AppNumber,
    isMetered: Bool, random: any RandomSource = SystemRandom()
  ) {
    current = DataFileRead(transaction: transaction.reading(), tables: tables, app: app, number: number)
    self.transaction = transaction
    self.isMetered = isMetered
    self.random = random
  }

  /// The records as they are in the transaction. They must not be used after it has ended.
  func reading() -> DataFileRead {
    DataFileRead(transaction: transaction.reading(), tables: tables, app: current.app, number: number)
  }

  /// Begins a change of an app. The first change gives the app its number.
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

  /// Runs `body` as a change of an app in a nested transaction.
  static func nested<Result>(
    in transaction: borrowing WriteTransaction, _ tables: Tables, _ app: AppName, _ number: AppNumber,
    isMetered: Bool, _ body: (borrowing DataFileWrite) throws -> Result
  ) throws -> Result {
    let change = DataFileWrite(try transaction.beginNested(), tables, app, number, isMetered: isMetered)
    let result = try body(change)
    try change.commit()
    return result
  }

  consuming func commit() throws(LMDBError) { try transaction.commit() }

  func nextPlace() throws -> UInt64 {
    var next: UInt64 = 0
    try tables.numbers.replace(NameKey("sequence"), default: Number(0), in: transaction) { last in
      next = last.value &+ 1
      return Number(next)
    }
    return next
  }

  // MARK: Identifiers

  /// An identifier that no record of its kind in the app has. If the random one is taken, the next free one.
  func unusedIdentifier<Kind, Record: TableValue>(
    madeAt now: Timestamp, in records: Table<RecordKey, Record>
  ) throws -> Identifier<Kind> {
    var value = Identifier<Kind>(madeAt: now, random).rawValue
    while try records.contains(RecordKey(app: number, id: value), in: transaction) { value &+= 1 }
    return Identifier(rawValue: value)
  }

  // MARK: Owned records

  func insert<Record: OwnedRecord>(_ new: Record, of account: Account) throws -> Record {
    let owned = try tables.owned(Record.kind)
    let records: Table<RecordKey, Record> = owned.records.retyped()
    var record = new
    record.id = try unusedIdentifier(madeAt: new.createdAt, in: records)
    record.sequence = try nextPlace()
    try records.put(RecordKey(app: number, id: record.id.rawValue), record, in: transaction)
    try owned.link(record, app: number, owner: account.sequence, in: transaction)
    try add(1, to: owned.counted)
    try add(1, to: owned.counted, owner: account.sequence)
    return record
  }

  func update<Record: OwnedRecord>(_ record: Record) throws {
    let owned = try tables.owned(Record.kind)
    let key = RecordKey(app: number, id: record.id.rawValue)
    if owned.bySearch != nil {
      guard let account = try current.account(record.accountid),
        try owned.records.contains(key, in: transaction)
      else { return }
      try owned.unlinkSearch(key, owner: account.sequence, in: transaction)
      try owned.linkSearch(record, app: number, owner: account.sequence, in: transaction)
    }
    let records: Table<RecordKey, Record> = owned.records.retyped()
    try records.put(key, record, in: transaction)
  }

  func renew<Record: OwnedRecord>(_ record: Record, of account: Account) throws {
    let owned = try tables.owned(Record.kind)
    let records: Table<RecordKey, Record> = owned.records.retyped()
    try owned.remove(record, app: number, owner: account.sequence, in: transaction)
    var record = record
    record.sequence = try nextPlace()
    try records.put(RecordKey(app: number, id: record.id.rawValue), record, in: transaction)
    try owned.link(record, app: number, owner: account.sequence, in: transaction)
  }

  func remove(_ record: some OwnedRecord, of account: Account) throws {
    let owned = try tables.owned(type(of: record).kind)
    try owned.remove(record, app: number, owner: account.sequence, in: transaction)
    try add(-1, to: owned.counted)
    try add(-1, to: owned.counted, owner: account.sequence)
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

  func count(_ name: Metric.Name, at now: Timestamp, unlessIn last: Timestamp?) throws {
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
