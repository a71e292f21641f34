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
    let lines = ["Chor%20%26%20Club", "ada", date.replacing(" ", with: "%20"), ""] + codes
    #expect(link["href"] == "data:text/plain;charset=utf-8," + lines.map { $0 + "%0A" }.joined())
    #expect(codes.count == 10)
    #expect(try answer.page.elements.contains { $0.name == "p" && $0.text == "Chor & Club, ada, \(date)" })
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
