import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// The pages with a field for a passkey. They alone may load a script, which is one of the site.
@Suite("the pages with a passkey")
struct PasskeyPageTests {
  /// A person with a passkey.
  private func holder(_ site: TestSite) throws -> Person {
    let ada = try site.member("ada")
    _ = try site.passkey(of: #require(ada.session))
    return ada
  }

  /// True if the page has a field for a passkey. `expectPage` compares it with the script and the policy.
  private func hasPasskey(_ answer: Answer, _ what: String) throws -> Bool {
    guard answer.status == 200 else { return false }
    let fields = try AccessTests.expectPage(answer, 200, what).all("input").compactMap { $0["data-passkey"] }
    #expect(fields.count <= 1, "\(what)")
    return !fields.isEmpty
  }

  @Test("few pages have a field for a passkey, and it names no passkey to a guest")
  func scripts() throws {
    let site = try TestSite()
    let (ada, guest) = (try holder(site), site.guest())
    let paths = try Site.pages.map(\.path).filter {
      try hasPasskey(ada.get($0), $0) || hasPasskey(guest.get($0), $0)
    }
    #expect(
      paths.sorted() == [
        "/account/add-passkey", "/account/reset-account", "/account/restore-account",
        "/account/signin-passkey", "/account/verify",
      ])
    // A sign-in that waits for the passkey.
    let waiting = site.guest()
    #expect(try waiting.fill("/account/signin", TestSite.credentials("ada")).status == 303)
    func isNamed(_ path: String) throws -> Bool {
      let answer = try waiting.get(path)
      #expect(try hasPasskey(answer, path))
      let options = try answer.page.all("input").compactMap { $0["data-options"] }
      return options.contains { $0.contains(#""id":"\#(Base64.url([1, 2, 3]))""#) }
    }
    #expect(try isNamed("/account/second-step"))
    #expect(try !isNamed("/account/signin-passkey"))
    #expect(waiting.cookies["dashboard_challenge"]?.utf8.count == 64)
  }

  @Test("the script is one file, kept by browsers under a name that changes with it")
  func file() throws {
    let site = try TestSite()
    let answer = try site.guest().get(SiteScript.path)
    #expect(answer.status == 200 && answer.http["Content-Type"] == "text/javascript; charset=utf-8")
    #expect(answer.http["Cache-Control"]?.contains("immutable") == true)
    #expect(answer.http["X-Content-Type-Options"] == "nosniff")
    #expect(answer.http.all("Set-Cookie") == [])
    #expect(answer.text == SiteScript.text)
    #expect(try site.guest().get("/account/passkey-000000000000.js").status == 404)
    #expect(!answer.text.contains("innerHTML") && !answer.text.contains("eval"))
  }

  @Test("at an address without passkeys the pages say so, and have no script")
  func elsewhere() throws {
    let site = try TestSite()
    let (ada, guest) = (try holder(site), site.guest())
    for person in [ada, guest] { person.variables["HTTP_HOST"] = "192.0.2.1" }
    #expect(try !hasPasskey(ada.get("/account/verify"), "verify"))
    let sentence = Language.english.text(.passkeyNeedsName)
    for path in ["/account/add-passkey", "/account/signin-passkey", "/account/two-factor"] {
      let answer = try ada.get(path)
      #expect(try !hasPasskey(answer, path))
      #expect(answer.text.contains(sentence), "\(path)")
    }
    #expect(
      try guest.get("/account/signin").page.all("a").allSatisfy { $0["href"] != "/account/signin-passkey" })
  }
}
