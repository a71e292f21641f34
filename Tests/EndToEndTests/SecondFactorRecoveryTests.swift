import TestSupport
import Testing

/// What helps a person who has lost the authenticator app.
@Suite("recovery of accounts with second factors")
struct SecondFactorRecoveryTests {
  private static let owed = "401 second-factor-required"

  private func factors(_ member: TwoStepSite.Member, _ here: TwoStepSite, as user: Site.User? = nil) throws
    -> JSON
  {
    try here.ask("GET", "user/second-factors\(member.own)", as: user ?? member.user).json
  }

  @Test("a recovery code counts once in any spelling, and no more after new ones")
  func recoveryCodes() throws {
    let here = try TwoStepSite()
    let ada = try here.member("ada")
    let spellings: [(String) -> String] = [
      { $0 }, { $0.lowercased() }, { $0.replacing("-", with: "") }, { $0.replacing("-", with: " ") },
      { " \($0.lowercased().replacing("-", with: " - "))\t" },
    ]
    for (index, spell) in spellings.enumerated() {
      let code = ada.recoveryCodes[index]
      #expect(try here.signIn(ada, code: spell(code)).status == 200)
      for again in [code, spell(code)] {
        #expect(try here.signIn(ada, code: again).verdict == "401 invalid-code")
      }
      #expect(try factors(ada, here)["recoveryCodesLeft"] == .number(Double(9 - index)))
    }
    let made = try here.ask("POST", "user/create-recovery-codes\(ada.own)", as: ada.user)
    let new = try #require(try made.json["recoveryCodes"]?.array?.compactMap(\.string))
    #expect(new.count == 10 && Set(new).isDisjoint(with: ada.recoveryCodes))
    #expect(try here.signIn(ada, code: ada.recoveryCodes[9]).verdict == "401 invalid-code")
    #expect(try here.signIn(ada, code: new[9]).status == 200)
    // Those of another account do not count.
    let eve = try here.member("eve")
    #expect(try here.signIn(eve, code: new[0]).verdict == "401 invalid-code")
  }

  @Test(
    "an administrator takes a person's factors away, the owner an administrator's, and the owner keeps the own",
    arguments: Front.allCases)
  func administrators(front: Front) throws {
    let here = try TwoStepSite(front)
    let (owner, helper) = (try here.member("owner"), try here.member("helper"))
    let (second, ada) = (try here.member("second"), try here.member("ada"))
    for member in [helper, second] {
      let answer = try here.ask(
        "PATCH", "administrator/set-account-administrator\(member.own)", as: owner.user)
      #expect(answer.status == 200)
    }
    func remove(_ member: TwoStepSite.Member, by caller: TwoStepSite.Member) throws -> HTTPResponse {
      try here.ask("DELETE", "administrator/delete-second-factors\(member.own)", as: caller.user)
    }
    #expect(try remove(second, by: ada).verdict == "403 Administrator required")
    #expect(try remove(second, by: helper).verdict == "403 invalid-account")
    #expect(try remove(helper, by: helper).verdict == "403 invalid-account")
    for caller in [owner, helper] { #expect(try remove(owner, by: caller).verdict == "403 invalid-account") }
    for member in [owner, helper, second, ada] { #expect(try here.signIn(member).verdict == Self.owed) }
    #expect(try remove(ada, by: helper).verdict == "200")
    #expect(try remove(ada, by: helper).verdict == "409 invalid-account")
    #expect(try remove(second, by: owner).verdict == "200")
    for member in [second, ada] {
      #expect(try here.ask("GET", "user/current-session", as: member.user).status == 401)
      let user = try here.user(here.signIn(member))
      let events = try here.ask("GET", "user/events\(member.own)", as: user).json.array ?? []
      let event = events.first { $0["name"] == .string("second-factors-removed") }
      #expect(event?["by"] == .string("administrator"))
      let actor = (member.name == "ada" ? helper : owner).user.accountid
      let lines = try here.log.filter { $0["account"] == .string(member.user.accountid) }
      #expect(lines.contains { $0["by"] == .string(actor) })
      #expect(try factors(member, here, as: user)["totpSince"] == nil)
    }
  }

  @Test("a person who was locked out and helped gets in, and learns that another one knows the password")
  func lockedOut() throws {
    let here = try TwoStepSite()
    let (owner, ada) = (try here.member("owner"), try here.member("ada"))
    for _ in 0..<6 { _ = try here.signIn(ada, code: AuthenticatorApp.wrongCode) }
    #expect(try here.signIn(ada, code: ada.recoveryCodes[0]).verdict == "429 too-many-attempts")
    let path = "administrator/delete-second-factors\(ada.own)"
    #expect(try here.ask("DELETE", path, as: owner.user).status == 200)
    let user = try here.user(here.signIn(ada))
    let page = try here.site.request("GET", "/account", as: user)
    #expect(page.text.contains("Someone typed your password"))
    let proposed = try here.ask("POST", "user/create-totp\(ada.own)", as: user).json
    let app = try AuthenticatorApp(proposed.id("secret"))
    let confirming = "user/set-totp-confirmed\(ada.own)"
    let factors = try here.ask("PATCH", confirming, ["code": app.code()], as: user).json
    let code = factors["recoveryCodes"]?.array?.first?.string
    #expect(try here.signIn(ada, code: code).status == 200)
  }
}
