import DashboardEndpoints
import DashboardRecords
@testable import DashboardSite
import TestSupport
import Testing

@Suite("the pages of activity and new devices")
struct NewDevicePageTests {
  private let site: TestSite
  private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
  private static let edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36 Edg/126.0"

  init() throws { site = try TestSite() }

  /// A person who signs in on the page, with a browser.
  private func person(_ userAgent: String, from address: String = "192.0.2.1") throws -> Person {
    site.clock.advance(seconds: 1)
    let person = site.guest(from: address)
    person.variables["HTTP_USER_AGENT"] = userAgent
    let answer = try person.fill(
      "/account/signin", TestSite.credentials("ada").merging(["remember": "days"]) { $1 })
    #expect(answer.status == 303)
    return person
  }

  private func alert(_ person: Person, _ path: String = "/account") throws -> String? {
    try person.get(path).text(of: "alert")
  }

  @Test("the page lists what happened, with who did it, where and how often")
  func activity() throws {
    _ = try site.dashboard.call(CreateAccount.self, posted: TestSite.credentials("owner"))
    _ = try site.dashboard.call(CreateAccount.self, posted: TestSite.credentials("ada"))
    let ada = try person(Self.firefox)
    let owner = try site.signedIn("owner")
    let account = try #require(
      try site.dashboard.call(Administrator.Accounts.self, as: owner.session).first?.accountid)
    let query = ["accountid": "\(account)"]
    _ = try site.dashboard.call(
      Administrator.SetAccountGroups.self, query: query, posted: ["groups": "choir"], as: owner.session)
    for _ in 0..<3 {
      _ = try site.guest(from: "203.0.113.5").fill(
        "/account/signin", ["username": "ada", "password": "wrong"])
    }
    let page = try ada.get("/account/activity")
    let lines = try page.page.all("li").map(\.text)
    func line(_ part: String) -> String { lines.first { $0.contains(part) } ?? "" }
    #expect(line("Sign-in failed").contains("203.0.113.5") && line("Sign-in failed").contains("3 times"))
    #expect(line("Groups changed").contains("by the administration"))
    #expect(line("Signed in").contains("Firefox on Linux") && line("Signed in").contains("192.0.2.1"))
    let administrator = "\(try owner.accountID)"
    #expect(line("Account registered") != "" && !page.text.contains(administrator))
    #expect(try ada.get("/account").text.contains("/account/activity"))
    let seen = try owner.get("/administrator/account-events?accountid=\(account)")
    #expect(
      seen.status == 200 && seen.text.contains("/administrator/account?accountid=\(administrator)"))
    #expect(try owner.get("/administrator/account?accountid=\(account)").text.contains("/account-events?"))
  }

  @Test("a new device is told until the person says that it was the person")
  func notice() throws {
    _ = try site.dashboard.call(
      CreateAccount.self, posted: TestSite.credentials("ada"),
      from: .address("192.0.2.1", userAgent: Self.firefox))
    let ada = try person(Self.firefox)
    #expect(try alert(ada) == nil)
    let stranger = try person(Self.edge, from: "203.0.113.5")
    for person in [ada, stranger] {
      for path in ["/account", "/account/activity"] {
        #expect(try alert(person, path)?.contains("Was this you?") == true)
      }
    }
    // The sign-in itself needs the password once more.
    let asked = try stranger.fill("/account/new-device")
    #expect(asked.status == 403)
    #expect(try asked.input("verify-password") != nil)
    #expect(try alert(ada) != nil)
    // The session from before does not, however old it is.
    site.clock.advance(seconds: 86_400)
    let page = try ada.get("/account/new-device")
    #expect(page.text.contains("Edge on Windows") && page.text.contains("203.0.113.5"))
    let noted = try ada.submit(page)
    #expect(noted.status == 303 && noted.location == "/account?notice=device-noted")
    // A second click leads to the same.
    #expect(try ada.submit(page).location == "/account?notice=device-noted")
    #expect(try alert(ada) == nil)
    #expect(try ada.get("/account/new-device").text.contains("There is no new device"))
  }

  @Test("with the password, a session from after the sign-in takes note")
  func password() throws {
    _ = try site.dashboard.call(
      CreateAccount.self, posted: TestSite.credentials("ada"),
      from: .address("192.0.2.1", userAgent: Self.firefox))
    _ = try person(Self.edge, from: "203.0.113.5")
    let ada = try person(Self.firefox)
    let asked = try ada.fill("/account/new-device")
    #expect(asked.status == 403)
    #expect(try ada.submit(asked, ["verify-password": "wrong"]).status == 403)
    #expect(try alert(ada) != nil)
    site.clock.advance(seconds: 1)
    let noted = try ada.submit(asked, ["verify-password": TestSite.password(of: "ada")])
    #expect(noted.location == "/account?notice=device-noted")
    #expect(try alert(ada) == nil)
  }
}
