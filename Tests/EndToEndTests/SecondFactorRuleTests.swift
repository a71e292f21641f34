import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// What an account with a second factor asks of its holder.
@Suite("rules of second factors")
struct SecondFactorRuleTests {
  private static let wrong = AuthenticatorApp.wrongCode
  private static let owed = "401 second-factor-required"

  @Test("a reset code is used up only with the second factor", arguments: Front.allCases)
  func resetCode(front: Front) throws {
    let here = try TwoStepSite(front)
    let ada = try here.member("ada")
    let made = try here.ask(
      "POST", "user/create-reset-code\(ada.own)", ["secret-code": "lostAndFound"], as: ada.user)
    #expect(made.status == 200)
    let form = ["username": "ada", "secret-code": "lostAndFound", "new-password": "another password"]
    func use(_ code: String?) throws -> HTTPResponse {
      let values = form.merging(code.map { ["code": $0] } ?? [:]) { $1 }
      return try here.ask("PATCH", "user/reset-account-password", values)
    }
    let refused = try use(nil)
    #expect(try refused.verdict == Self.owed)
    #expect(try refused.json["factors"] == .array([.string("totp"), .string("recovery-code")]))
    #expect(refused.all("Set-Cookie") == [])
    #expect(try use(Self.wrong).verdict == "401 invalid-code")
    #expect(try here.ask("GET", "user/current-session", as: ada.user).status == 200)
    #expect(try here.signIn(ada).verdict == Self.owed)
    #expect(try use(ada.app.code()).status == 200)
    #expect(try here.ask("GET", "user/current-session", as: ada.user).status == 401)
    // The code of another step, and the reset code is gone.
    #expect(try use(ada.recoveryCodes[0]).verdict == "401 invalid-reset-code")
  }

  @Test("a deletion is cancelled only with the second factor", arguments: Front.allCases)
  func deletion(front: Front) throws {
    let here = try TwoStepSite(front)
    let ada = try here.member("ada")
    let form = ["password": "password of ada"]
    #expect(try here.ask("PATCH", "user/set-account-deleted\(ada.own)", form, as: ada.user).status == 200)
    func cancel(_ code: String?) throws -> String {
      let values = ada.credentials.merging(code.map { ["code": $0] } ?? [:]) { $1 }
      return try here.ask("PATCH", "user/reset-account-deleted", values).verdict
    }
    #expect(try cancel(nil) == Self.owed)
    #expect(try cancel(Self.wrong) == "401 invalid-code")
    // The account is told of only to who has the second factor.
    #expect(try here.signIn(ada).verdict == Self.owed)
    #expect(try here.signIn(ada, code: Self.wrong).verdict == "401 invalid-code")
    #expect(try here.signIn(ada, code: ada.recoveryCodes[0]).verdict == "409 account-deleted")
    let cookie = try here.begin(ada)
    #expect(try here.complete(cookie, ada.recoveryCodes[1]).verdict == "409 account-deleted")
    #expect(try here.complete(cookie, ada.recoveryCodes[2]).verdict == "401 second-factor-expired")
    #expect(try cancel(ada.recoveryCodes[3]) == "200")
    #expect(try here.signIn(ada, code: ada.recoveryCodes[4]).status == 200)
  }

  @Test("a suspension is told only after the second factor", arguments: Front.allCases)
  func suspension(front: Front) throws {
    let here = try TwoStepSite(front)
    let owner = try here.site.signUp("owner")
    let ada = try here.member("ada")
    let suspended = try here.ask("PATCH", "administrator/set-account-suspended\(ada.own)", as: owner)
    #expect(suspended.status == 200)
    #expect(try here.signIn(ada).verdict == Self.owed)
    let cookie = try here.begin(ada)
    #expect(try here.complete(cookie, Self.wrong).verdict == "401 invalid-code")
    #expect(try here.signIn(ada, code: ada.app.code()).verdict == "403 account-suspended")
    let told = try here.complete(cookie, ada.recoveryCodes[0])
    #expect(try told.verdict == "403 account-suspended")
    #expect(told.all("Set-Cookie").contains { $0.hasPrefix("dashboard_pending=; Max-Age=0") })
    // What was used up is in the log, in one request too.
    #expect(try here.signIn(ada, code: ada.recoveryCodes[1]).verdict == "403 account-suspended")
    #expect(try here.logged(ada.user.accountid).count { $0 == "recovery-code-used" } == 2)
  }

