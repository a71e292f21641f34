import DashboardEndpoints
import DashboardRouting
@testable import DashboardStore
import DashboardWireFormat
import Synchronization
import TestSupport
import Testing

/// The router without a socket, for tests with many combinations of variables.
@Suite("the router")
struct RouterTests {
  private let fixture: Fixture
  private let router: Router
  private let log = Log()

  init() throws {
    fixture = try Fixture(settings: ["ALLOWED_ORIGINS": "https://app.example, http://localhost:3000"])
    let log = log
    router = Router(
      fixture.dashboard, Routes.all + [Resource(Failing.self)], log: { log.add($0) },
      storeIsLost: { log.add("lost") })
  }

  private func respond(
    _ method: String, _ path: String, _ variables: [String: String] = [:], body: String = ""
  ) -> (status: Int, text: String) {
    TestRequest.respond(router, method, path, variables, body: body)
  }

  // MARK: Origin

  /// Variables of the web server, an Origin, and whether that origin may change data.
  private static let origins: [(server: [String: String], origin: String, isAllowed: Bool)] = {
    let plain: [String: String] = ["REQUEST_SCHEME": "http", "HTTP_HOST": "a.example"]
    let port: [String: String] = ["REQUEST_SCHEME": "http", "HTTP_HOST": "a.example:8080"]
    let secure: [String: String] = ["HTTPS": "on", "HTTP_HOST": "a.example"]
    // Debian's fastcgi_params of nginx give the host without its port.
    let stock: [String: String] = ["REQUEST_SCHEME": "http", "HTTP_HOST": "a.example", "SERVER_PORT": "8080"]
    let unnamed: [String: String] = [
      "REQUEST_SCHEME": "http", "SERVER_NAME": "a.example", "SERVER_PORT": "80",
    ]
    let address: [String: String] = ["REQUEST_SCHEME": "http", "HTTP_HOST": "[::1]:8080"]
    let bareAddress: [String: String] = ["REQUEST_SCHEME": "http", "HTTP_HOST": "[::1]", "SERVER_PORT": "80"]
    return [
      (plain, "http://a.example", true), (plain, "http://a.example:80", true),
      (plain, "http://A.Example", true), (plain, "https://a.example", false),
      (plain, "http://a.example:8080", false), (plain, "http://b.example", false),
      (plain, "http://a.example.evil.example", false), (plain, "http://xa.example", false),
      (plain, "null", false), (plain, "", false), (plain, "a.example", false), (plain, "http://", false),
      (plain, "http://a.example/", false), (plain, "http://user@a.example", false),
      (port, "http://a.example:8080", true), (port, "http://a.example", false),
      (port, "http://a.example:80", false), (secure, "https://a.example", true),
      (secure, "https://a.example:443", true), (secure, "http://a.example", false),
      (stock, "http://a.example:8080", true), (stock, "http://a.example", false),
      (unnamed, "http://a.example", true), (unnamed, "http://b.example", false),
      (address, "http://[::1]:8080", true), (address, "http://[::1]", false),
      (bareAddress, "http://[::1]", true), (bareAddress, "http://[::1]:81", false),
      (plain, "https://app.example", true), (plain, "http://localhost:3000", true),
      (plain, "http://app.example", false), (plain, "https://app.example:444", false),
      ([:], "http://a.example", false),
    ]
  }()

  @Test("a change from another origin is refused", arguments: origins.indices)
  func origin(index: Int) {
    let (server, origin, isAllowed) = Self.origins[index]
    let variables = ["HTTP_ORIGIN": origin]
    let answer = respond("POST", "/api/user/create-session", server + variables, body: "username=a")
    #expect(answer.text.contains(isAllowed ? "invalid-password" : "invalid-origin"), "\(server) \(origin)")
    #expect(answer.status == (isAllowed ? 400 : 403))
    // Every origin may read.
    #expect(respond("GET", "/api/settings", server + variables).status == 200)
  }

  /// Sec-Fetch-Site, the Origin, and whether they may change data. A page without referrer sends `Origin: null`.
  private static let sites: [(site: String?, origin: String?, isAllowed: Bool)] = [
    (nil, nil, true),
    ("same-origin", nil, true), ("same-origin", "http://a.example", true), ("same-origin", "null", true),
    ("same-origin", "http://evil.example", true), ("none", nil, true), ("none", "null", true),
    ("same-site", nil, false), ("same-site", "http://a.example", false), ("same-site", "null", false),
    ("cross-site", nil, false), ("cross-site", "http://a.example", false), ("cross-site", "null", false),
    ("cross-site", "http://evil.example", false), ("cross-site", "https://app.example", true),
    ("same-site", "https://app.example", true), ("", "http://a.example", false), ("", nil, false),
    ("x", "http://a.example", false), ("Same-Origin", nil, false), ("same-origin, cross-site", nil, false),
    (nil, "null", false), (nil, "http://a.example", true), (nil, "https://app.example", true),
  ]

