import Glibc
import TestSupport

/// What answers session checks behind nginx.
enum Road: String, CaseIterable {
  case dashboard = "dashboard"
  case session = "C, the same session check"
  case hello = "C, a few fixed bytes"
  case fixed = "nginx `return 200`"
  case phpNative = "PHP-FPM, native sessions"
  case phpSQLite = "PHP-FPM, PDO SQLite"
}

/// One nginx, and behind it everything that is compared, each at ports of its own. All of it ends with its life.
final class Responders {
  let signedIn: SignedIn
  private let directory: TemporaryDirectory
  private let dashboard: ResponderProcess
  private let baselines: [Road: ChildProcess]
  private let fpm: ChildProcess?
  private let nginx: Nginx
  private let ports: [Road: [Bool: UInt16]]

  static let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  private static let phpFPM = "/usr/sbin/php-fpm8.2"

  init(_ roads: [Road] = Road.allCases, sessions: Int = 1000) throws {
    let directory = try TemporaryDirectory()
    let signedIn = try SignedIn(sessions)
    self.directory = directory
    self.signedIn = signedIn
    dashboard = try ResponderProcess(environment: ["DATA_DIR": signedIn.dataDirectory])
    var baselines: [Road: ChildProcess] = [:]
    for (road, words) in [(.session, ["session", signedIn.dataDirectory]), (.hello, ["hello"])]
      as [(Road, [String])] where roads.contains(road)
    {
      let path = directory.path("\(words[0]).sock")
      let process = try ChildProcess([Baselines.program("responder"), path, "\(Self.cores)"] + words)
      try Address.unix(path).waitUntilAnswered { process.isRunning }
      baselines[road] = process
    }
    self.baselines = baselines
    let needsPHP = roads.contains(.phpNative) || roads.contains(.phpSQLite)
    fpm = needsPHP ? try Self.startPHP(directory, signedIn) : nil

    var free: Set<UInt16> = []
    while free.count < 2 * roads.count { free.insert(try Address.freePort()) }
    var ports: [Road: [Bool: UInt16]] = [:]
    for road in roads { ports[road] = [true: free.removeFirst(), false: free.removeFirst()] }
    self.ports = ports
    let sites = try Self.sites(ports, directory, dashboard.socketPath)
    nginx = try Nginx(responder: dashboard.socketPath) { name, text in
      guard name == "local.conf.in" else { return text }
      return text.replacing("access_log \"@PREFIX@/access.log\"", with: "access_log off")
        .replacing("  server {", with: sites + "  server {")
    }
  }

  deinit {
    // SIGKILL would leave its workers behind.
    fpm?.signal(SIGTERM)
    _ = fpm?.wait()
  }

  /// Where the road begins.
  ///
  /// - Parameter isKept: whether nginx keeps its connections to the responder; those to PHP-FPM it never does, since
  ///   each would occupy one of its few workers.
  func port(_ road: Road, isKept: Bool = true) throws -> UInt16 {
    guard let port = ports[road]?[isKept] else { throw TestFailure("\(road) was not started") }
    return port
  }

  /// The process whose work is measured; `nil`: that work is done by nginx, or by several.
  func process(_ road: Road) -> ChildProcess? {
    road == .dashboard ? dashboard.process : baselines[road]
  }

  // MARK: nginx

  /// The project's own server, its connections kept or not, passing requests somewhere else.
  private static func sites(
    _ ports: [Road: [Bool: UInt16]], _ directory: TemporaryDirectory, _ dashboard: String
  )
    throws -> String
  {
    let server = try Files.text("\(Programs.root)/nginx/server.conf")
    func site(_ road: Road, _ port: UInt16, isKept: Bool) -> String {
      let listen = "listen 127.0.0.1:\(port) backlog=4096;"
      func passing(_ socket: String, isKept: Bool, _ more: String = "") -> String {
        let name = "\(road)\(port)"
        return """
            upstream \(name) { server "unix:\(socket)"; \(isKept ? "keepalive 64;" : "") }
            server {
              \(listen) \(more)
              \(server.replacing("fastcgi_pass dashboard;", with: "fastcgi_pass \(name);")
                .replacing("fastcgi_keep_conn on;", with: isKept ? "fastcgi_keep_conn on;" : ""))
            }

          """
      }
      func script(_ name: String) -> String {
        passing(
          directory.path("fpm.sock"), isKept: false,
          "fastcgi_param SCRIPT_FILENAME \"\(Baselines.source(name))\"; include dashboard/params;"
        )
        .replacing("  include dashboard/params;\n", with: "")
      }
      switch road {
      case .dashboard: return passing(dashboard, isKept: isKept)
      case .session: return passing(directory.path("session.sock"), isKept: isKept)
      case .hello: return passing(directory.path("hello.sock"), isKept: isKept)
      case .phpNative: return script("session.php")
      case .phpSQLite: return script("session-sqlite.php")
      case .fixed:
        // As long as the answer of the session check.
        let text = "{\"object\":\"fixed\",\"text\":\"\(String(repeating: "x", count: 450))\"}"
        return "  server { \(listen) include dashboard/answer; location / { return 200 '\(text)'; } }\n"
      }
    }
    return ports.flatMap { road, ports in ports.map { site(road, $1, isKept: $0) } }.joined()
  }

  // MARK: PHP

  private static func startPHP(_ directory: TemporaryDirectory, _ signedIn: SignedIn) throws -> ChildProcess {
    let (sessions, database) = (directory.path("php-sessions"), directory.path("sessions.sqlite"))
    try Files.makeDirectory(sessions)
    let filled = try ChildProcess.run(
      [
        "/usr/bin/php8.2", "-d", "session.save_path=\(sessions)", Baselines.source("fill.php"), database,
      ], input: Files.text(signedIn.listing))
    guard filled.status == 0, filled.output.isEmpty else {
      throw TestFailure("fill.php: \(filled.output)\(filled.errors)")
    }
    let isRoot = geteuid() == 0
    let configuration = """
      [global]
      error_log = \(directory.path("fpm.log"))
      [bench]
      \(isRoot ? "user = root\ngroup = root" : "")
      listen = \(directory.path("fpm.sock"))
      listen.backlog = 4096
      pm = static
      pm.max_children = \(2 * cores)
      env[DATABASE] = \(database)
      php_admin_value[session.save_path] = \(sessions)
      """
    try Files.write(configuration + "\n", to: directory.path("fpm.conf"))
    let fpm = try ChildProcess(
      [phpFPM, "--nodaemonize", "--fpm-config", directory.path("fpm.conf")]
        + (isRoot ? ["--allow-to-run-as-root"] : []))
    try Address.unix(directory.path("fpm.sock")).waitUntilAnswered { fpm.isRunning }
    return fpm
  }
}

/// What deploy/bench builds, and the scripts.
enum Baselines {
  /// A program built from `Tests/Benchmarks/Baselines`.
  static func program(_ name: String) -> String { "\(Programs.root)/.local/bench/\(name)" }
  static func source(_ name: String) -> String { "\(Programs.root)/Tests/Benchmarks/Baselines/\(name)" }
  /// The program that is shipped.
  static let dashboard = program("dashboard")
}
