import DashboardEndpoints
import DashboardExplorer
import DashboardGateway
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardSite
import DashboardStore
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The API and the explorer, as an application of the gateway.
struct DashboardService: Application {
  private let dashboard: Dashboard
  private let router: Router
  let options: Responder.Options
  private let configuration: Configuration
  let eventLog: EventLog
  /// `nil` in a process that does not stay.
  private let watch: Watch?
  private let whenStoreIsLost: @Sendable () -> Void

  /// Reads the settings from the environment and from the file that DASHBOARD_CONFIG names. Call it once,
  /// because the file can be a pipe.
  ///
  /// - Parameters:
  ///   - cores: the default of the numbers of threads. A CGI process starts none.
  ///   - file: the path of the settings file; `nil` for the file that DASHBOARD_CONFIG names.
  static func configuration(cores: Int = processorCount(), file: String? = nil) throws -> Configuration {
    let file = try (file ?? ProcessState.setting("DASHBOARD_CONFIG")).map(SettingsFile.read)
    return try Configuration(file: file, cores: cores, environment: environment())
  }

  /// The settings in the environment.
  static func environment() throws -> NamedValues {
    var environment = NamedValues()
    for setting in Setting.all {
      if let value = try ProcessState.setting(setting.name) { environment.add(setting.name, value) }
    }
    return environment
  }

  /// - Parameters:
  ///   - isTrial: true to only check settings and keys.
  ///   - isSingleRequest: true if the process answers one request and exits.
  ///   - whenStoreIsLost: called if the process must be restarted.
  init(
    _ configuration: Configuration, isTrial: Bool = false, isSingleRequest: Bool = false,
    whenStoreIsLost: @escaping @Sendable () -> Void = {}
  ) throws {
    self.configuration = configuration
    let eventLog = try EventLog(configuration.eventLog)
    self.eventLog = eventLog
    let whenStoreIsLost: @Sendable () -> Void = {
      eventLog.flush()
      whenStoreIsLost()
    }
    self.whenStoreIsLost = whenStoreIsLost
    dashboard = try Dashboard(
      configuration: configuration, isTrial: isTrial, isSingleRequest: isSingleRequest, warn: Self.warn,
      eventLog: { eventLog.write($0) })
    let log: @Sendable (String) -> Void = { StandardError.write("dashboard: \($0)") }
    let requestLog: @Sendable (String) -> Void = { StandardError.write($0, .request) }
    watch =
      isTrial || isSingleRequest
      ? nil : Watch(dashboard.services.store, clock: dashboard.services.clock, log: log)
    router = Router(
      dashboard, Routes.all,
      groups: [Site.group] + (configuration.showsExplorer ? [APIExplorer.group(of: Routes.endpoints)] : []),
      monitoring: MonitoringRoutes(dashboard, watch: watch, log: log),
      requestLog: configuration.logLevel == .info ? requestLog : nil, log: log, storeIsLost: whenStoreIsLost)
    var options = Responder.Options()
    options.eventThreads = configuration.eventThreads
    options.hashingThreads = configuration.hashingThreads
    options.cores = configuration.cores
    options.bodyLimit = configuration.bodyLength
    options.timing.shutdown = Int64(configuration.shutdownTimeout) * 1000
    self.options = options
  }

  /// Checks the data directory and all apps, as a start does. A CGI process leaves these checks out.
  ///
  /// - Returns: all warnings. A server has logged those of its conditions.
  func check() throws -> [Warning] {
    let warnings =
      try configuration.warnings + Self.memoryWarnings(configuration)
      + DataDirectory.warnings(configuration.dataDirectory, dataFile: Storage.fileName)
      + dashboard.openApps()
    if let watch {
      try watch.check()
      return warnings
    }
    let services = dashboard.services
    let findings = services.store.state().findings(at: services.clock.now())
    return warnings + findings.map { Warning($0.description) }
  }

