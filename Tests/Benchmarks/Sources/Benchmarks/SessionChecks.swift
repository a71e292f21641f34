import TestSupport

/// GET /api/user/session through nginx, 64 clients, 1,000 different sessions.
enum SessionChecks {
  static func run(_ effort: Effort) throws {
    let responders = try Responders()
    try check(responders)
    try measure(responders, Road.allCases, isKept: true, effort)
    try measure(responders, [.dashboard, .session, .hello, .fixed, .phpNative], isKept: false, effort)
  }

  /// What is compared must be the same answer.
  private static func check(_ responders: Responders) throws {
    func answer(_ road: Road) throws -> HTTPResponse {
      let session = responders.signedIn.sessions[0]
      let client = try HTTPClient(.port(responders.port(road)))
      let answer = try client.request(
        "GET", "/api/user/session?sessionid=\(session.id)",
        headers: [("Cookie", "sessionid=\(session.id); token=\(session.token)")])
      guard answer.status == (road == .authorize ? 204 : 200) else {
        throw TestFailure("\(road.rawValue): \(answer.status) \(answer.text)")
      }
      return answer
    }
    func lines(_ answer: HTTPResponse) -> [String] {
      let changing = ["Date", "X-Request-Id"]
      let headers = answer.headers.filter { !changing.contains($0.name) }
      return headers.map { "\($0.name): \($0.value)" }.sorted() + [answer.text]
    }
    let (ours, theirs) = (lines(try answer(.dashboard)), lines(try answer(.session)))
    guard ours == theirs else { throw TestFailure("different answers:\n\(ours)\n\(theirs)") }
    guard try answer(.authorize).first("X-Session") == answer(.dashboard).text else {
      throw TestFailure("/authorize tells of another session")
    }
    for road in [Road.phpNative, .phpSQLite] where try answer(road).json["sessionid"] == nil {
      throw TestFailure("\(road.rawValue): no session")
    }
  }

  private static func measure(_ responders: Responders, _ roads: [Road], isKept: Bool, _ effort: Effort)
    throws
  {
    var loads: [Road: [Load]] = [:]
    for road in roads { _ = try Load(responders, road, isKept: isKept) }
    for _ in 0..<effort.rounds(9) {
      for road in roads { loads[road, default: []].append(try Load(responders, road, isKept: isKept)) }
    }
    func figures(_ road: Road, _ figure: (Load) -> Double) -> [Double] { (loads[road] ?? []).map(figure) }
    func measurement(
      _ name: String, of measured: Road = .dashboard, to road: Road, _ figure: (Load) -> Double
    ) -> Measurement {
      Measurement(name, baseline: figures(road, figure), measured: figures(measured, figure))
    }

    print("\nSession checks through nginx, 64 clients, connections \(isKept ? "kept" : "not kept")\n")
    print("| what answers | requests/s | CPU of the responder a request, µs | p50, µs | p99, µs |")
    print("|---|---|---|---|---|")
    for road in roads {
      let cpu = responders.process(road) == nil ? "–" : decimal(figures(road, \.cpu).median)
      let others = [figures(road, \.median).median, figures(road, \.percentile99).median].map { "\(Int($0))" }
      print(
        "| \(road.rawValue) | \(Int(figures(road, \.requestsPerSecond).median)) | \(cpu) | "
          + others.joined(separator: " | ") + " |")
    }
    print(
      "\n| dashboard against a baseline | baseline | dashboard | ratio | goal | |\n|---|---|---|---|---|---|")
    print(
      measurement("CPU a request, to the C session check", to: .session, \.cpu).row(.atMost(1.25)))
    if roads.contains(.authorize) {
      print(
        measurement("CPU of `/authorize`, to the C session check", of: .authorize, to: .session, \.cpu)
          .row(.atMost(1.25)))
    }
    print(measurement("CPU a request, to C hello", to: .hello, \.cpu).row(.informative))
    let rate: (Load) -> Double = \.requestsPerSecond
    print(measurement("requests/s, to the C session check", to: .session, rate).row(.informative))
    print(measurement("requests/s, to `return 200`", to: .fixed, rate).row(.informative))
    print(
      measurement("requests/s, to PHP native sessions", to: .phpNative, rate)
        .row(isKept ? .atLeast(2.5) : .informative))
    if roads.contains(.phpSQLite) {
      print(measurement("requests/s, to PHP with SQLite", to: .phpSQLite, rate).row(.informative))
    }
  }
}
