import DashboardEndpoints
import DashboardRecords
import DashboardRouting
@testable import DashboardSite
import DashboardWireFormat
import Synchronization
import TestSupport

/// A clock that stands still until a test moves it.
final class TestClock: TimeSource {
  private let milliseconds = Atomic<Int64>(1_656_038_576_947)

  func now() -> Timestamp { Timestamp(milliseconds: milliseconds.load(ordering: .sequentiallyConsistent)) }

  func advance(seconds: Int64) { milliseconds.add(seconds * 1000, ordering: .sequentiallyConsistent) }
}

/// The pages of a data directory of its own, without a socket.
struct TestSite: Sendable {
  let directory: TemporaryDirectory
  let clock = TestClock()
  let dashboard: Dashboard
  let router: Router

  init(_ settings: [String: String] = [:]) throws {
    directory = try TemporaryDirectory()
    dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4"].merging(settings) { $1 }, clock: clock)
    router = Router(dashboard, Routes.all, groups: [Site.group]) { _ in }
  }

  /// A guest with a browser.
  func guest(from address: String = "192.0.2.1") -> Person { Person(self, address) }

  /// A person who has registered and signed in.
  func member(_ username: String, from address: String = "192.0.2.1") throws -> Person {
    let profile = ["full-name": "Ada Lovelace", "contact-email": "ada@example.org"].merging(Member.others) {
      $1
    }
    _ = try dashboard.call(CreateAccount.self, posted: profile.merging(Self.credentials(username)) { $1 })
    return try signedIn(username, from: address)
  }

  /// A person who has signed in to an account.
  func signedIn(_ username: String, from address: String = "192.0.2.1") throws -> Person {
    let person = guest(from: address)
    // Longer than SESSION_VERIFICATION_DELAY.
    let session = try dashboard.call(
      CreateSession.self, posted: Self.credentials(username).merging(["remember": "days"]) { $1 })
    person.cookies["dashboard_session"] = session.bearer ?? ""
    person.session = session
    return person
  }

  static func credentials(_ username: String) -> [String: String] {
    ["username": username, "password": password(of: username)]
  }

  static func password(of username: String) -> String { "password of \(username)" }

  /// A page as a guest sees it.
  func view<Result>(_ page: Page, _ body: (View) throws -> Result) throws -> Result {
    let app = try dashboard.app()
    return try dashboard.perform(RoutePolicy(.open), as: Caller(nil, .unknown), in: app, at: clock.now()) {
      (Form(), Form())
    } _: {
      try body(View($0, page, Visit(MetaVariables(), app)))
    }.answer
  }

  /// How many records of the account's kinds exist.
  func count<E: Endpoint>(_ endpoint: E.Type, of session: Session) throws -> Int where E.Answer == Int {
    try dashboard.call(endpoint, query: ["accountid": "\(session.accountid)"], as: session)
  }
}

/// A person with a browser: it keeps cookies, and posts forms as they are on the page.
final class Person {
  private let site: TestSite
  let address: String
  /// The session of a person who signed in without the pages.
  var session: Session?
  var cookies: [String: String] = [:]
  /// Browsers allow passkeys at localhost without HTTPS.
  static let host = "localhost"
  /// More variables of the web server, such as headers.
  var variables: [String: String] = [:]

  init(_ site: TestSite, _ address: String) {
    self.site = site
    self.address = address
  }

  func get(_ path: String) throws -> Answer { try request("GET", path) }

  /// Posts fields as they are.
  func post(_ path: String, _ fields: KeyValuePairs<String, String> = [:]) throws -> Answer {
    try request("POST", path, Self.encoded(fields.map { ($0.key, $0.value) }))
  }

  /// Fills the form of a page in, and posts it where the page says.
  func submit(_ page: Answer, _ values: [String: String] = [:]) throws -> Answer {
    let form = try page.form()
    var fields = form.fields
    for (name, value) in values {
      fields.removeAll { $0.name == name }
      fields.append((name, value))
    }
    return try request("POST", form.action, Self.encoded(fields))
  }

