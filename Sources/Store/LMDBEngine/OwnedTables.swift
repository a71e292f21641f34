import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The tables of one kind of owned records: the records by their identifiers, two orders of their creation, and the indexes that the kind
/// declares. No other code changes one of them, so that they stay in step.
final class OwnedTables: Sendable {
  let kind: OwnedKind
  let records: Table<RecordKey, StoredBytes>
  /// Of one account, by age.
  let ofAccount: Table<OrderedKey, Number>
  /// Of a whole app, by age.
  let byAge: Table<OrderedKey, Number>
  /// Of all apps, by the time at which they are due.
  let due: Table<DueKey, RecordValue>?
  let byHash: Table<HashKey, Number>?

  var counted: CountKey.Counted { .records(kind) }

  init(
    _ kind: OwnedKind, in transaction: borrowing some Transaction & ~Copyable, makesThem: Bool
  ) throws(LMDBError) {
    self.kind = kind
    records = try Table(kind.recordsName, in: transaction, makesIt: makesThem)
    ofAccount = try Table(kind.ofAccountName, in: transaction, makesIt: makesThem)
    byAge = try Table(kind.byAgeName, in: transaction, makesIt: makesThem)
    if let name = kind.dueIndex {
      due = try Table(name, in: transaction, makesIt: makesThem)
    } else {
      due = nil
    }
    if let name = kind.hashIndex {
      byHash = try Table(name, in: transaction, makesIt: makesThem)
    } else {
      byHash = nil
    }
  }

  /// A record as its kind reads it.
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

  // MARK: Places

  /// Adds the places of a record.
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
    if let byHash, let hash = record.lookupHash {
      try byHash.put(
        HashKey(app: app, owner: owner, hash: hash, sequence: record.sequence), id, in: transaction)
    }
  }

  /// Removes a record and its places. The counts are the caller's.
  func remove(
    _ record: some OwnedRecord, app: AppNumber, owner: UInt64, in transaction: borrowing WriteTransaction
  ) throws {
    try records.remove(RecordKey(app: app, id: record.id.rawValue), in: transaction)
    try ofAccount.remove(OrderedKey(app: app, owner: owner, sequence: record.sequence), in: transaction)
    try byAge.remove(OrderedKey(app: app, owner: 0, sequence: record.sequence), in: transaction)
    if let due, let time = record.dueAt {
      try due.remove(DueKey(time: time, sequence: record.sequence), in: transaction)
    }
    if let byHash, let hash = record.lookupHash {
      try byHash.remove(
        HashKey(app: app, owner: owner, hash: hash, sequence: record.sequence), in: transaction)
    }
  }
}
