import DashboardCrypto
import DashboardRecords
import DashboardWireFormat
import TestSupport
import Testing

extension Site {
  func browser(_ origin: String = "http://localhost") -> APIBrowser {
    APIBrowser(origin) { [self] method, target, headers, body in
      try client().request(method, target, headers: headers, body: body)
    }
  }
}

/// Passkeys through real web servers. Tests/APITests has each refusal.
@Suite("passkeys behind a web server")
struct PasskeyTests {
  private static let places = [("/two-factor/", "include dashboard/two-factor;")]

  private func by(_ browser: inout APIBrowser) throws -> String {
    let answer = try browser.request("GET", "/", headers: [("X-Authenticated-By", "forged")])
    #expect(answer.status == 200, "\(answer.text)")
    return try answer.json["headers"]?["x-authenticated-by"]?.string ?? ""
  }

  @Test("each way to sign in is told to the guarded application", arguments: Front.allCases)
  func life(front: Front) throws {
    let guarded = try GuardedSite(front, places: Self.places)
    let site = guarded.site
    var ada = site.browser()
    try ada.signUp("ada")
    #expect(try by(&ada) == "password")
    let missing = try ada.request("GET", "/two-factor/x?y=1")
    #expect(try missing.verdict == "403 second-factor-missing")
    let led = try ada.request("GET", "/two-factor/x?y=1", headers: GuardedSite.navigation)
    #expect(led.status == 302)
    #expect(led.first("Location") == "/account/two-factor?return-url=/two-factor/x%3Fy%3D1")

    let options = try ada.request("POST", "create-passkey-options?accountid=\(ada.accountid)", [:])
    let bound = try #require(options.first("Set-Cookie"))
    #expect(bound.hasPrefix("dashboard_challenge="))
    #expect(bound.hasSuffix("; Max-Age=300; Path=/; HttpOnly; SameSite=Strict"))
    var passkey = SoftAuthenticator(.es256)
    let enrolled = try ada.enrol(&passkey)
    #expect(try enrolled.verdict == "200")
    let codes = try enrolled.json["recoveryCodes"]?.array?.compactMap(\.string) ?? []
    #expect(try by(&ada) == "password passkey")
    #expect(try ada.request("GET", "/two-factor/x").status == 200)
    try ada.signOut()
    #expect(try ada.request("GET", "/two-factor/x").status == 401)

    #expect(try ada.signIn(by: &passkey).verdict == "200")
    #expect(try by(&ada) == "passkey")
    #expect(try ada.request("GET", "/two-factor/x").status == 200)

    var second = site.browser()
    let owed = try second.signIn("ada")
    #expect(try owed.verdict == "401 second-factor-required")
    #expect(try owed.json["factors"] == [.string("passkey"), .string("recovery-code")])
    let cookie = try #require(owed.all("Set-Cookie").first { $0.hasPrefix("dashboard_pending=") })
    #expect(cookie.hasSuffix("; Max-Age=300; Path=/; HttpOnly; SameSite=Strict"))
    let reply = try second.answer("second-factor", &passkey) { $0.flags = 0x01 }
    #expect(try second.signIn(with: reply).verdict == "200")
    #expect(try by(&second) == "password passkey")

    var third = site.browser()
    #expect(try third.signIn("ada", ["code": codes.first ?? ""]).verdict == "200")
    #expect(try by(&third) == "password recovery-code")
    #expect(try third.request("GET", "/two-factor/x").status == 200)

    let secret = try third.request("POST", "create-totp?accountid=\(ada.accountid)", [:]).json["secret"]?
      .string
    let key = try #require(Base32.bytes(Array((secret ?? "").utf8)[...]))
    func code(_ steps: UInt64) -> String {
      let step = OneTimePassword.step(at: SystemClock().now().seconds) + steps
      return String(decoding: OneTimePassword.code(secret: key, step: step), as: UTF8.self)
    }
    let confirmed = try third.request(
      "PATCH", "set-totp-confirmed?accountid=\(ada.accountid)", ["code": code(0)])
    #expect(try confirmed.verdict == "200")
    #expect(try third.signIn("ada", ["code": code(1)]).verdict == "200")
    #expect(try by(&third) == "password totp")
  }

  @Test("where a second factor is required, the guard leads a person without one to set it up")
  func required() throws {
    let guarded = try GuardedSite(settings: ["SECOND_FACTOR": "required"])
    var ada = guarded.site.browser()
    try ada.signUp("ada")
    #expect(try ada.request("GET", "/cart").verdict == "403 second-factor-missing")
    let led = try ada.request("GET", "/cart", headers: GuardedSite.navigation)
    #expect(led.first("Location") == "/account/two-factor?return-url=/cart")
    #expect(try ada.request("GET", "/public/").status == 200)
    var passkey = SoftAuthenticator()
    #expect(try ada.enrol(&passkey).verdict == "200")
    #expect(try ada.request("GET", "/cart").status == 200)
    #expect(try ada.signIn(by: &passkey).verdict == "200")
    #expect(try by(&ada) == "passkey")
  }

