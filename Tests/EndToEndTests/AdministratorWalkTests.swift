import TestSupport
import Testing

/// An administrator in Chromium, at the width of a phone, in languages other than English.
@Suite("a walk through the administrators' pages", .enabled(if: Browser.isInstalled))
struct AdministratorWalkTests {
  @Test(
    "who is new, where she is signed in, a code for her, a deletion and its end, and the site handed over",
    arguments: [(Front.fastcgi, "es"), (.apache(.cgi), "ar")])
  func walk(front: Front, language: String) throws {
    let walk = try PageWalk(front, width: 375)
    let (browser, site) = (walk.browser, walk.site)
    _ = try site.signUp("owner")
    let ada = try site.signUp("ada")
    let profile: KeyValuePairs = [
      "full-name": "Ada Lovelace", "contact-email": "ada@example.org", "default": "true",
    ]
    let made = try site.request(
      "POST", "/api/user/create-profile?accountid=\(ada.accountid)", form: profile, as: ada)
    #expect(made.status == 200)
    let forgotten = try site.signIn("ada")

    /// Follows the link of the page to another page.
    func follow(_ name: String, _ location: SourceLocation = #_sourceLocation) throws {
      try browser.click("main [href^='/administrator/\(name)']")
      try expect("/administrator/\(name.prefix { $0 != "?" })", location)
    }
    /// Checks where the browser is, in which language and direction, and what the page says about the action before.
    func expect(
      _ path: String, notice: String? = nil, _ location: SourceLocation = #_sourceLocation
    ) throws {
      try walk.expect(path, notice: notice.map { _ in "" }, location)
      if let notice { #expect(try browser.path.contains("notice=\(notice)"), sourceLocation: location) }
      let frame = try browser.run("return document.documentElement.lang + ' ' + document.documentElement.dir")
      #expect(frame.string == (language == "ar" ? "ar rtl" : "\(language) ltr"), sourceLocation: location)
    }
    /// Submits the page's form.
    func submit(_ notice: String, at name: String, _ location: SourceLocation = #_sourceLocation) throws {
      try browser.fill()
      try expect("/administrator/\(name)", notice: notice, location)
    }

    // A stranger signs in, and comes back to the administrators' pages.
    try browser.open("/account/signin")
    try browser.setCookie("dashboard_language", language)
    try browser.open("/administrator")
    try expect("/account/signin", notice: "sign-in-first")
    try browser.fill(["username": "ada", "password": "password of ada"])
    #expect(try !browser.has("nav [href='/administrator']") && !browser.has("main form"))
    try walk.signOut()
    try walk.signIn("owner")

    // Who is new this week?
    try browser.click("nav [href='/administrator']")
    try expect("/administrator")
    let counts = try browser.run("return document.querySelector('h2 + p').textContent").string ?? ""
    #expect(counts.hasSuffix(" 2"))
    #expect(try browser.has("svg[role=img] path"))
    // A date in a chart's table stands in one line.
    let height = try browser.run(
      "document.querySelector('details').open = true; return document.querySelector('tbody th').offsetHeight")
    #expect(try #require(height.number) < 40)
    try browser.click("[href='/administrator?days=365']")
    try expect("/administrator")
    try follow("accounts")
    #expect(try browser.text(of: "main li:first-child a").contains("Ada Lovelace"))
    // No part of the date has moved to the other side of the account's number, which stands first.
    let places = try browser.run(
      """
      const line = document.querySelector("main li .hint"), number = document.createRange()
      number.setStart(line.firstChild, 0); number.setEnd(line.firstChild, 20)
      const [a, b] = [number.getBoundingClientRect(), line.querySelector("time").getClientRects()[0]]
      return document.dir == "rtl" ? b.right <= a.left : a.right <= b.left
      """)
    #expect(places == true)

    // She is found, also after a mistake. Where is she signed in? One session ends.
    try browser.fill(["search": "adda"])
    try expect("/administrator/accounts")
    #expect(try browser.text(of: "bdi") == "adda")
    try browser.fill(["search": "ada"])
    try expect("/administrator/account")
    #expect(try browser.text(of: "main").contains("\(ada.accountid)"))
    try follow("account-sessions")
    try browser.click("[href*='\(forgotten.sessionid)']")
    try expect("/administrator/session")
    try follow("end-session")
    try submit("session-ended", at: "account-sessions")
    #expect(try site.request("GET", "/api/user/current-session", as: forgotten).status == 401)
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200)

    // A code for her.
    try follow("account?")
    try follow("create-reset-code")
    let code = try #require(try browser.property("value", of: "[name=secret-code]"))
    try browser.fill()
    #expect(try browser.text(of: ".secret") == code)
    let reset: KeyValuePairs = ["username": "ada", "secret-code": code, "new-password": "a second password"]
    let used = try site.request("PATCH", "/api/user/reset-account-password", form: reset)
    #expect(used.status == 200)

    // A deletion, and its end.
    try follow("account?")
    try follow("schedule-account-delete")
    try submit("deletion-scheduled", at: "account")
    let refused: KeyValuePairs = ["username": "ada", "password": "a second password"]
    #expect(try site.request("POST", "/api/user/create-session", form: refused).status == 409)
    try browser.open("/administrator/deleted-accounts")
    try browser.click("[href*='\(ada.accountid)']")
    try follow("restore-account")
    try submit("deletion-cancelled", at: "account")

    // She becomes an administrator, and then the owner.
    try follow("assign-administrator")
    try submit("administrator-assigned", at: "account")
    try follow("transfer-ownership")
    try submit("ownership-transferred", at: "account")
    #expect(try !browser.has("[href*='transfer-ownership']"))
    try browser.open("/administrator/revoke-administrator?accountid=\(ada.accountid)")
    #expect(try !browser.has("main form"))
    try walk.signOut()
    try walk.signIn("ada", password: "a second password")
    try browser.click("nav [href='/administrator']")
    try expect("/administrator")
  }
}
