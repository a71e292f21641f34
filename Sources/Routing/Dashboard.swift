public import DashboardCrypto
public import DashboardRecords
package import DashboardSettings
package import DashboardStore
import DashboardWireFormat
import Synchronization

/// The accounts and sessions of one data directory, and everything that answering for them needs.
///
/// Safe to share between threads. A process opens a data directory once; other processes may have it open too.
public final class Dashboard: Sendable {
  package let configuration: Configuration
  package let store: Store
  package let clock: any TimeSource
  package let random: any RandomSource
  private let apps: Apps
  private let eventLog: (@Sendable (String) -> Void)?
  private let warn: @Sendable (Warning) -> Void
  let uses = Uses()
  /// Whether there will be no second request.
  let answersOne: Bool
  /// `nil`: nobody asks twice.
  let provenTokens: ProvenTokens?
  private let hashingTime = Atomic<Int64>(0)

  /// Opens the data directory of the settings; makes it, with new keys, if it is not there.
  ///
  /// - Parameters:
  ///   - isTrial: whether settings and keys are only tried: nothing is made, no new keys are taken over.
  ///   - answersOne: whether there will be no second request.
  ///   - warn: told of what nobody can have meant in the file of an app that a request is the first to open.
  /// - Throws: `ConfigurationError` or `Store.OpeningError`, which say what is wrong with which setting.
  package init(
    configuration: Configuration, clock: any TimeSource = SystemClock(),
    random: any RandomSource = SystemRandom(), isTrial: Bool = false, answersOne: Bool = false,
    warn: @escaping @Sendable (Warning) -> Void = { _ in }, eventLog: (@Sendable (String) -> Void)? = nil
  ) throws {
    if !isTrial { try DataDirectory.prepare(configuration.dataDirectory) }
    let directory = configuration.dataDirectory
    let keys = try Secrets.keys(for: configuration.app, in: directory, random: random, makesThem: !isTrial)
    self.configuration = configuration
    self.clock = clock
    self.random = random
    self.eventLog = eventLog
    self.warn = warn
    self.answersOne = answersOne
    provenTokens = answersOne ? nil : ProvenTokens()
    store = try Store(directory: directory, mapSize: configuration.mapSize, keys: keys, isTrial: isTrial)
    apps = try Apps(configuration, store, keys, random: random)
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
    let configuration = try Configuration(cores: 1, environment: NamedValues(given))
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
  ///   - app: the app of the call; `nil`: that of the setting APPID.
  ///   - query: the fields of the URL.
  ///   - posted: the fields of the body.
  ///   - session: who asks; `nil`: nobody is signed in. It must live: its token is not asked for.
  /// - Throws: `Exception`, as declared by the endpoint; `AccessRefusal`; an error of the store or of the app's settings.
  public func call<E: Endpoint>(
    _ endpoint: E.Type, app: AppName? = nil, query: [String: String] = [:], posted: [String: String] = [:],
    as session: Session? = nil
  ) throws -> E.Answer {
    let app = try self.app(app)
    let now = clock.now()
    var asker: Asker?
    if let session { asker = try self.asker(session.sessionid, app: app, now: now) }
    if let asker { uses.note(asker, at: now) }
    defer { try? storeUses() }
    do {
      var call = try Call.begin(self, E.declaration.access, app: app, asker: asker, address: nil, now: now) {
        (try Form(query), try Form(posted))
      }
      defer { log(call, client: nil, request: nil) }
      return try E.answer(&call)
    } catch let error as FormError {
      throw Exception.invalidRequest.explained(error.detail)
    }
  }

  /// What the hashing of one call takes, in microseconds: a moving average; 0 until there was one.
  package var hashingDuration: Int64 { hashingTime.load(ordering: .relaxed) }

  /// Notes what the hashing of a call took, if there was any.
  func noteHashing(_ duration: Duration?) {
    guard let (seconds, attoseconds) = duration?.components else { return }
    let duration = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    let average = hashingDuration
    // Of several at once one may be lost, which an average can bear.
    hashingTime.store(average == 0 ? duration : (average * 7 + duration) / 8, ordering: .relaxed)
  }

  /// Writes what has happened in a call to the event log.
  func log(_ call: Call, client: Bytes?, request: RequestName?) {
    let asker = (try? call.asker)?.account.accountid
    for (name, account) in call.loggedEvents {
      log(
        Event(
          name: name, time: clock.now(), app: call.app.name, account: account,
          by: asker == account ? nil : asker,
          client: client.map { String(decoding: $0, as: UTF8.self) }, request: request?.description))
    }
  }

  private func log(_ event: Event) { eventLog?(String(decoding: JSONWriter.ascii(event), as: UTF8.self)) }

  /// Stores which sessions were used, for their idle timeout. Often, and before the process ends.
  package func storeUses() throws { try uses.store(in: store) }

  /// Does one piece of what is due without anybody asking: accounts whose time has come are removed, and sessions some
  /// time after their end.
  ///
  /// - Returns: whether there may be more to do.
  package func sweep() throws -> Bool {
    let retention = Int64(configuration.sessionRetention) * 86_400
    let now = clock.now()
    let piece = try store.sweep(now: now, retention: retention) { name in
      // Of the file alone: opening an app can write, which can't be done inside of the sweep's own transaction.
      (try? configuration.app(name))?.countsMetrics ?? true
    }
    for removed in piece.removed {
      log(
        Event(
          name: .accountDeleted, time: now, app: removed.appid, account: removed.accountid, by: nil,
          client: nil,
          request: nil))
    }
    return piece.isMoreToDo
  }
}
