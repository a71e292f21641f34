import TestSupport

/// GET /api/user/session through nginx with 64 clients and 1,000 sessions.
enum SessionChecks {
  static func run(_ effort: Effort) throws {
    let responders = try Responders()
    try check(responders)
    try measure(responders, Backend.allCases, isKept: true, effort)
    try measure(responders, [.dashboard, .session, .hello, .fixed, .phpNative], isKept: false, effort)
  }

  /// Throws unless dashboard and its C baseline give the same response.
  private static func check(_ responders: Responders) throws {
    func answer(_ backend: Backend) throws -> HTTPResponse {
      let session = responders.signedIn.sessions[0]
      let client = try HTTPClient(.port(responders.port(backend)))
      let answer = try client.request(
        "GET", "/api/user/session?sessionid=\(session.id)",
        headers: [("Cookie", "dashboard_session=\(session.id).\(session.token)")])
      guard answer.status == (backend == .authorize ? 204 : 200) else {
        throw TestFailure("\(backend.rawValue): \(answer.status) \(answer.text)")
      }
      return answer
    }
    func lines(_ answer: HTTPResponse) -> [String] {
      let changing = ["Date", "X-Request-Id"]
      let headers = answer.headers.filter { !changing.contains($0.name) }
      return headers.map { "\($0.name): \($0.value)" }.sorted() + [answer.text]
    }
    let (ours, theirs) = (lines(try answer(.dashboard)), lines(try answer(.session)))
    guard ours == theirs else { throw TestFailure("different responses:\n\(ours)\n\(theirs)") }
    // The header has no members about the client.
    let session = try answer(.dashboard).text.split(separator: #","address""#)[0] + "}"
    guard try answer(.authorize).first("X-Session") == String(session) else {
      throw TestFailure("/authorize describes another session")
    }
    for backend in [Backend.phpNative, .phpSQLite] where try answer(backend).json["sessionid"] == nil {
      throw TestFailure("\(backend.rawValue): no session")
    }
  }

  private static func measure(_ responders: Responders, _ backends: [Backend], isKept: Bool, _ effort: Effort)
    throws
  {
    var loads: [Backend: [Load]] = [:]
    for backend in backends { _ = try Load(responders, backend, isKept: isKept) }
    for _ in 0..<effort.rounds(9) {
      for backend in backends {
        loads[backend, default: []].append(try Load(responders, backend, isKept: isKept))
      }
    }
    func figures(_ backend: Backend, _ figure: (Load) -> Double) -> [Double] {
      (loads[backend] ?? []).map(figure)
    }
    func measurement(
      _ name: String, of measured: Backend = .dashboard, to backend: Backend, _ figure: (Load) -> Double
    ) -> Measurement {
      Measurement(name, baseline: figures(backend, figure), measured: figures(measured, figure))
    }

    print("\nSession checks through nginx, 64 clients, connections \(isKept ? "kept" : "not kept")\n")
    print("| backend | requests/s | CPU of the responder a request, µs | p50, µs | p99, µs |")
    print("|---|---|---|---|---|")
    for backend in backends {
      let cpu = responders.process(backend) == nil ? "–" : decimal(figures(backend, \.cpu).median)
      let others = [figures(backend, \.median).median, figures(backend, \.percentile99).median].map {
        "\(Int($0))"
      }
      print(
        "| \(backend.rawValue) | \(Int(figures(backend, \.requestsPerSecond).median)) | \(cpu) | "
          + others.joined(separator: " | ") + " |")
    }
    print(
      "\n| dashboard against a baseline | baseline | dashboard | ratio | goal | |\n|---|---|---|---|---|---|")
    print(
      measurement("CPU a request, to the C session check", to: .session, \.cpu).row(.atMost(1.25)))
    if backends.contains(.authorize) {
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
    if backends.contains(.phpSQLite) {
      print(measurement("requests/s, to PHP with SQLite", to: .phpSQLite, rate).row(.informative))
    }
  }
}
