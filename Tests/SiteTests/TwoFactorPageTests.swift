import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// What the pages of second factors say about the state of an account.
@Suite("the pages of second factors")
struct TwoFactorPageTests {
  private func says(_ answer: Answer, _ text: Text, _ values: [String: String] = [:]) -> Bool {
    answer.text.contains(Language.english.text(text, values).replacing("\"", with: "&quot;"))
  }

  /// True if the page has a button with this text.
  private func has(_ button: Text, _ answer: Answer) throws -> Bool {
    try answer.page.elements.contains {
      $0.name == "button" && $0.text == Language.english.text(button)
    }
  }

  @Test("a page about a factor that the account lacks says so, and has no button")
  func missing() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    let pages: [(Page, Text, Text)] = [
      (.removeAuthenticator, .authenticatorRemoveSubmit, .authenticatorNone),
      (.createRecoveryCodes, .recoveryNewSubmit, .recoveryNeedsFactor),
    ]
    for (page, button, sentence) in pages {
      let answer = try ada.get(page.path)
      #expect(try says(answer, sentence) && !has(button, answer))
      // Nothing is said about what the button does.
      #expect(try !says(answer, #require(page.lead)))
    }
    #expect(try !says(ada.get(Page.setUpAuthenticator.path), .authenticatorFormer))
    try site.enrol(#require(ada.session))
    for (page, button, sentence) in pages {
      let answer = try ada.get(page.path)
      #expect(try !says(answer, sentence) && has(button, answer))
    }
    #expect(try says(ada.get(Page.setUpAuthenticator.path), .authenticatorFormer))
  }

  @Test("the page of the last factor has no button where one is required", arguments: [true, false])
  func last(isPasskey: Bool) throws {
    let site = try TestSite(["SECOND_FACTOR": "required"])
    let ada = try site.member("ada")
    let session = try #require(ada.session)
    if isPasskey { _ = try site.enrolPasskey(ada) } else { try site.enrol(session) }
    let passkey = try site.dashboard.services.store.read(session.appid) { snapshot in
      try snapshot.account(session.accountid).map { try snapshot.records(of: $0, limit: 1) as [Passkey] }?
        .first
    }
    let id = passkey.map { "?passkeyid=\($0.passkeyid)" } ?? ""
    let page: Page = isPasskey ? .removePasskey : .removeAuthenticator
    let button: Text = isPasskey ? .passkeyRemoveSubmit : .authenticatorRemoveSubmit
    let answer = try ada.get(page.path + id)
    #expect(try says(answer, .problemLastFactor) && !has(button, answer))
    if isPasskey { try site.enrol(session) } else { _ = try site.passkey(of: session) }
    #expect(try has(button, ada.get(page.path + id)))
  }

