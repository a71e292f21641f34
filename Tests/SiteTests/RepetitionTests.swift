import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("forms that are sent twice")
struct RepetitionTests {
  private let site: TestSite

  init() throws { site = try TestSite(["MAXIMUM_ATTEMPTS": "3"]) }

  private func register(
    _ guest: Person, _ username: String = "ada", _ password: String = "long enough 1"
  ) throws -> Answer {
    try guest.post("/account/register", ["username": username, "password": password])
  }

  /// The code of the text that a problem shows.
  private func problem(_ answer: Answer) throws -> String {
    try answer.text(of: "problem")?.replacing(Language.english.text(.problem), with: "") ?? "\(answer.status)"
  }

  @Test(
    "a second registration within a minute signs in",
    arguments: [
      ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
      ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
    ])
  func registration(first: String, second: String, isSame: Bool) throws {
    #expect(try register(site.guest(from: first)).location == "/account?notice=registered")
    let guest = site.guest(from: second)
    let answer = try register(guest)
    if isSame {
      #expect(answer.location == "/account?notice=registered")
      #expect(try guest.get("/account").status == 200)
    } else {
      try AccessTests.expectPage(answer, 409)
      #expect(try problem(answer).contains(Language.english.text(.problemTaken)))
      #expect(guest.cookies.isEmpty)
    }
  }

