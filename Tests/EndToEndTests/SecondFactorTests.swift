import DashboardRouting
import TestSupport
import Testing

/// Setting up an authenticator app, and signing in with it.
@Suite("second factors")
struct SecondFactorTests {
  @Test(
    "an authenticator app signs in only after a right code of it, and ends other sessions",
    arguments: Front.allCases)
  func enrolling(front: Front) throws {
    let here = try TwoStepSite(front)
    let user = try here.site.signUp("ada")
    let elsewhere = try here.site.signIn("ada")
    let own = "?accountid=\(user.accountid)"
    let proposed = try here.ask("POST", "user/create-totp\(own)", as: user).json
    #expect(try proposed.id("uri").hasPrefix("otpauth://totp/"))
    for (code, verdict) in [("AAAA-AAAA-AAAA-AAAA", "400 invalid-code"), ("", "400 invalid-code")] {
      #expect(
        try here.ask("PATCH", "user/set-totp-confirmed\(own)", ["code": code], as: user).verdict == verdict)
    }
    let app = try AuthenticatorApp(proposed.id("secret"))
    let wrong = (100_000...).lazy.map { "\($0)" }.first { code in
      !(-3...3).map { app.code($0) }.contains(code)
    }
    let refused = try here.ask("PATCH", "user/set-totp-confirmed\(own)", ["code": wrong ?? ""], as: user)
    #expect(try refused.verdict == "401 invalid-code")
    _ = try here.site.signIn("ada")
    #expect(try here.ask("GET", "user/second-factors\(own)", as: user).json["totpSince"] == nil)

    // A second implementation makes the code.
    let made = try ChildProcess.run(["/usr/bin/oathtool", "--totp", "--base32", proposed.id("secret")])
    let code = String(made.output.dropLast())
    let factors = try here.ask("PATCH", "user/set-totp-confirmed\(own)", ["code": code], as: user)
    #expect(factors.status == 200)
    let codes = try #require(try factors.json["recoveryCodes"]?.array?.compactMap(\.string))
    #expect(Set(codes).count == 10)
    for code in codes { #expect(code.wholeMatch(of: /[A-Z2-7]{4}(-[A-Z2-7]{4}){3}/) != nil) }
    #expect(try here.ask("GET", "user/current-session", as: user).status == 200)
    #expect(try here.ask("GET", "user/current-session", as: elsewhere).status == 401)
    let ada = TwoStepSite.Member(name: "ada", user: user, app: app, recoveryCodes: codes)
    #expect(try here.signIn(ada).verdict == "401 second-factor-required")
    // The code that set the app up is used.
    #expect(try here.signIn(ada, code: code).verdict == "401 invalid-code")
    #expect(try here.signIn(ada, code: codes[0]).status == 200)
    // The codes are shown once.
    let shown = try here.ask("GET", "user/second-factors\(own)", as: user).json
    #expect(shown["recoveryCodes"] == nil && shown["recoveryCodesLeft"] == .number(9))
  }

  @Test("within an hour the same secret is proposed again, and later a new one")
  func proposals() throws {
    let here = try TwoStepSite()
    for (name, seconds, isSame) in [("ada", Int64(3500), true), ("eve", 3700, false)] {
      let user = try here.site.signUp(name)
      let credentials = ["username": name, "password": "password of \(name)", "remember": "days"]
      let before = try here.user(here.askedBefore(seconds, "POST", "user/create-session", credentials))
      let old = try here.askedBefore(
        seconds, "POST", "user/create-totp?accountid=\(user.accountid)", as: before)
      func propose() throws -> String {
        try here.ask("POST", "user/create-totp?accountid=\(user.accountid)", as: before).json.id("secret")
      }
      let first = try propose()
      #expect(try (first == old.json.id("secret")) == isSame)
      #expect(try propose() == first)
    }
  }

  @Test("the code comes with the password in one request", arguments: Front.allCases)
  func oneRequest(front: Front) throws {
    let here = try TwoStepSite(front)
    let ada = try here.member("ada")
    #expect(try here.signIn(ada, code: AuthenticatorApp.wrongCode).verdict == "401 invalid-code")
    let answer = try here.signIn(ada, code: ada.app.code())
    #expect(answer.status == 200)
    #expect(answer.all("Set-Cookie").allSatisfy { !$0.contains("_pending=") || $0.contains("Max-Age=0") })
    let user = try here.user(answer)
    #expect(try here.ask("GET", "user/account\(ada.own)", as: user).json["secondFactor"] == .boolean(true))
  }

