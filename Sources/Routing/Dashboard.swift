package import DashboardAccounts
public import DashboardCrypto
public import DashboardRecords
package import DashboardSettings
import DashboardStore
import DashboardSystem
import DashboardWireFormat
import Synchronization

/// The accounts and sessions of one data directory, and everything that answering for them needs.
///
/// Safe to share between threads. A process opens a data directory once; other processes may have it open too.
public final class Dashboard: Sendable {
  package let configuration: Configuration
  package let services: Services
  private let apps: Apps
  private let eventLog: (@Sendable (String) -> Void)?
  private let warn: @Sendable (Warning) -> Void
  let activity = SessionActivity()
  /// True in a CGI process.
  let isSingleRequest: Bool
  /// `nil` in a CGI process, which checks one token.
  let verifiedTokens: VerifiedTokenCache?
  private let hashingTime = Atomic<Int64>(0)

  /// Opens the data directory of the settings; makes it, with new keys, if it is not there.
  ///
  /// - Parameters:
  ///   - isTrial: whether settings and keys are only tried: nothing is made, no new keys are taken over.
  ///   - isSingleRequest: whether the process answers one request and ends.
  ///   - warn: gets mistakes in the file of an app when a request is the first to open the app.
  /// - Throws: `ConfigurationError` or `Store.OpeningError`, which say what is wrong with which setting.
  package init(
    configuration: Configuration, clock: any TimeSource = SystemClock(),
    random: any RandomSource = SystemRandom(), isTrial: Bool = false, isSingleRequest: Bool = false,
    warn: @escaping @Sendable (Warning) -> Void = { _ in }, eventLog: (@Sendable (String) -> Void)? = nil
  ) throws {
    if !isTrial { try DataDirectory.prepare(configuration.dataDirectory) }
    let directory = configuration.dataDirectory
    let secrets = try SecretsFile.keys(
      for: configuration.app, in: directory, random: random, makesThem: !isTrial)
    self.configuration = configuration
    self.eventLog = eventLog
    self.warn = warn
    self.isSingleRequest = isSingleRequest
    verifiedTokens = isSingleRequest ? nil : VerifiedTokenCache()
    var options = Store.Options()
    options.isTrial = isTrial
    options.random = random
    // A CGI process answers "busy" while a migration takes long.
    if isSingleRequest { options.migrationPieces = 1 }
    let store = try Store(configuration.storage, secrets: secrets, options: options)
    services = Services(
      store: store, clock: clock, random: random,
      hashingLimit: isSingleRequest ? nil : HashingLimit(configuration.hashingThreads))
    apps = try Apps(configuration, store, secrets, random: random)
  }

  /// An app by its name; `nil`: that of the setting APPID.
  ///
  /// - Throws: `ConfigurationError` or `Store.OpeningError` if its file can't be used.
  package func app(_ name: AppName? = nil) throws -> App {
    try name.map { try apps.app($0, warn: warn) } ?? apps.standard
  }

  /// Opens a data directory; makes it, with new keys, if it is not there.
  ///
  /// - Parameters:
  ///   - settings: others than DATA_DIR, by their names, such as `["MINIMUM_PASSWORD_LENGTH": "10"]`.
  ///   - clock: where the time comes from.
  ///   - random: where tokens, identifiers and salts come from.
  ///   - eventLog: takes one line of JSON for each event: sign-ins, changed passwords and the like.
  /// - Throws: an error that says what is wrong with which setting.
  public convenience init(
    dataDirectory: String, settings: [String: String] = [:], clock: any TimeSource = SystemClock(),
    random: any RandomSource = SystemRandom(), eventLog: (@Sendable (String) -> Void)? = nil
  ) throws {
    let given = settings.merging([Setting.dataDirectory.name: dataDirectory]) { $1 }
    let configuration = try Configuration(cores: processorCount(), environment: NamedValues(given))
    try self.init(configuration: configuration, clock: clock, random: random, eventLog: eventLog)
  }

  /// Opens every app that has a file of its own, so that a mistake in one is found at the start.
  ///
  /// - Returns: what works but should not stay so, for the operator.
  package func openApps() throws -> [Warning] {
    try configuration.appsWithFiles().flatMap { try apps.app($0) { _ in }.configuration.warnings }
  }

  /// Calls an endpoint in this process, as an HTTP client would through the web server.
  ///
  /// - Parameters:
  ///   - app: the app of the call; `nil` is the app of the setting APPID.
  ///   - query: the fields of the URL.
  ///   - posted: the fields of the body.
  ///   - session: of the caller; `nil` for a guest. It must be alive. Its token is not checked.
  ///   - client: where the call comes from. Attempts to guess a password are counted by the client's address and the username, by the
  ///     username alone if the client is `.unknown`, and not at all if it is `.trusted`.
  /// - Throws: `Exception`, as declared by the endpoint; `AccessRefusal`; an error of the store or of the app's settings.
  public func call<E: Endpoint>(
    _ endpoint: E.Type, app: AppName? = nil, query: [String: String] = [:], posted: [String: String] = [:],
    as session: Session? = nil, from client: Client = .unknown
  ) throws -> E.Answer {
    let app = try self.app(app)
    let now = services.clock.now()
    let signedIn = try session.flatMap { try self.signedIn($0.sessionid, app: app, now: now) }
    if let signedIn { activity.note(signedIn, at: now) }
    defer { try? storeActivity() }
    do {
      return try perform(E.declaration.policy, as: Caller(signedIn, client), in: app, at: now) {
        (try Form(query), try Form(posted))
      } _: {
        try E.result(&$0)
      }.answer
    } catch let error as FormError {
      throw Exception.invalidRequest.explained(error.detail)
    }
  }

  /// How long the hashing of one call takes, in microseconds: a moving average, 0 before the first.
  package var hashingDuration: Int64 { hashingTime.load(ordering: .relaxed) }

  /// Counts how long a call hashed, if it did.
  func noteHashing(_ duration: Duration?) {
    guard let (seconds, attoseconds) = duration?.components else { return }
    let duration = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    let average = hashingDuration
    // Of several threads at once one may overwrite the others, which an average can bear.
    hashingTime.store(average == 0 ? duration : (average * 7 + duration) / 8, ordering: .relaxed)
  }

  func log(_ event: Event) { eventLog?(String(decoding: JSONWriter.ascii(event), as: UTF8.self)) }

  /// Stores which sessions were used, for their idle timeouts. Call it every second or so, and before the process ends.
  package func storeActivity() throws { try activity.store(in: services.store) }

  /// Removes a piece of what is due: accounts whose deletion is due, and sessions some time after their end.
  ///
  /// - Returns: true if there may be more to remove.
  package func sweep() throws -> Bool {
    let retention = Int64(configuration.sessionRetention) * 86_400
    let now = services.clock.now()
    let piece = try services.store.sweep(now: now, retention: retention) { name in
      // Of the file alone: opening an app can write, which can't be done inside of the sweep's own transaction.
      (try? configuration.app(name))?.countsMetrics ?? true
    }
    for removed in piece.removed {
      log(Event(.accountDeleted, removed.accountid, app: removed.appid, by: nil, at: now))
    }
    return piece.isMoreToDo
  }
}
