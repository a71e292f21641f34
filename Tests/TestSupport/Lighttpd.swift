import Glibc

/// lighttpd, on a port of 127.0.0.1 and in its own directory. The program gets only the paths below its mounts.
package final class Lighttpd: Sendable {
  /// How lighttpd runs the program.
  package enum Gateway: String, CaseIterable, Sendable {
    /// mod_cgi: a process for each request.
    case cgi
    /// mod_fastcgi: passes requests to a responder.
    case fastcgi
  }

  private let process: ChildProcess
  private let directory: TemporaryDirectory
  private let port: UInt16

  package var address: Address { .port(port) }

  package func client() throws -> HTTPClient { try HTTPClient(address) }

  /// Its error log, which includes the standard error of its programs.
  package var errorLog: String { process.errors }

  /// - Parameters:
  ///   - mounts: the paths that lighttpd passes to the program. It tells the program a mount as SCRIPT_NAME, and the rest as PATH_INFO.
  ///   - settings: variables for the program.
  ///   - apps: names that the request's header X-App can choose.
  ///   - responder: the unix socket for mod_fastcgi.
  package init(
    _ gateway: Gateway, mounts: [String] = ["/api", "/.well-known"], settings: [String: String] = [:],
    apps: [String] = [],
    responder: String = ""
  ) throws {
    let directory = try TemporaryDirectory()
    self.directory = directory
    try Files.makeDirectory(directory.path("root"))
    var lines = [
      #"server.document-root = "\#(directory.path("root"))""#, #"server.bind = "127.0.0.1""#,
      #"server.upload-dirs = ("\#(directory.path)")"#, "server.max-request-size = 8192",
      #"server.http-parseopts = ("method-get-body" => "enable")"#,
      #"server.modules = ("mod_alias", "mod_setenv", "mod_cgi", "mod_fastcgi")"#,
    ]
    func environment(_ more: [String: String] = [:]) -> String {
      let variables = settings.merging(more) { $1 }.sorted { $0.key < $1.key }
      return
        "setenv.set-environment = (\(variables.map { #""\#($0)" => "\#($1)""# }.joined(separator: ", ")))"
    }
    lines.append(environment())
    for app in apps {
      lines.append("$REQUEST_HEADER[\"X-App\"] == \"\(app)\" { \(environment(["DASHBOARD_APPID": app])) }")
    }
    for mount in mounts {
      switch gateway {
      case .cgi:
        lines.append(
          #"""
          $HTTP["url"] =~ "^\#(mount)(/|$)" {
            alias.url = ("\#(mount)" => "\#(Programs.dashboard)")
            cgi.assign = ("" => "")
          }
          """#)
      case .fastcgi:
        lines.append(
          #"""
          fastcgi.server += ("\#(mount)" => ((
            "socket" => "\#(responder)", "check-local" => "disable", "fix-root-scriptname" => "enable"
          )))
          """#)
      }
    }
    (port, process) = try Self.start(directory.path, lines.joined(separator: "\n"))
  }

  deinit {
    process.signal(SIGTERM)
    _ = process.wait()
  }

  /// Starts lighttpd on a port that was free a moment ago, and tries another port if it is taken.
  private static func start(_ directory: String, _ directives: String) throws -> (UInt16, ChildProcess) {
    var reasons = ""
    for _ in 0..<3 {
      let port = try Address.freePort()
      let path = "\(directory)/lighttpd.conf"
      try Files.write("server.port = \(port)\n\(directives)\n", to: path)
      let process = try ChildProcess([Programs.lighttpd, "-D", "-f", path])
      do {
        try Address.port(port).waitUntilAnswered { process.isRunning }
        return (port, process)
      } catch {
        process.signal(SIGTERM)
        reasons = "\(error)\n\(process.errors)"
      }
    }
    throw TestFailure(reasons)
  }
}
