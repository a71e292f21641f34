import Glibc
import TestSupport

/// PHP 8.2-FPM with two workers for each core. It has copies of a data directory's sessions: native PHP sessions, and SQLite.
final class PHP {
  private let process: ChildProcess
  private let directory: TemporaryDirectory

  var socketPath: String { directory.path("fpm.sock") }

  init(_ signedIn: SignedIn) throws {
    let directory = try TemporaryDirectory()
    let (sessions, database) = (directory.path("sessions"), directory.path("sessions.sqlite"))
    try Files.makeDirectory(sessions)
    let filling = [
      "/usr/bin/php8.2", "-d", "session.save_path=\(sessions)", Baselines.source("fill.php"), database,
    ]
    let filled = try ChildProcess.run(filling, input: Files.text(signedIn.listing))
    guard filled.status == 0, filled.output.isEmpty else {
      throw TestFailure("fill.php: \(filled.output)\(filled.errors)")
    }
    let isRoot = geteuid() == 0
    let configuration = """
      [global]
      pid = \(directory.path("fpm.pid"))
      error_log = \(directory.path("fpm.log"))
      [bench]
      \(isRoot ? "user = root\ngroup = root" : "")
      listen = \(directory.path("fpm.sock"))
      listen.backlog = 4096
      pm = static
      pm.max_children = \(2 * Responders.cores)
      env[DATABASE] = \(database)
      php_admin_value[session.save_path] = \(sessions)

      """
    try Files.write(configuration, to: directory.path("fpm.conf"))
    self.directory = directory
    process = try ChildProcess(
      ["/usr/sbin/php-fpm8.2", "--nodaemonize", "--fpm-config", directory.path("fpm.conf")]
        + (isRoot ? ["--allow-to-run-as-root"] : []))
    let process = process
    try Address.unix(socketPath).waitUntilAnswered { process.isRunning }
  }

  deinit {
    // SIGKILL would leave its workers running.
    process.signal(SIGTERM)
    _ = process.wait()
  }
}
