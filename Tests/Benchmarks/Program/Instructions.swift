import Glibc
import TestSupport

/// The instructions of a request outside the kernel, counted by callgrind. A busy machine does not change them.
enum Instructions {
  typealias Parameters = [(String, String)]

  static func run(_ effort: Effort) throws {
    let requests = effort == .full ? 1000 : 300
    let signedIn = try SignedIn(warm + requests)
    /// - Parameter sessions: the number of sessions that take turns. Up to `warm` sessions have had a request before the count.
    func dashboard(
      sessions: Int = warm, status: Int = 200,
      _ parameters: (SignedIn.Session) -> Parameters = Self.sessionCheck
    ) throws -> Double {
      try perRequest(signedIn.sessions.prefix(sessions).map(parameters), requests, status) {
        runner, directory in
        try ChildProcess(
          runner + [Programs.dashboard, "--listen", "unix:\(directory.path("responder.sock"))"],
          // valgrind has no room for a map of the default size.
          environment: ["DATA_DIR": signedIn.dataDirectory, "EVENT_THREADS": "1", "MAP_SIZE": "1G"])
      }
    }
    func baseline(_ mode: [String]) throws -> Double {
      try perRequest(signedIn.sessions.prefix(warm).map(sessionCheck), requests, 200) { runner, directory in
        let path = directory.path("responder.sock")
        return try ChildProcess(runner + [Baselines.program("responder"), path, "1"] + mode)
      }
    }
    let check = try baseline(["session", signedIn.dataDirectory])
    var rows = [
      (Backend.dashboard.rawValue, try dashboard(), Goal.atMost(1.25)),
      (Backend.authorize.rawValue, try dashboard(status: 204, authorize), .atMost(1.25)),
      (Backend.session.rawValue, check, .informative),
      (Backend.hello.rawValue, try baseline(["hello"]), .informative),
    ]
    if effort == .full {
      let first = try dashboard(sessions: warm + requests)
      rows.insert(("dashboard, the first request of each session", first, .informative), at: 1)
    }
    print("\nInstructions of the responder for a session check, outside the kernel (callgrind)\n")
    print("| responder | instructions | to the C session check | goal | |\n|---|---|---|---|---|")
    for (name, count, goal) in rows {
      let ratio = count / check
      print("| \(name) | \(Int(count)) | \(decimal(ratio)) | \(goal.cells(ratio)) |")
    }
    try countProcesses(signedIn)
  }

  /// Counts the instructions of a CGI process. The median of several excludes a process that also sweeps old records (one in 32).
  private static func countProcesses(_ signedIn: SignedIn) throws {
    let environment = Dictionary(sessionCheck(signedIn.sessions[0])) { $1 }
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
    let (dashboard, hello) = (try count(Programs.dashboard), try count(Baselines.program("hello-cgi")))
    print("\nInstructions of a CGI process outside the kernel; the median of five\n")
    print("| program | instructions |\n|---|---|")
    print("| dashboard: one session check | \(Int(dashboard)) |\n| C hello, static | \(Int(hello)) |")
  }

  private static let runner = ["/usr/bin/valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]

  /// Waits for the end of a process under callgrind, and returns its count.
  private static func collected(by process: ChildProcess) throws -> Int {
    let errors = process.wait().errors
    // "==PID== Collected : 123456"
    let words = errors.split { " \n".contains($0) }
    guard let place = words.firstIndex(of: "Collected"), place + 2 < words.count,
      let count = Int(words[place + 2])
    else { throw TestFailure("callgrind: \(errors)") }
    return count
  }

  /// The number of requests before the counted ones.
  private static let warm = 200

  /// Returns the instructions of one request: the difference of two runs that differ only in the number of requests.
  private static func perRequest(
    _ parameters: [Parameters], _ requests: Int, _ status: Int,
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
      try send(parameters, to: address, requests, status)
      process.signal(SIGTERM)
      return try collected(by: process)
    }
    return Double(try count(warm + requests) - count(warm)) / Double(requests)
  }

  /// Sends requests over one kept connection, with each element of `parameters` in turn.
  private static func send(_ parameters: [Parameters], to address: Address, _ count: Int, _ status: Int)
    throws
  {
    let client = try FastCGIClient(address, timeout: 60_000)
    for number in 0..<count {
      let answer = try client.ask(parameters[number % parameters.count]).http
      guard answer.status == status else { throw TestFailure("\(answer.status) \(answer.text)") }
    }
  }

  /// A session check with nginx's parameters.
  static func sessionCheck(_ session: SignedIn.Session) -> Parameters {
    let query = "sessionid=\(session.id)"
    return [
      ("GATEWAY_INTERFACE", "CGI/1.1"), ("REQUEST_METHOD", "GET"),
      ("REQUEST_URI", "/api/user/session?\(query)"), ("QUERY_STRING", query), ("CONTENT_TYPE", ""),
      ("CONTENT_LENGTH", ""), ("REMOTE_ADDR", "127.0.0.1"), ("HTTP_HOST", "dashboard.test"),
      ("SERVER_NAME", "dashboard.test"), ("REQUEST_SCHEME", "http"),
      ("HTTP_COOKIE", "dashboard_session=\(session.id).\(session.token)"),
    ]
  }

  /// The subrequest of a guarded location that requires a session.
  private static func authorize(_ session: SignedIn.Session) -> Parameters {
    sessionCheck(session) + [("PATH_INFO", "/authorize"), ("DASHBOARD_REQUIRE", "session")]
  }
}
