import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import DashboardWireFormat
import TestSupport
import Testing

/// Pages on which a code or a passkey stands beside a password or a reset code.
@Suite("a code or a passkey in the forms of the pages")
struct SecondStepPageTests {
  private let site: TestSite
  private let ada: Person
  private let session: Session
  private let secret: [UInt8]
  private var authenticator: SoftAuthenticator

  init() throws {
    site = try TestSite()
    ada = try site.member("ada")
    session = try #require(ada.session)
    authenticator = try site.enrolPasskey(ada)
    secret = try site.enrol(session)
    // The code of the enrolment was used.
    site.clock.advance(seconds: 60)
  }

  private var query: [String: String] { ["accountid": "\(session.accountid)"] }

  private func problem(_ answer: Answer) throws -> String { try answer.text(of: "problem") ?? "none" }

  /// The identifiers of the credentials that a page names.
  private func named(_ page: Answer) throws -> [String] {
    try page.passkeyOptions()["allowCredentials"]?.array?.compactMap { $0["id"]?.string } ?? []
  }

  private var notice: Timestamp? {
    get throws {
      try site.dashboard.services.store.read(session.appid) {
        try $0.account(session.accountid)?.factors?.unnoticedWrongCode
      }
    }
  }

  @Test("a form that names an account names its passkeys once it has proven it", arguments: [true, false])
  func listed(isRestored: Bool) throws {
    let code = "abcdefgh12345678"
    var values = ["username": "ada", "secret-code": code, "new-password": "another password"]
    if isRestored {
      values = TestSite.credentials("ada")
      _ = try site.dashboard.call(
        SetAccountDeleted.self, query: query, posted: ["password": TestSite.password(of: "ada")], as: session)
    } else {
      _ = try site.dashboard.call(
        CreateResetCode.self, query: query, posted: ["secret-code": code], as: session)
    }
    let page = isRestored ? Page.restoreAccount : .resetAccount
    let guest = site.guest()
    let empty = try guest.get(page.path)
    #expect(try named(empty) == [])
    let wrong = isRestored ? ["password": "wrong password"] : ["secret-code": "wrongcode12345678"]
    let refused = try guest.submit(empty, values.merging(wrong) { $1 })
    #expect(refused.status == 401)
    #expect(try named(refused) == [])
    let owed = try guest.submit(empty, values)
    #expect(try problem(owed).contains(Language.english.text(.problemFactorOwed)))
    #expect(try named(owed) == [Base64.url(authenticator.credentialID)])
    // A browser that shows no list has found the passkey by itself.
    for answered in [empty, owed] {
      var authenticator = authenticator
      let credential = try authenticator.assertion(for: answered)
      let stranger = Person(site, "192.0.2.9")
      #expect(try stranger.submit(answered, values.merging(["credential": credential]) { $1 }).status == 401)
    }
    var authenticator = authenticator
    let credential = try authenticator.assertion(for: owed)
    let done = try guest.submit(owed, values.merging(["credential": credential]) { $1 })
    #expect(done.status == 303, "\(done.text)")
  }

