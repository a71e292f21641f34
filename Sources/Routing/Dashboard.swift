package import DashboardAccounts
public import DashboardCrypto
public import DashboardRecords
package import DashboardSettings
import DashboardStore
import DashboardSystem
import DashboardWireFormat
import Synchronization

/// The accounts and sessions of one data directory.
///
/// Safe to share between threads. A process must open a data directory only once. Several processes can open
/// it.
public final class Dashboard: Sendable {
  package let configuration: Configuration
  package let services: Services
  private let apps: Apps
  private let eventLog: (@Sendable (String) -> Void)?
  private let warn: @Sendable (Warning) -> Void
  let activity: SessionActivity
  /// True in a CGI process.
  let isSingleRequest: Bool
  /// `nil` in a CGI process, which checks only one token.
  let verifiedTokens: VerifiedTokenCache?
  private let hashingTime = Atomic<Int64>(0)
  /// The events by name; `nil` in a CGI process.
  private let events: Counters?
  /// When the sweep last ended (milliseconds since 1970; 0 if it has not), and how many records it has removed.
  private let sweptAt = Atomic<Int64>(0)
  private let sweptRecords = Atomic<Int64>(0)

  /// Opens the data directory of the settings. If it does not exist, creates it with new keys.
  ///
  /// - Parameters:
  ///   - isTrial: true to only check settings and keys: nothing is created, and changed keys are not stored.
  ///   - isSingleRequest: true if the process answers one request and exits.
  ///   - warn: gets mistakes in an app's file when a request opens the app, and news of the data directory.
  ///   - eventLog: gets a line of JSON for each event.
  /// - Throws: `ConfigurationError` or `Store.OpeningError`. Both name the setting and the problem.
  package init(
    configuration: Configuration, clock: any TimeSource = SystemClock(),
    random: any RandomSource = SystemRandom(), isTrial: Bool = false, isSingleRequest: Bool = false,
    warn: @escaping @Sendable (Warning) -> Void = { _ in }, eventLog: (@Sendable (String) -> Void)? = nil
  ) throws {
    self.configuration = configuration
    self.eventLog = eventLog
    self.warn = warn
    self.isSingleRequest = isSingleRequest
    activity = SessionActivity(isSingleRequest: isSingleRequest)
    verifiedTokens = isSingleRequest ? nil : VerifiedTokenCache()
    events = isSingleRequest ? nil : Counters(Event.Name.allCases.count)
    var options = Store.Options()
    options.isTrial = isTrial
    options.random = random
    options.warn = { warn(Warning($0)) }
    // During a long migration a CGI process answers 503 after one piece.
    if isSingleRequest { options.migrationPieces = 1 }
    let (secrets, store) = try Self.openStore(configuration, options, isSingleRequest: isSingleRequest)
    services = Services(
      store: store, clock: clock, random: random,
      hashingLimit: isSingleRequest ? nil : HashingLimit(configuration.hashingThreads))
    apps = try Apps(configuration, store, secrets)
  }

  /// Opens the data with its keys. Completes a first start, unless this is a trial.
  private static func openStore(
    _ configuration: Configuration, _ options: Store.Options, isSingleRequest: Bool
  ) throws -> (Secrets, Store) {
    func open(_ secrets: Secrets, mayBegin: Bool) throws -> Store {
      var options = options
      options.mayBegin = mayBegin
      return try Store(configuration.storage, secrets: secrets, options: options)
    }
    let start = FirstStart(configuration, dataFile: Storage.fileName)
    if options.isTrial {
      let (secrets, mayBegin) = try start.existingSecrets()
      return (secrets, try open(secrets, mayBegin: mayBegin))
    }
    try DataDirectory.prepare(configuration.dataDirectory)
    return try start.open(random: options.random, tidies: !isSingleRequest, open)
  }

  /// An app.
  ///
  /// - Parameter name: `nil` for the app of the setting APPID.
  /// - Throws: `ConfigurationError` or `Store.OpeningError` if the app's file is invalid.
  package func app(_ name: AppName? = nil) throws -> App {
    try name.map { try apps.app($0, warn: warn) } ?? apps.standard
  }

  /// Opens a data directory. If it does not exist, creates it with new keys.
  ///
  /// It blocks until the data is open. After an update this can take minutes, while the data is migrated.
  ///
  /// - Parameters:
  ///   - dataDirectory: a path. The directory's parent must exist.
  ///   - settings: settings by name, such as `["MINIMUM_PASSWORD_LENGTH": "10"]`. DATA_DIR is ignored.
  ///   - clock: the source of the time.
  ///   - random: the source of tokens, identifiers and salts.
  ///   - eventLog: gets a line of JSON for each event, such as a sign-in or a changed password.
  /// - Throws: `ConfigurationError` or `StoreOpeningError`. Both name the setting and the problem.
  public convenience init(
    dataDirectory: String, settings: [String: String] = [:], clock: any TimeSource = SystemClock(),
    random: any RandomSource = SystemRandom(), eventLog: (@Sendable (String) -> Void)? = nil
  ) throws {
    let given = settings.merging([Setting.dataDirectory.name: dataDirectory]) { $1 }
    let configuration = try Configuration(cores: processorCount(), environment: NamedValues(given))
    try self.init(configuration: configuration, clock: clock, random: random, eventLog: eventLog)
  }

  /// Opens every app that has a file, so that mistakes are found at the start.
  ///
  /// - Returns: the warnings of all files.
  package func openApps() throws -> [Warning] {
    try configuration.appsWithFiles().flatMap { name in
      configuration.warnings(of: try apps.app(name) { _ in }.configuration, named: name)
    }
  }

