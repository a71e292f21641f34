import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// A site with passkeys, in this process, with a clock that the test sets.
struct PasskeyScene: Sendable {
  let fixture: Fixture
  let router: Router
  private let log = Log()

  init(_ settings: [String: String] = [:]) throws {
    fixture = try Fixture(
      settings: ["MAXIMUM_REGISTRATIONS": "1000"] + settings, eventLog: { [log] in log.add($0) })
    router = Router(fixture.dashboard, Routes.all) { _ in }
  }

  func browser(_ origin: String = "http://localhost", from address: String = "192.0.2.1") -> APIBrowser {
    Self.browser(router, origin, from: address)
  }

  static func browser(
    _ router: Router, _ origin: String = "http://localhost", from address: String = "192.0.2.1"
  ) -> APIBrowser {
    APIBrowser(origin) { method, target, headers, body in
      var variables = [
        "REMOTE_ADDR": address, "REQUEST_SCHEME": origin.hasPrefix("https:") ? "https" : "http",
      ]
      for (name, value) in headers where name != "Content-Type" {
        variables["HTTP_\(name.uppercased())"] = value
      }
      let answer = TestRequest.respond(router, method, target, variables, bytes: body ?? [])
      return try HTTPResponse(ofProgram: Array(answer.text.utf8))
    }
  }

  /// A person with a passkey, signed in.
  func member(
    _ username: String, _ authenticator: SoftAuthenticator = .of("ada"), from address: String = "192.0.2.1"
  ) throws -> (APIBrowser, SoftAuthenticator) {
    var (browser, authenticator) = (browser(from: address), authenticator)
    try browser.signUp(username)
    #expect(try browser.enrol(&authenticator).status == 200)
    return (browser, authenticator)
  }

  /// The logged events since the last call.
  var events: [String] {
    get throws {
      defer { log.clear() }
      return try log.lines.map { try JSON(Array($0.utf8))["event"]?.string ?? "" }
    }
  }

  /// How often an account keeps an event.
  func count(_ event: String, of account: String) throws -> Int {
    let dashboard = fixture.dashboard
    let id = try #require(AccountID(account))
    let kept: [AccountEvent] = try dashboard.services.store.read(dashboard.app().name) { snapshot in
      try snapshot.account(id).map { try snapshot.records(of: $0, limit: 1000) } ?? []
    }
    return kept.filter { $0.name == event }.reduce(0) { $0 + Int($1.count) }
  }

  /// A new browser of a person whose password was right, and whose sign-in waits for the passkey.
  func waiting(_ username: String) throws -> APIBrowser {
    var browser = browser()
    #expect(try browser.signIn(username).verdict == "401 second-factor-required")
    return browser
  }
}

extension SoftAuthenticator {
  /// An authenticator with a key and a credential of its own.
  static func of(_ name: String, counter: UInt32 = 1) -> SoftAuthenticator {
    var authenticator = SoftAuthenticator(seed: name.utf8.reduce(0) { $0 &* 31 &+ $1 })
    authenticator.credentialID = Array("credential of \(name)".utf8)
    authenticator.counter = counter
    return authenticator
  }
}

extension HTTPResponse {
  /// `404 invalid-accountid` for a refusal, `200` for a success.
  var verdict: String {
    get throws { status == 200 ? "200" : "\(status) \(try json["message"]?.string ?? "")" }
  }
}
