import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// What a person learns of others who know the password or have taken factors away.
@Suite("notices about second factors")
struct FactorNoticeTests {
  @Test("the last factor goes, and the notice of a failed second step stays")
  func noticeStays() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    try site.enrol(session)
    let thief = site.guest()
    _ = try thief.fill(Page.signIn.path, TestSite.credentials("ada"))
    #expect(try thief.fill(Page.secondStep.path, ["code": "000000"]).status == 401)
    let query = ["accountid": "\(session.accountid)"]
    _ = try site.dashboard.call(DeleteTOTP.self, query: query, as: session)
    #expect(try ada.get(Page.account.path).says(.wrongCodeNotice))
  }

  @Test("a failed second step after a right reset code is told")
  func noticeOfResetCode() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    try site.enrol(session)
    let code = ["secret-code": "abcdefgh12345678"]
    let query = ["accountid": "\(session.accountid)"]
    _ = try site.dashboard.call(CreateResetCode.self, query: query, posted: code, as: session)
    var form = code.merging(["username": "ada", "new-password": "another password"]) { $1 }
    #expect(try site.guest().fill(Page.resetAccount.path, form).status == 401)
    #expect(try !ada.get(Page.account.path).says(.wrongCodeNotice))
    form["code"] = "000000"
    #expect(try site.guest().fill(Page.resetAccount.path, form).status == 401)
    #expect(try ada.get(Page.account.path).says(.wrongCodeNotice))
  }

  @Test(
    "factors that an administrator took away are told for a week, while there is no new factor or password")
  func taken() throws {
    let site = try TestSite()
    let owner = try #require(site.member("owner").session)
    func helped(_ name: String) throws -> Person {
      let session = try #require(site.member(name).session)
      try site.enrol(session)
      _ = try site.dashboard.call(
        Administrator.DeleteSecondFactors.self, query: ["accountid": "\(session.accountid)"], as: owner)
      return try site.signedIn(name)
    }
    func isTold(_ person: Person) throws -> Bool {
      try person.get(Page.account.path).says(.factorsTakenNotice)
    }
    let people = try ["ada", "eve", "dan"].map(helped)
    for person in people { #expect(try isTold(person)) }
    site.clock.advance(seconds: 1)
    try site.enrol(#require(people[0].session))
    #expect(try !isTold(people[0]))
    // A thief with the password must not end the notice by setting one up and removing it.
    let own = try #require(people[0].session)
    _ = try site.dashboard.call(DeleteTOTP.self, query: ["accountid": "\(own.accountid)"], as: own)
    #expect(try isTold(people[0]))
    let fields = ["password": TestSite.password(of: "eve"), "new-password": "another password"]
    _ = try people[1].fill(Page.changePassword.path, fields)
    #expect(try !isTold(people[1]))
    site.clock.advance(seconds: 7 * 86_400 - 2)
    #expect(try isTold(people[2]))
    site.clock.advance(seconds: 2)
    #expect(try !isTold(people[2]))
  }

  @Test("strangers push no failed second step out of the activity")
  func strangers() throws {
    let site = try TestSite(["MAXIMUM_ATTEMPTS": "1000", "MAXIMUM_FACTOR_ATTEMPTS": "20"])
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    try site.enrol(session)
    let wrong = TestSite.credentials("ada").merging(["code": "000000"]) { $1 }
    #expect(throws: (any Error).self) { try site.dashboard.call(CreateSession.self, posted: wrong) }
    for network in 0..<30 {
      let stranger = site.guest(from: "198.\(network).100.1")
      _ = try stranger.fill(Page.signIn.path, ["username": "ada", "password": "wrong password"])
    }
    let events = try site.dashboard.call(
      Events.self, query: ["accountid": "\(session.accountid)", "all": "1"], as: session)
    #expect(events.count { $0.name == "second-factor-wrong" } == 1)
    #expect(events.count { $0.name == "sign-in-failed" } == 19)
    // Nor does a thief with the password push out what strangers do.
    for network in 0..<30 {
      let thief = Client.address("198.\(network).200.1", userAgent: "curl/8.0")
      #expect(throws: (any Error).self) {
        try site.dashboard.call(CreateSession.self, posted: wrong, from: thief)
      }
    }
    for network in 30..<50 {
      let stranger = site.guest(from: "198.\(network).100.1")
      _ = try stranger.fill(Page.signIn.path, ["username": "ada", "password": "wrong password"])
    }
    let later = try site.dashboard.call(
      Events.self, query: ["accountid": "\(session.accountid)", "all": "1"], as: session)
    #expect(later.count { $0.name == "sign-in-failed" } == 10)
  }

  @Test("an address at which a passkey has counted alone is not locked out by others")
  func rememberedByPasskey() throws {
    let site = try TestSite(["MAXIMUM_ATTEMPTS": "2"])
    let ada = try site.member("ada")
    var authenticator = try site.enrolPasskey(ada)
    for network in 0..<20 {
      let stranger = site.guest(from: "198.\(network).100.1")
      _ = try stranger.fill(Page.signIn.path, ["username": "ada", "password": "wrong password"])
    }
    func signIn(from address: String) throws -> Int {
      try site.guest(from: address).fill(Page.signIn.path, TestSite.credentials("ada")).status
    }
    #expect(try signIn(from: "203.0.113.1") == 429)
    let guest = site.guest(from: "203.0.113.1")
    let page = try guest.get(Page.signInByPasskey.path)
    #expect(try guest.submit(page, ["credential": authenticator.assertion(for: page)]).status == 303)
    #expect(try signIn(from: "203.0.113.1") == 303)
    // The same session at another address.
    let moved = site.guest(from: "203.0.113.2")
    moved.cookies = guest.cookies
    let verify = try moved.get(Page.verify.path)
    #expect(try signIn(from: "203.0.113.2") == 429)
    let answer = try moved.submit(
      verify, ["credential": authenticator.assertion(for: verify), "password": ""])
    #expect(answer.status == 303)
    #expect(try signIn(from: "203.0.113.2") == 303)
  }

  @Test(
    "the activity tells sign-ins with different second factors apart, and a session says how it was proven")
  func methods() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    let secret = try site.enrol(session)
    let made = try ada.fill(Page.createRecoveryCodes.path)
    let codes = try made.page.elements.filter { $0.name == "code" }.map(\.text)
    for code in [nil, nil, codes[0], codes[1]] as [String?] {
      site.clock.advance(seconds: 60)
      let guest = site.guest()
      _ = try guest.fill(Page.signIn.path, TestSite.credentials("ada"))
      _ = try guest.fill(Page.secondStep.path, ["code": code ?? site.code(secret)])
    }
    let events = try site.dashboard.call(
      Events.self, query: ["accountid": "\(session.accountid)", "all": "1"], as: session)
    let signIns = events.filter { $0.name == "signed-in" }
    #expect(signIns.map(\.authenticatedBy) == ["password recovery-code", "password totp", "password"])
    #expect(signIns.map(\.count) == [2, 2, 1])
    let rows = try ada.get(Page.activity.path).page.elements.filter { $0["class"] == "hint" }.map(\.text)
    for words in ["password, recovery code", "password, authenticator app"] {
      #expect(rows.contains { $0.contains(words) && $0.contains("2 times (first: ") }, "\(rows)")
    }
    let shown = try ada.get("\(Page.session.path)?sessionid=\(session.sessionid)")
    #expect(try shown.page.elements.contains { $0.name == "dd" && $0.text == "password, authenticator app" })
  }
}
