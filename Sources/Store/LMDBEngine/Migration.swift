import DashboardLMDB
import DashboardRecords
import DashboardSystem

/// A migration from one schema to the next, in pieces.
///
/// Old record forms stay readable, so a migration changes only indexes and the store's own entries. The
/// process may be killed between two pieces; any other process continues.
struct Migration: Sendable {
  /// The schema that is migrated.
  let from: UInt64
  /// Runs first, in the transaction of the first piece. It must make running programs of the older schema
  /// stop, by changing an entry that they compare at each write.
  let begin: @Sendable (Tables, borrowing WriteTransaction) throws -> Void
  /// Migrates a piece in at most 100 ms.
  ///
  /// - Parameter position: 0 for the first piece, then the result of the previous piece.
  /// - Returns: the position of the next piece; `nil` if the migration is complete.
  let piece: @Sendable (_ position: UInt64, Tables, borrowing WriteTransaction) throws -> UInt64?

  /// The schema of this program.
  ///
  /// Raise it, and add a migration, if a released program could no longer read the data or would make it
  /// inconsistent: for a new record form, table, index or owned kind.
  static let current: UInt64 = 9

  static let all = [fromSchema5, fromSchema6, fromSchema7, fromSchema8]

  /// Schema 6: the second form of an account records who scheduled its deletion, and the second form of a session
  /// the client that signed in.
  ///
  /// Programs of schema 5 check the fingerprints when they write, but not the schema. So the fingerprints are
  /// stored in another form.
  private static let fromSchema5 = Migration(from: 5) { tables, transaction in
    for (name, fingerprint) in try tables.fingerprints.first(.max, in: transaction) {
      let form = FingerprintForm.inverted
      try tables.fingerprints.put(name, Fingerprint(form.stored(fingerprint.bytes)), in: transaction)
    }
  } piece: { _, _, _ in
    nil
  }

  /// Schema 7: an index of profiles by contact address.
  ///
  /// Programs of schema 6 check the schema when they write.
  private static let fromSchema6 = Migration(from: 6) { _, _ in
  } piece: { position, tables, transaction in
    try tables.linkProfiles(after: position, in: transaction)
  }

  /// Schema 8: lists of the accounts of each group.
  ///
  /// Programs of schema 7 check the schema when they write.
  private static let fromSchema7 = Migration(from: 7) { _, _ in
  } piece: { position, tables, transaction in
    try tables.linkGroups(after: position, in: transaction)
  }

  /// Schema 9: a list of the accounts that keep their usernames, events, and second factors. No account of schema 8 has
  /// any.
  ///
  /// Programs of schema 8 check the schema when they write.
  private static let fromSchema8 = Migration(from: 8) { _, _ in
  } piece: { _, _, _ in
    nil
  }
}

/// How fingerprints of secrets are stored.
enum FingerprintForm {
  /// Unchanged, up to schema 5.
  case plain
  /// With every bit inverted, from schema 6 on.
  case inverted

  init(schema: UInt64) { self = schema <= 5 ? .plain : .inverted }

  func stored(_ fingerprint: [UInt8]) -> [UInt8] {
    switch self {
    case .plain: fingerprint
    case .inverted: fingerprint.map { ~$0 }
    }
  }
}

/// The schema of the data and the progress of a migration.
struct MigrationState {
  /// The schema of the data, or the target of the current migration; `nil` if there is no data.
  let schema: UInt64?
  /// The position of the next piece; `nil` if no migration is under way.
  let position: UInt64?

  var isUnderWay: Bool { position != nil }

  init(_ tables: Tables, in transaction: borrowing some Transaction & ~Copyable) throws {
    schema = try tables.numbers.get(Self.schemaName, in: transaction)?.value
    position = try tables.numbers.get(Self.positionName, in: transaction)?.value
  }

  static let schemaName = NameKey("schema")
  static let positionName = NameKey("migration")

  /// Stores the schema and the position of the next piece.
  static func store(
    schema: UInt64, position: UInt64?, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    try tables.numbers.put(schemaName, Number(schema), in: transaction)
    if let position {
      try tables.numbers.put(positionName, Number(position), in: transaction)
    } else {
      try tables.numbers.remove(positionName, in: transaction)
    }
  }
}
