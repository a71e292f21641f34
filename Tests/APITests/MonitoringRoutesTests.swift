import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardWireFormat
import Synchronization
import TestSupport
import Testing

@testable import DashboardRouting

/// `/healthz` and `/metrics`: who gets them, and what they answer.
@Suite("the routes for monitoring")
struct MonitoringRoutesTests {
  private static let token = "a-token-of-metrics"
  private let fixture: Fixture
  private let watch: Watch
  private let router: Router

  init() throws {
    fixture = try Fixture(settings: ["METRICS_TOKEN": Self.token, "ALLOWED_ORIGINS": "https://app.example"])
    watch = Watch(fixture.dashboard.services.store, clock: fixture.clock) { _ in }
    router = Router(
      fixture.dashboard, Routes.all, monitoring: MonitoringRoutes(fixture.dashboard, watch: watch) { _ in }
    ) { _ in }
  }

  private static let local = ["REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"]

  private func respond(_ method: String, _ path: String, _ variables: [String: String]) -> (
    status: Int, text: String
  ) {
    let answer = TestRequest.respond(router, method, path, variables)
    return (answer.status, Self.withoutID(answer.text))
  }

  /// The response without the line that differs in every response.
  private static func withoutID(_ text: String) -> String {
    text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("X-Request-Id: ") }
      .joined(separator: "\r\n")
  }

  @Test(
    "a client of the same machine may watch",
    arguments: [
      ("127.0.0.1", "localhost"), ("127.0.0.1", "LocalHost:9180"), ("127.1.2.3", "127.0.0.1"),
      ("::1", "[::1]"), ("::1", "[::1]:80"), ("::ffff:127.0.0.1", "127.9.9.9:65535"),
    ])
  func local(address: String, host: String) {
    let variables = ["REMOTE_ADDR": address, "HTTP_HOST": host]
    #expect(respond("GET", "/healthz", variables).status == 200)
    #expect(respond("GET", "/metrics?x=1", variables).status == 200)
  }

  /// Variables of clients that may not watch.
  private static let strangers: [[String: String]] =
    [
      [:], ["REMOTE_ADDR": "127.0.0.1"], ["HTTP_HOST": "localhost"],
      local + ["REMOTE_ADDR": "192.0.2.1"], local + ["REMOTE_ADDR": ""], local + ["REMOTE_ADDR": "unix:"],
      local + ["REMOTE_ADDR": "localhost"], local + ["HTTP_AUTHORIZATION": ""] + ["REMOTE_ADDR": "::2"],
      ["REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "localhost", "HTTP_AUTHORIZATION": "Bearer \(token)x"],
      ["REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "localhost", "HTTP_AUTHORIZATION": "Basic \(token)"],
      ["REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "localhost", "HTTP_AUTHORIZATION": "Bearer"],
      ["REMOTE_ADDR": "192.0.2.1", "QUERY_STRING": "access_token=\(token)"],
    ]
    + [
      "accounts.example", "localhost.evil.example", "evil-localhost", "localhost.", "localhost:",
      "localhost:x",
      "localhost:65536", "localhost:1:2", "127.0.0.1.evil.example", "128.0.0.1", "127.1", "[::2]", "[::1",
      "::1",
      "[::1]x", "[::1]:", "[::ffff:127.0.0.1]", "", "a@localhost", "localhost/",
    ].map { local + ["HTTP_HOST": $0] }
    + [
      "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST",
      "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_ANYTHING",
    ].flatMap { [local + [$0: "127.0.0.1"], local + [$0: ""]] }

  @Test("another client gets the answer to an unknown path, byte for byte", arguments: strangers.indices)
  func stranger(index: Int) {
    let variables = Self.strangers[index]
    for (method, more) in [
      ("GET", [:]), ("HEAD", [:]), ("POST", [:]), ("OPTIONS", ["HTTP_ORIGIN": "https://app.example"]),
      ("BREW", [:]), ("GET", ["HTTP_X_APPLICATION_SERVER": "x"]),
    ] {
      let unknown = respond(method, "/healthy", variables + more)
      #expect(unknown.status == 404)
      for path in ["/healthz", "/metrics"] {
        #expect(respond(method, path, variables + more) == unknown, "\(variables) \(method) \(path)")
      }
    }
  }

  @Test("with the token any client may watch, also through a proxy")
  func token() {
    for scheme in ["Bearer", "bearer", "Bearer "] {
      let variables = [
        "REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "accounts.example", "HTTP_X_FORWARDED_FOR": "192.0.2.2",
        "HTTP_AUTHORIZATION": "\(scheme) \(Self.token)",
      ]
      #expect(respond("GET", "/healthz", variables).status == 200)
      #expect(respond("GET", "/metrics", variables).status == 200)
    }
  }

  @Test("without the setting no token is right")
  func noToken() throws {
    let fixture = try Fixture()
    let router = Router(
      fixture.dashboard, Routes.all, monitoring: MonitoringRoutes(fixture.dashboard, watch: watch) { _ in }
    ) { _ in }
    for header in ["Bearer", "Bearer ", "Bearer  ", "Bearer nil", "Bearer \(Self.token)"] {
      #expect(
        TestRequest.respond(router, "GET", "/metrics", ["HTTP_AUTHORIZATION": header]).status == 404)
    }
    #expect(TestRequest.respond(router, "GET", "/metrics", Self.local).status == 200)
  }

  @Test("the answers have one body each, no cache keeps them, and only GET and HEAD are there")
  func answers() {
    let health = respond("GET", "/healthz", Self.local)
    #expect(
      health.text == """
        Status: 200 OK\r
        Content-Type: text/plain; charset=utf-8\r
        Cache-Control: no-store\r
        X-Content-Type-Options: nosniff\r
        Content-Length: 3\r
        \r
        ok

        """)
    let metrics = respond("GET", "/metrics", Self.local)
    #expect(metrics.text.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
    #expect(metrics.text.contains("Cache-Control: no-store\r\n"))
    for path in ["/healthz", "/metrics"] {
      #expect(respond("HEAD", path, Self.local).status == 200)
      let refused = respond("POST", path, Self.local)
      #expect(refused.status == 405 && refused.text.contains("Allow: GET, HEAD\r\n"))
    }
  }

  @Test("neither an app nor API_ACCESS nor a bad DASHBOARD_APPID keeps them from answering")
  func apps() throws {
    let fixture = try Fixture(settings: ["API_ACCESS": "none"])
    let router = Router(
      fixture.dashboard, Routes.all, monitoring: MonitoringRoutes(fixture.dashboard, watch: watch) { _ in }
    ) { _ in }
    for app in ["shop", "no app", ""] {
      let variables = Self.local + ["DASHBOARD_APPID": app]
      #expect(TestRequest.respond(router, "GET", "/healthz", variables).status == 200)
      #expect(TestRequest.respond(router, "GET", "/metrics", variables).status == 200)
    }
    #expect(TestRequest.respond(router, "GET", "/api/settings", Self.local).status == 404)
  }

  @Test("a process that answers one request has /healthz alone, and says in the log why it is unhealthy")
  func singleRequest() throws {
    let directory = try TemporaryDirectory()
    let log = Log()
    let values = ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4", "MAP_SIZE": "1M"]
    let configuration = try Configuration(cores: 1, environment: NamedValues(values))
    let dashboard = try Dashboard(configuration: configuration, isSingleRequest: true)
    let router = Router(
      dashboard, Routes.all, monitoring: MonitoringRoutes(dashboard, watch: nil) { log.add($0) },
      log: { _ in })
    func respond(_ path: String) -> (status: Int, text: String) {
      TestRequest.respond(router, "GET", path, Self.local)
    }
    #expect(respond("/healthz").text.hasSuffix("\r\n\r\nok\n"))
    #expect(Self.withoutID(respond("/metrics").text) == Self.withoutID(respond("/healthy").text))
    #expect(log.lines.isEmpty)
    try MapFiller.fill(dashboard)
    let unhealthy = respond("/healthz")
    #expect(unhealthy.status == 503 && unhealthy.text.hasSuffix("\r\n\r\nunhealthy\n"))
    #expect(log.lines.contains { $0.hasPrefix("commit-failed: ") })
  }

  @Test("a server that is out of service tells only a client of the same machine that it is unhealthy")
  func outOfService() {
    func variables(_ path: String, _ values: [String: String]) -> MetaVariables {
      var variables = MetaVariables()
      for (name, value) in values + ["REQUEST_URI": path, "REQUEST_METHOD": "GET"] {
        variables.append(Array("\(name)=\(value)".utf8).span)
      }
      return variables
    }
    let answer = MonitoringRoutes.outOfService(variables("/healthz", Self.local))
    #expect(answer?.status == 503 && answer?.body == Array("unhealthy\n".utf8))
    #expect(MonitoringRoutes.outOfService(variables("/metrics", Self.local)) == nil)
    #expect(MonitoringRoutes.outOfService(variables("/api", Self.local)) == nil)
    #expect(MonitoringRoutes.outOfService(variables("/healthz", ["REMOTE_ADDR": "192.0.2.1"])) == nil)
  }
}

/// Fills the map of a store.
enum MapFiller {
  static func fill(_ dashboard: Dashboard) throws {
    let app = dashboard.configuration.appName
    for size in [60_000, 3000, 100] {
      while true {
        do {
          try dashboard.services.store.write(app) { change in
            let number = try change.nextPlace()
            _ = try change.insert(
              Account(
                appid: app, usernameHash: Hash.sha512(Array("\(number)".utf8)),
                passwordHash: PasswordHash(text: String(repeating: "x", count: size)), sessionSalt: [],
                createdAt: dashboard.services.clock.now()))
          }
        } catch is Store.Unavailable {
          break
        }
      }
    }
  }
}
