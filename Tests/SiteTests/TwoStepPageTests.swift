import DashboardEndpoints
import DashboardSettings
@testable import DashboardSite
import DashboardWireFormat
import TestSupport
import Testing

/// Forms that ask for password and second factor first.
@Suite("forms of people with a second factor")
struct TwoStepPageTests {
  private let site: TestSite
  private let ada: Person
  private let secret: [UInt8]

  init() throws {
    site = try TestSite()
    ada = try site.member("ada")
    secret = try site.enrol(try #require(ada.session))
    site.clock.advance(seconds: 86_400)
  }

  private var password: String { TestSite.password(of: "ada") }

  private func asked(_ answer: Answer, _ fields: [String], _ what: String) throws {
    let page = try AccessTests.expectPage(answer, 403, what)
    #expect(answer.heading == Language.english.text(.verifyTitle), "\(what)")
    let visible = page.elements.filter { $0.name == "input" && $0["type"] != "hidden" && $0["name"] != nil }
    let names = visible.compactMap { $0["name"] }.filter { $0 != "language" }
    #expect(names.filter { $0 != "credential" } == fields, "\(what)")
  }

  @Test("the proof comes first, so that no password is typed twice")
  func first() throws {
    for page in [Page.changeUsername, .changePassword, .deleteAccount] {
      #expect(try ada.get(page.path).location == "/account/verify?return-url=\(page.path)")
    }
    let proof = ["password": password, "code": site.code(secret)]
    let way = "/account/verify?return-url=/account/change-password"
    #expect(try ada.fill(way, proof).location == "/account/change-password")
    let values = ["new-password": "another password", "password": password]
    #expect(try ada.fill("/account/change-password", values).status == 303)
  }

  @Test("a form asks once for password and code, and goes on with what was typed")
  func change() throws {
    let asking = ["verify-password", "code", "new-password"]
    let values = ["new-password": "another password", "password": password]
    // The session becomes stale while the page is open.
    site.clock.advance(seconds: -86_400)
    let page = try ada.get("/account/change-password")
    site.clock.advance(seconds: 86_400)
    let question = try ada.submit(page, values)
    #expect(try question.input("code")?["required"] != nil)
    try asked(question, asking, "first")
    for (changed, name, text) in [
      (["code": "123"], "code", Text.problemCodeMalformed),
      (["code": "AAAA-AAAA-AAAA-AAAA"], "code", .problemCode),
      (["code": ""], "code", .problemFactorOwed),
      (["verify-password": "wrong password"], "verify-password", .problemWrongPassword),
    ] {
      let proof = ["verify-password": password, "code": site.code(secret)]
      let again = try ada.submit(question, values.merging(proof) { $1 }.merging(changed) { $1 })
      try asked(again, asking, name)
      #expect(try again.text(of: "problem")?.contains(Language.english.text(text)) == true, "\(changed)")
      #expect(try again.input(name)?["aria-invalid"] == "true", "\(changed)")
    }
    let proof = [
      "verify-password": password, "code": site.code(secret), "new-password": "another password",
    ]
    let done = try ada.submit(question, proof)
    #expect(done.status == 303 && done.location?.hasPrefix("/account?") == true)
    // The session is fresh: the next form asks no more than its own password.
    let next = try ada.fill(
      "/account/change-username", ["new-username": "adele", "password": "another password"])
    #expect(next.status == 303)
  }

  @Test("the code is not required where a passkey can stand in its place")
  func eitherFactor() throws {
    site.clock.advance(seconds: -86_400)
    _ = try site.passkey(of: #require(ada.session))
    let page = try ada.get("/account/change-password")
    site.clock.advance(seconds: 86_400)
    let values = ["new-password": "another password", "password": password]
    let question = try ada.submit(page, values)
    #expect(try question.input("code")?["required"] == nil)
    #expect(try question.input("verify-password")?["required"] != nil)
  }

  @Test("a new authenticator app asks for a code of the former one and for one of its own")
  func replace() throws {
    site.clock.advance(seconds: -86_400)
    #expect(
      try ada.fill("/account/set-up-authenticator-app").location == "/account/confirm-authenticator-app")
    site.clock.advance(seconds: 3500)
    let session = try #require(ada.session)
    let proposed = try site.secret(
      site.dashboard.call(
        CreateTOTP.self, query: ["accountid": "\(session.accountid)"], as: session))
    let page = try ada.get("/account/confirm-authenticator-app")
    // The last proof is too old when the form arrives.
    try site.age(session, by: 86_400)
    let led = try ada.submit(page, ["code": site.code(proposed)])
    let way = "/account/verify?return-url=/account/confirm-authenticator-app"
    #expect(led.status == 303 && led.location == way)
    #expect(try ada.fill(way, ["password": password, "code": site.code(proposed)]).status == 401)
    let proven = try ada.fill(way, ["password": password, "code": site.code(secret)])
    #expect(proven.location == "/account/confirm-authenticator-app")
    // The picture of the key is there again.
    let again = try ada.get("/account/confirm-authenticator-app")
    #expect(again.text.contains("<svg"))
    let done = try ada.submit(again, ["code": site.code(proposed)])
    #expect(done.status == 303 && done.location?.hasPrefix("/account/two-factor") == true)
    let factors = try site.dashboard.call(
      ReadSecondFactors.self, query: ["accountid": "\(session.accountid)"], as: session)
    // The recovery codes stay.
    #expect(factors.recoveryCodesLeft == 10)
  }

  @Test("where a second factor is required, its pages ask for no password again while the session is fresh")
  func required() throws {
    let site = try TestSite(["SECOND_FACTOR": "required"])
    let grace = try site.member("grace")
    #expect(try grace.get("/account").location?.hasPrefix("/account/two-factor") == true)
    #expect(
      try grace.fill("/account/set-up-authenticator-app").location == "/account/confirm-authenticator-app")
    let page = try grace.get("/account/confirm-authenticator-app")
    let text = try #require(page.text.firstMatch(of: /secret=([A-Z2-7]{32})/)).1
    let secret = try #require(Base32.bytes(Array(text.utf8)[...]))
    let shown = try grace.submit(page, ["code": site.code(secret)])
    try AccessTests.expectPage(shown, 200)
    #expect(shown.heading == Language.english.text(.recoveryShownTitle))
    try AccessTests.expectPage(grace.get("/account"), 200)
  }
}
