import Glibc
import TestSupport

/// How many requests are lost while one responder takes over from another, under load: 20 times each way.
///
/// Both listen on one socket that neither closes, as systemd has it.
enum Upgrades {
  /// How one takes over from another.
  private enum Way: String, CaseIterable {
    /// Clients keep no connections here: nginx closes those at a reload, and a request that comes at that moment is for the
    /// client to repeat.
    case reloaded =
      "the new one starts at a socket of its own, `nginx -s reload`, then the old one is told to end"
    case together = "the new one starts, then the old one is told to end"
    case apart =
      "the old one ends, then the new one starts: what comes waits in the socket (`systemctl restart`)"
    /// Each of nginx's connections always has its next request within its keepalive_timeout, and never so many that nginx
    /// lets go of it by itself.
    case outOfTime =
      "the same, and nginx lets go of no connection until SHUTDOWN_TIMEOUT, here a second, has passed"
  }

  static func run(_ effort: Effort) throws {
    print("\nRequests lost while one responder takes over from another; session checks, 32 clients\n")
    print("| how | times | requests | lost | goal | |\n|---|---|---|---|---|---|")
    let times = effort == .full ? 20 : 3
    for way in Way.allCases {
      let (requests, lost) = try measure(way, times)
      // A request that nginx sends at the moment of the end is lost with its connection.
      let goal = way == .outOfTime ? Goal.informative : .atMost(0)
      print("| \(way.rawValue) | \(times) | \(requests) | \(lost) | \(goal.cells(Double(lost))) |")
    }
  }

  private static func measure(_ way: Way, _ times: Int) throws -> (requests: Int, lost: Int) {
    let signedIn = try SignedIn(1000)
    let directory = try TemporaryDirectory()
    let socket = try ListeningSocket(directory.path("responder.sock"))
    func start(at path: String? = nil) throws -> ChildProcess {
      try ChildProcess(
        [Programs.dashboard] + (path.map { ["--listen", "unix:\($0)"] } ?? []),
        environment: ["DATA_DIR": signedIn.dataDirectory, "SHUTDOWN_TIMEOUT": way == .outOfTime ? "1" : ""],
        input: path == nil ? socket.descriptor : nil)
    }
    var responder = try start()
    let port = try Address.freePort()
    let nginx = try Nginx(responder: socket.path) { name, file in
      guard name == "local.conf.in" else { return file }
      return file.replacing("access_log \"@PREFIX@/access.log\"", with: "access_log off")
        .replacing("listen \"@LISTEN@\";", with: "listen \"@LISTEN@\"; listen 127.0.0.1:\(port);")
    }
    let wrk = try ChildProcess([
      "/usr/bin/wrk", "-t1", "-c32", "-d600s", "--timeout", "30s", "-s",
      Baselines.source("session-checks.lua"),
      "http://127.0.0.1:\(port)/", "--", signedIn.listing,
      way == .outOfTime ? "pause" : way == .reloaded ? "close" : "",
    ])
    var place = socket.path
    for number in 0..<times {
      usleep(200_000)
      switch way {
      case .reloaded:
        let nextPlace = directory.path("\(number).sock")
        let next = try start(at: nextPlace)
        try Address.unix(nextPlace).waitUntilAnswered { next.isRunning }
        try nginx.reload(from: place, to: nextPlace)
        // Its new workers begin a moment later.
        usleep(500_000)
        responder.signal(SIGTERM)
        _ = responder.wait()
        (responder, place) = (next, nextPlace)
      case .together:
        let next = try start()
        usleep(100_000)
        responder.signal(SIGTERM)
        _ = responder.wait()
        responder = next
      case .apart, .outOfTime:
        responder.signal(SIGTERM)
        _ = responder.wait()
        responder = try start()
      }
    }
    usleep(200_000)
    // It reports what it has when it is interrupted.
    wrk.signal(SIGINT)
    let line = wrk.wait().output.split(separator: "\n").first { $0.hasPrefix("result ") } ?? ""
    let figures = line.split(separator: " ").compactMap { Int($0) }
    guard figures.count == 6 else { throw TestFailure("wrk: \(line)\(nginx.errorLog)") }
    return (figures[0], figures[2])
  }
}
