import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// SECOND_FACTOR, and what the pages say of wrong codes.
@Suite("required second factors, and their pages")
struct SecondFactorPageTests {
  /// A browser without scripts: the cookies and the forms of one person.
  private final class Visit {
    let here: TwoStepSite
    var cookies: [String: String] = [:]

    init(_ here: TwoStepSite, _ user: Site.User? = nil) {
      self.here = here
      if let user { cookies["dashboard_session"] = "\(user.sessionid).\(user.token)" }
    }

    func request(_ method: String, _ path: String, _ form: [(key: String, value: String)]? = nil) throws
      -> HTTPResponse
    {
      let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
      var headers = [("Cookie", cookie)]
      if form != nil { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
      let answer = try here.site.request(
        method, path, headers: headers, body: form.map { Array(Site.urlEncoded($0).utf8) })
      for cookie in answer.all("Set-Cookie") {
        let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
        cookies[pair[0]] = cookie.contains("Max-Age=0") ? nil : pair.last
      }
      return answer
    }

    func get(_ path: String) throws -> HTTPResponse { try request("GET", path) }

    /// Opens a page, fills its form in, and posts it.
    func fill(_ path: String, _ values: [String: String] = [:]) throws -> HTTPResponse {
      let page = try Markup(get(path).text)
      let place = page.elements.firstIndex { $0.name == "form" && $0["class"] != "languages" }
      let form = try #require(place, "no form at \(path)")
      var fields = page.all(["input"], in: form).compactMap { input in
        input["name"].map { (key: $0, value: values[$0] ?? input["value"] ?? "") }
      }
      if fields.contains(where: { $0.key == "remember" }) {
        fields.removeAll { $0.key == "remember" && $0.value != "minutes" }
      }
      return try request("POST", page.elements[form]["action"] ?? path, fields)
    }
  }

  private static let mayLack: Set<String> = [
    "second-factors", "create-totp", "set-totp-confirmed", "current-session", "set-session-verified",
    "set-current-session-ended", "create-passkey-options", "create-passkey",
  ]

  @Test(
    "where a second factor is required, an account without one gets nothing else",
    arguments: ["required", "administrators"])
  func required(policy: String) throws {
    let here = try TwoStepSite(settings: ["SECOND_FACTOR": policy])
    let (owner, user) = (try here.site.signUp("owner"), try here.site.signUp("user"))
    for declaration in Routes.endpoints.map(\.declaration) where declaration.access.role != .anyone {
      let name = String(declaration.route.split(separator: "/").last ?? "")
      let isAdministrators = declaration.access.isForAdministrators
      let isExempt = Self.mayLack.contains(name) && !isAdministrators
      #expect((declaration.access.factors == .waived) == isExempt, "\(declaration.route)")
      for (caller, isOwner) in [(owner, true), (user, false)] {
        // Signing out comes last.
        guard name != "set-current-session-ended", isOwner || !isAdministrators else { continue }
        let answer = try here.ask(
          declaration.verb.rawValue, String(declaration.route.dropFirst("/api/".count)), as: caller)
        let isRefused = !isExempt && (isOwner || policy == "required")
        #expect(try (answer.verdict == "403 second-factor-missing") == isRefused, "\(declaration.route)")
      }
    }
    for caller in [owner, user] {
      #expect(try here.ask("PATCH", "user/set-current-session-ended", as: caller).status == 200)
    }
  }

  @Test("the pages lead to setting it up, and the last factor then stays", arguments: Front.allCases)
  func enrolling(front: Front) throws {
    let here = try TwoStepSite(front, settings: ["SECOND_FACTOR": "required"])
    let user = try here.site.signUp("ada")
    let visit = Visit(here, user)
    for path in ["/account", "/account/sessions", "/account/change-password", "/administrator"] {
      let led = try visit.get(path)
      #expect(led.status == 303 && led["Location"]?.hasPrefix("/account/two-factor") == true, "\(path)")
    }
    #expect(try visit.get("/account/two-factor").status == 200)
    #expect(
      try visit.fill("/account/set-up-authenticator-app")["Location"] == "/account/confirm-authenticator-app")
    let page = try visit.get("/account/confirm-authenticator-app").text
    #expect(page.contains("<svg"))
    let secret = try #require(page.firstMatch(of: /secret=([A-Z2-7]{32})/))
    let app = try AuthenticatorApp(String(secret.1))
    #expect(try visit.fill("/account/confirm-authenticator-app", ["code": "12345"]).status == 400)
    let shown = try visit.fill("/account/confirm-authenticator-app", ["code": app.code(-1)])
    #expect(shown.status == 200 && shown.text.matches(of: />[A-Z2-7]{4}(-[A-Z2-7]{4}){3}</).count == 10)
    #expect(try visit.get("/account").status == 200)
    #expect(try !visit.get("/account/remove-authenticator-app").text.contains("Remove the app"))
    let own = "?accountid=\(user.accountid)"
    #expect(try here.ask("DELETE", "user/delete-totp\(own)", as: user).verdict == "409 invalid-totp")

    // Signing in by the pages: the password first, then the code.
    let again = Visit(here)
    let first = try again.fill("/account/signin", ["username": "ada", "password": "password of ada"])
    #expect(first.status == 303 && first["Location"]?.hasPrefix("/account/second-step") == true)
    #expect(try again.get("/account")["Location"]?.hasPrefix("/account/signin") == true)
    #expect(try again.fill("/account/second-step", ["code": ""]).status == 400)
    #expect(try again.fill("/account/second-step", ["code": AuthenticatorApp.wrongCode]).status == 401)
    #expect(try again.fill("/account/second-step", ["code": app.code(1)])["Location"] == "/account")
    #expect(try again.get("/account").status == 200 && again.cookies["dashboard_pending"] == nil)
    #expect(try again.get("/account/second-step").status == 303)
  }

  @Test(
    "a wrong code after the right password is told on the pages, unless that sign-in was completed",
    arguments: Front.allCases)
  func notice(front: Front) throws {
    let here = try TwoStepSite(front)
    let ada = try here.member("ada")
    let visit = Visit(here, ada.user)
    func isTold() throws -> Bool {
      let page = try visit.get("/account")
      #expect(page.status == 200)
      return page.text.contains(
        "Someone typed your password or a reset code, and then failed at the second step.")
    }
    #expect(try !isTold())
    // The holder mistypes, and then signs in.
    let own = try here.begin(ada)
    #expect(try here.complete(own, AuthenticatorApp.wrongCode).status == 401)
    #expect(try here.complete(own, ada.recoveryCodes[0]).status == 200)
    #expect(try !isTold())
    // Another person gives up, or comes back for more.
    let others = try here.begin(ada)
    #expect(try here.complete(others, AuthenticatorApp.wrongCode).status == 401)
    #expect(try isTold())
    #expect(try here.signIn(ada, code: ada.recoveryCodes[1]).status == 200)
    #expect(try isTold())
    #expect(try visit.fill("/account/wrong-code")["Location"] == "/account")
    #expect(try !isTold())
    // The wrong code stays known when its sign-in ends.
    let replaced = try here.begin(ada)
    #expect(try here.complete(replaced, AuthenticatorApp.wrongCode).status == 401)
    let next = try TwoStepSite.pending(here.signIn(ada, cookie: replaced))
    #expect(try here.complete(next, ada.recoveryCodes[2]).status == 200)
    #expect(try isTold())
  }
}
