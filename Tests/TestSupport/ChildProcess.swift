import CDashboardLinux
import Glibc

/// A program that a test has started. It is killed at the end of its life.
package final class ChildProcess: @unchecked Sendable {
  package struct Ending: Equatable, Sendable {
    /// Its exit status, or 128 + the number of the signal that killed it.
    package let status: Int32
    package let output: String
    package let errors: String
  }

  package let pid: Int32
  private let directory: TemporaryDirectory
  private var ending: Int32?

  /// - Parameters:
  ///   - arguments: begin with the program's path.
  ///   - input: its descriptor 0; /dev/null by default.
  ///   - leadsGroup: true to start a process group, which `killGroup` ends.
  package init(
    _ arguments: [String], environment: [String: String] = [:], input: Int32? = nil, leadsGroup: Bool = false
  ) throws {
    directory = try TemporaryDirectory()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    for (descriptor, name) in [(Int32(1), "output"), (2, "errors")] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, directory.path(name), O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The child must not inherit the signals that the test runner blocks.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let group = leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

    var environment = environment
    for name in ["PATH", "LD_LIBRARY_PATH", "TMPDIR"] where environment[name] == nil {
      environment[name] = getenv(name).map { String(cString: $0) }
    }
    let words = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var pid: Int32 = 0
    let code = posix_spawn(&pid, arguments[0], &actions, &attributes, words, variables)
    guard code == 0 else { throw TestFailure(system: "start \(arguments[0])", code: code) }
    self.pid = pid
  }

  deinit {
    guard ending == nil else { return }
    kill(pid, SIGKILL)
    _ = wait()
  }

  package func signal(_ number: Int32) { kill(pid, number) }

  /// Kills the process group that it leads.
  package func killGroup() { kill(-pid, SIGKILL) }

  /// True until it has ended.
  package var isRunning: Bool {
    if ending != nil { return false }
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return true }
    ending = Self.exitStatus(status)
    return false
  }

  /// Waits until it has ended.
  package func wait() -> Ending {
    if ending == nil {
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
      ending = Self.exitStatus(status)
    }
    return Ending(status: ending ?? -1, output: output, errors: errors)
  }

  /// Its resident memory in bytes (proc(5), statm).
  package var residentBytes: Int {
    get throws {
      let pages = try Files.text("/proc/\(pid)/statm").split(separator: " ").dropFirst().first
      return (pages.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
  }

  package var output: String { (try? Files.text(directory.path("output"))) ?? "" }
  package var errors: String { (try? Files.text(directory.path("errors"))) ?? "" }

  private static func exitStatus(_ status: Int32) -> Int32 {
    status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  /// Runs a program until it ends.
  package static func run(_ arguments: [String], environment: [String: String] = [:], input: String = "")
    throws
    -> Ending
  {
    let directory = try TemporaryDirectory()
    try Files.write(input, to: directory.path("input"))
    let descriptor = open(directory.path("input"), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestFailure(system: "open the input") }
    defer { close(descriptor) }
    return try ChildProcess(arguments, environment: environment, input: descriptor).wait()
  }
}

/// The paths of the programs under test and of the tools that tests use.
package enum Programs {
  /// The program `dashboard`: the one in DASHBOARD_PROGRAM, or the one built with the tests.
  package static let dashboard: String = {
    if let path = getenv("DASHBOARD_PROGRAM") { return String(cString: path) }
    return buildDirectory + "/dashboard"
  }()

  /// The root of the checkout.
  package static let root: String = {
    // The benchmarks compile this file through a symbolic link.
    let resolved = realpath(#filePath, nil)
    defer { free(resolved) }
    let file = resolved.map { String(cString: $0) } ?? #filePath
    return file.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  }()

  package static let nginx = "/usr/sbin/nginx"
  package static let fcgiwrap = "/usr/sbin/fcgiwrap"
  package static let prometheus = "/usr/bin/prometheus"
  package static let promtool = "/usr/bin/promtool"
  package static let python = "/usr/bin/python3"
  package static let apache = "/usr/sbin/apache2"
  package static let lighttpd = "/usr/sbin/lighttpd"
  package static let chromedriver = "/usr/bin/chromedriver"
  package static let lynx = "/usr/bin/lynx"

  private static let buildDirectory: String = {
    // The test bundle is `BUILD/dashboardPackageTests.xctest`. It is the runner itself or the runner's argument.
    let arguments = CommandLine.arguments
    let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? arguments[0]
    return bundle.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
  }()
}
