import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Requests of the application server on behalf of its users, and the access of other callers.
@Suite("the application server")
struct ApplicationServerTests {
  private static let server = "HTTP_X_APPLICATION_SERVER"
  private static let token = "HTTP_X_APPLICATION_SERVER_TOKEN"
  private static let account = "HTTP_X_ACCOUNTID"
  private static let session = "HTTP_X_SESSIONID"
  private static let headers = [server: "https://app.example", token: "the token"]

  private func fixture(_ settings: [String: String] = [:]) throws -> Fixture {
    let own = ["APPLICATION_SERVER": "https://app.example", "APPLICATION_SERVER_TOKEN": "the token"]
    return try Fixture(settings: own.merging(settings) { $1 })
  }

  private func respond(
    _ fixture: Fixture, _ method: String, _ path: String, _ variables: [String: String], body: String = ""
  ) -> (status: Int, text: String) {
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    return TestRequest.respond(router, method, path, variables, body: body)
  }

  private func user(_ session: Session) -> [String: String] {
    [Self.account: "\(session.accountid)", Self.session: "\(session.sessionid)"]
  }

  @Test("it calls as its user, without the user's token and with any Origin")
  func onBehalf() throws {
    let fixture = try fixture()
    let ada = try fixture.signUp("ada")
    let all = Self.headers.merging(user(ada)) { $1 }
    let answer = respond(fixture, "GET", "/api/user/current-session", all)
    #expect(answer.status == 200)
    #expect(answer.text.contains("\(ada.sessionid)"))
    let origin = all.merging(["HTTP_ORIGIN": "https://elsewhere.example"]) { $1 }
    #expect(respond(fixture, "PATCH", "/api/user/set-current-session-ended", origin).status == 200)
  }

  @Test("without a user it calls as a guest")
  func guest() throws {
    let fixture = try fixture()
    _ = try fixture.signUp("ada")
    #expect(respond(fixture, "GET", "/api/user/current-session", Self.headers).status == 401)
    let form = "username=ada&password=password+of+ada"
    #expect(
      respond(fixture, "POST", "/api/user/create-session", Self.headers, body: form).status == 200)
  }

  @Test("any mismatch is invalid-application-server, on every route and with any session")
  func mismatches() throws {
    let fixture = try fixture()
    let ada = try fixture.signUp("ada")
    let eve = try fixture.signUp("eve")
    let ended = try fixture.signIn("ada")
    _ = try fixture.dashboard.call(SetCurrentSessionEnded.self, as: ended)
    let right = Self.headers.merging(user(ada)) { $1 }
    let wrong: [[String: String?]] = [
      [Self.token: "the token "], [Self.token: "the toke"], [Self.token: ""], [Self.token: nil],
      [Self.server: "https://app.example/"], [Self.server: nil],
      [Self.account: "\(eve.accountid)"], [Self.account: nil], [Self.account: "x"],
      [Self.session: "\(eve.sessionid)"], [Self.session: nil], [Self.session: "sess_0000000000000000"],
      [Self.session: "\(ended.sessionid)"],
    ]
    for change in wrong {
      var variables = right
      for (name, value) in change { variables[name] = value }
      variables["HTTP_AUTHORIZATION"] = "Bearer \(ada.sessionid).\(ada.token ?? "")"
      for path in ["/api/user/current-session", "/api/settings"] {
        let answer = respond(fixture, "GET", path, variables)
        #expect(answer.status == 403, "\(change)")
        #expect(answer.text.contains("invalid-application-server"), "\(change)")
      }
    }
  }

  @Test("without APPLICATION_SERVER_TOKEN every application server is refused")
  func noToken() throws {
    for settings in [["APPLICATION_SERVER": "https://app.example"], [:]] {
      let fixture = try Fixture(settings: settings)
      for token in ["", "undefined", "the token"] {
        let variables = [Self.server: "https://app.example", Self.token: token]
        #expect(respond(fixture, "GET", "/api/settings", variables).status == 403)
      }
    }
  }

  @Test("an empty header counts as not sent")
  func blank() throws {
    let fixture = try fixture()
    let ada = try fixture.signUp("ada")
    var variables = ["HTTP_AUTHORIZATION": "Bearer \(ada.sessionid).\(ada.token ?? "")"]
    for name in [Self.server, Self.token, Self.account, Self.session] { variables[name] = "" }
    #expect(respond(fixture, "GET", "/api/user/current-session", variables).status == 200)
  }

  @Test("API_ACCESS: application admits only the application server, none refuses every caller with 404")
  func access() throws {
    let application = try fixture(["API_ACCESS": "application"])
    #expect(respond(application, "GET", "/api/settings", [:]).status == 404)
    #expect(respond(application, "GET", "/api/settings", [:]).text.contains("invalid-route"))
    #expect(respond(application, "OPTIONS", "/api/settings", [:]).status == 404)
    #expect(respond(application, "OPTIONS", "/api/settings", [Self.account: "x"]).status == 403)
    #expect(respond(application, "GET", "/api/settings", Self.headers).status == 200)
    #expect(respond(application, "GET", "/api/settings", [Self.server: "x"]).status == 403)
    let closed = try fixture(["API_ACCESS": "none"])
    #expect(respond(closed, "GET", "/api/settings", Self.headers).status == 404)
  }
}
