import DashboardCrypto
import DashboardLMDB
import DashboardRecords

/// Opens a data file: creates its tables, migrates it, or uses it as it is.
struct Opening {
  let environment: Environment
  let secrets: Secrets
  let directory: String
  let options: Store.Options
  let migrations: [Migration]

  private var newest: UInt64 { migrations.last.map { $0.from + 1 } ?? Migration.current }
  private var oldest: UInt64 { migrations.first?.from ?? Migration.current }

  /// The state of the data.
  private enum Finding {
    /// Empty, without the tables of a kind, or with secrets that the current ones replace.
    case toBegin
    case toMigrate
    case ready
  }

  func run() throws -> (Tables, FingerprintForm) {
    var pieces = options.migrationPieces
    // Reads first, so that CGI processes don't wait for each other's write lock.
    while true {
      let (tables, finding, schema) = try inspect()
      if schema == nil, !options.mayBegin {
        throw Store.OpeningError(
          description: """
            \(directory)/\(DataFileEngine.dataFileName) holds no data, but this directory had data: \
            restore all its files from a backup
            """)
      }
      // A trial changes nothing: secrets can be checked on data of any supported schema.
      if finding == .ready || options.isTrial {
        guard let tables, let schema else {
          throw Store.OpeningError(
            description:
              "\(directory)/\(DataFileEngine.dataFileName) holds no data yet; the next start begins it")
        }
        return (tables, FingerprintForm(schema: schema))
      }
      if finding == .toMigrate {
        guard pieces > 0 else {
          throw Store.OpeningError(
            description: "\(directory) is being migrated for this version; try again in a few seconds",
            isTemporary: true)
        }
        pieces -= 1
        try migrate()
      } else {
        try begin()
      }
    }
  }

  private func inspect() throws -> (Tables?, Finding, schema: UInt64?) {
    let transaction = try environment.beginRead()
    guard
      let tables = try Tables.existing(options.kinds, in: transaction, mostCounters: options.mostCounters)
    else { return (nil, .toBegin, nil) }
    let (finding, schema) = try check(tables, in: transaction)
    // Only a commit keeps the tables' handles open (mdb_dbi_open).
    try transaction.commit()
    return (tables, finding == .ready && !tables.isComplete ? .toBegin : finding, schema)
  }

  /// - Throws: `OpeningError` if the schema is not supported, or if the data was created with other secrets.
  private func check(
    _ tables: Tables, in transaction: borrowing some Transaction & ~Copyable
  ) throws -> (Finding, schema: UInt64?) {
    let state = try MigrationState(tables, in: transaction)
    guard let schema = state.schema else { return (.toBegin, nil) }
    guard schema <= newest else {
      throw DataFileEngine.newer(directory, schema, newest)
    }
    guard schema >= oldest else {
      throw Store.OpeningError(
        description: "\(directory) was written by a version before the first release (schema \(schema))")
    }
    let form = FingerprintForm(schema: schema)
    guard let known = try tables.fingerprints.get(DataFileEngine.keysName, in: transaction) else {
      return (.toBegin, schema)
    }
    if known.bytes == form.stored(secrets.fingerprint) {
      return (schema == newest && !state.isUnderWay ? .ready : .toMigrate, schema)
    }
    // The data has the previous secrets, so the current ones can replace them.
    if secrets.previous.contains(where: { form.stored($0.fingerprint) == known.bytes }) {
      return (schema == newest && !state.isUnderWay ? .toBegin : .toMigrate, schema)
    }
    throw Store.OpeningError(
      description:
        "DASHBOARD_ENCRYPTION_KEY or DASHBOARD_SESSION_KEY is not the key of the data in \(directory)")
  }

  /// Creates the tables and stores the fingerprint of the secrets.
  private func begin() throws {
    let transaction = try environment.beginWrite()
    let tables = try Tables(
      options.kinds, in: transaction, createIfMissing: true, mostCounters: options.mostCounters)
    // Another process may have been first.
    if case (.toBegin, _) = try check(tables, in: transaction) {
      try MigrationState.store(schema: newest, position: nil, tables, in: transaction)
      let stored = FingerprintForm(schema: newest).stored(secrets.fingerprint)
      try tables.fingerprints.put(DataFileEngine.keysName, Fingerprint(stored), in: transaction)
    }
    try transaction.commit()
  }

  /// Does one piece of a migration.
  private func migrate() throws {
    let transaction = try environment.beginWrite()
    let tables = try Tables(
      options.kinds, in: transaction, createIfMissing: true, mostCounters: options.mostCounters)
    let state = try MigrationState(tables, in: transaction)
    guard let schema = state.schema, state.isUnderWay || schema < newest else { return }
    let from = state.isUnderWay ? schema - 1 : schema
    guard let migration = migrations.first(where: { $0.from == from }) else {
      throw Store.OpeningError(description: "\(directory) has schema \(from), which has no migration")
    }
    if !state.isUnderWay { try migration.begin(tables, transaction) }
    let next = try migration.piece(state.position ?? 0, tables, transaction)
    try MigrationState.store(schema: from + 1, position: next, tables, in: transaction)
    try transaction.commit()
  }
}

extension DataFileEngine {
  static func newer(
    _ directory: String, _ schema: UInt64, _ newest: UInt64 = Migration.current
  ) -> Store.OpeningError {
    Store.OpeningError(
      description:
        "\(directory) was written by a newer version (schema \(schema); this one supports up to \(newest)): install the newer version, or restore an older backup"
    )
  }
}
