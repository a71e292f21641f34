package import DashboardLMDB
package import DashboardRecords

/// The tables of one kind of record that belongs to accounts: the records by their identifiers, and two orders of
/// their creation. Changing one of them without the others is what this type is there to prevent.
package struct RecordTables<Record>: Sendable {
  let records: Table<RecordKey, Record>
  /// Of one account, by age.
  let ofAccount: Table<OrderedKey, Number>
  /// Of a whole app, by age.
  let byAge: Table<OrderedKey, Number>
  let counted: CountKey.Counted
}

extension RecordTables where Record: TableValue {
  init(
    _ name: StaticString, ofAccount nameOfAccount: StaticString, byAge nameByAge: StaticString,
    _ counted: CountKey.Counted, in transaction: borrowing some Transaction & ~Copyable, makesThem: Bool
  ) throws(LMDBError) {
    records = try Table(name, in: transaction, makesIt: makesThem)
    ofAccount = try Table(nameOfAccount, in: transaction, makesIt: makesThem)
    byAge = try Table(nameByAge, in: transaction, makesIt: makesThem)
    self.counted = counted
  }
}

/// A kind of record that belongs to accounts and has its tables.
package protocol StoredRecord: OwnedRecord, TableValue {
  static func tables(_ tables: Tables) -> RecordTables<Self>

  /// Writes what else the kind has in indexes of its own.
  func link(_ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction)
    throws
  /// Removes it.
  func unlink(_ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction)
    throws
}

extension StoredRecord {
  package func link(
    _ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) {}
  package func unlink(
    _ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) {}
}

extension Profile: StoredRecord {
  package static func tables(_ tables: Tables) -> RecordTables<Profile> { tables.profiles }
}

extension Session: StoredRecord {
  package static func tables(_ tables: Tables) -> RecordTables<Session> { tables.sessions }

  package func link(
    _ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    try tables.expiries.put(
      DueKey(time: expiresAt, sequence: sequence), RecordValue(app: app, id: sessionid.rawValue),
      in: transaction)
  }

  package func unlink(
    _ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    _ = try tables.expiries.remove(DueKey(time: expiresAt, sequence: sequence), in: transaction)
  }
}

extension ResetCode: StoredRecord {
  package static func tables(_ tables: Tables) -> RecordTables<ResetCode> { tables.resetCodes }

  package func link(
    _ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    try tables.resetCodesByHash.put(
      CodeKey(app: app, owner: owner, hash: secretCodeHash, sequence: sequence), Number(codeid.rawValue),
      in: transaction)
  }

  package func unlink(
    _ app: AppNumber, owner: UInt64, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    _ = try tables.resetCodesByHash.remove(
      CodeKey(app: app, owner: owner, hash: secretCodeHash, sequence: sequence), in: transaction)
  }
}