  @Test(
    "the code comes alone in a second request, with a cookie that no JSON shows",
    arguments: Front.allCases, [false, true])
  func twoRequests(front: Front, isSecure: Bool) throws {
    let here = try TwoStepSite(front, isSecure: isSecure)
    let ada = try here.member("ada")
    let form = ada.credentials.merging(["remember": "days"]) { $1 }
    let owed = try here.ask("POST", "user/create-session", form)
    #expect(owed.status == 401)
    let json = try owed.json
    #expect(json.names == ["object", "message", "factors", "detail"])
    #expect(json["object"] == .string("error") && json["message"] == .string("second-factor-required"))
    #expect(json["factors"] == .array([.string("totp"), .string("recovery-code")]))
    let cookie = try TwoStepSite.pending(owed)
    let value = try #require(cookie.split(separator: "=").last)
    let token = try #require(value.split(separator: ".").last)
    let prefix = isSecure ? "__Host-" : ""
    #expect(
      owed.all("Set-Cookie") == [
        "\(prefix)dashboard_pending=\(ada.user.accountid).\(token); Max-Age=300; Path=/; HttpOnly; SameSite=Strict"
          + (isSecure ? "; Secure" : "")
      ])
    #expect(!owed.text.contains(token) && token.count == 64)
    // It is no session.
    for name in ["\(prefix)dashboard_session", "\(prefix)dashboard_pending"] {
      let asked = try here.ask("GET", "user/current-session", cookie: "\(name)=\(value)")
      #expect(asked.status == 401)
    }
    let done = try here.complete(cookie, ada.app.code())
    #expect(done.status == 200 && !done.text.contains(token))
    #expect(try done.json["duration"] == .number(30 * 86_400))
    let cookies = done.all("Set-Cookie")
    #expect(cookies.contains { $0.hasPrefix("\(prefix)dashboard_session=sess_") })
    #expect(cookies.contains { $0.hasPrefix("\(prefix)dashboard_pending=; Max-Age=0;") })
    #expect(try here.complete(cookie, ada.recoveryCodes[0]).verdict == "401 second-factor-expired")
  }

  @Test("a sign-in waits for five minutes")
  func fiveMinutes() throws {
    let here = try TwoStepSite()
    let ada = try here.member("ada")
    for (seconds, verdict) in [(Int64(301), "401 second-factor-expired"), (280, "200")] {
      let cookie = try TwoStepSite.pending(
        here.askedBefore(seconds, "POST", "user/create-session", ada.credentials))
      #expect(try here.complete(cookie, ada.app.code()).verdict == verdict)
    }
  }

  @Test(
    "a sign-in no longer waits after a new password, a new session key, another sign-in of its browser, or its use"
  )
  func endings() throws {
    let here = try TwoStepSite()
    let expired = "401 second-factor-expired"
    let ada = try here.member("ada")
    let beforePassword = try here.begin(ada)
    let change = ["password": "password of ada", "new-password": "another password"]
    #expect(
      try here.ask("PATCH", "user/set-account-password\(ada.own)", change, as: ada.user).status == 200)
    #expect(try here.complete(beforePassword, ada.recoveryCodes[0]).verdict == expired)

    let eve = try here.member("eve")
    let beforeKey = try here.begin(eve)
    #expect(try here.ask("PATCH", "user/reset-session-key\(eve.own)", as: eve.user).status == 200)
    #expect(try here.complete(beforeKey, eve.recoveryCodes[0]).verdict == expired)
    let first = try here.begin(eve)
    let second = try TwoStepSite.pending(here.signIn(eve, cookie: first))
    #expect(try here.complete(first, eve.recoveryCodes[0]).verdict == expired)
    // The cookie of another account, and altered ones.
    let value = second.split(separator: ".")[1]
    let altered = [
      "dashboard_pending=\(ada.user.accountid).\(value)",
      String(second.dropLast()) + (second.last == "0" ? "1" : "0"),
      second.uppercased().replacing("DASHBOARD_PENDING", with: "dashboard_pending"), second + "0",
      "dashboard_pending=", "dashboard_session=\(second.split(separator: "=")[1])",
    ]
    for cookie in altered { #expect(try here.complete(cookie, eve.recoveryCodes[0]).verdict == expired) }
    #expect(try here.complete(second, eve.recoveryCodes[0]).status == 200)
    #expect(try here.complete(second, eve.recoveryCodes[1]).verdict == expired)
    // Nothing of what was refused was used up.
    let left = try here.ask("GET", "user/second-factors\(ada.own)", as: ada.user).json["recoveryCodesLeft"]
    #expect(left == .number(10))
    #expect(try here.signIn(eve, code: eve.recoveryCodes[1]).status == 200)
  }
}
