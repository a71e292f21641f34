import Glibc
import TestSupport

/// Counts the requests that are lost under load while one responder replaces another, 20 times in each way.
///
/// Unless nginx is reloaded, both listen on one socket that neither closes, as with systemd's socket activation.
enum Upgrades {
  /// How one responder replaces another.
  private enum Way: String, CaseIterable {
    /// Clients keep no connections. nginx closes kept ones at a reload, and the client must repeat a request that arrives then.
    case reloaded =
      "the new one starts on its own socket, `nginx -s reload`, then SIGTERM to the old one"
    case together = "the new one starts, then SIGTERM to the old one"
    case apart =
      "the old one ends, then the new one starts; requests wait in the socket (`systemctl restart`)"
    /// Each connection of nginx gets its next request before keepalive_timeout. Its requests stay below nginx's maximum for one
    /// connection, so nginx never closes it.
    case outOfTime =
      "the same, and nginx closes no connection before SHUTDOWN_TIMEOUT (one second)"
  }

  static func run(_ effort: Effort) throws {
    print("\nRequests lost while one responder replaces another; session checks, 32 clients\n")
    print("| how | times | requests | lost | goal | |\n|---|---|---|---|---|---|")
    let times = effort == .full ? 20 : 3
    for way in Way.allCases {
      let (requests, lost) = try measure(way, times)
      // A request that nginx sends while the responder ends is lost with its connection.
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
        // The new workers of nginx start a moment later.
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
    // wrk prints its report when it is interrupted.
    wrk.signal(SIGINT)
    let line = wrk.wait().output.split(separator: "\n").first { $0.hasPrefix("result ") } ?? ""
    let figures = line.split(separator: " ").compactMap { Int($0) }
    guard figures.count == 6 else { throw TestFailure("wrk: \(line)\(nginx.errorLog)") }
    return (figures[0], figures[2])
  }
}
