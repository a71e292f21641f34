import CDashboardLinux
import Glibc

/// nginx with this project's configuration, on a unix socket in its own directory.
package final class Nginx: Sendable {
  private let process: ChildProcess
  private let directory: TemporaryDirectory
  private let port: ListeningPort?
  private let hasTLS: Bool

  /// The address of its site for a client that needs a port, such as `http://127.0.0.1:8080`; `nil` if it has no port.
  package var base: String? {
    port.map { "\(hasTLS ? "https://localhost" : "http://127.0.0.1"):\($0.number)" }
  }

  /// The path of its socket.
  package var socketPath: String { directory.path("http.sock") }

  /// Opens a connection.
  package func client() throws -> HTTPClient { try HTTPClient(path: socketPath) }

  /// The text of its error log.
  package var errorLog: String { (try? Files.text(directory.path("error.log"))) ?? "" }

  /// - Parameters:
  ///   - responder: the unix socket that receives the requests.
  ///   - hasPort: true to also listen on a port.
  ///   - hasTLS: true for TLS on the port, with a certificate for localhost that is signed by itself.
  ///   - edit: changes a file of the `nginx` folder, by its name, before use.
  package init(
    responder: String, hasPort: Bool = false, hasTLS: Bool = false,
    edit: (_ name: String, _ text: String) -> String = { $1 }
  ) throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("temporary"))
    try Files.makeDirectory(directory.path("dashboard"))
    let source = "\(Programs.root)/nginx"
    for name in Files.names(in: source) {
      try Files.write(edit(name, Files.text("\(source)/\(name)")), to: directory.path("dashboard/\(name)"))
    }
    var configuration = try Files.text(directory.path("dashboard/local.conf.in"))
    let replacements = [
      ("@PREFIX@", directory.path), ("@SOCKET@", responder),
      ("@LISTEN@", "unix:\(directory.path("http.sock"))"),
    ]
    for (mark, text) in replacements { configuration = configuration.replacing(mark, with: text) }
    let port = hasPort ? try ListeningPort() : nil
    if let port {
      configuration = configuration.replacing(
        "listen \"unix:", with: "listen 127.0.0.1:\(port.number)\(hasTLS ? " ssl" : "");\n    listen \"unix:")
    }
    if hasTLS {
      try Self.makeCertificate(in: directory)
      configuration = configuration.replacing(
        "  server {",
        with: """
            ssl_certificate "\(directory.path("certificate.pem"))";
            ssl_certificate_key "\(directory.path("key.pem"))";
            server {
          """)
    }
    try Files.write(configuration, to: directory.path("nginx.conf"))
    self.directory = directory
    self.port = port
    self.hasTLS = hasTLS
    // A master that runs as root starts its workers as another user, who could not reach the sockets.
    let directives = "daemon off;" + (geteuid() == 0 ? " user root;" : "")
    // nginx takes over a listening socket whose descriptor NGINX gives, as at an upgrade of its program.
    process = try ChildProcess(
      [
        Programs.nginx, "-e", directory.path("error.log"), "-p", directory.path, "-c",
        directory.path("nginx.conf"), "-g", directives,
      ],
      environment: port == nil ? [:] : ["NGINX": "0;"], input: port?.descriptor)
    let process = process
    do {
      try Address.unix(socketPath).waitUntilAnswered { process.isRunning }
    } catch {
      throw TestFailure("\(error)\n\(process.errors)\(errorLog)")
    }
  }

  private static func makeCertificate(in directory: TemporaryDirectory) throws {
    let made = try ChildProcess.run([
      "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
      directory.path("key.pem"), "-out", directory.path("certificate.pem"),
    ])
    guard made.status == 0 else { throw TestFailure(made.errors) }
  }

  /// Passes new requests to another responder. Running requests finish at the old one.
  package func reload(from responder: String, to next: String) throws {
    let path = directory.path("nginx.conf")
    try Files.write(try Files.text(path).replacing(responder, with: next), to: path)
    process.signal(SIGHUP)
  }

  deinit {
    // SIGKILL would leave the worker processes running.
    process.signal(SIGTERM)
    _ = process.wait()
  }
}

/// fcgiwrap, which runs a CGI program for each request.
package final class FCGIWrap: Sendable {
  private let process: ChildProcess
  private let directory: TemporaryDirectory

  package var socketPath: String { directory.path("cgi.sock") }

  /// - Parameters:
  ///   - workers: the most programs that run at once.
  ///   - environment: of the programs.
  package init(workers: Int = 4, environment: [String: String]) throws {
    let directory = try TemporaryDirectory()
    self.directory = directory
    process = try ChildProcess(
      [Programs.fcgiwrap, "-f", "-c", "\(workers)", "-s", "unix:\(directory.path("cgi.sock"))"],
      environment: environment, leadsGroup: true)
    let process = process
    try Address.unix(socketPath).waitUntilAnswered { process.isRunning }
  }

  /// The standard error of the programs.
  package var errors: String { process.errors }

  // Its workers would outlive it, and wait on a socket that is gone.
  deinit {
    process.killGroup()
    _ = process.wait()
  }
}

/// The program `dashboard` as a responder on a unix socket.
package final class ResponderProcess: Sendable {
  package let process: ChildProcess
  private let directory: TemporaryDirectory

  package var socketPath: String { directory.path("responder.sock") }
  package var directoryPath: String { directory.path }

  package init(environment: [String: String]) throws {
    let directory = try TemporaryDirectory()
    self.directory = directory
    process = try ChildProcess(
      [Programs.dashboard, "--listen", "unix:\(directory.path("responder.sock"))"], environment: environment)
    let process = process
    do {
      try Address.unix(socketPath).waitUntilAnswered { process.isRunning }
    } catch {
      throw TestFailure("\(error)\n\(process.errors)")
    }
  }

  deinit {
    process.signal(SIGKILL)
    _ = process.wait()
  }
}
