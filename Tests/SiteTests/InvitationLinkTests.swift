import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// The way from the link of an invitation to an account.
@Suite("links of invitations")
struct InvitationLinkTests {
  private let site: TestSite
  private let owner: Session
  private let form = ["username": "ada", "password": "password of ada"]

  init() throws { (site, owner) = try Self.site(isClosed: true) }

  private static func site(isClosed: Bool) throws -> (TestSite, Session) {
    let site = try TestSite([
      "SETUP_CODE": "setup", "DISABLE_REGISTRATION": "\(isClosed)", "USER_PROFILE_FIELDS": "full-name",
    ])
    let form = TestSite.credentials("owner").merging(["setup-code": "setup"]) { $1 }
    _ = try site.dashboard.call(CreateAccount.self, posted: form)
    return (site, try site.dashboard.call(CreateSession.self, posted: TestSite.credentials("owner")))
  }

  private func invite(_ posted: [String: String] = [:], at site: TestSite? = nil, as owner: Session? = nil)
    throws -> (invitation: Invitation, code: String)
  {
    let made = try (site ?? self.site).dashboard.call(
      Administrator.CreateInvitation.self, posted: posted, as: owner ?? self.owner)
    return (made, try #require(made.code))
  }

  private func follow(_ code: String, _ person: Person) throws -> Answer {
    let led = try person.get("/account/register?invitation=\(code)")
    #expect(led.status == 303)
    return try person.get(try #require(led.location))
  }

  private func used(_ invitation: Invitation, at site: TestSite? = nil) throws -> Int {
    try (site ?? self.site).dashboard.services.store.read(invitation.appid) { snapshot in
      let stored: Invitation? = try snapshot.record(invitation.invitationid)
      return try #require(stored).used
    }
  }

  private func says(_ answer: Answer, _ text: Text) -> Bool {
    answer.text.contains(Language.english.text(text).replacing("'", with: "&#39;"))
      || answer.text.contains(Language.english.text(text))
  }

  @Test("a link leads to the form, and its code is in no address, no page and no script's reach")
  func cookie() throws {
    let (_, code) = try invite()
    let guest = site.guest()
    let led = try guest.get("/account/register?invitation=\(code)&return-url=%2Faccount%2Fprofiles")
    #expect(led.status == 303)
    #expect(led.location == "/account/register?return-url=/account/profiles")
    let attributes = "Max-Age=3600; Path=/; HttpOnly; SameSite=Lax"
    #expect(led.http.all("Set-Cookie") == ["dashboard_invitation=\(code); \(attributes)"])
    #expect(led.http["Cache-Control"] == "no-store")
    let page = try guest.get(try #require(led.location))
    try AccessTests.expectPage(page, 200)
    #expect(says(page, .invited) && !page.text.contains(code))
    #expect(try page.input("username") != nil)
    // The way in shows on every page of this visitor, and of no other one.
    for path in ["/", "/account/signin"] {
      #expect(try guest.get(path).text.contains("href=\"/account/register"), "\(path)")
      #expect(try !site.guest().get(path).text.contains("href=\"/account/register"), "\(path)")
    }
    let answer = try guest.submit(page, form)
    #expect(answer.location == "/account/profiles?notice=registered")
    #expect(
      answer.http.all("Set-Cookie").contains {
        $0 == "dashboard_invitation=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
      })
    #expect(guest.cookies["dashboard_invitation"] == nil)
    #expect(try guest.get("/account").status == 200)
  }

  @Test("over HTTPS the cookie has the prefix and is Secure")
  func secure() throws {
    let guest = site.guest()
    guest.variables["HTTPS"] = "on"
    let (_, code) = try invite()
    let led = try guest.get("/account/register?invitation=\(code)")
    #expect(
      led.http.all("Set-Cookie") == [
        "__Host-dashboard_invitation=\(code); Max-Age=3600; Path=/; HttpOnly; SameSite=Lax; Secure"
      ])
  }

  @Test("a typed code counts without regard to case and blanks")
  func typed() throws {
    let closed = try site.guest().get("/account/register")
    #expect(says(closed, .registrationClosed) && !closed.text.contains("name=\"invitation\""))
    let (_, code) = try invite()
    let page = try site.guest().get("/account/register")
    #expect(try page.input("invitation") != nil && page.input("username") == nil)
    #expect(says(page, .registrationClosed))
    let guest = site.guest()
    let typed = "\(code.uppercased().prefix(10))+\(code.dropFirst(10))"
    #expect(try says(follow(typed, guest), .invited))
  }

  @Test(
    "a wrong link says so before the form is filled in, and its text reaches no header",
    arguments: [
      "wrong", "00000000000000000000", "%0D%0ASet-Cookie:%20a=b", "a%3B%20Domain=x", "%F0%9F%98%80",
    ])
  func wrong(code: String) throws {
    let guest = site.guest()
    let led = try guest.get("/account/register?invitation=\(code)")
    #expect(led.status == 303 && led.http.all("Set-Cookie").count == 1)
    let value = try #require(guest.cookies["dashboard_invitation"])
    #expect(value == "-" || value == code)
    let page = try guest.get(try #require(led.location))
    try AccessTests.expectPage(page, 200)
    #expect(says(page, .invitationVoid))
    #expect(try page.input("username") == nil)
    #expect(
      try guest.post("/account/register", ["username": "ada", "password": "password of ada"]).status == 403)
  }

  @Test("where registration is open, a person with an ended invitation may register without it")
  func open() throws {
    let (site, owner) = try Self.site(isClosed: false)
    let (invitation, code) = try invite(["groups": "club"], at: site, as: owner)
    let late = site.guest()
    site.clock.advance(seconds: 7 * 86_400)
    let page = try follow(code, late)
    #expect(says(page, .invitationVoidOpen) && !says(page, .invited))
    #expect(try late.submit(page, form).location == "/account?notice=registered")
    #expect(late.cookies["dashboard_invitation"] == nil)
    #expect(try used(invitation, at: site) == 0)
  }

  @Test("an invitation that ends while the form is open is told, and no account is made without its groups")
  func endsMeanwhile() throws {
    let (site, owner) = try Self.site(isClosed: false)
    let (invitation, code) = try invite(["groups": "club"], at: site, as: owner)
    let (first, second) = (site.guest(), site.guest(from: "192.0.2.2"))
    let (mine, theirs) = (try follow(code, first), try follow(code, second))
    #expect(try first.submit(mine, form).status == 303)
    let bob = ["username": "bob", "password": "password of bob"]
    let refused = try second.submit(theirs, bob)
    try AccessTests.expectPage(refused, 403)
    #expect(try refused.text(of: "problem")?.contains(Language.english.text(.problemInvitation)) == true)
    #expect(says(refused, .invitationVoidOpen))
    #expect(try refused.input("username")?["value"] == "bob")
    // The person has read it, and goes on without.
    #expect(try second.submit(refused, bob).location == "/account?notice=registered")
    #expect(try used(invitation, at: site) == 1)
    // A cookie that has gone meanwhile is no way around.
    let (_, another) = try invite(at: site, as: owner)
    let third = site.guest(from: "192.0.2.3")
    let page = try follow(another, third)
    third.cookies = [:]
    #expect(try third.submit(page, ["username": "cyd", "password": "password of cyd"]).status == 403)
  }

  @Test("a double click on the last use makes one account and signs it in", arguments: [true, false])
  func twice(isClosed: Bool) throws {
    let (site, owner) = try Self.site(isClosed: isClosed)
    let (invitation, code) = try invite(at: site, as: owner)
    let guest = site.guest()
    let page = try follow(code, guest)
    let cookies = guest.cookies
    for _ in 0..<2 {
      guest.cookies = cookies
      #expect(try guest.submit(page, form).location == "/account?notice=registered")
      #expect(try guest.get("/account").status == 200)
    }
    #expect(try used(invitation, at: site) == 1)
    // Another person's click is no repetition.
    let other = site.guest(from: "192.0.2.2")
    other.cookies = cookies
    #expect(try other.submit(page, form).status == 403)
    #expect(other.cookies["dashboard_session"] == nil)
  }

  @Test("clicks at the same time make one account, and all sign in to it")
  func atOnce() throws {
    let (invitation, code) = try invite()
    let guest = site.guest()
    let page = try follow(code, guest)
    let cookies = guest.cookies
    let locations = try Threads.run(4) { _ in
      let click = site.guest()
      click.cookies = cookies
      return try click.submit(page, form).location
    }
    #expect(locations == Array(repeating: "/account?notice=registered", count: 4))
    #expect(try used(invitation) == 1)
    #expect(try site.dashboard.services.store.read(owner.appid) { try $0.count(.all) } == 2)
  }

  @Test("looking at a link takes no use and counts no attempt")
  func looking() throws {
    let (invitation, code) = try invite()
    for _ in 0..<300 { _ = try site.guest().get("/account/register?invitation=wrong") }
    for _ in 0..<3 { #expect(try says(follow(code, site.guest()), .invited)) }
    #expect(try used(invitation) == 0)
    #expect(try site.dashboard.services.store.attemptCount() == 0)
  }

  @Test("without an account, an invitation does not replace the setup code")
  func setup() throws {
    let (_, code) = try invite()
    try site.dashboard.services.store.write(owner.appid) { change in
      if let account = try change.current.account(owner.accountid) { try change.remove(account) }
    }
    let guest = site.guest()
    let page = try follow(code, guest)
    #expect(says(page, .invitationVoidOpen))
    #expect(try page.input("setup-code") != nil)
    #expect(try guest.submit(page, form).status == 403)
    #expect(try guest.submit(page, form.merging(["setup-code": "setup"]) { $1 }).status == 303)
  }
}