  /// Calls an endpoint in this process, as an HTTP client would through the web server.
  ///
  /// - Parameters:
  ///   - app: the app of the call; `nil` for the app of the setting APPID.
  ///   - query: the fields of the URL.
  ///   - posted: the fields of the body.
  ///   - session: the caller's session; `nil` for a guest. An ended session counts as a guest. Its token is
  ///     not checked.
  ///   - client: where the call comes from. Failed attempts are counted by the client's address and the
  ///     username. If the client is `.unknown`, they are counted by the username alone; if it is `.trusted`,
  ///     not at all.
  /// - Returns: what the route answers over HTTP, as a value. Times are `Timestamp`, durations are in seconds.
  /// - Throws: an `Exception` that the endpoint declares, or `AccessRefusal`. The `Exception` `server-busy` if
  ///   the call has waited 2 seconds to hash a password. `StoreUnavailable` or `StoreLost` if the data can't be
  ///   used. `ConfigurationError` or `StoreOpeningError` if the app's settings are invalid.
  public func call<E: Endpoint>(
    _ endpoint: E.Type, app: AppName? = nil, query: [String: String] = [:], posted: [String: String] = [:],
    as session: Session? = nil, from client: Client = .unknown
  ) throws -> E.Answer {
    let app = try self.app(app)
    let now = services.clock.now()
    let signedIn = try session.flatMap { try self.signedIn($0.sessionid, app: app, now: now) }
    let isToStore = signedIn.map { activity.note($0, in: app, at: now) } ?? false
    defer { if isToStore { try? storeActivity() } }
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

  /// The time that one call hashes passwords, in microseconds: a moving average; 0 before the first hash.
  package var hashingDuration: Int64 { hashingTime.load(ordering: .relaxed) }

  /// Adds the hashing time of a call to the average; `nil` changes nothing.
  ///
  /// - Parameter nanoseconds: the time of the call.
  func noteHashing(_ nanoseconds: Int64?) {
    guard let nanoseconds else { return }
    let (duration, average) = (nanoseconds / 1000, hashingDuration)
    // Concurrent threads can overwrite each other's update. The average stays good enough.
    hashingTime.store(average == 0 ? duration : (average * 7 + duration) / 8, ordering: .relaxed)
  }

  func log(_ event: Event) {
    if let events, let place = Event.Name.allCases.firstIndex(of: event.name) { events.add(place) }
    eventLog?(String(decoding: JSONWriter.ascii(event), as: UTF8.self))
  }

  /// How often an event happened in this process.
  func eventCounts(_ name: Event.Name) -> UInt64 {
    guard let events, let place = Event.Name.allCases.firstIndex(of: name) else { return 0 }
    return events[place]
  }

  /// When the sweep last ended without an error, and how many records it has removed.
  var sweepState: (last: Timestamp?, removed: Int64) {
    let time = sweptAt.load(ordering: .relaxed)
    return (time == 0 ? nil : Timestamp(milliseconds: time), sweptRecords.load(ordering: .relaxed))
  }

  /// Stores the last use of sessions, for their idle timeouts and for `lastUsedAt`. Call it about every second, and
  /// before the process exits.
  package func storeActivity() throws { try activity.store(in: services.store) }

  /// Removes a piece of what is due: accounts, expired sessions after SESSION_RETENTION, ended counters, and usernames that
  /// KEEP_USERNAMES does not keep. Stores the last use of sessions.
  ///
  /// The server calls it every minute. A program that uses a data directory without the server must call it,
  /// or keep the library's `sweepRegularly` running. A piece takes some milliseconds, and waits for the disk.
  ///
  /// - Returns: true if more may be due. Call it again at once.
  /// - Throws: `StoreUnavailable` if the disk is full or fails, or if the data directory was removed or replaced; the
  ///   next call tries again. `StoreLost` if the process must be restarted.
  public func sweep() throws -> Bool {
    let now = services.clock.now()
    let piece = try sweep(at: now, isTrial: false)
    for kept in piece.kept {
      log(Event(.deletionDropped, kept.accountid, app: kept.appid, by: nil, at: now))
      try services.store.write(kept.appid) { try Deletion.keepDropped(kept, $0, at: now) }
    }
    for removed in piece.removed {
      log(Event(.accountDeleted, removed.accountid, app: removed.appid, by: nil, at: now))
    }
    try storeActivity()
    sweptAt.store(now.milliseconds, ordering: .relaxed)
    sweptRecords.wrappingAdd(Int64(piece.count), ordering: .relaxed)
    return piece.isMoreToDo
  }

  /// What the next piece of the sweep would remove. Nothing is changed.
  ///
  /// - Returns: the number of its records, and whether more are due.
  package func trySweep() throws -> (count: Int, isMore: Bool) {
    let piece = try sweep(at: services.clock.now(), isTrial: true)
    return (piece.count, piece.isMoreToDo)
  }

  private func sweep(at now: Timestamp, isTrial: Bool) throws -> Store.SweptPiece {
    let retention = Int64(configuration.sessionRetention) * 86_400
    // Only reads the file. Opening the app could write, which the sweep's transaction does not allow.
    func settings(_ name: AppName) -> AppConfiguration? { try? configuration.app(name) }
    return try services.store.sweep(
      now: now, retention: retention, isMetered: { settings($0)?.countsMetrics ?? true },
      keepsUsernames: { settings($0)?.keepsUsernames ?? true },
      isKept: { Deletion.isKept($0, ofAccounts: $1) }, isTrial: isTrial)
  }
}