  /// Warns of bodies that MAXIMUM_POST_DATA_LENGTH allows, and a limit of memory does not.
  static func memoryWarnings(_ configuration: Configuration) -> [Warning] {
    let allowed = BodyMemory.allowed
    guard configuration.bodyLength > allowed else { return [] }
    let text = """
      \(Setting.bodyLength.name) is \(configuration.bodyLength), but the memory of this process allows only about \(allowed) \
      bytes of bodies: a longer body gets 503 server-busy; raise the limit of memory or lower the setting
      """
    return [Warning(text)]
  }

  /// Logs the mistakes in the settings.
  func warnOfMistakes() throws {
    for warning in try configuration.warnings + dashboard.app().configuration.warnings where warning.isMistake
    {
      Self.warn(warning)
    }
  }

  /// Logs a warning for the operator.
  @Sendable static func warn(_ warning: Warning) { StandardError.write("dashboard: \(warning)") }

  /// Starts the maintenance thread. It sweeps every minute. It checks the data directory, watches conditions and stores the last
  /// use of sessions every second, also during a long sweep.
  ///
  /// - Parameter queues: gets the states of the gateway's queues.
  func startSweeping(queues: @escaping @Sendable () -> [QueueState]) {
    watch?.watchQueues(queues)
    _ = Thread.start(name: "sweep") {
      var seconds = 0
      while true {
        loggingErrors("checking the data directory") { try dashboard.services.store.checkFiles() }
        loggingErrors("watching") { try watch?.check() }
        let isMoreToDo = seconds % 60 == 0 && sweep()
        storeActivity()
        if isMoreToDo { continue }
        sleep(1)
        seconds += 1
      }
    }
  }

  /// Stores the last use of sessions before the process exits.
  ///
  /// - Parameter rarity: on average one of `rarity` CGI processes also sweeps; `nil` if the process never
  ///   sweeps here.
  func finish(sweepingOneIn rarity: UInt64? = nil) {
    storeActivity()
    guard let rarity, dashboard.services.random.number() % rarity == 0 else { return }
    var pieces = 4
    while pieces > 0, sweep() { pieces -= 1 }
  }

  private func storeActivity() {
    loggingErrors("storing the use of sessions") { try dashboard.storeActivity() }
  }

  /// Sweeps one piece.
  ///
  /// - Returns: true if more may be due.
  private func sweep() -> Bool { loggingErrors("sweeping") { try dashboard.sweep() } ?? false }

  /// Runs maintenance work and logs its error, unless `warn` got it already.
  ///
  /// - Parameter what: the work, for the log.
  /// - Returns: `nil` if it failed.
  @discardableResult
  private func loggingErrors<Result>(_ what: String, _ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch {
      if (error as? Store.Unavailable)?.isTold != true {
        StandardError.write("dashboard: \(what): \(error)")
      }
      if error is Store.Lost { whenStoreIsLost() }
      return nil
    }
  }

  func work(for variables: MetaVariables) -> Work {
    var client: [UInt8] { ClientAddress(variables[.remoteAddress] ?? []).bytes }
    return switch router.effort(for: variables) {
    case .reading: .reading
    case .lengthyReading: .lengthyReading(client: client)
    case .writing: .writing
    case .hashing: .hashing(client: client)
    }
  }

  var hashingDuration: Int64 { dashboard.hashingDuration }

  func respond(to request: Request) -> Response { router.respond(to: request) }

  func refuseBusy(_ request: Request) -> Response { router.refuseBusy(request) }
}

/// Answers every request with an error, because the settings are invalid or the data is being migrated.
struct OutOfService: Application {
  let isTemporary: Bool
  let hashingDuration: Int64 = 0
  func work(for variables: MetaVariables) -> Work { .reading }
  func respond(to request: Request) -> Response {
    MonitoringRoutes.outOfService(request.variables)
      ?? Router.outOfService(isTemporary: isTemporary, page: Site.outOfService(at: request.variables.path))
  }
  func refuseBusy(_ request: Request) -> Response { respond(to: request) }
}