  @Test("the account and its second factors are on or off")
  func state() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    func shown(_ page: Page) throws -> [String] {
      let elements = try ada.get(page.path).page.elements
      return elements.filter { $0.name == "dd" && ["On", "Off"].contains($0.text) }.map(\.text)
    }
    for page in [Page.account, .twoFactor] { #expect(try shown(page) == ["Off"]) }
    try site.enrol(#require(ada.session))
    for page in [Page.account, .twoFactor] { #expect(try shown(page) == ["On"]) }
  }

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
    #expect(try ada.submit(first).location == Page.twoFactor.path)
    #expect(try !signsIn(former[0]) && !signsIn(former[1]))
    for code in current { #expect(try signsIn(code)) }
    #expect(try ada.submit(second).location == Page.twoFactor.path)
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
    #expect(try says(ada.get(Page.account.path), .wrongCodeNotice))
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
    #expect(try !says(ada.get(Page.account.path), .wrongCodeNotice))
    form["code"] = "000000"
    #expect(try site.guest().fill(Page.resetAccount.path, form).status == 401)
    #expect(try says(ada.get(Page.account.path), .wrongCodeNotice))
  }

  @Test("factors that an administrator took away are told for a week, or until something new is set up")
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
      try says(person.get(Page.account.path), .factorsTakenNotice)
    }
    let people = try ["ada", "eve", "dan"].map(helped)
    for person in people { #expect(try isTold(person)) }
    site.clock.advance(seconds: 1)
    try site.enrol(#require(people[0].session))
    #expect(try !isTold(people[0]))
    // Who takes the own ones away knows.
    let own = try #require(people[0].session)
    _ = try site.dashboard.call(DeleteTOTP.self, query: ["accountid": "\(own.accountid)"], as: own)
    #expect(try !isTold(people[0]))
    let fields = ["password": TestSite.password(of: "eve"), "new-password": "another password"]
    _ = try people[1].fill(Page.changePassword.path, fields)
    #expect(try !isTold(people[1]))
    site.clock.advance(seconds: 7 * 86_400 - 2)
    #expect(try isTold(people[2]))
    site.clock.advance(seconds: 2)
    #expect(try !isTold(people[2]))
  }

  @Test("without the script, a form that only the script can send has no button")
  func withoutScript() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    for page in [Page.signInByPasskey, .addPasskey, .verify, .signIn] {
      let buttons = try ada.get(page.path).page.elements.filter {
        $0.name == "button" && $0["class"] == "primary"
      }
      let isHidden = [Page.signInByPasskey.name, Page.addPasskey.name].contains(page.name)
      #expect(buttons.map { $0["hidden"] != nil } == [isHidden], "\(page.name)")
    }
  }

  @Test("strangers push no failed second step out of the activity")
  func strangers() throws {
    let site = try TestSite(["MAXIMUM_ATTEMPTS": "1000"])
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

  @Test("the second step without a sign-in that waits leads guests to the first one, and others on")
  func nothingWaits() throws {
    let site = try TestSite()
    let path = "/account/second-step?return-url=/cart"
    let guest = "/account/signin?return-url=/cart&notice=sign-in-first"
    #expect(try site.guest().get(path).location == guest)
    #expect(try site.member("ada").get(path).location == "/cart")
  }

  @Test("who registers where a second factor is required is told of the account, and led to setting one up")
  func registered() throws {
    let site = try TestSite(["SECOND_FACTOR": "required"])
    let guest = site.guest()
    let led = try guest.fill(Page.register.path + "?return-url=/cart", TestSite.credentials("ada"))
    #expect(led.location == "/account/two-factor?return-url=/cart&notice=registered")
    let answer = try guest.get(#require(led.location))
    #expect(says(answer, .noticeRegistered) && says(answer, .twoFactorRequired))
  }

  @Test("passkeys of another domain are told apart from an address that allows none")
  func otherDomain() throws {
    let site = try TestSite(["PASSKEY_RP_ID": "example.org"])
    let ada = try site.member("ada")
    for (host, text) in [("accounts.example.net", Text.passkeyOtherDomain), ("192.0.2.1", .passkeyNeedsName)]
    {
      (ada.variables["HTTP_HOST"], ada.variables["HTTPS"]) = (host, "on")
      for page in [Page.twoFactor, .addPasskey, .signInByPasskey] {
        let answer = try ada.get(page.path)
        #expect(says(answer, text, ["domain": "example.org"]), "\(host) \(page.name)")
        #expect(!says(answer, .passkeyAddLead))
      }
    }
  }

  @Test("at an address without passkeys, who has nothing else is asked for a recovery code")
  func withoutName() throws {
    let site = try TestSite()
    let ada = try site.member("ada")
    _ = try site.enrolPasskey(ada)
    for (host, text) in [("192.0.2.1", Text.secondStepLeadRecovery), (nil, .secondStepLeadPasskey)] {
      let guest = site.guest()
      if let host { guest.variables["HTTP_HOST"] = host }
      _ = try guest.fill(Page.signIn.path, TestSite.credentials("ada"))
      #expect(try says(guest.get(Page.secondStep.path), text))
    }
  }
}
