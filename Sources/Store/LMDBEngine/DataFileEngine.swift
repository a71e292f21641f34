import DashboardCrypto
import DashboardLMDB
import DashboardRecords
import Synchronization

/// The store's engine on LMDB: tables, indexes and counts in one data file.
final class DataFileEngine: Sendable {
  static let dataFileName = "data.mdb"

  let directory: String
  let environment: Environment
  let tables: Tables
  /// True if secrets are only checked (`Store.Options.isTrial`).
  let isTrial: Bool
  /// How fingerprints are stored in this data.
  let fingerprints: FingerprintForm
  /// The fingerprint of this process's secrets of the store.
  let fingerprint: [UInt8]
  /// The fingerprints of this process's secrets of single apps.
  let ownFingerprints = Mutex<[(app: AppName, fingerprint: [UInt8])]>([])
  private let random: any RandomSource

  private struct NumberedApp: Sendable {
    let app: AppName
    let number: AppNumber
  }

  /// A cache of app numbers. A committed number never changes.
  private let numbers = Mutex<[NumberedApp]>([])
  private static let mostNumbers = 16

  /// - Parameter migrations: from the oldest supported schema to the schema of this program.
  init(
    directory: String, maximumSize: Int, secrets: Secrets, options: Store.Options,
    migrations: [Migration] = Migration.all
  ) throws(Store.OpeningError) {
    (isTrial, fingerprint, random) = (options.isTrial, secrets.fingerprint, options.random)
    self.directory = directory
    do {
      var settings = Environment.Options()
      settings.mapSize = maximumSize
      settings.maximumTables = UInt32(clamping: Tables.count(options.kinds))
      settings.whenDisplaced = { path in
        options.warn(path.map(Self.displaced) ?? "the files in \(directory) are back, and in use again")
      }
      environment = try Environment(directory: directory, options: settings)
      let opening = Opening(
        environment: environment, secrets: secrets, directory: directory, options: options,
        migrations: migrations)
      (tables, fingerprints) = try opening.run()
    } catch let error as Store.OpeningError {
      throw error
    } catch {
      let isTemporary = (error as? LMDBError)?.isStorageUnavailable ?? false
      throw Store.OpeningError(description: "\(directory): \(error)", isTemporary: isTemporary)
    }
  }

  func read<Result>(_ app: AppName, _ body: (consuming DataFileRead) throws -> Result) throws -> Result {
    try translatingErrors {
      try environment.read { transaction in
        let number = try number(of: app, in: transaction)
        return try body(
          DataFileRead(transaction: transaction, tables: tables, app: app, number: number))
      }
    }
  }

  func session(_ id: SessionID, of app: AppName) throws -> SignedIn? {
    // A variable and not a result of the bodies, which would be one more generic type (docs/design/build.md).
    var signedIn: SignedIn?
    try translatingErrors {
      try environment.read { transaction in
        let app = try number(of: app, in: transaction)
        let key = RecordKey(app: app, id: id.rawValue)
        guard let session = try tables.sessions.get(key, in: transaction) else { return }
        let owner = RecordKey(app: app, id: session.accountid.rawValue)
        guard let account = try tables.accounts.get(owner, in: transaction) else { return }
        signedIn = SignedIn(account: account, session: session)
      }
    }
    return signedIn
  }

  /// The number of an app; 0, which no app has, if nothing was written for the app yet.
  private func number(of app: AppName, in transaction: borrowing ReadTransaction) throws -> AppNumber {
    // Only the number leaves the lock. All event threads would change the reference count of the name.
    if let known = numbers.withLock({ numbers in numbers.first { $0.app == app }?.number }) { return known }
    guard let found = try tables.apps.get(NameKey(app.description), in: transaction) else { return 0 }
    let number = AppNumber(clamping: found.value)
    numbers.withLock { numbers in
      if numbers.count < Self.mostNumbers { numbers.append(NumberedApp(app: app, number: number)) }
    }
    return number
  }

  func write<Result>(_ app: AppName, isMetered: Bool, _ body: (borrowing Change) throws -> Result) throws
    -> Result
  {
    try translatingErrors {
      try environment.withWriteTransaction { transaction in
        try checkSchema(in: transaction)
        try checkKeys(of: app, in: transaction)
        let write = try DataFileWrite(transaction, tables, app, isMetered: isMetered, random: random)
        let current = Snapshot(.dataFile(write.reading()))
        let change = Change(.dataFile(write), current: current)
        let result = try body(change)
        try change.commit()
        return result
      }
    }
  }

  /// Runs a write transaction over all apps.
  func change<Result>(_ body: (borrowing WriteTransaction, Tables) throws -> Result) throws -> Result {
    try translatingErrors {
      try environment.write { transaction in
        try checkSchema(in: transaction)
        return try body(transaction, tables)
      }
    }
  }

  /// Runs a read transaction over all apps.
  func inspect<Result>(_ body: (borrowing ReadTransaction, Tables) throws -> Result) throws -> Result {
    try translatingErrors { try environment.read { try body($0, tables) } }
  }

  func checkFiles() throws { try translatingErrors { try environment.checkFiles() } }

  private static func displaced(_ path: String) -> String {
    """
    \(path) was removed or replaced while it was in use. Requests that need the data get 503 until the same file is back. \
    To use what is in its place, restart.
    """
  }

  func attemptCount() throws -> Int { try inspect { try $1.attempts.counters.count(in: $0) } }

  /// - Throws: `Lost` if a newer program has migrated the data.
  private func checkSchema(in transaction: borrowing WriteTransaction) throws {
    let state = try MigrationState(tables, in: transaction)
    guard state.schema == Migration.current, !state.isUnderWay else {
      throw Store.Lost(description: "a newer program has migrated the data")
    }
  }

  private func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as LMDBError where error == .displaced {
      let description = environment.displacedPath.map(Self.displaced) ?? error.description
      throw Store.Unavailable(description: description, isTold: true)
    } catch let error as LMDBError where error.isStorageUnavailable {
      throw Store.Unavailable(description: error.description)
    } catch let error as LMDBError where error.needsRestart {
      throw Store.Lost(description: error.description)
    }
  }
}
