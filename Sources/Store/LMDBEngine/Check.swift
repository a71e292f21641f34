import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The consistency check of indexes and counts against the records.
extension DataFileEngine {
  func problems() throws -> [String] {
    try inspect { _, tables in
      var problems: [String] = []
      let check = Check(tables, try environment.beginRead()) { problems.append("\($0)") }
      try check.run()
      return problems
    }
  }

  /// Checks the pages of the file first, since reading damaged ones can end the process. Then checks the tables.
  static func check(
    _ directory: String, maximumSize: Int, isReadOnly: Bool,
    progress: @escaping Store.CheckProgress, report: @escaping (Finding) -> Void
  ) throws(Store.OpeningError) -> DataFacts? {
    do {
      let environment = try open(directory, maximumSize: maximumSize, isReadOnly: isReadOnly)
      var isSound = true
      let (pages, entries) = try environment.checkPages {
        progress("pages", $0, environment.pageCount)
      } report: {
        isSound = false
        report(Finding(dataFileName, $0))
      }
      progress("pages", pages, pages)
      if !isSound { return nil }
      let transaction = try environment.beginRead()
      guard let tables = try Tables.existing(OwnedKind.all, in: transaction, mostCounters: 0),
        let facts = try DataFacts(tables, in: transaction)
      else {
        report(Finding(dataFileName, "holds no data of this program"))
        return nil
      }
      guard facts.schema <= Migration.current else { throw newer(directory, facts.schema) }
      let check = Check(tables, transaction, report)
      check.progress = { progress("entries", min($0, entries), entries) }
      try check.run()
      progress("entries", entries, entries)
      return facts
    } catch let error as LMDBError where error.isDamage {
      report(Finding(dataFileName, "\(error)"))
      return nil
    } catch let error as UnreadableRecord {
      report(Finding(error.table, "an entry can't be read"))
      return nil
    } catch let error as Store.OpeningError {
      throw error
    } catch {
      let isTemporary = (error as? LMDBError)?.isStorageUnavailable ?? false
      throw Store.OpeningError(
        description: "\(directory) can't be checked: \(error)", isTemporary: isTemporary)
    }
  }

  static func facts(_ directory: String, maximumSize: Int) throws(Store.OpeningError) -> DataFacts? {
    do {
      let environment = try open(directory, maximumSize: maximumSize, isReadOnly: true)
      let transaction = try environment.beginRead()
      let tables = try Tables.existing(OwnedKind.all, in: transaction, mostCounters: 0)
      return try tables.flatMap { try DataFacts($0, in: transaction) }
    } catch {
      throw Store.OpeningError(description: "\(directory) can't be read: \(error)")
    }
  }

  private static func open(
    _ directory: String, maximumSize: Int, isReadOnly: Bool
  ) throws(LMDBError) -> Environment {
    var options = Environment.Options()
    options.mapSize = maximumSize
    options.maximumTables = UInt32(clamping: Tables.count(OwnedKind.all))
    options.isReadOnly = isReadOnly
    return try Environment(directory: directory, options: options)
  }
}

/// One pass over the tables.
///
/// Each entry that a record should have in an index is looked up. Different records have different entries, so an index has
/// no other entry if it has the right number of them. They are counted one by one, since a stored number can be wrong.
final class Check {
  let tables: Tables
  let transaction: ReadTransaction
  private let reportFinding: (Finding) -> Void
  /// Gets the number of visited entries.
  var progress: (Int) -> Void = { _ in }
  private var visited = 0
  /// The indexes with a missing or wrong entry.
  private var faulty: Set<String> = []
  /// The counts of whole apps according to the records.
  var expected: [CountKey: Int] = [:]
  /// The sequence of each account.
  var owners: [RecordKey: UInt64] = [:]
  /// The number of passkeys of each account that has some, according to the accounts.
  var passkeys: [RecordKey: Int] = [:]
  /// The sequence of each removed account whose records are not all removed.
  var removed: [RecordKey: UInt64] = [:]
  /// The names of the apps by their numbers.
  var apps: [AppNumber: String] = [:]
  /// The largest place in the order of creation.
  var lastPlace: UInt64 = 0
  /// False while a migration fills the newest indexes.
  private(set) var areIndexesComplete = true

  init(_ tables: Tables, _ transaction: consuming ReadTransaction, _ report: @escaping (Finding) -> Void) {
    (self.tables, reportFinding) = (tables, report)
    self.transaction = transaction
  }