  @Test("a passkey counts beside a mistyped code")
  func mistyped() throws {
    var authenticator = authenticator
    let guest = site.guest()
    _ = try guest.fill(Page.signIn.path, TestSite.credentials("ada"))
    let page = try guest.get(Page.secondStep.path)
    let credential = try authenticator.assertion(for: page)
    #expect(try guest.submit(page, ["credential": credential, "code": "12"]).location == "/account")
    try site.age(session, by: 86_400)
    let again = try ada.get(Page.verify.path)
    let alone = try authenticator.assertion(for: again)
    #expect(
      try ada.submit(again, ["credential": alone, "code": "12", "password": ""]).location == "/account")
    // A password manager may fill in a former password.
    site.clock.advance(seconds: 61)
    let filled = try ada.get(Page.verify.path)
    let other = try authenticator.assertion(for: filled)
    #expect(
      try ada.submit(filled, ["credential": other, "password": "former password"]).location == "/account")
  }

  /// - Parameter hasHandle: false for an authenticator that does not name its account.
  @Test("the passkey of another account proves nothing", arguments: [true, false], [true, false])
  func others(hasPassword: Bool, hasHandle: Bool) throws {
    let eve = try site.member("eve")
    var other = try site.enrolPasskey(eve, seed: 32)
    if !hasHandle { other.userHandle = nil }
    try site.age(session, by: 86_400)
    let page = try ada.get(Page.verify.path)
    let password = hasPassword ? TestSite.password(of: "ada") : ""
    let credential = try other.assertion(for: page)
    let refused = try ada.submit(page, ["credential": credential, "password": password])
    #expect(refused.status == 401)
    #expect(try problem(refused).contains(Language.english.text(.problemPasskey)))
    #expect(try ada.get(Page.addPasskey.path).location?.hasPrefix(Page.verify.path) == true)
  }

  @Test("a second step that is over leads to the first one", arguments: [true, false])
  func over(byPasskey: Bool) throws {
    var authenticator = authenticator
    let guest = site.guest()
    _ = try guest.fill(Page.signIn.path + "?return-url=/cart", TestSite.credentials("ada"))
    let page = try guest.get(Page.secondStep.path + "?return-url=/cart")
    site.clock.advance(seconds: 299)
    let values =
      byPasskey ? ["credential": try authenticator.assertion(for: page)] : ["code": site.code(secret)]
    site.clock.advance(seconds: 1)
    let led = try guest.submit(page, values)
    #expect(led.status == 303 && led.location == "/account/signin?return-url=/cart&notice=sign-in-expired")
    #expect(try notice == nil)
  }

  @Test("a wrong code in a form of guests is told the holder")
  func told() throws {
    _ = try site.dashboard.call(
      SetAccountDeleted.self, query: query, posted: ["password": TestSite.password(of: "ada")], as: session)
    let guest = site.guest()
    let wrong = TestSite.credentials("ada").merging(["code": "AAAA-AAAA-AAAA-AAAA"]) { $1 }
    #expect(try guest.fill(Page.restoreAccount.path, wrong).status == 401)
    #expect(try notice == site.clock.now())
  }

  @Test("a minute after a deletion was cancelled, the password alone no longer tells so")
  func cancelled() throws {
    let password = TestSite.password(of: "ada")
    _ = try site.dashboard.call(
      SetAccountDeleted.self, query: query, posted: ["password": password], as: session)
    let values = TestSite.credentials("ada").merging(["code": site.code(secret)]) { $1 }
    let guest = site.guest()
    let page = try guest.get(Page.restoreAccount.path)
    #expect(try guest.submit(page, values).status == 303)
    site.clock.advance(seconds: 59)
    #expect(try guest.submit(page, values).status == 303)
    site.clock.advance(seconds: 1)
    #expect(try guest.submit(page, values).status == 401)
  }

  @Test("on the page that keeps an account, a right password gives no attempt back while a factor is owed")
  func attempts() throws {
    let limited = try TestSite(["MAXIMUM_ATTEMPTS": "3"])
    try limited.enrol(try #require(limited.member("eve").session))
    let statuses = try (0..<4).map { _ in
      try limited.guest(from: "203.0.113.5").fill(Page.restoreAccount.path, TestSite.credentials("eve"))
        .status
    }
    #expect(statuses == [401, 401, 401, 429])
  }

  @Test("the password alone does not tell whether a deletion is scheduled")
  func kept() throws {
    let answer = try site.guest().fill(Page.restoreAccount.path, TestSite.credentials("ada"))
    #expect(answer.status == 401)
    #expect(try problem(answer).contains(Language.english.text(.problemFactorOwed)))
    let wrong = TestSite.credentials("ada").merging(["code": "AAAA-AAAA-AAAA-AAAA"]) { $1 }
    #expect(try site.guest().fill(Page.restoreAccount.path, wrong).status == 401)
  }

  @Test("a code is used up also where the account's state refuses", arguments: [true, false])
  func refused(inTwoSteps: Bool) throws {
    _ = try site.dashboard.call(
      SetAccountDeleted.self, query: query, posted: ["password": TestSite.password(of: "ada")], as: session)
    let code = site.code(secret)
    let guest = site.guest()
    let (path, credentials) = ("/api/user/create-session", TestSite.credentials("ada"))
    func signIn(_ fields: [String: String]) throws -> (Int, String) {
      let answer = try guest.request("POST", path, Person.encoded(fields.map { ($0.key, $0.value) }))
      return (answer.status, try JSON(Array(answer.text.utf8))["message"]?.string ?? "")
    }
    if inTwoSteps { #expect(try signIn(credentials) == (401, "second-factor-required")) }
    let second = inTwoSteps ? ["code": code] : credentials.merging(["code": code]) { $1 }
    #expect(try signIn(second) == (409, "account-deleted"))
    for (code, status) in [(code, 401), (site.code(secret, 1), 303)] {
      let posted = credentials.merging(["code": code]) { $1 }
      #expect(try site.guest().fill(Page.restoreAccount.path, posted).status == status)
    }
  }

  @Test("setting up leads back to where it began")
  func wayBack() throws {
    let eve = try site.member("eve")
    let way = "?return-url=/cart"
    let set = try eve.fill(Page.setUpAuthenticator.path + way)
    #expect(set.location == Page.confirmAuthenticator.path + way)
    let page = try eve.get(Page.confirmAuthenticator.path + way)
    let key = try #require(page.page.all("code").first?.text.replacing(" ", with: ""))
    let shown = try eve.submit(page, ["code": site.code(try #require(Base32.bytes(Array(key.utf8)[...])))])
    #expect(shown.heading == Language.english.text(.recoveryShownTitle))
    #expect(try shown.page.all("a").contains { $0["href"] == "/cart" })
  }

  @Test("removing the last factor says what goes with it")
  func last() throws {
    let text = Language.english.text(.lastFactorLead)
    let passkeys = try site.dashboard.call(PasskeyList.self, query: query, as: session)
    let passkey = "\(Page.removePasskey.path)?passkeyid=\(try #require(passkeys.first).passkeyid)"
    #expect(try !ada.get(Page.removeAuthenticator.path).text.contains(text))
    #expect(try !ada.get(passkey).text.contains(text))
    #expect(try ada.fill(Page.removeAuthenticator.path).status == 303)
    #expect(try ada.get(passkey).text.contains(text))
    let eve = try site.member("eve")
    try site.enrol(try #require(eve.session))
    #expect(try eve.get(Page.removeAuthenticator.path).text.contains(text))
    let strict = try TestSite(["SECOND_FACTOR": "required"])
    let grace = try strict.member("grace")
    try strict.enrol(try #require(grace.session))
    let page = try grace.get(Page.removeAuthenticator.path).text
    #expect(page.contains(Language.english.text(.problemLastFactor)) && !page.contains(text))
  }

  @Test("a new password ends the notice of wrong codes that followed the former one")
  func newPassword() throws {
    let wrong = TestSite.credentials("ada").merging(["code": "AAAA-AAAA-AAAA-AAAA"]) { $1 }
    #expect(throws: (any Error).self) { try site.dashboard.call(CreateSession.self, posted: wrong) }
    #expect(try notice != nil)
    _ = try site.dashboard.call(
      SetAccountPassword.self, query: query,
      posted: ["password": TestSite.password(of: "ada"), "new-password": "another password"], as: session)
    #expect(try notice == nil)
  }

  @Test("the second step leads to signing in by a passkey alone, which too many wrong codes do not hinder")
  func alone() throws {
    let guest = site.guest()
    _ = try guest.fill(Page.signIn.path, TestSite.credentials("ada"))
    for _ in 0..<6 {
      let page = try guest.get(Page.secondStep.path)
      #expect(try page.page.all("a").contains { $0["href"] == Page.signInByPasskey.path })
      _ = try guest.submit(page, ["code": "AAAA-AAAA-AAAA-AAAA"])
    }
    var authenticator = authenticator
    let page = try guest.get(Page.secondStep.path)
    let credential = try authenticator.assertion(for: page)
    #expect(try guest.submit(page, ["credential": credential]).status == 429)
    let way = try guest.get(Page.signInByPasskey.path)
    let alone = try authenticator.assertion(for: way)
    #expect(try guest.submit(way, ["credential": alone]).location == "/account")
  }
}
