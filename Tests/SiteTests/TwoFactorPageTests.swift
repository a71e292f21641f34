import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// What the pages of second factors say about the state of an account.
@Suite("the pages of second factors")
struct TwoFactorPageTests {
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
      #expect(try answer.says(sentence) && !has(button, answer))
      // Nothing is said about what the button does.
      #expect(try !answer.says(#require(page.lead)))
    }
    #expect(try !ada.get(Page.setUpAuthenticator.path).says(.authenticatorFormer))
    try site.enrol(#require(ada.session))
    for (page, button, sentence) in pages {
      let answer = try ada.get(page.path)
      #expect(try !answer.says(sentence) && has(button, answer))
    }
    #expect(try ada.get(Page.setUpAuthenticator.path).says(.authenticatorFormer))
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
    #expect(try answer.says(.problemLastFactor) && !has(button, answer))
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
    #expect(answer.says(.noticeRegistered) && answer.says(.twoFactorRequired))
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
        #expect(answer.says(text, ["domain": "example.org"]), "\(host) \(page.name)")
        #expect(!answer.says(.passkeyAddLead))
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
      #expect(try guest.get(Page.secondStep.path).says(text))
    }
  }
}

extension Answer {
  /// True if the page has a sentence.
  func says(_ text: Text, _ values: [String: String] = [:]) -> Bool {
    self.text.contains(Language.english.text(text, values).replacing("\"", with: "&quot;"))
  }
}
