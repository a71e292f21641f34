internal import API
internal import Accounts
internal import Gateway
internal import Glibc
internal import Routing
internal import WireFormat

/// The API as the gateway serves it.
struct DashboardService: Application {
  private let router: Router
  let options: Responder.Options
  /// For the operator, at the start.
  let warnings: [String]

  /// Takes the settings from the process's environment.
  init() throws {
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    func setting(_ name: String) -> String? {
      unsafe getenv(name).flatMap { unsafe String(validatingCString: $0) }
    }
    let file = try setting("DASHBOARD_CONFIG").map(SettingsFile.read) ?? ""
    let configuration = try Configuration(file: file, cores: cores, environment: setting)
    router = Router(try Dashboard(configuration: configuration), Routes.all) { line in
      StandardError.write("dashboard: \(line)")
    }
    warnings = configuration.warnings
    var options = Responder.Options()
    options.eventThreads = configuration.eventThreads
    options.hashingThreads = configuration.hashingThreads
    options.bodyLimit = configuration.bodyLength
    options.timing.shutdown = Int64(configuration.shutdownTimeout) * 1000
    self.options = options
  }

  func work(for variables: MetaVariables) -> Work {
    guard let declaration = router.declaration(for: variables) else { return .reading }
    if declaration.isHashing { return .hashing }
    return declaration.verb == .get ? .reading : .writing
  }

  func respond(to request: Request) -> Response { router.respond(to: request) }

  func refuseBusy(_ request: Request) -> Response { router.refuseBusy(request) }
}

/// Answers that the server is out of service: its settings can't be used, as its log says.
struct OutOfService: Application {
  func work(for variables: MetaVariables) -> Work { .reading }
  func respond(to request: Request) -> Response { Router.outOfService }
  func refuseBusy(_ request: Request) -> Response { Router.outOfService }
}

/// What the system allows this process.
enum Limits {
  /// As many descriptors as the hard limit allows (setrlimit(2)): each kept connection needs one.
  static func raiseDescriptors() {
    let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(descriptors, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(descriptors, &limit)
  }
}
