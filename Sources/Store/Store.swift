package import DashboardCrypto
import DashboardLMDB
package import DashboardRecords
import Synchronization

/// Accounts and sessions on disk. Its face names use cases, not tables: one use case is one transaction.
///
/// Safe to share between threads; several processes may open one data directory.
package final class Store: Sendable {
  let environment: Environment
  let tables: Tables
  /// Whether keys are only tried.
  let isTrial: Bool
  /// Of the keys that this process has: the store's, and those of apps that have their own.
  let fingerprint: [UInt8]
  private let random: any RandomSource
  let ownFingerprints = Mutex<[(app: AppName, fingerprint: [UInt8])]>([])

  /// An object, for CGI's sake (CONTRIBUTING.md).
  private final class Numbered: Sendable {
    let app: AppName
    let number: AppNumber

    init(app: AppName, number: AppNumber) { (self.app, self.number) = (app, number) }
  }

  /// Of a few apps that have been read, which spares a look-up. A number that has been committed never changes.
  private let numbers = Mutex<[Numbered]>([])
  private static let mostNumbers = 16

  /// The form of the data: raised when a program can no longer read what an older one wrote.
  private static let schema: UInt64 = 5

  /// Why a store can't be opened.
  package struct OpeningError: Error, CustomStringConvertible {
    package let description: String
  }

  /// The disk, the map or the table of readers is full, or the disk failing: nothing was changed, and a later try may
  /// succeed.
  package struct Unavailable: Error, CustomStringConvertible {
    package let description: String
  }

  /// This process can't use the data any more, and must be started anew; the data is intact.
  package struct Lost: Error, CustomStringConvertible {
    package let description: String
  }

  /// Opens the data of `directory`, which must exist, and begins it if there is none.
  ///
  /// - Parameters:
  ///   - keys: refused if they are not those that the data was made with, since then no password would match.
  ///   - mostTallies: guesses, and addresses that accounts have signed in from, that are kept: about 100 MB each.
  ///   - isTrial: whether keys are tried but not taken over: the data stays those before them's. It must have been begun.
  package init(
    directory: String, mapSize: Int, keys: Keys, mostTallies: Int = 1_000_000, isTrial: Bool = false,
    random: any RandomSource = SystemRandom()
  ) throws(OpeningError) {
    (self.isTrial, fingerprint, self.random) = (isTrial, keys.fingerprint, random)
    do {
      var options = Environment.Options()
      options.mapSize = mapSize
      environment = try Environment(directory: directory, options: options)
      if let opened = try Self.openTables(environment, keys, directory, mostTallies, isTrial) {
        tables = opened
      } else if isTrial {
        throw OpeningError(description: "\(directory) has no data yet")
      } else {
        tables = try Self.makeTables(environment, keys, directory, mostTallies)
      }
    } catch let error as OpeningError {
      throw error
    } catch {
      throw OpeningError(description: "\(directory): \(error)")
    }
  }

  /// The tables of data that has been begun; `nil` if it has not. Takes no part in who may write, so that the many
  /// processes of a CGI program don't wait for one another.
  private static func openTables(
    _ environment: Environment, _ keys: Keys, _ directory: String, _ mostTallies: Int, _ isTrial: Bool
  ) throws -> Tables? {
    let transaction = try environment.beginRead()
    guard let tables = try Tables.existing(in: transaction, mostTallies: mostTallies) else { return nil }
    let isBegun = try check(tables, in: transaction, keys, directory)
    try transaction.commit()
    return isBegun || isTrial ? tables : nil
  }

  private static func makeTables(
    _ environment: Environment, _ keys: Keys, _ directory: String, _ mostTallies: Int
  ) throws -> Tables {
    let transaction = try environment.beginWrite()
    let tables = try Tables(in: transaction, makesThem: true, mostTallies: mostTallies)
    // Another process may have been first.
    let isBegun = try check(tables, in: transaction, keys, directory)
    if !isBegun {
      try tables.numbers.put(NameKey("schema"), Number(schema), in: transaction)
      try tables.fingerprints.put(NameKey("keys"), Fingerprint(keys.fingerprint), in: transaction)
    }
    try transaction.commit()
    return tables
  }

  /// Whether the data has been begun, with these keys.
  ///
  /// - Throws: `OpeningError` if it is not of this program's form, or was made with other keys.
  private static func check(
    _ tables: Tables, in transaction: borrowing some Transaction & ~Copyable, _ keys: Keys,
    _ directory: String
  ) throws -> Bool {
    let schema = try tables.numbers.get(NameKey("schema"), in: transaction)?.value
    guard schema == nil || schema == Self.schema else {
      throw OpeningError(
        description: "\(directory) was written by another version (its form is \(schema ?? 0))")
    }
    let known = try tables.fingerprints.get(NameKey("keys"), in: transaction)
    guard let known else { return false }
    guard known.bytes == keys.fingerprint else {
      // Those before these: what has been made with them is still read, so that these can take over.
      if keys.previous.contains(where: { $0.fingerprint == known.bytes }) { return false }
      throw OpeningError(
        description:
          "DASHBOARD_ENCRYPTION_KEY or DASHBOARD_SESSION_KEY is not the one that \(directory) was made with")
    }
    return schema != nil
  }

  /// Reads as of one moment.
  ///
  /// - Parameter body: must be short, and keep nothing of the view: while it runs, replaced pages are kept.
  package func read<Result>(_ app: AppName, _ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    try translatingErrors {
      try environment.read { transaction in
        let number = try number(of: app, in: transaction)
        return try body(Snapshot(transaction, tables, app, number))
      }
    }
  }

  /// A session and its account, as of one moment: what every request of somebody signed in begins with.
  package func session(_ id: SessionID, of app: AppName) throws -> SignedIn? {
    // Not what the bodies return, for CGI's sake (CONTRIBUTING.md): an optional would be one more type to make.
    var asker: SignedIn?
    try translatingErrors {
      try environment.read { transaction in
        let app = try number(of: app, in: transaction)
        let key = RecordKey(app: app, id: id.rawValue)
        guard let session = try tables.sessions.records.get(key, in: transaction) else { return }
        let owner = RecordKey(app: app, id: session.accountid.rawValue)
        guard let account = try tables.accounts.get(owner, in: transaction) else { return }
        asker = SignedIn(account: account, session: session)
      }
    }
    return asker
  }

  /// 0, which no app has, for one that nobody has written to yet: it is empty.
  private func number(of app: AppName, in transaction: borrowing ReadTransaction) throws -> AppNumber {
    // The number alone: of the object, all event threads would count references.
    if let known = numbers.withLock({ numbers in numbers.first { $0.app == app }?.number }) { return known }
    guard let found = try tables.apps.get(NameKey(app.description), in: transaction) else { return 0 }
    let number = AppNumber(clamping: found.value)
    numbers.withLock { numbers in
      if numbers.count < Self.mostNumbers { numbers.append(Numbered(app: app, number: number)) }
    }
    return number
  }

  /// Changes, durably: when this returns, the change survives whatever happens to the machine. An error undoes it all.
  ///
  /// - Parameters:
  ///   - isMetered: whether what happens is counted in the app's metrics.
  ///   - body: runs inside the one transaction that writes, so it must check again what was read before, and must not
  ///     wait for anything. It has no effect but on the change: it may be run once more, and on another thread.
  package func write<Result>(
    _ app: AppName, isMetered: Bool = false, _ body: (borrowing Change) throws -> Result
  ) throws -> Result {
    try translatingErrors {
      try environment.withWriteTransaction { transaction in
        try checkKeys(of: app, in: transaction)
        let change = try Change(transaction, tables, app, isMetered: isMetered, random: random)
        let result = try body(change)
        try change.commit()
        return result
      }
    }
  }

  /// A change over all apps.
  func change<Result>(_ body: (borrowing WriteTransaction, Tables) throws -> Result) throws -> Result {
    try translatingErrors { try environment.write { try body($0, tables) } }
  }

  /// A look over all apps.
  func look<Result>(_ body: (borrowing ReadTransaction, Tables) throws -> Result) throws -> Result {
    try translatingErrors { try environment.read { try body($0, tables) } }
  }

  private func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as LMDBError where error.isStorageUnavailable {
      throw Unavailable(description: error.description)
    } catch let error as LMDBError where error.needsRestart {
      throw Lost(description: error.description)
    }
  }
}