  @Test("Sec-Fetch-Site decides, and only without it the Origin", arguments: sites)
  func fetchSite(site: String?, origin: String?, isAllowed: Bool) {
    var variables = ["HTTP_HOST": "a.example"]
    variables["HTTP_SEC_FETCH_SITE"] = site
    variables["HTTP_ORIGIN"] = origin
    let answer = respond("POST", "/api/user/create-session", variables, body: "username=a")
    #expect(answer.status == (isAllowed ? 400 : 403))
    #expect(isAllowed || answer.text.contains("invalid-origin"))
  }

  @Test("a Bearer token of our form allows a change from any origin, and nothing else does")
  func bearer() {
    let token = "sess_0123456789abcdef.\(String(repeating: "a", count: 64))"
    let headers = [
      ("Bearer \(token)", 400), ("bearer  \(token)", 400), ("Bearer x.y", 403), ("Bearer \(token)0", 403),
      ("Bearer \(token.uppercased())", 403), ("Bearer", 403), ("Basic \(token)", 403), (token, 403),
      ("", 403),
    ]
    for origin in [["HTTP_ORIGIN": "http://evil.example"], ["HTTP_SEC_FETCH_SITE": "cross-site"]] {
      for (header, status) in headers {
        let answer = respond(
          "POST", "/api/user/create-session", origin + ["HTTP_AUTHORIZATION": header], body: "username=a")
        #expect(answer.status == status, "\(header)")
      }
    }
  }

  @Test("only allowed origins may read answers and errors")
  func crossOrigin() {
    let allowed = respond("GET", "/api/settings", ["HTTP_ORIGIN": "https://app.example"]).text
    for header in [
      "Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Credentials: true",
      "Access-Control-Expose-Headers: X-Request-Id, Link, X-Total-Count", "Vary: Origin",
    ] {
      #expect(allowed.contains("\r\n\(header)\r\n"))
    }
    let refused = respond("GET", "/nowhere", ["HTTP_ORIGIN": "https://app.example"])
    #expect(refused.text.contains("Access-Control-Allow-Origin: https://app.example\r\n"))
    for origin in ["https://evil.example", "null", "https://app.example.evil.example", ""] {
      let text = respond("GET", "/api/settings", ["HTTP_ORIGIN": origin]).text
      #expect(!text.contains("Access-Control"))
      #expect(text.contains("\r\nVary: Origin\r\n"))
    }
  }

  @Test("a preflight answers the verbs of the route")
  func preflight() {
    let variables: [String: String] = [
      "HTTP_ORIGIN": "https://app.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PATCH",
    ]
    let answer = respond("OPTIONS", "/api/user/set-session-ended", variables)
    #expect(answer.status == 204)
    #expect(answer.text.contains("Access-Control-Allow-Methods: PATCH, OPTIONS\r\n"))
    #expect(answer.text.contains("Access-Control-Max-Age: 600\r\n"))
    #expect(answer.text.contains("Access-Control-Allow-Headers: Authorization, Content-Type\r\n"))
    let foreign = respond(
      "OPTIONS", "/api/user/set-session-ended",
      ["HTTP_ORIGIN": "https://evil.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PATCH"])
    #expect(foreign.status == 204)
    #expect(!foreign.text.contains("Access-Control"))
  }

  // MARK: The order of checks

  @Test("the order of checks is route, verb, lengths, content type, origin, sign-in, parameters")
  func order() {
    // The request has every fault. Each answer shows the check that comes first.
    let long = "?" + String(repeating: "a", count: 16 * 1024 + 1)
    let wrong: [String: String] = [
      "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "9", "HTTP_ORIGIN": "null",
    ]
    let route = "/api/user/set-session-ended"
    #expect(respond("PATCH", "/nowhere" + long, wrong).text.contains("invalid-route"))
    #expect(respond("POST", route + long, wrong).text.contains("invalid-method"))
    #expect(respond("PATCH", route + long, wrong).text.contains("invalid-url-length"))
    #expect(respond("PATCH", route, wrong).text.contains("invalid-content-type"))
    #expect(respond("PATCH", route, ["HTTP_ORIGIN": "null"]).text.contains("invalid-origin"))
    #expect(respond("PATCH", route + "?a=%FF").text.contains("Sign in required"))
  }

  @Test("a malformed app name from the web server is a server error, and is logged")
  func malformedApp() {
    #expect(respond("GET", "/api/user/current-session", ["DASHBOARD_APPID": "a b"]).status == 500)
    #expect(log.lines.count == 1)
    #expect(log.lines[0].contains("DASHBOARD_APPID must be 1 to 64 letters, digits, _ and -"))
  }

