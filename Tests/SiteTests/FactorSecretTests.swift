import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// What a form must not show or bring back.
@Suite("secrets of second factors on the pages")
struct FactorSecretTests {
  private let site: TestSite
  private let ada: Person
  private let session: Session
  private var query: [String: String] { ["accountid": "\(session.accountid)"] }

  init() throws {
    site = try TestSite()
    ada = try site.member("ada")
    session = try #require(ada.session)
  }

  private func propose() throws -> AuthenticatorSecret {
    try site.dashboard.call(CreateTOTP.self, query: query, as: session)
  }

  @Test("a session that is not fresh sees no proposed secret, whatever it posts")
  func stale() throws {
    let path = "/account/confirm-authenticator-app"
    let shown = try propose().secret.prefix(4)
    #expect(try ada.get(path).text.contains(shown))
    let late = try TestSite(["SESSION_VERIFICATION_DELAY": "60"])
    let eve = try late.member("eve")
    let other = try #require(eve.session)
    let own = ["accountid": "\(other.accountid)"]
    let proposed = try late.dashboard.call(CreateTOTP.self, query: own, as: other)
    late.clock.advance(seconds: 120)
    #expect(try eve.get(path).location?.hasPrefix("/account/verify") == true)
    for fields in [["form-token": "wrong"], ["form-token": "wrong", "sealed": "00"], ["sealed": "00"]] {
      let answer = try eve.request("POST", path, Person.encoded(fields.map { ($0.key, $0.value) }))
      #expect(!answer.text.contains(proposed.secret.prefix(4)), "\(fields)")
    }
  }

  @Test("a secret that a thief proposed ends with the thief's session")
  func planted() throws {
    let planted = try propose().secret
    #expect(try propose().secret == planted)
    let fields = ["password": TestSite.password(of: "ada"), "new-password": "another password"]
    _ = try site.dashboard.call(SetAccountPassword.self, query: query, posted: fields, as: session)
    #expect(try propose().secret != planted)
  }

  @Test("a secret that another session proposed is not the holder's")
  func proposedByAnother() throws {
    let thief = try site.signedIn("ada")
    let other = try #require(thief.session)
    let planted = try site.dashboard.call(CreateTOTP.self, query: query, as: other)
    // The page offers to begin, and shows nothing of it.
    #expect(try ada.get("/account/confirm-authenticator-app").location == "/account/set-up-authenticator-app")
    let own = try propose()
    #expect(own.secret != planted.secret)
    #expect(throws: (any Error).self) {
      try site.dashboard.call(
        SetTOTPConfirmed.self, query: query, posted: ["code": site.code(site.secret(own))], as: other)
    }
    _ = try site.dashboard.call(
      SetTOTPConfirmed.self, query: query, posted: ["code": site.code(site.secret(own))], as: session)
  }

  @Test("without a proposal, no code but the one just used is told to have set the app up")
  func nothing() throws {
    let secret = try site.enrol(session)
    let path = "/account/confirm-authenticator-app"
    let token = session.formToken(path: path)
    for (code, isSetUp) in [("000000", false), (site.code(secret, 1), false), (site.code(secret), true)] {
      let answer = try ada.post(path, ["form-token": token, "code": code])
      #expect((answer.status == 303) == isSetUp, "\(code)")
    }
  }

  @Test("recovery codes of a form that is sent again stay, and a used one stays used")
  func again() throws {
    try site.enrol(session)
    let form = try ada.get("/account/create-recovery-codes")
    let shown = try ada.submit(form)
    let codes = try shown.page.all("li").map(\.text).filter { $0.utf8.count == 19 }
    #expect(codes.count == 10)
    func signIn(_ code: String) -> Bool {
      let posted = TestSite.credentials("ada").merging(["code": code]) { $1 }
      return (try? site.dashboard.call(CreateSession.self, posted: posted)) != nil
    }
    #expect(signIn(codes[0]))
    let repeated = try ada.submit(form)
    #expect(try repeated.page.all("li").map(\.text).filter { $0.utf8.count == 19 } == codes)
    #expect(!signIn(codes[0]))
    #expect(signIn(codes[1]))
  }
}
