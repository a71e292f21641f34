import CDashboardLinux
import Glibc

/// A child process of this program, whose descriptor 1 is a pipe to this process. It inherits the environment.
///
/// Work that a signal can end is done in one, such as reading a damaged file through a map.
package struct OwnProcess {
  package enum Ending: Equatable {
    case status(Int32)
    case signal(Int32)
  }

  private let pid: pid_t
  /// Close it before `wait`.
  package let output: FileDescriptor

  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - program: the path of another program; `nil` for this one.
  ///
  /// The corresponding C function is `posix_spawn`.
  package static func start(_ arguments: [String], of program: String? = nil) throws(SystemError)
    -> OwnProcess
  {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("make a pipe") }
    let (output, input) = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    defer { input.close() }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, input.rawValue, STDOUT_FILENO)
    // What a failing library says would look like the parent's words.
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    let words = unsafe ([program ?? "dashboard"] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let code = unsafe posix_spawn(
      &pid, program ?? "/proc/self/exe", &actions, nil, words, dashboard_environment())
    guard code == 0 else {
      output.close()
      throw SystemError("start a process", Errno(rawValue: code))
    }
    return OwnProcess(pid: pid, output: output)
  }

  /// Waits until it has ended.
  ///
  /// The corresponding C function is `waitpid`.
  package func wait() -> Ending {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }

  /// Ends this process as soon as its parent has ended, so that its work does not outlive the command.
  ///
  /// The corresponding C function is `prctl` with `PR_SET_PDEATHSIG`.
  package static func endWithParent() { _ = dashboard_end_with_parent() }
}
