import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("who sees which page, and with which headers")
struct AccessTests {
  /// - Parameter scripts: the directive for scripts; empty for none.
  private static func policy(_ scripts: String) -> String {
    "default-src 'none'; \(scripts)style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
  }

  /// Every answer with a page has these headers.
  @discardableResult
  static func expectPage(_ answer: Answer, _ status: Int, _ what: String = "") throws -> Markup {
    #expect(answer.status == status, "\(what)")
    #expect(answer.http["Content-Type"] == "text/html; charset=utf-8", "\(what)")
    #expect(answer.http.all("Vary") == ["Accept-Language, Cookie"], "\(what)")
    #expect(answer.http.all("Cache-Control") == ["no-store"], "\(what)")
    #expect(answer.http.all("X-Content-Type-Options") == ["nosniff"], "\(what)")
    #expect(answer.http.all("Referrer-Policy") == ["same-origin"], "\(what)")
    let page = try answer.page
    // Only a page with a field for a passkey has a script, the program's own.
    let hasPasskey = page.all("input").contains { $0["data-passkey"] != nil }
    let scripts = hasPasskey ? "script-src 'self'; connect-src 'self'; " : ""
    #expect(answer.http.all("Content-Security-Policy") == [policy(scripts)], "\(what)")
    #expect(page.all("script").map { $0["src"] } == (hasPasskey ? [SiteScript.path] : []), "\(what)")
    #expect(
      page.all("h1").count == 1 && page.all("main").count == 1 && page.titles.count == 1, "\(what)")
    let identifiers = page.elements.compactMap { $0["id"] }
    let known = Set(identifiers)
    #expect(known.count == identifiers.count, "\(what)")
    // What is named by `for`, ARIA or a link exists.
    let missing = page.elements.flatMap { element in
      let names =
        (element["aria-describedby"] ?? "").split(separator: " ").map(String.init)
        + [element["for"], element["aria-labelledby"]].compactMap { $0 }
        + (element["href"].flatMap { $0.hasPrefix("#") ? [String($0.dropFirst())] : nil } ?? [])
      return names.filter { !known.contains($0) }
    }
    #expect(missing == [], "\(what)")
    return page
  }

  @Test("a guest sees open pages, and is led to sign in and back from others", arguments: Site.pages.indices)
  func guest(index: Int) throws {
    let site = try TestSite()
    let (page, guest) = (Site.pages[index], try site.guest(for: Site.pages[index]))
    let path = page.path + "?a=b%20c&d"
    if page.access.role == .anyone {
      try Self.expectPage(guest.get(path), 200)
    } else {
      let led = try guest.get(path)
      #expect(led.status == 303)
      #expect(
        led.location
          == "/account/signin?return-url=\(page.path)%3Fa%3Db%2520c%26d&notice=sign-in-first")
      #expect(led.http["Cache-Control"] == "no-store")
      guard page.form != nil else { return }
      let posted = try guest.post(page.path, ["password": "secret of a form"])
      #expect(posted.status == 303)
      #expect(
        posted.location
          == "/account/signin?return-url=\(page.path)&notice=session-over")
    }
  }

  @Test("a signed-in person sees every page, in every language", arguments: Site.pages.indices)
  func member(index: Int) throws {
    let member = try Member(TestSite())
    let page = Site.pages[index]
    for language in Language.allCases {
      member.person.cookies["dashboard_language"] = language.rawValue
      let answer = try member.person.get(member.url(page))
      try Self.expectPage(answer, 200, page.name)
      #expect(try answer.page.all("html").first?["lang"] == language.rawValue)
      #expect(answer.heading == language.text(page.title))
      #expect(answer.text.contains(language.text(.signOutTitle)))
    }
  }

  @Test("the front page leads on")
  func front() throws {
    let site = try TestSite()
    try Self.expectPage(site.guest().get("/"), 200)
    #expect(try site.guest().get("/").text.contains("href=\"/account/register\""))
    try Self.expectPage(site.member("ada").get("/"), 200)
    #expect(try site.guest().get("/.well-known/change-password").location == "/account/change-password")
  }

  @Test("where registration is closed, links to it show until the setup code has made the first account")
  func setup() throws {
    let site = try TestSite(["DISABLE_REGISTRATION": "true", "SETUP_CODE": "the right code"])
    let guest = site.guest()
    func links() throws -> [Bool] {
      try ["/", "/account/signin", "/account/reset-account"].map {
        try guest.get($0).text.contains("href=\"/account/register\"")
      }
    }
    #expect(try links() == [true, true, true])
    let form = ["username": "ada", "password": "password of ada", "setup-code": "the right code"]
    #expect(try guest.fill("/account/register", form).status == 303)
    guest.cookies = [:]
    #expect(try links() == [false, false, false])
    #expect(try guest.get("/account/register").input("username") == nil)
  }

  @Test("an unknown path below a wing is a page, signed in or not")
  func unknown() throws {
    let site = try TestSite()
    for person in [site.guest(), try site.member("ada")] {
      for path in ["/account/none", "/account/signin/", "/account/signin/x"]
        + Wing.allCases.flatMap({ wing in ["/none", "/%00", "//", "/accounts/"].map { wing.root + $0 } })
      {
        for method in ["GET", "POST", "DELETE", "BREW"] {
          try Self.expectPage(person.request(method, path), 404, "\(method) \(path)")
        }
      }
      for path in ["/accounts", "/administrators", "/administratio"] {
        #expect(try person.get(path).http["Content-Type"] == "application/json; charset=utf-8")
      }
    }
  }

  @Test("the index with a slash leads to the index")
  func slash() throws {
    let site = try TestSite()
    #expect(try site.guest().get("/account/").location == "/account")
    #expect(try site.member("ada").get("/account/").location == "/account")
  }

  @Test("while nothing can be read, paths of people get a page and others JSON")
  func outOfService() throws {
    for path in ["/account", "/account/signin", "/.well-known/change-password"] {
      let page = try #require(Site.outOfService(at: Array(path.utf8)[...]))
      let title = try Markup(String(decoding: page, as: UTF8.self)).all("h1").first?.text
      #expect(title == Language.english.text(.outOfServiceTitle))
    }
    #expect(Site.outOfService(at: Array("/api/user/session".utf8)[...]) == nil)
    #expect(Site.outOfService(at: []) == nil)
  }

  @Test("a verb that a page does not have is answered with a page")
  func verbs() throws {
    let member = try Member(TestSite())
    for page in Site.pages + [.account] {
      for method in ["PUT", "DELETE", "PATCH", "BREW"] + (page.form == nil ? ["POST"] : []) {
        let answer = try member.person.request(method, member.url(page))
        try Self.expectPage(answer, 405, page.name)
        #expect(
          answer.http["Allow"] == (page.form == nil ? "GET, HEAD, OPTIONS" : "GET, HEAD, POST, OPTIONS"))
      }
    }
    try Self.expectPage(member.person.request("POST", "/"), 405)
    try Self.expectPage(member.person.request("GET", "/account/language"), 405)
    try Self.expectPage(member.person.request("POST", "/.well-known/change-password"), 405)
  }

  @Test("bad requests are answered with a page, for guests and others", arguments: Page.withForm.indices)
  func badRequests(index: Int) throws {
    let site = try TestSite()
    let page = Page.withForm[index]
    let member = try Member(site)
    for person in [member.person] + (page.access.role == .anyone ? [try site.guest(for: page)] : []) {
      func post(_ body: String?, _ more: [String: String] = [:]) throws -> Answer {
        try person.request("POST", page.path, body, more)
      }
      try Self.expectPage(post("a=%FF"), 400)
      try Self.expectPage(post("a=%00"), 400)
      try Self.expectPage(post("a=b", ["CONTENT_TYPE": "application/json"]), 415)
      try Self.expectPage(post("a=b", ["CONTENT_TYPE": "multipart/form-data; boundary=x"]), 400)
      try Self.expectPage(person.request("POST", page.path, "a=b", state: .tooLong), 413)
      try Self.expectPage(person.request("POST", page.path, "a=b", state: .withoutRoom), 503)
      try Self.expectPage(person.request("POST", page.path, "a=b", state: .cutShort), 400)
      try Self.expectPage(post("a=b", ["HTTP_SEC_FETCH_SITE": "cross-site"]), 403)
      try Self.expectPage(post("a=b", ["HTTP_ORIGIN": "https://evil.example"]), 403)
      try Self.expectPage(post("a=b", ["HTTP_ORIGIN": "null"]), 403)
      let busy = try person.request("POST", page.path, "a=b", isBusy: true)
      try Self.expectPage(busy, 503)
      #expect(busy.http["Retry-After"] == "2")
      #expect(busy.text.contains(Language.english.text(.problemBusyForm)))
      #expect(busy.text.contains("<a href=\"\(page.path)\">"))
      try Self.expectPage(person.get("\(page.path)?a=\(String(repeating: "x", count: 17_000))"), 414)
      try Self.expectPage(person.get("\(page.path)?a=%FF"), 400)
    }
  }

  @Test("a page of the wrong record is a page", arguments: ["none", "", "sess_0", "%F0%9F%98%80"])
  func wrongRecords(text: String) throws {
    let site = try TestSite()
    let (member, other) = (try Member(site), try Member(site, "grace"))
    for page in Page.ofAccount where try member.url(page).contains("?") {
      let field = try member.url(page).split(separator: "?")[1].split(separator: "=")[0]
      let isShown = [200, 400, 404].contains(try member.person.get("\(page.path)?\(field)=\(text)").status)
      #expect(isShown)
      let another = try member.person.get(other.url(page))
      try Self.expectPage(another, page.form == nil || page.name == "edit-profile" ? 403 : another.status)
      guard page.form != nil else { continue }
      let form = try member.person.get(member.url(page)).form()
      for (path, statuses) in [
        ("\(page.path)?\(field)=\(text)", [303, 400, 404]), (page.path, [400]), (try other.url(page), [403]),
      ] {
        let answer = try member.person.request("POST", path, Person.encoded(form.fields))
        #expect(statuses.contains(answer.status), "\(path): \(answer.status)")
        // What is gone is removed.
        guard answer.status != 303 else { continue }
        try Self.expectPage(answer, answer.status, path)
        #expect(!answer.text.contains(": .") && !answer.text.contains("{"))
      }
    }
  }
}