  var membership: MembershipTables? { areIndexesComplete ? tables.membership : nil }

  func run() throws {
    areIndexesComplete = try !MigrationState(tables, in: transaction).isUnderWay
    try removals()
    try accounts()
    for owned in tables.owned { try records(owned) }
    try counters(tables.attempts)
    try counters(tables.knownAddresses)
    try counts()
    try ownEntries()
  }

  // MARK: Helpers

  func report(_ table: StaticString, _ text: String) { reportFinding(Finding("\(table)", text)) }

  /// Visits all entries of a table, and reports unreadable ones.
  func each<Key: TableKey, Value: TableValue>(
    _ table: Table<Key, Value>, _ visit: (Key, Value) throws -> Void
  ) throws {
    try table.checkEntries(in: transaction) {
      report(table.name, "an entry can't be read")
    } _: { key, value in
      visited += 1
      progress(visited)
      try visit(key, value)
    }
  }

  /// `nil` also for a value that can't be read, which `each` reports.
  func value<Key: TableKey, Value: TableValue>(_ table: Table<Key, Value>, _ key: Key) throws -> Value? {
    do { return try table.get(key, in: transaction) } catch is UnreadableRecord { return nil }
  }

  /// True if keys of a table begin with a prefix.
  func hasEntries<Key: TableKey, Value: TableValue>(_ table: Table<Key, Value>, _ prefix: [UInt8]) throws
    -> Bool
  {
    do { return try !table.first(1, prefix: prefix, in: transaction).isEmpty } catch is UnreadableRecord {
      return true
    }
  }

  /// Expects that an index has an entry for a record.
  func expect<Key: TableKey>(_ index: Table<Key, Number>, _ key: Key, _ id: UInt64, of record: String) throws
  {
    try expect(index, key, of: record) { $0.value == id }
  }

  func expect<Key: TableKey, Value: TableValue>(
    _ index: Table<Key, Value>, _ key: Key, of record: String, _ isRight: (Value) -> Bool
  ) throws {
    let found = try value(index, key)
    if let found, isRight(found) { return }
    faulty.insert("\(index.name)")
    report(index.name, found == nil ? "has no entry for \(record)" : "has a wrong entry for \(record)")
  }

  /// Expects `count` entries in an index whose entries were looked up. Otherwise reports entries that belong to no record.
  func expect<Key: TableKey, Value: TableValue>(
    _ index: Table<Key, Value>, count: Int, visit: (Key) throws -> Void = { _ in },
    belongs: (Key, Value) throws -> Bool
  ) throws {
    var found = 0
    try each(index) { key, _ in
      found += 1
      try visit(key)
    }
    if found == count, !faulty.contains("\(index.name)") { return }
    try table(index) { key, value in
      if try !belongs(key, value) {
        report(index.name, "has an entry that belongs to no record: \(Self.text(key))")
      }
    }
    if found != count { report(index.name, "\(found) entries for \(count) records") }
  }

  /// Visits the entries once more, without unreadable ones.
  private func table<Key: TableKey, Value: TableValue>(
    _ table: Table<Key, Value>, _ visit: (Key, Value) throws -> Void
  ) throws {
    try table.checkEntries(in: transaction, unreadable: {}, visit)
  }

  /// Expects a stored count. A missing one is 0.
  func expect(_ key: CountKey, _ count: Int) throws {
    let stored = try Int(clamping: value(tables.counts, key)?.value ?? 0)
    guard stored != count else { return }
    let place = key.owner == 0 ? "" : ", account in place \(key.owner)"
    report(
      tables.counts.name, "\(name(of: key.counted)) of app \(key.app)\(place): \(stored), expected \(count)")
  }

  private func name(of counted: CountKey.Counted) -> String {
    let names: [CountKey.Counted: String] = [
      .accounts: "accounts", .administrators: "administrators", .deletedAccounts: "accounts to be deleted",
      .owners: "owners", .groups: "groups", .namedAccounts: "kept usernames",
    ]
    let owned = tables.owned.first { $0.counted == counted }
    return names[counted] ?? owned.map { "\($0.kind.recordsName)" } ?? "number \(counted.rawValue)"
  }

  /// The first bytes of a key in hexadecimal digits.
  static func text(_ key: some TableKey) -> String {
    var writer = ByteWriter()
    key.encode(into: &writer)
    return Hexadecimal.text(Array(writer.bytes.prefix(24)))
  }
}