  @Test("a registration whose sign-in is refused says that the account is ready, and where to sign in")
  func signInRefused() throws {
    let site = try TestSite(["MAXIMUM_ATTEMPTS": "1"])
    // Ten wrong passwords from the address are its limit.
    for number in 0..<11 {
      _ = try site.guest().fill(
        "/account/signin", ["username": "stranger\(number)", "password": "wrong password"])
    }
    let person = site.guest()
    let path = "/account/register?return-url=/cart"
    let answer = try person.fill(path, ["username": "ada", "password": "password of ada"])
    #expect(answer.status == 303)
    #expect(answer.location == "/account/signin?return-url=/cart&notice=account-made")
    #expect(
      try person.get("/account/signin?notice=account-made").text(of: "notice")
        == "Your account is ready. Sign in.")
    // The second click is a sign-in, and is refused like one.
    #expect(try person.fill(path, ["username": "ada", "password": "password of ada"]).status == 429)
  }

  @Test("after a minute the name is taken")
  func late() throws {
    _ = try register(site.guest())
    site.clock.advance(seconds: 59)
    #expect(try register(site.guest()).status == 303)
    site.clock.advance(seconds: 1)
    #expect(try register(site.guest()).status == 409)
  }

  @Test("a second registration with another password is a wrong sign-in, with its limits")
  func wrongPassword() throws {
    _ = try register(site.guest())
    let statuses = try (0..<5).map { try register(site.guest(), "ada", "long enough \($0 + 2)").status }
    #expect(statuses == [401, 401, 401, 429, 429])
    let right = try register(site.guest())
    #expect(right.status == 429)
    #expect(right.http["Retry-After"] != nil)
    #expect(try problem(right).contains("Too many attempts"))
  }

  @Test("a second change of name or password, reset, or cancelled deletion leads to the result of the first")
  func credentials() throws {
    let member = try Member(site)
    let (person, password) = (member.person, TestSite.password(of: "ada"))
    func twice(_ person: Person, _ path: String, _ values: [String: String], _ target: String) throws {
      let form = try person.get(path)
      for round in 0..<2 {
        let answer = try person.submit(form, values)
        #expect(answer.location == target, "\(path) \(round) \(answer.status)")
      }
    }
    let renamed = ["new-username": "grace", "password": password]
    try twice(person, "/account/change-username", renamed, "/account?notice=username-changed")
    let changed = ["password": password, "new-password": "another password"]
    try twice(person, "/account/change-password", changed, "/account?notice=password-changed")
    let reset = ["username": "grace", "secret-code": "secretcode1", "new-password": "third password"]
    try twice(site.guest(), "/account/reset-account", reset, "/account/signin?notice=password-reset")
    let credentials = ["username": "grace", "password": "third password"]
    let again = site.guest()
    #expect(try again.fill("/account/signin", credentials).location == "/account")
    let deleted = try again.fill("/account/delete-account", ["password": "third password"])
    try AccessTests.expectPage(deleted, 200)
    try twice(site.guest(), "/account/restore-account", credentials, "/account/signin?notice=restored")
  }

  @Test("a second click is no failure among the account's events, and a guess is one")
  func events() throws {
    let member = try Member(site)
    let (person, password) = (member.person, TestSite.password(of: "ada"))
    func failures(_ session: Session) throws -> Int {
      let query = ["accountid": "\(session.accountid)", "all": "1"]
      let events = try site.dashboard.call(Events.self, query: query, as: session)
      return events.filter { $0.name == "password-or-code-wrong" }.map(\.count).reduce(0, +)
    }
    let form = try person.get("/account/change-password")
    let changed = ["password": password, "new-password": "another password"]
    for _ in 0..<2 { #expect(try person.submit(form, changed).status == 303) }
    let reset = ["username": "ada", "secret-code": "secretcode1", "new-password": "third password"]
    let guest = try site.guest().get("/account/reset-account")
    for _ in 0..<2 { #expect(try site.guest().submit(guest, reset).status == 303) }
    let session = try site.dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": "third password"])
    #expect(try failures(session) == 0)
    site.clock.advance(seconds: 60)
    #expect(try site.guest().submit(guest, reset).status == 401)
    #expect(try failures(session) == 1)
  }

  @Test("a second one that is wrong, late or from elsewhere is refused, and counts")
  func refused() throws {
    let site = try TestSite()
    let member = try Member(site)
    let (person, password) = (member.person, TestSite.password(of: "ada"))
    let form = try person.get("/account/change-password")
    #expect(
      try person.submit(form, ["password": password, "new-password": "another password"]).status == 303)
    // The old password with another new one is a guess.
    let guess = try person.submit(form, ["password": password, "new-password": "third password"])
    #expect(guess.status == 401)
    site.clock.advance(seconds: 60)
    #expect(
      try person.submit(form, ["password": password, "new-password": "another password"]).status == 401)
    let reset = ["username": "ada", "secret-code": "secretcode1", "new-password": "third password"]
    #expect(try site.guest().fill("/account/reset-account", reset).status == 303)
    #expect(try site.guest(from: "192.0.2.9").fill("/account/reset-account", reset).status == 401)
    let wrong = reset.merging(["new-password": "fourth password"]) { $1 }
    #expect(try site.guest().fill("/account/reset-account", wrong).status == 401)
    site.clock.advance(seconds: 60)
    #expect(try site.guest().fill("/account/reset-account", reset).status == 401)
  }

  @Test("a profile that is sent twice is made once; a minute later, it is made again")
  func profile() throws {
    let person = try site.member("ada")
    let form = try person.get("/account/create-profile")
    let values = ["full-name": "Ada", "contact-email": "ada@example.org"]
    let session = try #require(person.session)
    for count in [1, 1] {
      #expect(try person.submit(form, values).location == "/account/profiles?notice=profile-saved")
      #expect(try site.count(ProfilesCount.self, of: session) == count)
    }
    #expect(try person.submit(form, values.merging(["full-name": "Ada L."]) { $1 }).status == 303)
    #expect(try site.count(ProfilesCount.self, of: session) == 2)
    site.clock.advance(seconds: 60)
    #expect(try person.submit(form, values).status == 303)
    #expect(try site.count(ProfilesCount.self, of: session) == 3)
    // The API makes what it is told.
    let query = ["accountid": "\(session.accountid)"]
    for _ in 0..<2 {
      _ = try site.dashboard.call(CreateProfile.self, query: query, posted: values, as: session)
    }
    #expect(try site.count(ProfilesCount.self, of: session) == 5)
  }

  @Test("what is gone or ended already leads to the result")
  func removals() throws {
    let member = try Member(site)
    for (page, target) in [
      (Page.endSession, "/account/sessions?notice=session-ended"),
      (.setDefaultProfile, "/account/profiles?notice=profile-used"),
      (.deleteResetCode, "/account/reset-codes?notice=code-removed"),
      (.endAllSessions, "/account/sessions?notice=sessions-ended"),
    ] {
      let form = try member.person.get(member.url(page))
      for _ in 0..<2 { #expect(try member.person.submit(form).location == target, "\(page.name)") }
    }
    // The default profile stays; another one goes.
    let list = try member.person.get("/account/profiles").page.all("a").compactMap { $0["href"] }
    let links = list.filter { $0.contains("profileid") && !$0.contains("\(member.profile.profileid)") }
    let other = try #require(links.first).replacing("/profile?", with: "/delete-profile?")
    let form = try member.person.get(other)
    for _ in 0..<2 {
      #expect(try member.person.submit(form).location == "/account/profiles?notice=profile-removed")
    }
    let kept = try member.person.get(member.url(.deleteProfile))
    #expect(try problem(member.person.submit(kept)).contains(Language.english.text(.problemDefaultProfile)))
    let signOut = try member.person.get("/account/signout")
    let cookies = member.person.cookies
    for _ in 0..<2 {
      #expect(try member.person.submit(signOut).location == "/account/signin?notice=signed-out")
      member.person.cookies = cookies
    }
  }
}
