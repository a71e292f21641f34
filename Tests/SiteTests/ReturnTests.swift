@testable import DashboardSite
import TestSupport
import Testing

@Suite("where the pages lead back to")
struct ReturnTests {
  private static let foreign = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "https:evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "", " /x", "/x y", "/\t/evil.example",
    "/\n/evil.example", "/\r\nLocation: https://evil.example", "/%0a\u{0}", "/ü", "/\u{2028}", "./x", "?x",
    "#x",
    "/" + String(repeating: "x", count: 9000), "///evil.example", "/\u{7F}",
  ]
  private static let own = [
    "/", "/orders?a=b&c=d#x", "/account/sessions", "/%2F%2Fevil.example", "/a//b", "/@evil",
  ]

  @Test("signing in leads to a path of this site only", arguments: ["signin", "register"])
  func signIn(name: String) throws {
    let site = try TestSite(["MAXIMUM_REGISTRATIONS": "1000"])
    _ = try site.member("ada")
    for (number, url) in (Self.foreign + Self.own).enumerated() where url != "/%0a\u{0}" {
      let path = "/account/\(name)?\(Person.encoded([("return-url", url)]))"
      let username = name == "signin" ? "ada" : "ada\(number)"
      let answer = try site.guest().fill(
        path, ["username": username, "password": TestSite.password(of: "ada")])
      #expect(answer.status == 303)
      let target = Self.own.contains(url) ? url : "/account"
      // Only our own pages read the notice.
      let notice = name == "register" && target.hasPrefix("/account") ? "?notice=registered" : ""
      #expect(answer.location == target + notice, "\(url)")
    }
  }

  @Test("the other ways that lead back do too")
  func others() throws {
    let site = try TestSite()
    let person = try site.member("ada")
    for url in Self.foreign + Self.own where url != "/%0a\u{0}" {
      let query = Person.encoded([("return-url", url)])
      let verified = try person.fill("/account/verify?\(query)", ["password": TestSite.password(of: "ada")])
      #expect(verified.location == (Self.own.contains(url) ? url : "/account"), "\(url)")
      let spoken = try site.guest().post("/account/language", ["language": "de", "return-url": url])
      #expect(spoken.location == (Self.own.contains(url) ? url : "/account"), "\(url)")
    }
  }

  @Test(
    "a guest who takes a detour comes back too", arguments: ["register", "reset-account", "restore-account"])
  func detours(name: String) throws {
    let site = try TestSite()
    for start in ["signin", name] {
      let page = try site.guest().get("/account/\(start)?return-url=/cart%3Fa%3D1").page
      let links = page.all("a").compactMap { $0["href"] }
      for name in start == "signin" ? ["signin", "register", name] : ["signin", "register"] {
        #expect(links.contains("/account/\(name)?return-url=/cart%3Fa%3D1"), "\(name) on \(start)")
      }
    }
  }

  @Test("a notice that would make the way back too long is left out")
  func longNotice() throws {
    let long = "/account/" + String(repeating: "x", count: 8180)
    let path = "/account/register?\(Person.encoded([("return-url", long)]))"
    let answer = try TestSite().guest().fill(path, ["username": "ada", "password": "password of ada"])
    #expect(answer.location == long)
  }

  @Test("HOME_URL is where signing in leads by default")
  func home() throws {
    let site = try TestSite(["HOME_URL": "/shop"])
    _ = try site.member("ada")
    let values = ["username": "ada", "password": TestSite.password(of: "ada")]
    #expect(try site.guest().fill("/account/signin", values).location == "/shop")
    #expect(try site.guest().get("/account/signin").page.all("a").contains { $0["href"] == "/shop" })
  }

  @Test("a guest comes back to the page, whatever its query")
  func roundTrip() throws {
    let site = try TestSite()
    _ = try site.member("ada")
    let path = "/account/sessions?a=%22%3C&b=%E2%80%A8&notice=x"
    let guest = site.guest()
    let led = try #require(try guest.get(path).location)
    let values = ["username": "ada", "password": TestSite.password(of: "ada")]
    // A mistake, and looking at the other pages, do not lose the way.
    let mistaken = try guest.fill(led, ["username": "ada", "password": "wrong password"])
    #expect(mistaken.status == 401)
    let register = try #require(
      try mistaken.page.all("a").first { $0["href"]?.hasPrefix("/account/register?") == true }?["href"])
    let signIn = try #require(
      try guest.get(register).page.all("a").last { $0["href"]?.hasPrefix("/account/signin?") == true }?[
        "href"])
    #expect(try guest.fill(signIn, values).location == path)
    #expect(try guest.get(path).status == 200)
  }

  @Test("a query that is too long for a header is left out")
  func long() throws {
    let site = try TestSite()
    for query in [String(repeating: "%22", count: 5000), String(repeating: "x", count: 16_000)] {
      let led = try site.guest().get("/account/sessions?\(query)")
      #expect(led.status == 303)
      #expect(led.location == "/account/signin?return-url=/account/sessions&notice=sign-in-first")
    }
  }
}
