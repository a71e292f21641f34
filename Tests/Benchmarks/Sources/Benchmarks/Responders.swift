import Glibc
import TestSupport

/// What answers session checks behind nginx.
enum Road: String, CaseIterable {
  case dashboard = "dashboard"
  /// What nginx asks before it passes a guarded request on.
  case authorize = "dashboard, `/authorize`"
  case session = "C, the same session check"
  case hello = "C, a few fixed bytes"
  case fixed = "nginx `return 200`"
  case phpNative = "PHP-FPM, native sessions"
  case phpSQLite = "PHP-FPM, PDO SQLite"
}

/// One nginx, and behind it everything that is compared, each at ports of its own. All of it ends with its life.
final class Responders {
  let signedIn: SignedIn
  private let dashboard: ResponderProcess
  private let baselines: [Road: BaselineResponder]
  private let php: PHP?
  private let nginx: Nginx
  private var ports: [Road: [Bool: UInt16]] = [:]

  static let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// - Parameter signedIn: whose sessions are checked; otherwise a thousand are made.
  init(_ roads: [Road] = Road.allCases, signedIn: SignedIn? = nil) throws {
    let signedIn = try signedIn ?? SignedIn(1000)
    let dashboard = try ResponderProcess(environment: ["DATA_DIR": signedIn.dataDirectory])
    let php = roads.contains(.phpNative) || roads.contains(.phpSQLite) ? try PHP(signedIn) : nil
    var baselines: [Road: BaselineResponder] = [:]
    var free: Set<UInt16> = []
    while free.count < 2 * roads.count { free.insert(try Address.freePort()) }
    var sites: [Site] = []
    for road in roads {
      var socketPath: String?
      switch road {
      case .dashboard, .authorize: socketPath = dashboard.socketPath
      case .session, .hello:
        let baseline = try BaselineResponder(road == .session ? signedIn : nil, threads: Self.cores)
        baselines[road] = baseline
        socketPath = baseline.socketPath
      case .phpNative, .phpSQLite: socketPath = php?.socketPath
      case .fixed: break
      }
      for isKept in [true, false] {
        let site = Site(road: road, port: free.removeFirst(), socketPath: socketPath, isKept: isKept)
        ports[road, default: [:]][isKept] = site.port
        sites.append(site)
      }
    }
    func file(_ name: String) throws -> String { try Files.text("\(Programs.root)/nginx/\(name)") }
    let question = try file("authorize").replacing(
      "internal;", with: "fastcgi_param DASHBOARD_REQUIRE session;")
    let text = try sites.map { site in
      let place = site.road == .authorize ? question : try file("pass")
      let server = try file("server.conf").replacing("include dashboard/pass;", with: place)
      return site.configuration(server: server)
    }.joined()
    nginx = try Nginx(responder: dashboard.socketPath) { name, file in
      guard name == "local.conf.in" else { return file }
      return file.replacing("access_log \"@PREFIX@/access.log\"", with: "access_log off")
        .replacing("  server {", with: text + "  server {")
    }
    (self.signedIn, self.dashboard, self.baselines, self.php) = (signedIn, dashboard, baselines, php)
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
    [.dashboard, .authorize].contains(road) ? dashboard.process : baselines[road]?.process
  }

  /// A server of nginx: the project's own, but for what it passes requests to.
  private struct Site {
    let road: Road
    let port: UInt16
    let socketPath: String?
    let isKept: Bool

    func configuration(server: String) -> String {
      let listen = "listen 127.0.0.1:\(port) backlog=4096;"
      guard let socketPath else {
        // As long as the answer of a session check.
        let text = "{\"object\":\"fixed\",\"text\":\"\(String(repeating: "x", count: 450))\"}"
        return "  server { \(listen) include dashboard/answer; location / { return 200 '\(text)'; } }\n"
      }
      let script: String? =
        switch road {
        case .phpNative: Baselines.source("session.php")
        case .phpSQLite: Baselines.source("session-sqlite.php")
        default: nil
        }
      let name = "\(road)\(port)"
      var server = server.replacing("fastcgi_pass dashboard;", with: "fastcgi_pass \(name);")
      let keeps = isKept && script == nil
      if !keeps { server = server.replacing("fastcgi_keep_conn on;", with: "") }
      if let script {
        let include = "include dashboard/params;"
        server = server.replacing(include, with: "\(include) fastcgi_param SCRIPT_FILENAME \"\(script)\";")
      }
      return """
          upstream \(name) { server "unix:\(socketPath)"; \(keeps ? "keepalive 64;" : "") }
          server {
            \(listen)
            \(server)
          }

        """
    }
  }
}

/// The responder in C.
final class BaselineResponder {
  let process: ChildProcess
  private let directory: TemporaryDirectory

  var socketPath: String { directory.path("responder.sock") }

  /// - Parameter signedIn: whose sessions it checks; `nil`: it answers a few fixed bytes.
  init(_ signedIn: SignedIn?, threads: Int) throws {
    directory = try TemporaryDirectory()
    let mode = signedIn.map { ["session", $0.dataDirectory] } ?? ["hello"]
    let path = directory.path("responder.sock")
    process = try ChildProcess([Baselines.program("responder"), path, "\(threads)"] + mode)
    let process = process
    try Address.unix(path).waitUntilAnswered { process.isRunning }
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