  @Test("only the web server can ask for authorization, and no path of a client can")
  func authorization() {
    #expect(respond("GET", "/", ["PATH_INFO": "/authorize"]).status == 404)
    #expect(
      respond("GET", "/", ["PATH_INFO": "/authorize", "HTTP_DASHBOARD_REQUIRE": "session"]).status == 404)
    let refused = respond("GET", "/", ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "session"])
    #expect(refused.status == 401)
    // nginx writes the body again from this header: it does not get the body itself.
    #expect(refused.text.contains("X-Refusal: {\"object\":\"auth\",\"message\":\"Sign in required\"}\r\n"))
    #expect(respond("GET", "/", ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "sessions"]).status == 500)
  }

  // MARK: Server errors

  @Test("an undeclared error is logged with the request ID, and answered without its cause")
  func unknownError() throws {
    let answer = respond("GET", Failing.declaration.route + "?error=secret")
    #expect(answer.status == 500)
    #expect(answer.text.contains(#""message":"unknown-error""#))
    #expect(!answer.text.contains("of the inside"))
    let name = try #require(answer.text.split(separator: "X-Request-Id: ").last?.prefix { $0 != "\r\n" })
    #expect(log.lines.count == 1)
    #expect(log.lines[0].hasPrefix(name) && log.lines[0].contains("of the inside"))
  }

  @Test("a storage failure is 503 with Retry-After, and is logged")
  func storage() throws {
    for (error, lines) in [("unavailable", 1), ("lost", 3)] {
      let answer = respond("GET", Failing.declaration.route + "?error=" + error)
      #expect(answer.status == 503)
      #expect(answer.text.contains("\r\nRetry-After: 30\r\n"))
      #expect(answer.text.contains(#""message":"storage-unavailable""#))
      #expect(log.lines.count == lines)
    }
    #expect(log.lines.last == "lost")
  }

  @Test("a busy server answers 503 server-busy with Retry-After and the usual headers")
  func busy() {
    let answer = TestRequest.serialized(router.refuseBusy(Request()))
    #expect(answer.status == 503)
    #expect(answer.text.contains("\r\nRetry-After: 2\r\n"))
    #expect(answer.text.contains(#""message":"server-busy""#))
    for header in ["Cache-Control: no-store", "X-Content-Type-Options: nosniff", "X-Request-Id: "] {
      #expect(answer.text.contains("\r\n" + header))
    }
  }

  // MARK: Declarations

  @Test("every route is declared once, with a sentence, an example and its own exceptions")
  func declarations() throws {
    let endpoints = Routes.endpoints
    // RoutesReferenceTests compares the whole list with docs/reference/routes.md.
    #expect(
      endpoints.count >= 56, "a route has been removed: lower the number in Tests/APITests/RouterTests.swift")
    #expect(
      Set(endpoints.map(\.declaration.route)).count == endpoints.count,
      "two endpoints have one path: correct `route` in Sources/API")
    #expect(Set(endpoints.map(\.name)).count == endpoints.count)
    for endpoint in endpoints {
      let declaration = endpoint.declaration
      #expect(declaration.route.hasPrefix("/api/"))
      #expect(declaration.summary.hasSuffix("."), "the sentence of \(declaration.route) needs a full stop")
      #expect(Set(declaration.exceptions).count == declaration.exceptions.count)
      let example = try JSON(Array(endpoint.example.utf8))
      if case .object(let kind) = endpoint.schema { #expect(example["object"] == .string(kind)) }
      // Each required parameter has an exception for its absence.
      let required = declaration.parameters.filter(\.isRequired).map(\.name)
      for name in required {
        #expect(
          declaration.exceptions.contains { $0.field == name && $0.status == 400 },
          "\(declaration.route) needs an exception with status 400 and field \(name): declare it in Sources/API"
        )
      }
    }
  }
}

/// The lines that the router logs.
final class Log: Sendable {
  private let text = Mutex<[String]>([])
  var lines: [String] { text.withLock { $0 } }
  func add(_ line: String) { text.withLock { $0.append(line) } }
  func clear() { text.withLock { $0 = [] } }
}

/// Throws the error that the request names.
private enum Failing: Endpoint {
  struct Failure: Error { let reason = "of the inside" }

  static var route: String { "/failing" }
  static let declaration = Declaration(
    .get, route, "Fails.", access: .open, parameters: [.optional(.querystring, "error", "which")],
    exceptions: [])

  static func answer(_ call: inout Call) throws -> Bool {
    switch call.query["error"].map({ String(decoding: $0, as: UTF8.self) }) {
    case "unavailable": throw Store.Unavailable(description: "the disk is full")
    case "lost": throw Store.Lost(description: "the map")
    default: throw Failure()
    }
  }
}
