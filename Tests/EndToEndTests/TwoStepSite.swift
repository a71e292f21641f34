import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardWireFormat
import TestSupport

/// A site whose people have authenticator apps. This process also answers requests to the same data, as if they came some time ago.
final class TwoStepSite: Sendable {
  let site: Site
  private let clock = ShiftedClock()
  private let router: Router
  private let events: String

  /// A person with an authenticator app.
  struct Member: Sendable {
    let name: String
    let user: Site.User
    let app: AuthenticatorApp
    let recoveryCodes: [String]

    var credentials: [String: String] { ["username": name, "password": "password of \(name)"] }
    var own: String { "?accountid=\(user.accountid)" }
  }

  init(
    _ front: Front = .fastcgi, settings: [String: String] = [:], hasPort: Bool = false, isSecure: Bool = false
  ) throws {
    let data = try TemporaryDirectory()
    events = data.path("events")
    let settings = ["EVENT_LOG": events].merging(settings) { $1 }
    site = try Site(front, settings: settings, hasPort: hasPort, isSecure: isSecure, data: data)
    let dashboard = try Dashboard(
      dataDirectory: data.path("data"),
      settings: settings.merging(["BCRYPT_WORKLOAD_FACTOR": "4"]) { $1 }.filter { $0.key != "EVENT_LOG" },
      clock: clock)
    router = Router(dashboard, Routes.all) { _ in }
  }

  /// The lines of the event log. Requests that this process answers have none.
  var log: [JSON] {
    get throws { try Files.text(events).split(separator: "\n").map { try JSON(Array($0.utf8)) } }
  }

  /// The names of the logged events of an account.
  func logged(_ account: String) throws -> [String] {
    try log.filter { $0["account"] == .string(account) }.compactMap { $0["event"]?.string }
  }

  // MARK: Requests

  /// - Parameters:
  ///   - cookie: the header's value.
  ///   - host: the last number of the client's address; `nil` for the socket, whose clients have none.
  func ask(
    _ verb: String, _ route: String, _ form: [String: String]? = nil, as user: Site.User? = nil,
    cookie: String? = nil, from host: UInt8? = nil, headers: [(String, String)] = []
  ) throws -> HTTPResponse {
    let (headers, body) = Self.parts(form, user, cookie, headers)
    guard let host else {
      return try site.request(verb, "/api/\(route)", headers: headers, body: body)
    }
    let port = site.base?.split(separator: ":").last.flatMap { UInt16($0) }
    return try HTTPClient(.port(port ?? 0), from: host).request(
      verb, "/api/\(route)", headers: headers, body: body)
  }

  /// The answer to the same request some seconds ago.
  func askedBefore(
    _ seconds: Int64, _ verb: String, _ route: String, _ form: [String: String]? = nil,
    as user: Site.User? = nil, cookie: String? = nil
  ) throws -> HTTPResponse {
    clock.shift(seconds: -seconds)
    defer { clock.shift(seconds: 0) }
    let (headers, body) = Self.parts(form, user, cookie, [])
    var variables = ["REQUEST_METHOD": verb, "REQUEST_URI": "/api/\(route)"]
    if let query = route.split(separator: "?").dropFirst().first { variables["QUERY_STRING"] = String(query) }
    if let body { variables["CONTENT_LENGTH"] = "\(body.count)" }
    for (name, value) in headers {
      let name = name.uppercased().replacing("-", with: "_")
      variables[name == "CONTENT_TYPE" ? name : "HTTP_\(name)"] = value
    }
    var request = Request()
    for (name, value) in variables { request.variables.append(Array("\(name)=\(value)".utf8).span) }
    request.body = body ?? []
    var bytes: [UInt8] = []
    router.respond(to: request).serialize(into: &bytes, omitBody: false)
    return try HTTPResponse(ofProgram: bytes)
  }

  private static func parts(
    _ form: [String: String]?, _ user: Site.User?, _ cookie: String?, _ headers: [(String, String)]
  ) -> (headers: [(String, String)], body: [UInt8]?) {
    var headers = headers
    if let user { headers.append(("Authorization", "Bearer \(user.sessionid).\(user.token)")) }
    if let cookie { headers.append(("Cookie", cookie)) }
    if form != nil { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
    return (headers, form.map { Array(Site.urlEncoded($0.map { (key: $0.key, value: $0.value) }).utf8) })
  }

  // MARK: People

  func user(_ session: HTTPResponse) throws -> Site.User {
    guard session.status == 200 else { throw TestFailure(session.text) }
    let json = try session.json
    return Site.User(
      accountid: try json.id("accountid"), sessionid: try json.id("sessionid"), token: try json.id("token"))
  }

  /// Registers, signs in and sets an authenticator app up, so long ago that no code of the last minutes was used.
  func member(_ name: String, secondsAgo: Int64 = 600) throws -> Member {
    let credentials = ["username": name, "password": "password of \(name)"]
    func ask(_ verb: String, _ route: String, _ form: [String: String], as user: Site.User? = nil) throws
      -> HTTPResponse
    {
      let answer = try askedBefore(secondsAgo, verb, route, form, as: user)
      guard answer.status == 200 else { throw TestFailure("\(route): \(answer.text)") }
      return answer
    }
    _ = try ask("POST", "user/create-account", credentials)
    let user = try user(
      ask("POST", "user/create-session", credentials.merging(["remember": "days"]) { $1 }))
    let own = "?accountid=\(user.accountid)"
    let app = try AuthenticatorApp(ask("POST", "user/create-totp\(own)", [:], as: user).json.id("secret"))
    let code = app.code(at: SystemClock().now().adding(seconds: -secondsAgo))
    let factors = try ask("PATCH", "user/set-totp-confirmed\(own)", ["code": code], as: user).json
    let codes = factors["recoveryCodes"]?.array?.compactMap(\.string) ?? []
    return Member(name: name, user: user, app: app, recoveryCodes: codes)
  }

  /// Signs in with password and code in one request.
  func signIn(
    _ member: Member, code: String? = nil, cookie: String? = nil, from host: UInt8? = nil,
    headers: [(String, String)] = []
  ) throws -> HTTPResponse {
    try ask(
      "POST", "user/create-session", member.credentials.merging(code.map { ["code": $0] } ?? [:]) { $1 },
      cookie: cookie, from: host, headers: headers)
  }

  /// Types the password.
  ///
  /// - Returns: the cookie of the sign-in that waits.
  func begin(_ member: Member, from host: UInt8? = nil) throws -> String {
    try Self.pending(signIn(member, from: host))
  }

  /// Types the code.
  func complete(
    _ cookie: String, _ code: String, from host: UInt8? = nil, headers: [(String, String)] = []
  ) throws -> HTTPResponse {
    try ask("POST", "user/create-session", ["code": code], cookie: cookie, from: host, headers: headers)
  }

  /// The cookie of a sign-in that waits.
  static func pending(_ answer: HTTPResponse) throws -> String {
    let header = answer.all("Set-Cookie").first { $0.contains("dashboard_pending=") }
    guard let header else { throw TestFailure("no sign-in waits: \(answer.text)") }
    return String(header.prefix { $0 != ";" })
  }

  /// Runs a closure until no step of 30 seconds began meanwhile.
  static func withinOneStep<Result>(_ body: () throws -> Result) rethrows -> Result {
    func step() -> UInt64 { OneTimePassword.step(at: SystemClock().now().seconds) }
    while true {
      let (before, result) = (step(), try body())
      if step() == before { return result }
    }
  }
}
