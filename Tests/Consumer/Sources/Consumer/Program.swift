import Glibc

/// A program of this package that runs in a process of its own. It is killed at the end of its life.
final class Program {
  private let pid: pid_t
  /// What it writes to the descriptors 1 and 2.
  private let output: UnsafeMutablePointer<FILE>
  private var status: Int32?

  /// - Parameter directory: its current directory.
  init(_ name: String, _ arguments: [String] = [], in directory: String) {
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count)
    let own = String(decoding: path[..<max(0, length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let program = own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/\(name)"

    var pipe: [Int32] = [0, 0]
    guard Glibc.pipe(&pipe) == 0, let output = fdopen(pipe[0], "r") else { fatalError("no pipe") }
    for descriptor in pipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    self.output = output
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    for descriptor: Int32 in [1, 2] { posix_spawn_file_actions_adddup2(&actions, pipe[1], descriptor) }
    // env(1) changes the directory.
    let words = (["/usr/bin/env", "-C", directory, program] + arguments).map { strdup($0) } + [nil]
    var started: pid_t = 0
    let code = posix_spawn(&started, "/usr/bin/env", &actions, nil, words, environ)
    for word in words { free(word) }
    posix_spawn_file_actions_destroy(&actions)
    close(pipe[1])
    guard code == 0 else { fatalError("\(program) does not start: \(String(cString: strerror(code)))") }
    pid = started
  }

  deinit {
    stop()
    fclose(output)
  }

  func stop() {
    guard status == nil else { return }
    kill(pid, SIGKILL)
    wait()
  }

  /// The next line that it writes; `nil` if it writes no more.
  func line() -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard fgets(&buffer, Int32(buffer.count), output) != nil else { return nil }
    let text = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Waits for its end, and returns its status (waitpid(2)).
  @discardableResult func wait() -> Int32 {
    if let status { return status }
    var ended: Int32 = 0
    while waitpid(pid, &ended, 0) < 0, errno == EINTR {}
    status = ended
    return ended
  }
}

/// Runs the guide's example again and again in one directory.
func runExample(in directory: String) throws {
  for round in 1...5 {
    let example = Program("Example", in: directory)
    let lines = Array(sequence(state: ()) { _ in example.line() })
    Consumer.check(example.wait() == 0, "the example fails in round \(round): \(lines)")
    let first = round == 1 ? "created acct_" : "ada has an account"
    Consumer.check(
      lines.count == 3 && lines[0].hasPrefix(first) && lines[1].hasPrefix("signed in as acct_")
        && lines[2] == "signed out: true", "the example says \(lines) in round \(round)")
  }
}
