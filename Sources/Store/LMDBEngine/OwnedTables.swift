import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The tables of one kind of owned records: the records, their two orders of creation, and the indexes of the
/// kind.
///
/// Only `DataFileWrite` and the sweep change them, so that they stay consistent.
final class OwnedTables: Sendable {
  let kind: OwnedKind
  let records: Table<RecordKey, StoredBytes>
  /// The records of each account, by age.
  let ofAccount: Table<OrderedKey, Number>
  /// The records of each app, by age.
  let byAge: Table<OrderedKey, Number>
  /// The records of all apps, by the time at which they are due; `nil` if the kind has no such index.
  let due: Table<DueKey, RecordValue>?
  /// The records by their lookup hash; `nil` if the kind has no such index.
  let byHash: Table<HashKey, Number>?
  /// The records by their search hash; `nil` if the kind has no such index, or if the schema of the data has none yet.
  let bySearch: Table<SearchKey, Number>?

  var counted: CountKey.Counted { .records(kind) }

  init(
    _ kind: OwnedKind, in transaction: borrowing some Transaction & ~Copyable, createIfMissing: Bool
  ) throws(LMDBError) {
    self.kind = kind
    records = try Table(kind.recordsName, in: transaction, createIfMissing: createIfMissing)
    ofAccount = try Table(kind.ofAccountName, in: transaction, createIfMissing: createIfMissing)
    byAge = try Table(kind.byAgeName, in: transaction, createIfMissing: createIfMissing)
    due = try kind.dueIndex.map { name throws(LMDBError) in
      try Table(name, in: transaction, createIfMissing: createIfMissing)
    }
    byHash = try kind.hashIndex.map { name throws(LMDBError) in
      try Table(name, in: transaction, createIfMissing: createIfMissing)
    }
    bySearch = try Self.searchIndex(kind, in: transaction, createIfMissing: createIfMissing)
  }

  /// Only a migration creates this table in existing data. Until then the keys of the data can be checked without it.
  private static func searchIndex(
    _ kind: OwnedKind, in transaction: borrowing some Transaction & ~Copyable, createIfMissing: Bool
  ) throws(LMDBError) -> Table<SearchKey, Number>? {
    guard let name = kind.searchIndex else { return nil }
    do {
      return try Table(name, in: transaction, createIfMissing: createIfMissing)
    } catch {
      guard error == .notFound else { throw error }
      return nil
    }
  }

  /// Decodes a record.
  ///
  /// - Throws: `UnreadableRecord`.
  func decoded(_ stored: StoredBytes) throws -> any OwnedRecord {
    var record: (any OwnedRecord)?
    ByteReader.reading(stored.bytes) { reader in
      record = try? kind.decode(&reader)
      if !reader.isAtEnd { record = nil }
    }
    guard let record else { throw UnreadableRecord(table: "\(kind.recordsName)") }
    return record
  }

  // MARK: Indexes

  /// The place of a record in the index of hashes; `nil` if it has none.
  func hashKey(_ record: some OwnedRecord, app: AppNumber, owner: UInt64) -> HashKey? {
    record.lookupHash.map {
      HashKey(app: app, owner: kind.isFoundInApp ? 0 : owner, hash: $0, sequence: record.sequence)
    }
  }

  /// Adds a record to the orders and indexes.
  func link(
    _ record: some OwnedRecord, app: AppNumber, owner: UInt64, in transaction: borrowing WriteTransaction
  ) throws {
    let id = Number(record.id.rawValue)
    try ofAccount.put(OrderedKey(app: app, owner: owner, sequence: record.sequence), id, in: transaction)
    try byAge.put(OrderedKey(app: app, owner: 0, sequence: record.sequence), id, in: transaction)
    if let due, let time = record.dueAt {
      try due.put(
        DueKey(time: time, sequence: record.sequence), RecordValue(app: app, id: record.id.rawValue),
        in: transaction)
    }
    if let byHash, let key = hashKey(record, app: app, owner: owner) {
      try byHash.put(key, id, in: transaction)
    }
    try linkSearch(record, app: app, owner: owner, in: transaction)
  }

  /// Removes a record, also from the orders and indexes. The caller updates the counts.
  func remove(
    _ record: some OwnedRecord, app: AppNumber, owner: UInt64, in transaction: borrowing WriteTransaction
  ) throws {
    let key = RecordKey(app: app, id: record.id.rawValue)
    try unlinkSearch(key, owner: owner, in: transaction)
    try records.remove(key, in: transaction)
    try ofAccount.remove(OrderedKey(app: app, owner: owner, sequence: record.sequence), in: transaction)
    try byAge.remove(OrderedKey(app: app, owner: 0, sequence: record.sequence), in: transaction)
    if let due, let time = record.dueAt {
      try due.remove(DueKey(time: time, sequence: record.sequence), in: transaction)
    }
    if let byHash, let key = hashKey(record, app: app, owner: owner) {
      try byHash.remove(key, in: transaction)
    }
  }
}
