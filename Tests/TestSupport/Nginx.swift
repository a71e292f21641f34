import CDashboardLinux
import Glibc

/// The real nginx with this project's own configuration, on a unix socket in a directory of its own.
package final class Nginx: Sendable {
  private let process: ChildProcess
  private let directory: TemporaryDirectory

  /// Where it listens.
  package var socketPath: String { directory.path("http.sock") }

  /// A connection to it.
  package func client() throws -> HTTPClient { try HTTPClient(path: socketPath) }

  /// What it wrote to its error log.
  package var errorLog: String { (try? Files.text(directory.path("error.log"))) ?? "" }

  /// - Parameters:
  ///   - responder: the unix socket that requests are passed to.
  ///   - edit: changes a file of the `nginx` folder, by its name, before it is used.
  package init(responder: String, edit: (_ name: String, _ text: String) -> String = { $1 }) throws {
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
    try Files.write(configuration, to: directory.path("nginx.conf"))
    self.directory = directory
    // Workers of a master that is root become another user, who could not reach the sockets.
    let directives = "daemon off;" + (geteuid() == 0 ? " user root;" : "")
    process = try ChildProcess([
      Programs.nginx, "-e", directory.path("error.log"), "-p", directory.path, "-c",
      directory.path("nginx.conf"), "-g", directives,
    ])
    let process = process
    do {
      try Address.unix(socketPath).waitUntilAnswered { process.isRunning }
    } catch {
      throw TestFailure("\(error)\n\(process.errors)\(errorLog)")
    }
  }

  /// Passes requests to another responder from now on; requests that are going on are finished where they are.
  package func reload(from responder: String, to next: String) throws {
    let path = directory.path("nginx.conf")
    try Files.write(try Files.text(path).replacing(responder, with: next), to: path)
    process.signal(SIGHUP)
  }

  deinit {
    // SIGKILL would leave the workers behind.
    process.signal(SIGTERM)
    _ = process.wait()
  }
}

/// fcgiwrap: runs a CGI program for each request.
package final class FCGIWrap: Sendable {
  private let process: ChildProcess
  private let directory: TemporaryDirectory

  package var socketPath: String { directory.path("cgi.sock") }

  /// - Parameters:
  ///   - workers: how many programs it runs at once.
  ///   - environment: that of the programs.
  package init(workers: Int = 4, environment: [String: String]) throws {
    let directory = try TemporaryDirectory()
    self.directory = directory
    process = try ChildProcess(
      [Programs.fcgiwrap, "-f", "-c", "\(workers)", "-s", "unix:\(directory.path("cgi.sock"))"],
      environment: environment, leadsGroup: true)
    let process = process
    try Address.unix(socketPath).waitUntilAnswered { process.isRunning }
  }

  /// What the programs wrote to their descriptor 2.
  package var errors: String { process.errors }

  // Its workers outlive it otherwise, waiting at a socket that is gone.
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
