import DashboardLMDB
import DashboardRecords
import DashboardSystem

/// Brings data of one schema to the next, in pieces. Old record forms stay readable, so a migration changes indexes and the store's own
/// entries. Between two pieces the process may be killed, and any other process goes on.
struct Migration: Sendable {
  /// The schema from which it starts.
  let from: UInt64
  /// Runs in the transaction that begins it, and changes what programs of the older schema compare at each write, so that they stop.
  let begin: @Sendable (Tables, borrowing WriteTransaction) throws -> Void
  /// Does a piece of at most 100 ms.
  ///
  /// - Parameter position: 0 at first, then what the piece before it returned.
  /// - Returns: where the next piece goes on; `nil` when the migration is done.
  let piece: @Sendable (_ position: UInt64, Tables, borrowing WriteTransaction) throws -> UInt64?

  /// The schema of this program. Raise it with a migration when a released program could no longer read the data, or would not keep it
  /// whole: for a new record form, table, index or owned kind.
  static let current: UInt64 = 6

  static let all = [fromSchema5]

  /// Schema 6: the second form of an account keeps who scheduled its deletion. Programs of schema 5 do not look at the schema when they
  /// write, but at the fingerprints, which are therefore stored in another form.
  private static let fromSchema5 = Migration(from: 5) { tables, transaction in
    var stored: [(NameKey, Fingerprint)] = []
    try tables.fingerprints.scan(prefix: [], in: transaction) { name, fingerprint in
      stored.append((name, fingerprint))
      return true
    }
    for (name, fingerprint) in stored {
      let form = FingerprintForm.inverted
      try tables.fingerprints.put(name, Fingerprint(form.stored(fingerprint.bytes)), in: transaction)
    }
  } piece: { _, _, _ in
    nil
  }
}

/// How the fingerprints of keys are stored.
enum FingerprintForm {
  /// As they are: up to schema 5.
  case plain
  /// With every bit inverted: from schema 6 on.
  case inverted

  init(schema: UInt64) { self = schema <= 5 ? .plain : .inverted }

  func stored(_ fingerprint: [UInt8]) -> [UInt8] {
    switch self {
    case .plain: fingerprint
    case .inverted: fingerprint.map { ~$0 }
    }
  }
}

/// How far the data is migrated.
struct MigrationState {
  /// The schema of the data, or to which it is being migrated; `nil` if the data was not begun.
  let schema: UInt64?
  /// Where the next piece of a migration goes on; `nil` if none is under way.
  let position: UInt64?

  var isUnderWay: Bool { position != nil }

  init(_ tables: Tables, in transaction: borrowing some Transaction & ~Copyable) throws {
    schema = try tables.numbers.get(Self.schemaName, in: transaction)?.value
    position = try tables.numbers.get(Self.positionName, in: transaction)?.value
  }

  static let schemaName = NameKey("schema")
  static let positionName = NameKey("migration")

  /// Stores the schema, and where a migration goes on.
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