  /// Opens a page, fills its form in and posts it.
  func fill(_ path: String, _ values: [String: String] = [:]) throws -> Answer {
    try submit(get(path), values)
  }

  /// - Parameter body: of a form; `nil` for none.
  func request(
    _ method: String, _ path: String, _ body: String? = nil, state: Request.BodyState = .complete,
    isBusy: Bool = false, _ more: [String: String] = [:]
  ) throws -> Answer {
    var request = Request()
    var all = [
      "REQUEST_METHOD": method, "REQUEST_URI": path, "REMOTE_ADDR": address, "HTTP_HOST": Self.host,
    ]
    if let query = path.firstIndex(of: "?") { all["QUERY_STRING"] = String(path[query...].dropFirst()) }
    // A session cookie has another name over HTTPS.
    let isSecure = variables["HTTPS"] == "on"
    let cookies = Dictionary(
      uniqueKeysWithValues: cookies.map { name, value in
        (isSecure && name == "dashboard_session" ? "__Host-\(name)" : name, value)
      })
    if !cookies.isEmpty {
      all["HTTP_COOKIE"] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }
    if let body {
      all["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
      all["CONTENT_LENGTH"] = "\(body.utf8.count)"
      request.body = Array(body.utf8)
    }
    request.bodyState = state
    all.merge(variables) { $1 }
    all.merge(more) { $1 }
    for (name, value) in all {
      request.variables.append(Array("\(name)=\(value)".utf8).span)
    }
    var bytes: [UInt8] = []
    let response = isBusy ? site.router.refuseBusy(request) : site.router.respond(to: request)
    response.serialize(into: &bytes, omitBody: false)
    let answer = Answer(try HTTPResponse(ofProgram: bytes))
    for cookie in answer.http.all("Set-Cookie") { take(cookie) }
    return answer
  }

  /// Keeps a cookie, or forgets it.
  private func take(_ header: String) {
    let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
    let isOver = header.contains("Max-Age=0") || pair.count < 2
    let name = pair[0].hasPrefix("__Host-") ? String(pair[0].dropFirst(7)) : pair[0]
    cookies[name] = isOver ? nil : pair[1]
  }

  static func encoded(_ fields: [(name: String, value: String)]) -> String {
    fields.map { name, value in
      [name, value].map { PercentEncoding.encode(Array($0.utf8)[...]) }.joined(separator: "=")
    }.joined(separator: "&")
  }
}

/// What a person sees.
struct Answer {
  let http: HTTPResponse
  var status: Int { http.status }
  var text: String { http.text }
  var location: String? { http["Location"] }

  init(_ http: HTTPResponse) { self.http = http }

  var page: Markup { get throws { try Markup(text) } }

  struct Form {
    let action: String
    /// The fields with their values, as a browser posts them.
    let fields: [(name: String, value: String)]
  }

  /// The form of the page itself, without that of the languages.
  func form() throws -> Form {
    let page = try page
    guard
      let place = page.elements.firstIndex(where: { $0.name == "form" && $0["class"] != "languages" }),
      let action = page.elements[place]["action"]
    else { throw TestFailure("no form in \(status) \(text)") }
    let fields = page.all(["input"], in: place).compactMap { input -> (String, String)? in
      let isChoice = ["radio", "checkbox"].contains(input["type"])
      guard let name = input["name"], !isChoice || input["checked"] != nil else { return nil }
      return (name, input["value"] ?? "")
    }
    return Form(action: action, fields: fields)
  }

  /// The text of the page's heading.
  var heading: String { (try? page.all("h1").first?.text) ?? "" }

  /// The text of the element with a class; `nil` if there is none.
  func text(of name: String) throws -> String? { try page.elements.first { $0["class"] == name }?.text }

  /// The input with a name; `nil` if there is none.
  func input(_ name: String) throws -> Markup.Element? {
    try page.elements.first { $0.name == "input" && $0["name"] == name }
  }
}
