import CDashboardLinux
import Glibc

/// Apache with the files of this project, on a port of 127.0.0.1 and in its own directory.
package final class Apache: Sendable {
  /// How Apache runs the program.
  package enum Gateway: String, CaseIterable, Sendable {
    /// mod_cgi: a process for each request, and a process for each connection.
    case cgi
    /// mod_cgid: a daemon starts a process for each request, and threads serve connections.
    case cgid
    /// mod_fcgid: starts the program in the same folder once for many requests.
    case fcgid
    /// mod_proxy_fcgi: passes requests to a responder, like nginx.
    case proxy
  }

  private let process: ChildProcess
  private let directory: TemporaryDirectory
  private let port: UInt16

  /// The copy of the folder for shared hosting.
  package var home: String { directory.path("home") }

  package var address: Address { .port(port) }

  package func client() throws -> HTTPClient { try HTTPClient(address) }

  /// Apache's error log, which includes the standard error of its programs.
  /// The setup code in the folder's settings.
  package var setupCode: String {
    get throws {
      let lines = try Files.text("\(home)/dashboard/dashboard.conf").split(separator: "\n")
      return lines.first { $0.hasPrefix("SETUP_CODE=") }.map { String($0.dropFirst("SETUP_CODE=".count)) }
        ?? ""
    }
  }

  package var errorLog: String { (try? Files.text(directory.path("error.log"))) ?? "" }

  /// - Parameters:
  ///   - settings: lines to append to `dashboard.conf`.
  ///   - responder: the unix socket for mod_proxy_fcgi.
  ///   - reachable: more directories to give to Apache's user.
  ///   - documentRoot: the directory that URLs lead to, relative to Apache's.
  ///   - directives: more lines of its configuration.
  ///   - isAsShipped: true if the folder keeps its setup code, and refuses common passwords.
  ///   - edit: changes a file of the home directory, by its path there, before use.
  package init(
    _ gateway: Gateway, settings: [String: String] = [:], responder: String = "", reachable: [String] = [],
    documentRoot: String = "home/public_html", directives more: String = "",
    isAsShipped: Bool = false, edit: (_ name: String, _ text: String) -> String = { $1 }
  ) throws {
    let directory = try TemporaryDirectory()
    self.directory = directory
    let made = try ChildProcess.run(
      ["/bin/bash", "\(Programs.root)/deploy/shared-hosting", directory.path("home"), Programs.dashboard])
    guard made.status == 0 else { throw TestFailure(made.errors) }
    var configured = isAsShipped ? [:] : ["SETUP_CODE": "", "REFUSE_COMMON_PASSWORDS": "false"]
    configured.merge(settings) { $1 }
    configured["SHUTDOWN_TIMEOUT"] = "0"
    let lines = configured.map { "\($0)=\($1)\n" }.sorted().joined()
    for name in ["public_html/.htaccess", "public_html/dashboard.cgi", "dashboard/dashboard.conf"] {
      let path = directory.path("home/\(name)")
      var text = try Files.text(path)
      if name == "dashboard/dashboard.conf" { text += lines }
      if gateway == .fcgid { text = text.replacing("cgi-script", with: "fcgid-script") }
      try Files.write(edit(name, text), to: path)
    }
    var directives = Self.directives(gateway, directory.path, directory.path(documentRoot)) + more
    if gateway == .proxy {
      directives += try (Files.text("\(Programs.root)/deploy/apache/proxy.conf") + Self.monitoring)
        .replacing("/run/dashboard/dashboard.sock", with: responder)
    }
    if let user = unsafe getpwnam("www-data"), geteuid() == 0 {
      // Apache refuses to serve as root. It runs as another user who owns the files, as a host runs each customer's.
      directives += "User www-data\nGroup www-data\n"
      for path in [directory.path] + reachable {
        unsafe Self.give(path, to: user.pointee.pw_uid, user.pointee.pw_gid)
      }
    }
    let (port, process) = try Self.start(directory.path, directives)
    (self.port, self.process) = (port, process)
    if gateway == .cgid { try waitForDaemon() }
  }

  /// The lines of the guide that pass `/healthz` and `/metrics`.
  private static var monitoring: String {
    get throws {
      let guide = try Files.text("\(Programs.root)/docs/guide/monitoring.md")
      let block = guide.split(separator: "```apache\n", omittingEmptySubsequences: false).dropFirst().first
      return String(block?.split(separator: "```").first ?? "")
    }
  }

  /// As root, mod_cgid's daemon listens first and then gives its socket to Apache's user. Requests in between get 503, since
  /// permission is denied.
  private func waitForDaemon() throws {
    let socket = directory.path("\(Self.daemonSocket).\(process.pid)")
    let isReached = eventually(timeout: 20_000) {
      var status = stat()
      return stat(socket, &status) == 0 && (geteuid() != 0 || status.st_uid != 0) || !process.isRunning
    }
    guard isReached, process.isRunning else {
      throw TestFailure("mod_cgid's daemon does not listen\n\(errorLog)")
    }
  }

  /// The socket of mod_cgid's daemon. Apache appends its process id.
  private static let daemonSocket = "cgid.sock"

  deinit {
    // SIGKILL would leave its child processes running.
    process.signal(SIGTERM)
    _ = process.wait()
  }

  /// Starts Apache on a port that was free a moment ago, and tries another port if it is taken.
  private static func start(_ directory: String, _ directives: String) throws -> (UInt16, ChildProcess) {
    var reasons = ""
    for _ in 0..<3 {
      let port = try Address.freePort()
      try Files.write("Listen 127.0.0.1:\(port)\n" + directives, to: "\(directory)/apache.conf")
      // Apache ends its whole process group on SIGTERM.
      let process = try ChildProcess(
        [
          Programs.apache, "-D", "FOREGROUND", "-d", directory, "-f", "\(directory)/apache.conf",
        ], leadsGroup: true)
      do {
        try Address.port(port).waitUntilAnswered { process.isRunning }
        return (port, process)
      } catch {
        process.signal(SIGTERM)
        reasons = "\(error)\n\(process.errors)\((try? Files.text("\(directory)/error.log")) ?? "")"
      }
    }
    throw TestFailure(reasons)
  }

  private static func give(_ path: String, to user: uid_t, _ group: gid_t) {
    lchown(path, user, group)
    for name in Files.names(in: path) { give("\(path)/\(name)", to: user, group) }
  }

  private static func directives(_ gateway: Gateway, _ directory: String, _ root: String) -> String {
    let own: [String] =
      switch gateway {
      case .cgi: ["mpm_prefork", "cgi"]
      case .cgid: ["mpm_event", "cgid"]
      case .fcgid: ["mpm_event", "fcgid"]
      case .proxy: ["mpm_event", "proxy", "proxy_fcgi"]
      }
    let modules = own + ["authz_core", "mime", "setenvif", "env", "rewrite"]
    let gatewayLines =
      switch gateway {
      case .cgid: "ScriptSock \(daemonSocket)\n"
      case .fcgid: "FcgidIPCDir fcgid\nFcgidProcessTableFile fcgid.shm\nFcgidMaxRequestLen 4000000\n"
      case .cgi, .proxy: ""
      }
    return modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so\n" }.joined()
      + gatewayLines + """
        ServerName dashboard.test
        PidFile apache.pid
        ErrorLog error.log
        TypesConfig /dev/null
        StartServers 2
        DefaultRuntimeDir "\(directory)"
        DocumentRoot "\(root)"
        <Directory />
          AllowOverride None
          Require all denied
        </Directory>
        <Directory "\(directory)/home">
          AllowOverride All
          Require all granted
        </Directory>

        """
  }
}
