import DashboardEndpoints
import DashboardRecords
import DashboardStore
import DashboardWireFormat
import TestSupport
import Testing

@testable import DashboardRouting

@Suite("the metrics")
struct MetricsTests {
  private let fixture: Fixture
  private let router: Router

  init() throws {
    fixture = try Fixture(settings: ["MAXIMUM_ATTEMPTS": "2"])
    let watch = Watch(fixture.dashboard.services.store, clock: fixture.clock) { _ in }
    router = Router(
      fixture.dashboard, Routes.all, monitoring: MonitoringRoutes(fixture.dashboard, watch: watch) { _ in }
    ) { _ in }
  }

  private func respond(
    _ method: String, _ path: String, _ variables: [String: String] = [:], body: String = ""
  ) -> Int {
    TestRequest.respond(router, method, path, variables, body: body).status
  }

  /// The lines of a scrape.
  private func scrape() -> [String] {
    let text = TestRequest.respond(
      router, "GET", "/metrics", ["REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"]
    ).text
    return text.split(separator: "\n").map(String.init)
  }

  /// The value of a sample.
  private func value(_ sample: String) -> String? {
    scrape().first { $0.hasPrefix(sample + " ") }.map { String($0.dropFirst(sample.utf8.count + 1)) }
  }

  @Test("requests are counted by their declared route and their status, and all unknown paths are one")
  func requests() throws {
    let session = try fixture.signUp("ada")
    let cookie = ["HTTP_COOKIE": "dashboard_session=\(session.sessionid).\(session.token ?? "")"]
    #expect(respond("GET", "/api/user/current-session", cookie) == 200)
    #expect(respond("HEAD", "/api/user/current-session", cookie) == 200)
    #expect(respond("GET", "/api/user/current-session") == 401)
    #expect(respond("POST", "/api/user/current-session") == 405)
    for path in ["/nowhere", "/api/user/\"}\n", "/api/user/current-session/", ""] {
      #expect(respond("GET", path) == 404)
    }
    let asked = ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "session"]
    #expect(respond("GET", "/any/path", cookie + asked) == 204)
    #expect(respond("GET", "/any/path", asked) == 401)
    let lines = scrape().filter { $0.hasPrefix("dashboard_requests_total{") }
    #expect(
      lines == [
        #"dashboard_requests_total{route="other",status="404"} 4"#,
        #"dashboard_requests_total{route="authorize",status="204"} 1"#,
        #"dashboard_requests_total{route="authorize",status="401"} 1"#,
        #"dashboard_requests_total{route="/api/user/current-session",status="200"} 2"#,
        #"dashboard_requests_total{route="/api/user/current-session",status="401"} 1"#,
        #"dashboard_requests_total{route="/api/user/current-session",status="405"} 1"#,
      ])
    #expect(value(#"dashboard_requests_total{route="/metrics",status="200"}"#) == "1")
  }

  @Test("sign-ins, failures, limits and refusals of a busy server are counted")
  func signIns() throws {
    _ = try fixture.signUp("ada")
    func signIn(_ password: String) -> Int {
      respond(
        "POST", "/api/user/create-session", ["REMOTE_ADDR": "192.0.2.1"],
        body: "username=ada&password=\(password)")
    }
    #expect(signIn("password+of+ada") == 200)
    #expect([signIn("wrong"), signIn("wrong"), signIn("wrong")] == [401, 401, 429])
    var request = Request()
    for variable in ["REQUEST_METHOD=POST", "REQUEST_URI=/api/user/create-session"] {
      request.variables.append(Array(variable.utf8).span)
    }
    #expect(router.refuseBusy(request).status == 503)
    for (sample, wanted) in [
      (#"dashboard_events_total{event="signed-in"}"#, "2"),
      (#"dashboard_events_total{event="sign-in-failed"}"#, "2"),
      (#"dashboard_events_total{event="too-many-attempts"}"#, "1"),
      (#"dashboard_events_total{event="account-deleted"}"#, "0"),
      ("dashboard_limited_total", "1"), ("dashboard_busy_total", "1"),
      (#"dashboard_requests_total{route="/api/user/create-session",status="503"}"#, "1"),
      (#"dashboard_request_duration_seconds_count{work="hashing"}"#, "5"),
      // The limited and the busy one did not hash.
      ("dashboard_hashing_duration_seconds_count", "3"), ("dashboard_hashing_wait_seconds_count", "5"),
    ] {
      #expect(value(sample) == wanted, "\(sample)")
    }
  }

  @Test("a histogram is cumulative, ends with +Inf, and a wait in the gateway is part of its durations")
  func histograms() {
    var request = Request()
    for variable in ["REQUEST_METHOD=GET", "REQUEST_URI=/nowhere"] {
      request.variables.append(Array(variable.utf8).span)
    }
    request.waited = 300_000_000
    _ = router.respond(to: request)
    let lines = scrape().filter { $0.hasPrefix(#"dashboard_request_duration_seconds_bucket{work="reading""#) }
    let counts = lines.map { $0.split(separator: " ").last.flatMap { Int($0) } ?? -1 }
    #expect(counts.count == 9)
    #expect(counts[0] == 0 && counts[4] == 0 && counts.last == 1 && counts == counts.sorted())
    #expect(lines.last?.contains(#"le="+Inf""#) == true)
    #expect(lines[0].contains(#"le="0.001""#))
  }

  @Test("the sweep's last run and what it removed are told")
  func sweep() throws {
    #expect(value("dashboard_sweep_last_run_timestamp_seconds") == "0.0")
    let ada = try fixture.signUp("ada")
    fixture.clock.set(ada.expiresAt.adding(seconds: 31 * 86_400))
    while try fixture.dashboard.sweep() {}
    let seconds = Double(fixture.clock.now().milliseconds) / 1000
    #expect(value("dashboard_sweep_last_run_timestamp_seconds") == "\(seconds)")
    #expect(value("dashboard_sweep_removed_records_total").flatMap { Int($0) }.map { $0 > 0 } == true)
  }

  @Test("no label has a username, an app or another text that a client chooses")
  func labels() throws {
    _ = try fixture.signUp("ada")
    _ = respond(
      "GET", "/api/secret-path", ["DASHBOARD_APPID": "secret-app", "HTTP_USER_AGENT": "secret-agent"])
    _ = respond("SECRET", "/api/settings?secret=1", ["REMOTE_ADDR": "192.0.2.77"])
    let text = scrape().joined(separator: "\n").lowercased()
    for secret in ["secret", "192.0.2.77"] { #expect(!text.contains(secret)) }
    let routes = Set(RequestMetrics.unrouted + Routes.endpoints.map(\.declaration.route))
    for line in text.split(separator: "\n") where line.contains("route=\"") {
      #expect(line.split(separator: "\"").dropFirst().first.map { routes.contains(String($0)) } == true)
    }
  }

  @Test("the store's numbers are told, and every condition has a sample")
  func store() {
    #expect(value("dashboard_map_size_bytes") == "\(fixture.dashboard.services.store.state().mapSize)")
    #expect(value("dashboard_readers_max") == "1024")
    #expect(value(#"dashboard_build_info{version="\#(Version.text)"}"#) == "1")
    #expect(value("process_start_time_seconds") == "\(Double(fixture.clock.now().milliseconds) / 1000)")
    for condition in Condition.allCases {
      #expect(value(#"dashboard_condition{condition="\#(condition.rawValue)"}"#) != nil)
    }
  }
}
