import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// How recovery codes are made, shown and used on the pages.
@Suite("recovery codes on the pages")
struct RecoveryCodePageTests {
  @Test("a recovery code that was used is told, also to the second click")
  func recoveryCode() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    try site.enrol(session)
    let made = try ada.fill(Page.createRecoveryCodes.path)
    let codes = try made.page.elements.filter { $0.name == "code" }.map(\.text)
    let guest = site.guest()
    _ = try guest.fill(Page.signIn.path, TestSite.credentials("ada"))
    let page = try guest.get(Page.secondStep.path)
    let cookies = guest.cookies
    for _ in 1...2 {
      guest.cookies = cookies
      let led = try guest.submit(page, ["code": #require(codes.first)])
      #expect(led.location == "/account?notice=recovery-code-used")
    }
    // Of a guarded application's page nothing is said.
    let other = site.guest()
    _ = try other.fill(Page.signIn.path + "?return-url=/cart", TestSite.credentials("ada"))
    let step = try other.get(Page.secondStep.path + "?return-url=/cart")
    #expect(try other.submit(step, ["code": codes[1]]).location == "/cart")
  }

  @Test("a recovery code that was used elsewhere is not told of another second step")
  func otherRecoveryCode() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let secret = try site.enrol(#require(ada.session))
    let made = try ada.fill(Page.createRecoveryCodes.path)
    let code = try #require(try made.page.elements.first { $0.name == "code" }?.text)
    site.clock.advance(seconds: 60)
    let fields = ["password": TestSite.password(of: "ada"), "code": code]
    #expect(try ada.fill(Page.verify.path, fields).location == "/account")
    let guest = site.guest()
    _ = try guest.fill(Page.signIn.path, TestSite.credentials("ada"))
    #expect(try guest.fill(Page.secondStep.path, ["code": site.code(secret)]).location == "/account")
  }

  @Test("a form makes its recovery codes once, and brings back none that were used or replaced")
  func codesOfForm() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    try site.enrol(session)
    func codes(_ answer: Answer) throws -> [String] {
      try answer.page.elements.filter { $0.name == "code" }.map(\.text)
    }
    func signsIn(_ code: String) throws -> Bool {
      let posted = TestSite.credentials("ada").merging(["code": code]) { $1 }
      return (try? site.dashboard.call(CreateSession.self, posted: posted)) != nil
    }
    let (first, second) = (
      try ada.get(Page.createRecoveryCodes.path), try ada.get(Page.createRecoveryCodes.path)
    )
    let former = try codes(ada.submit(first))
    #expect(try codes(ada.submit(first)) == former && signsIn(former[0]))
    let current = try codes(ada.submit(second))
    #expect(current.count == 10 && Set(current).isDisjoint(with: former))
    let replaced = "\(Page.twoFactor.path)?notice=recovery-codes-replaced"
    #expect(try ada.submit(first).location == replaced)
    #expect(try !signsIn(former[0]) && !signsIn(former[1]))
    for code in current { #expect(try signsIn(code)) }
    #expect(try ada.submit(second).location == replaced)
    #expect(try !signsIn(current[0]))
    let events = try site.dashboard.call(
      Events.self, query: ["accountid": "\(session.accountid)", "all": "1"], as: session)
    #expect(events.count { $0.name == "recovery-codes-created" } == 2)
  }

  @Test("a form that set up the first second factor brings its recovery codes to no other one")
  func codesOfFirstForm() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    let query = ["accountid": "\(session.accountid)"]
    var shown: [[String]] = []
    let proposed = try site.dashboard.call(CreateTOTP.self, query: query, as: session)
    let page = try ada.get(Page.confirmAuthenticator.path)
    var secret = try site.secret(proposed)
    for _ in 1...2 {
      let answer = try ada.submit(page, ["code": site.code(secret)])
      shown.append(try answer.page.elements.filter { $0.name == "code" }.map(\.text))
      _ = try site.dashboard.call(DeleteTOTP.self, query: query, as: session)
      secret = try site.secret(site.dashboard.call(CreateTOTP.self, query: query, as: session))
    }
    #expect(shown.map(\.count) == [10, 10] && Set(shown[0]).isDisjoint(with: shown[1]))
  }

  @Test("recovery codes say whose they are, and can be saved")
  func codes() throws {
    let site = try TestSite(["SITE_NAME": "Chor & Club", "KEEP_USERNAMES": "true"])
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    try site.enrol(session)
    let answer = try ada.fill(Page.createRecoveryCodes.path)
    let codes = try answer.page.elements.filter { $0.name == "code" }.map(\.text)
    let link = try #require(try answer.page.elements.first { $0["download"] != nil })
    let date = Language.english.date(site.clock.now())
    let lines =
      [
        "Chor%20%26%20Club%3A%20Recovery%20codes", "http%3A//localhost", "ada",
        date.replacing(" ", with: "%20"), "",
      ] + codes
    #expect(link["href"] == "data:text/plain;charset=utf-8," + lines.map { $0 + "%0A" }.joined())
    #expect(codes.count == 10)
    #expect(
      try answer.page.elements.contains {
        $0.name == "p" && $0.text == "Chor & Club, http://localhost, ada, \(date)"
      })
  }
}
