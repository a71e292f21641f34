import Glibc
import TestSupport

/// A program or location behind nginx that serves session checks.
enum Backend: String, CaseIterable {
  case dashboard = "dashboard"
  /// The subrequest that nginx sends before it serves a guarded location.
  case authorize = "dashboard, `/authorize`"
  case session = "C, the same session check"
  case hello = "C, a few fixed bytes"
  case fixed = "nginx `return 200`"
  case phpNative = "PHP-FPM, native sessions"
  case phpSQLite = "PHP-FPM, PDO SQLite"
}

/// One nginx and the compared backends. Each backend has two ports of nginx. All processes end with this object.
final class Responders {
  let signedIn: SignedIn
  private let dashboard: ResponderProcess
  private let baselines: [Backend: BaselineResponder]
  private let php: PHP?
  private let nginx: Nginx
  private var ports: [Backend: [Bool: UInt16]] = [:]

  static let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// - Parameter signedIn: the sessions to check. The default is a thousand new ones.
  init(_ backends: [Backend] = Backend.allCases, signedIn: SignedIn? = nil) throws {
    let signedIn = try signedIn ?? SignedIn(1000)
    let dashboard = try ResponderProcess(environment: ["DATA_DIR": signedIn.dataDirectory])
    let php = backends.contains(.phpNative) || backends.contains(.phpSQLite) ? try PHP(signedIn) : nil
    var baselines: [Backend: BaselineResponder] = [:]
    var free: Set<UInt16> = []
    while free.count < 2 * backends.count { free.insert(try Address.freePort()) }
    var sites: [Site] = []
    for backend in backends {
      var socketPath: String?
      switch backend {
      case .dashboard, .authorize: socketPath = dashboard.socketPath
      case .session, .hello:
        let baseline = try BaselineResponder(backend == .session ? signedIn : nil, threads: Self.cores)
        baselines[backend] = baseline
        socketPath = baseline.socketPath
      case .phpNative, .phpSQLite: socketPath = php?.socketPath
      case .fixed: break
      }
      for isKept in [true, false] {
        let site = Site(backend: backend, port: free.removeFirst(), socketPath: socketPath, isKept: isKept)
        ports[backend, default: [:]][isKept] = site.port
        sites.append(site)
      }
    }
    func file(_ name: String) throws -> String { try Files.text("\(Programs.root)/nginx/\(name)") }
    let authorize = try file("authorize").replacing(
      "internal;", with: "set $dashboard_passes ''; fastcgi_param DASHBOARD_REQUIRE session;")
    let text = try sites.map { site in
      let place = site.backend == .authorize ? authorize : try file("pass")
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

  /// The backend's port of nginx.
  ///
  /// - Parameter isKept: true if nginx keeps its connections to the backend. It never keeps connections to PHP-FPM, because each
  ///   would occupy one of its few workers.
  func port(_ backend: Backend, isKept: Bool = true) throws -> UInt16 {
    guard let port = ports[backend]?[isKept] else { throw TestFailure("\(backend) was not started") }
    return port
  }

  /// The process of a backend. `nil` for nginx and for PHP-FPM, which has several.
  func process(_ backend: Backend) -> ChildProcess? {
    [.dashboard, .authorize].contains(backend) ? dashboard.process : baselines[backend]?.process
  }

  /// A server block of nginx: the project's own, which passes requests to a backend.
  private struct Site {
    let backend: Backend
    let port: UInt16
    let socketPath: String?
    let isKept: Bool

    func configuration(server: String) -> String {
      let listen = "listen 127.0.0.1:\(port) backlog=4096;"
      guard let socketPath else {
        // As long as the response to a session check.
        let text = "{\"object\":\"fixed\",\"text\":\"\(String(repeating: "x", count: 450))\"}"
        return "  server { \(listen) include dashboard/answer; location / { return 200 '\(text)'; } }\n"
      }
      let script: String? =
        switch backend {
        case .phpNative: Baselines.source("session.php")
        case .phpSQLite: Baselines.source("session-sqlite.php")
        default: nil
        }
      let name = "\(backend)\(port)"
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

/// The FastCGI responder in C.
final class BaselineResponder {
  let process: ChildProcess
  private let directory: TemporaryDirectory

  var socketPath: String { directory.path("responder.sock") }

  /// - Parameter signedIn: the sessions that it checks. `nil`: it answers with a few fixed bytes.
  init(_ signedIn: SignedIn?, threads: Int) throws {
    directory = try TemporaryDirectory()
    let mode = signedIn.map { ["session", $0.dataDirectory] } ?? ["hello"]
    let path = directory.path("responder.sock")
    process = try ChildProcess([Baselines.program("responder"), path, "\(threads)"] + mode)
    let process = process
    try Address.unix(path).waitUntilAnswered { process.isRunning }
  }
}

/// The baselines: programs that deploy/bench builds, and scripts.
enum Baselines {
  /// A program built from `Tests/Benchmarks/Baselines`.
  static func program(_ name: String) -> String { "\(Programs.root)/.local/bench/\(name)" }
  static func source(_ name: String) -> String { "\(Programs.root)/Tests/Benchmarks/Baselines/\(name)" }
}
