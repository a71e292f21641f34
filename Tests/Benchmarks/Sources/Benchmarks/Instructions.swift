import Glibc
import TestSupport

/// Instructions outside of the kernel, counted by callgrind: the same on a busy machine as on a quiet one.
enum Instructions {
  static func run(_ effort: Effort) throws {
    let requests = effort == .full ? 1000 : 300
    let signedIn = try SignedIn(warm + requests)
    /// - Parameter sessions: how many take turns; no more than are asked for beforehand, and each has been before.
    func ours(sessions: Int) throws -> Double {
      try perRequest(signedIn, requests, sessions) { runner, directory in
        try ChildProcess(
          runner + [Programs.dashboard, "--listen", "unix:\(directory.path("responder.sock"))"],
          // valgrind has no room for the usual map.
          environment: ["DATA_DIR": signedIn.dataDirectory, "EVENT_THREADS": "1", "MAP_SIZE": "1G"])
      }
    }
    let again = try ours(sessions: warm)
    func baseline(_ mode: [String]) throws -> Double {
      try perRequest(signedIn, requests, warm) { runner, directory in
        let path = directory.path("responder.sock")
        return try ChildProcess(runner + [Baselines.program("responder"), path, "1"] + mode)
      }
    }
    let theirs = try baseline(["session", signedIn.dataDirectory])
    let hello = try baseline(["hello"])
    print("\nInstructions of the responder for a session check, without the kernel's (callgrind)\n")
    print("| responder | instructions | to the C session check | goal | |\n|---|---|---|---|---|")
    var rows = [
      (Road.dashboard.rawValue, again, Goal.atMost(1.25)), (Road.session.rawValue, theirs, .informative),
      (Road.hello.rawValue, hello, .informative),
    ]
    if effort == .full {
      let first = try ours(sessions: warm + requests)
      rows.insert(("the same, each session's first", first, .informative), at: 1)
    }
    for (name, count, goal) in rows {
      let ratio = count / theirs
      print("| \(name) | \(Int(count)) | \(decimal(ratio)) | \(goal.cells(ratio)) |")
    }
    try countProcesses(signedIn)
  }

  /// Those of a process that answers one request. Of several, since one in 32 sweeps too.
  private static func countProcesses(_ signedIn: SignedIn) throws {
    let environment = Dictionary(parameters(signedIn.sessions[0])) { $1 }
      .merging(["DATA_DIR": signedIn.dataDirectory, "MAP_SIZE": "1G"]) { $1 }
    func count(_ program: String) throws -> Double {
      try (0..<5).map { _ in
        let process = try ChildProcess(runner + [program], environment: environment)
        let count = Double(try collected(by: process))
        guard process.wait().output.starts(with: "Status: 200") else {
          throw TestFailure("\(process.wait())")
        }
        return count
      }.median
    }
    let (ours, hello) = (try count(Programs.dashboard), try count(Baselines.program("hello-cgi")))
    print("\nInstructions of a CGI process, without the kernel's; the median of five\n")
    print("| program | instructions |\n|---|---|")
    print("| dashboard, static: one session check | \(Int(ours)) |\n| C hello, static | \(Int(hello)) |")
  }

  private static let runner = ["/usr/bin/valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]

  /// Waits for the end of a process that callgrind runs.
  private static func collected(by process: ChildProcess) throws -> Int {
    let errors = process.wait().errors
    // "==PID== Collected : 123456"
    let words = errors.split { " \n".contains($0) }
    guard let place = words.firstIndex(of: "Collected"), place + 2 < words.count,
      let count = Int(words[place + 2])
    else { throw TestFailure("callgrind: \(errors)") }
    return count
  }

  /// Requests before those that are counted.
  private static let warm = 200

  /// What one request adds: the difference of two runs with different numbers of them, which all else is the same in.
  private static func perRequest(
    _ signedIn: SignedIn, _ requests: Int, _ sessions: Int,
    _ start: (_ runner: [String], _ directory: TemporaryDirectory) throws -> ChildProcess
  ) throws -> Double {
    func count(_ requests: Int) throws -> Int {
      let directory = try TemporaryDirectory()
      let process = try start(runner, directory)
      let address = Address.unix(directory.path("responder.sock"))
      do {
        try address.waitUntilAnswered { process.isRunning }
      } catch {
        throw TestFailure("\(error)\n\(process.errors)")
      }
      try ask(address, signedIn.sessions.prefix(sessions), requests)
      process.signal(SIGTERM)
      return try collected(by: process)
    }
    return Double(try count(warm + requests) - count(warm)) / Double(requests)
  }

  /// Session checks over one connection that is kept, with the parameters that nginx passes.
  private static func ask(_ address: Address, _ sessions: ArraySlice<SignedIn.Session>, _ count: Int) throws {
    let client = try FastCGIClient(address, timeout: 60_000)
    for number in 0..<count {
      let answer = try client.ask(parameters(sessions[number % sessions.count]))
      let status = try answer.http.status
      guard status == 200 else { throw TestFailure("\(status)") }
    }
  }

  private static func parameters(_ session: SignedIn.Session) -> [(String, String)] {
    let query = "sessionid=\(session.id)"
    return [
      ("GATEWAY_INTERFACE", "CGI/1.1"), ("REQUEST_METHOD", "GET"),
      ("REQUEST_URI", "/api/user/session?\(query)"), ("QUERY_STRING", query), ("CONTENT_TYPE", ""),
      ("CONTENT_LENGTH", ""), ("REMOTE_ADDR", "127.0.0.1"), ("HTTP_HOST", "dashboard.test"),
      ("SERVER_NAME", "dashboard.test"), ("REQUEST_SCHEME", "http"),
      ("HTTP_COOKIE", "sessionid=\(session.id); token=\(session.token)"),
    ]
  }
}