  @Test("one answer that 32 send at once signs in once", arguments: ["sign-in", "second-factor"])
  func atOnce(purpose: String) throws {
    let site = try Site(.fastcgi, settings: ["MAXIMUM_FACTOR_ATTEMPTS": "20"])
    var (ada, passkey) = (site.browser(), SoftAuthenticator())
    passkey.counter = 0
    try ada.signUp("ada")
    #expect(try ada.enrol(&passkey).verdict == "200")
    var guest = site.browser()
    if purpose == "second-factor" { try guest.signIn("ada") }
    let (sender, reply) = (guest, try guest.answer(purpose, &passkey))
    var waiting = sender
    waiting.keep("dashboard_challenge", guest.cookies["dashboard_challenge"])
    let browser = waiting
    let statuses = try Threads.run(32) { _ in
      var one = browser
      return try one.signIn(with: reply).status
    }
    #expect(statuses.filter { $0 == 200 }.count == 1)
    #expect(statuses.allSatisfy { [200, 401, 429].contains($0) })
    #expect(try ada.request("GET", "sessions-count?accountid=\(ada.accountid)").text == "2")
    #expect(try Operator(of: site).text("check").hasPrefix("All is well."))
  }

  @Test("answers of another implementation are right, by each algorithm")
  func implementation() throws {
    let (site, keys) = (try Site(.fastcgi), try TemporaryDirectory())
    func answers(_ options: [JSON]) throws -> [String] {
      let script = "\(Programs.root)/Tests/Application/authenticator.py"
      let ending = try ChildProcess.run(
        [Programs.python, script, "http://localhost", keys.path], input: JSON.array(options).text)
      #expect(ending.status == 0, "\(ending.errors)")
      return try JSON(Array(ending.output.utf8)).array?.map(\.text) ?? []
    }
    var browsers = (0..<3).map { _ in site.browser() }
    for index in browsers.indices { try browsers[index].signUp("user \(index)") }
    let registrations = try answers(browsers.indices.map { try browsers[$0].creation() })
    for (index, answer) in registrations.enumerated() {
      let added = try browsers[index].request(
        "POST", "create-passkey?accountid=\(browsers[index].accountid)", ["credential": answer])
      #expect(try added.verdict == "200", "\(answer)")
    }
    let assertions = try answers(browsers.indices.map { try browsers[$0].challenge("sign-in") })
    for (index, answer) in assertions.enumerated() {
      let account = browsers[index].accountid
      let signedIn = try browsers[index].request("POST", "create-session", ["credential": answer])
      #expect(try signedIn.verdict == "200" && browsers[index].accountid == account, "\(answer)")
      let shown = try browsers[index].request("GET", "passkeys?accountid=\(account)").json.array?.first
      #expect(shown?["backedUp"] == .boolean(true))
    }
    #expect(registrations.count == 3 && assertions.count == 3)
  }

  @Test("password managers find where to add a passkey", arguments: Front.everywhere)
  func endpoints(front: Front) throws {
    let site = try Site(front, isSecure: true)
    let path = "/.well-known/passkey-endpoints"
    let found = try site.request("GET", path, headers: [("Host", "accounts.example:8443")])
    #expect(found.status == 200 && found["Content-Type"] == "application/json")
    #expect(try found.json["enroll"]?.string == "https://accounts.example:8443/account/add-passkey")
    #expect(try found.json["manage"]?.string == "https://accounts.example:8443/account/two-factor")
    #expect(try site.request("GET", path, headers: [("Host", "192.0.2.1")]).status == 404)
  }

  @Test("an operator takes all second factors away, the owner's too; the password then signs in alone")
  func command() throws {
    let site = try Site(.fastcgi, settings: ["KEEP_USERNAMES": "true"])
    let grace = Operator(of: site, settings: ["KEEP_USERNAMES": "true"])
    var (ada, passkey) = (site.browser(), SoftAuthenticator())
    try ada.signUp("ada")
    #expect(try ada.enrol(&passkey).verdict == "200")
    let command = ["account", "remove-second-factors", "ada"]
    #expect(try grace.run(command + ["--dry-run"]).output.hasPrefix("Dry run, nothing is changed"))
    #expect(try grace.text("account", "show", "ada").contains("1 passkey"))
    #expect(
      try grace.text("account", "remove-second-factors", "ada").contains("Removed the second factors of"))
    try grace.expectRefusal(command, 65, "the account has no second factor")
    #expect(try ada.request("GET", "current-session").status == 401)
    var guest = site.browser()
    #expect(try guest.signIn(by: &passkey).verdict == "401 invalid-credential")
    #expect(try guest.signIn("ada").verdict == "200")
    let events = try guest.request("GET", "events?accountid=\(ada.accountid)").json.array ?? []
    let removed = try #require(events.first { $0["name"]?.string == "second-factors-removed" })
    #expect(removed["by"]?.string == "operator")
    #expect(try grace.text("check").hasPrefix("All is well."))
    #expect(try guest.enrol(&passkey).verdict == "200")
  }
}
