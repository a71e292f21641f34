import Glibc
import TestSupport

/// The time of a CGI process that serves one request, from its start to its end.
enum CGIStart {
  /// A program with the arguments and the environment of a CGI request.
  private struct Program {
    let name: String
    let arguments: [String]
    let environment: [String]

    init(_ name: String, _ arguments: [String], _ variables: [String: String] = [:]) {
      self.name = name
      self.arguments = arguments
      let request = [
        "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "REQUEST_URI": "/", "QUERY_STRING": "",
        "SERVER_NAME": "localhost", "REQUEST_SCHEME": "http", "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
      ]
      environment = request.merging(variables) { $1 }.map { "\($0)=\($1)" }
    }
  }

  static func run(_ effort: Effort) throws {
    let signedIn = try SignedIn(1000)
    let session = signedIn.sessions[0]
    let ours = Program(
      "dashboard: one session check", [Programs.dashboard],
      [
        "DATA_DIR": signedIn.dataDirectory, "REQUEST_URI": "/api/user/session?sessionid=\(session.id)",
        "QUERY_STRING": "sessionid=\(session.id)",
        "HTTP_COOKIE": "dashboard_session=\(session.id).\(session.token)",
      ])
    let page = Program(
      "dashboard: the sign-in page", [Programs.dashboard],
      ["DATA_DIR": signedIn.dataDirectory, "REQUEST_URI": "/account/signin"])
    let hello = Program("C hello, static", [Baselines.program("hello-cgi")])
    let perl = Program("Perl hello", ["/usr/bin/perl", Baselines.source("hello.pl")])
    let php = Program(
      "php-cgi hello", ["/usr/bin/php-cgi"],
      ["SCRIPT_FILENAME": Baselines.source("hello.php"), "REDIRECT_STATUS": "200"])

    let programs = [ours, hello, perl, php, page]
    for program in programs { try dropFromCache(program.arguments[0]) }
    let anonymous = try programs.map(anonymousKilobytes)
    var times = [[Double]](repeating: [], count: programs.count)
    var cpu = times
    for _ in 0..<effort.rounds(30) {
      for (index, program) in programs.enumerated() {
        let before = endedChildrenMicroseconds
        times[index].append(try Measurement.time(10) { try runToEnd(program) })
        cpu[index].append((endedChildrenMicroseconds - before) / 10)
      }
    }

    print("\nCGI: one request, from posix_spawn to the process's end\n")
    print(
      "| program | median, µs | quartiles, µs | CPU, µs | RssAnon at the response, KiB |\n|---|---|---|---|---|"
    )
    for (index, program) in programs.enumerated() {
      let quartiles = [1, 3].map { "\(Int(times[index].quantile($0, of: 4)))" }.joined(separator: "–")
      print(
        "| \(program.name) | \(Int(times[index].median)) | \(quartiles) | \(Int(cpu[index].median)) | \(anonymous[index]) |"
      )
    }
    print(
      "\n| dashboard against a baseline, µs | baseline | dashboard | ratio | goal | |\n|---|---|---|---|---|---|"
    )
    for (index, goal) in [(1, Goal.atMost(2)), (2, .atMost(0.75)), (3, .atMost(1.0 / 12))] {
      let name = "spawn to exit, to \(programs[index].name)"
      print(Measurement(name, baseline: times[index], measured: times[0]).row(goal))
    }
    // Other processes disturb processor time less than elapsed time.
    print(
      Measurement("CPU of the sign-in page, to a session check", baseline: cpu[0], measured: cpu[4]).row(
        .atMost(2)))
    for index in 1...3 {
      print(
        Measurement("CPU, to \(programs[index].name)", baseline: cpu[index], measured: cpu[0]).row(
          .informative))
    }
    print("\nRssAnon ≤ 2048 KiB: \(anonymous[0]) KiB, \(anonymous[0] <= 2048 ? "met" : "**missed**")")
  }

  /// Drops a file from the page cache (posix_fadvise(2)). A file that was just written is cached in larger pieces, and a program
  /// starts faster from them than from pages that were read from the disk.
  private static func dropFromCache(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestFailure(system: "open \(path)", code: errno) }
    defer { close(descriptor) }
    fsync(descriptor)
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
  }

  /// Processor time of all ended child processes, in microseconds (getrusage(2)).
  private static var endedChildrenMicroseconds: Double {
    var usage = rusage()
    getrusage(RUSAGE_CHILDREN.rawValue, &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) * 1e6 + Double($1.tv_usec) }
  }

  /// Runs the program and discards its response.
  private static func runToEnd(_ program: Program) throws {
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let status = wait(for: try start(program, output: null))
    guard status == 0 else { throw TestFailure("\(program.name) ended with \(status)") }
  }

  private static func start(_ program: Program, output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    let words = program.arguments.map { strdup($0) } + [nil]
    let variables = program.environment.map { strdup($0) } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var pid = pid_t()
    let code = posix_spawn(&pid, program.arguments[0], &actions, nil, words, variables)
    guard code == 0 else { throw TestFailure(system: "start \(program.arguments[0])", code: code) }
    return pid
  }

  private static func wait(for pid: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// The program's RssAnon when it writes its response. Its output is a full pipe, so it blocks in write(2) while its memory is
  /// read. The response must be a success.
  private static func anonymousKilobytes(_ program: Program) throws -> Int {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw TestFailure(system: "pipe") }
    defer { for end in ends { close(end) } }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (capacity, filling) = (64 * 1024, [UInt8](repeating: 0, count: 4096))
    for _ in 0..<capacity / filling.count { _ = write(ends[1], filling, filling.count) }

    let pid = try start(program, output: ends[1])
    let isWaiting = eventually {
      (try? Files.text("/proc/\(pid)/syscall"))?.hasPrefix("1 0x1 ") ?? false
    }
    let line = try Files.text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    var buffer = [UInt8](repeating: 0, count: capacity)
    var rest = capacity
    while rest > 0 { rest -= max(1, read(ends[0], &buffer, rest)) }
    let status = wait(for: pid)
    let count = read(ends[0], &buffer, buffer.count)
    let answer = try HTTPResponse(ofProgram: Array(buffer.prefix(max(0, count))))
    guard isWaiting, status == 0, answer.status == 200 || answer["Status"] == nil else {
      throw TestFailure("\(program.name): \(status), \(answer.status) \(answer.text)")
    }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? -1
  }
}
