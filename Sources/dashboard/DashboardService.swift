import DashboardEndpoints
import DashboardExplorer
import DashboardGateway
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The API as the gateway serves it.
struct DashboardService: Application {
  private let dashboard: Dashboard
  private let router: Router
  let options: Responder.Options
  private let configuration: Configuration
  let eventLog: LogFile
  private let whenStoreIsLost: @Sendable () -> Void
  /// The settings, from the process's environment and the file that DASHBOARD_CONFIG names, which may be a pipe: to be read
  /// once.
  ///
  /// - Parameter cores: what the numbers of threads follow from; whoever answers a single request starts none.
  static func configuration(cores: Int = processorCount()) throws -> Configuration {
    let file = try ProcessState.setting("DASHBOARD_CONFIG").map(SettingsFile.read)
    var environment = NamedValues()
    for setting in Setting.all {
      if let value = try ProcessState.setting(setting.name) { environment.add(setting.name, value) }
    }
    return try Configuration(file: file, cores: cores, environment: environment)
  }

  /// - Parameters:
  ///   - isTrial: whether settings and keys are only tried.
  ///   - isSingleRequest: whether the process answers one request and ends.
  ///   - whenStoreIsLost: called when only a new start of this process can help.
  init(
    _ configuration: Configuration, isTrial: Bool = false, isSingleRequest: Bool = false,
    whenStoreIsLost: @escaping @Sendable () -> Void = {}
  ) throws {
    self.configuration = configuration
    self.whenStoreIsLost = whenStoreIsLost
    let eventLog = try LogFile(configuration.eventLog)
    self.eventLog = eventLog
    dashboard = try Dashboard(
      configuration: configuration, isTrial: isTrial, isSingleRequest: isSingleRequest, warn: Self.tell,
      eventLog: { eventLog.write($0) })
    let log: @Sendable (String) -> Void = { StandardError.write($0) }
    let showsExplorer = configuration.showsExplorer
    router = Router(
      dashboard, Routes.all, rare: { showsExplorer ? APIExplorer(Routes.endpoints).resources : [] },
      requestLog: configuration.logLevel == .info ? log : nil,
      log: { StandardError.write("dashboard: \($0)") }, storeIsLost: whenStoreIsLost)
    var options = Responder.Options()
    options.eventThreads = configuration.eventThreads
    options.hashingThreads = configuration.hashingThreads
    options.cores = configuration.cores
    options.bodyLimit = configuration.bodyLength
    options.timing.shutdown = Int64(configuration.shutdownTimeout) * 1000
    self.options = options
  }

  /// What a start checks beyond what one request needs.
  ///
  /// - Returns: what works but should not stay so, for the operator.
  func check() throws -> [Warning] {
    try configuration.warnings + DataDirectory.warnings(configuration.dataDirectory, files: Storage.fileNames)
      + dashboard.openApps()
  }

  /// Tells the operator of what nobody can have meant in the settings.
  func tellMistakes() throws {
    for warning in try configuration.warnings + dashboard.app().configuration.warnings where warning.isMistake
    {
      Self.tell(warning)
    }
  }

  /// Tells the operator.
  @Sendable static func tell(_ warning: Warning) { StandardError.write("dashboard: \(warning)") }

  /// Does what is due without anybody asking, every minute from now on, on a thread of its own; and notes every second
  /// which sessions were used, however much there is to sweep.
  func startSweeping() {
    _ = Thread.start(name: "sweep") {
      var seconds = 0
      while true {
        let isMoreToDo = seconds % 60 == 0 && sweep()
        storeActivity()
        if isMoreToDo { continue }
        sleep(1)
        seconds += 1
      }
    }
  }

  /// The last of it before the process ends. Where every request is a process, one of several also sweeps a little.
  func finish(sweepingOneIn rarity: UInt64? = nil) {
    storeActivity()
    guard let rarity, dashboard.services.random.number() % rarity == 0 else { return }
    var pieces = 4
    while pieces > 0, sweep() { pieces -= 1 }
  }

  private func storeActivity() {
    unasked("storing which sessions were used") { try dashboard.storeActivity() }
  }

  /// Sweeps one piece. True: there may be more to do.
  private func sweep() -> Bool { unasked("sweeping") { try dashboard.sweep() } ?? false }

  /// Does what no client waits for. Nil, logged: it can't be done.
  private func unasked<Result>(_ what: String, _ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch {
      StandardError.write("dashboard: \(what): \(error)")
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

/// Answers that the server is out of service: its settings can't be used, as its log says, or its data is being migrated.
struct OutOfService: Application {
  let isTemporary: Bool
  let hashingDuration: Int64 = 0
  func work(for variables: MetaVariables) -> Work { .reading }
  func respond(to request: Request) -> Response { Router.outOfService(isTemporary: isTemporary) }
  func refuseBusy(_ request: Request) -> Response { respond(to: request) }
}