  @Test(
    "an account with a second factor changes name, password and deletion in a fresh session only, and fresh means both"
  )
  func freshness() throws {
    let here = try TwoStepSite(settings: ["MAXIMUM_ATTEMPTS": "1000"])
    let ada = try here.member("ada", secondsAgo: 20_000)
    let stale = "403 unverified-session"
    let changes = [
      ("set-account-username", ["new-username": "adele"]),
      ("set-account-password", ["new-password": "another one"]),
      ("set-account-deleted", [:]),
    ]
    func change(_ index: Int, _ password: String) throws -> String {
      let form = changes[index].1.merging(["password": password]) { $1 }
      return try here.ask("PATCH", "user/\(changes[index].0)\(ada.own)", form, as: ada.user).verdict
    }
    func verify(_ code: String?) throws -> String {
      let form = ada.credentials.merging(code.map { ["code": $0] } ?? [:]) { $1 }
      let query = "?sessionid=\(ada.user.sessionid)"
      return try here.ask("PATCH", "user/set-session-verified\(query)", form, as: ada.user).verdict
    }
    func expectStale() throws {
      for index in changes.indices {
        for password in ["wrong password", "password of ada"] {
          #expect(try change(index, password) == stale)
        }
      }
    }
    try expectStale()
    #expect(try !here.logged(ada.user.accountid).contains("proof-failed"))
    #expect(try verify(nil) == Self.owed)
    #expect(try verify(Self.wrong) == "401 invalid-code")
    try expectStale()
    #expect(try verify(ada.app.code()) == "200")
    #expect(try change(0, "wrong password") == "401 invalid-password")
    #expect(try change(0, "password of ada") == "200")
    #expect(try change(1, "password of ada") == "200")
    #expect(try change(2, "another one") == "200")
    // Without a second factor the password does.
    let credentials = ["username": "eve", "password": "password of eve", "remember": "days"]
    _ = try here.site.signUp("eve")
    let eve = try here.user(here.askedBefore(20_000, "POST", "user/create-session", credentials))
    let form = ["new-username": "evelyn", "password": "password of eve"]
    let query = "?accountid=\(eve.accountid)"
    #expect(try here.ask("PATCH", "user/set-account-username\(query)", form, as: eve).status == 200)
  }

  @Test("factors change in a fresh session only, and other sessions end with the app that is taken away")
  func removal() throws {
    let here = try TwoStepSite()
    let old = try here.member("eve", secondsAgo: 20_000)
    for (verb, route, form) in [
      ("POST", "create-totp", [:]), ("PATCH", "set-totp-confirmed", ["code": old.app.code()]),
      ("DELETE", "delete-totp", [:]), ("POST", "create-recovery-codes", [:]),
    ] as [(String, String, [String: String])] {
      let answer = try here.ask(verb, "user/\(route)\(old.own)", form, as: old.user)
      #expect(try answer.verdict == "403 unverified-session", "\(route)")
    }
    let ada = try here.member("ada")
    let elsewhere = try here.user(here.signIn(ada, code: ada.app.code()))
    let waiting = try here.begin(ada)
    let removed = try here.ask("DELETE", "user/delete-totp\(ada.own)", as: ada.user)
    #expect(try removed.json["recoveryCodesLeft"] == .number(0) && removed.json["totpSince"] == nil)
    #expect(try here.ask("GET", "user/current-session", as: ada.user).status == 200)
    #expect(try here.ask("GET", "user/current-session", as: elsewhere).status == 401)
    #expect(try here.complete(waiting, ada.recoveryCodes[0]).verdict == "401 second-factor-expired")
    #expect(try here.signIn(ada).status == 200)
  }

  @Test("every step is an event for the holder, and a line in the event log", arguments: Front.allCases)
  func events(front: Front) throws {
    let here = try TwoStepSite(front)
    let ada = try here.member("ada")
    #expect(try here.signIn(ada, code: Self.wrong).status == 401)
    let cookie = try here.begin(ada)
    #expect(try here.complete(cookie, ada.recoveryCodes[0]).status == 200)
    for (verb, route) in [
      ("POST", "create-recovery-codes"), ("DELETE", "delete-totp"), ("POST", "create-totp"),
    ] {
      #expect(try here.ask(verb, "user/\(route)\(ada.own)", as: ada.user).status == 200)
    }
    let expected = [
      "second-factor-wrong", "password-right", "recovery-code-used", "signed-in", "recovery-codes-created",
      "authenticator-app-removed",
    ]
    let logged = try here.logged(ada.user.accountid)
    #expect(logged == expected)
    let kept = try here.ask("GET", "user/events\(ada.own)&all=1", as: ada.user).json.array ?? []
    let names = Set(kept.compactMap { $0["name"]?.string })
    #expect(names.isSuperset(of: expected.filter { $0 != "password-right" } + ["authenticator-app-added"]))
    #expect(!kept.contains { $0["name"] == .string("second-factors-removed") })
  }
}
