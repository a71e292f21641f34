import DashboardCrypto
import DashboardLMDB
import DashboardRecords
@testable import DashboardStore
import DashboardWireFormat
import Synchronization
import TestSupport
import Testing

/// Tests the engine on LMDB: its tables and its migrations.
@Suite("the data file's engine")
struct DataFileEngineTests {
  private let directory: TemporaryDirectory
  private let app: AppName

  init() throws {
    directory = try TemporaryDirectory()
    app = try StoreTests.app()
  }

  private func open(
    migrations: [Migration] = Migration.all, _ change: (inout Store.Options) -> Void = { _ in }
  ) throws -> DataFileEngine {
    var options = Store.Options()
    change(&options)
    return try DataFileEngine(
      directory: directory.path, maximumSize: 64 << 20, secrets: secrets, options: options,
      migrations: migrations)
  }

  @Test("every table has its own name")
  func names() throws {
    func names(in value: Any) -> [String] {
      Mirror(reflecting: value).children.flatMap { label, child in
        label == "name" ? ["\(child)"] : label == "kind" ? [] : names(in: child)
      }
    }
    let names = try names(in: open().tables)
    // Two fields hold the table of sessions.
    #expect(names.count == Tables.count(OwnedKind.all) + 1)
    #expect(Set(names).count == 46)
  }

  // MARK: Migrations

  /// Counts what a made-up migration does.
  private final class Visits: Sendable {
    let pieces = Mutex(0)
    let begun = Mutex(0)
  }

  /// A migration from this program's schema. Each piece stores one number.
  private func migration(pieces: UInt64, _ visits: Visits) -> Migration {
    Migration(from: Migration.current) { _, _ in
      visits.begun.withLock { $0 += 1 }
    } piece: { position, tables, transaction in
      visits.pieces.withLock { $0 += 1 }
      try tables.metrics.put(
        MetricKey(app: 99, .accountsCreated, "\(position)"), Number(position), in: transaction)
      return position + 1 < pieces ? position + 1 : nil
    }
  }

  private func state() throws -> (schema: UInt64?, position: UInt64?) {
    var settings = Environment.Options()
    settings.mapSize = 64 << 20
    let environment = try Environment(directory: directory.path, options: settings)
    let transaction = try environment.beginRead()
    let numbers: Table<NameKey, Number> = try Table("numbers", in: transaction, createIfMissing: false)
    let schema = try numbers.get(NameKey("schema"), in: transaction)?.value
    return (schema, try numbers.get(NameKey("migration"), in: transaction)?.value)
  }

  @Test("an interrupted migration continues after its last piece, and begins once")
  func interrupted() throws {
    let account: Account
    do {
      let store = Store(.dataFile(try open()))
      account = try store.write(app) { try $0.register(.new("somebody", in: app)) }
    }
    let visits = Visits()
    let migrations = Migration.all + [migration(pieces: 5, visits)]
    for piece in 1...4 {
      let error = #expect(throws: Store.OpeningError.self) {
        try open(migrations: migrations) { $0.migrationPieces = 1 }
      }
      #expect(error?.isTemporary == true)
      let state = try state()
      #expect(state.schema == Migration.current + 1)
      #expect(state.position == UInt64(piece))
    }
    do {
      let engine = try open(migrations: migrations) { $0.migrationPieces = 1 }
      #expect(try engine.read(app) { try $0.account(account.accountid) } == account)
    }
    #expect(visits.pieces.withLock { $0 } == 5)
    #expect(visits.begun.withLock { $0 } == 1)
    #expect(try state().position == nil)
  }

  @Test("a program can't write after a newer one has migrated the data")
  func overtaken() throws {
    let old = try open()
    let store = Store(.dataFile(old))
    let account = try store.write(app) { try $0.register(.new("somebody", in: app)) }
    // Acts as another process: one process opens a directory only once.
    try old.change { transaction, tables in
      try MigrationState.store(schema: Migration.current + 1, position: nil, tables, in: transaction)
    }
    #expect(throws: Store.Lost.self) { try store.write(app) { try $0.update(account) } }
    #expect(throws: Store.Lost.self) { try store.removeRemains() }
    #expect(try store.read(app) { try $0.account(account.accountid) } == account)
  }

  @Test("an app that a running program of schema 5 binds after the migration stays usable")
  func boundByOldProgram() throws {
    let engine = try open()
    let own = Secrets(encryption: "own encryption key", session: "own session key")
    let other = Secrets(encryption: "other encryption key", session: "other session key")
    // Such a program checks nothing when it binds, and stores the fingerprint unchanged.
    try engine.change { transaction, tables in
      try tables.fingerprints.put(
        NameKey("keys of \(app)"), Fingerprint(own.fingerprint), in: transaction)
    }
    #expect(throws: Store.OpeningError.self) { try engine.bind(app, to: other) }
    #expect(throws: Store.OpeningError.self) { try engine.bind(app, to: nil) }
    try engine.bind(app, to: own)
    let stored = try engine.inspect { transaction, tables in
      try tables.fingerprints.get(NameKey("keys of \(app)"), in: transaction)?.bytes
    }
    #expect(stored == FingerprintForm.inverted.stored(own.fingerprint))
    _ = try Store(.dataFile(engine)).write(app) { try $0.register(.new("somebody", in: app)) }
  }

  @Test("data of a newer program is refused, and the error says why")
  func newer() throws {
    do {
      let engine = try open()
      try engine.change { transaction, tables in
        try MigrationState.store(schema: Migration.current + 1, position: nil, tables, in: transaction)
      }
    }
    let error = #expect(throws: Store.OpeningError.self) { try open() }
    #expect(error?.description.contains("a newer version") == true)
    #expect(error?.isTemporary == false)
  }

  @Test("each migration leads to the next one, and the last one to this program's schema")
  func chain() {
    for (migration, next) in zip(Migration.all, Migration.all.dropFirst()) {
      #expect(next.from == migration.from + 1)
    }
    #expect(Migration.all.last.map { $0.from + 1 } == Migration.current)
  }
}
