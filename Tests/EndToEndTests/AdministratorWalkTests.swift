import TestSupport
import Testing

/// An administrator in Chromium, at the width of a phone.
@Suite("a walk through the administrators' pages", .enabled(if: Browser.isInstalled))
struct AdministratorWalkTests {
  @Test(
    "who is new, where she is signed in, a code for her, a deletion and its end, and the site handed over",
    arguments: [Front.fastcgi, .apache(.cgi)])
  func walk(front: Front) throws {
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

    // A stranger signs in, and comes back to the administrators' pages.
    try browser.open("/administrator")
    try walk.expect("/account/signin", notice: "Sign in to go on.")
    try browser.fill(["username": "ada", "password": "password of ada"])
    #expect(try browser.text(of: "main").contains("This page is for administrators."))
    #expect(try !browser.has("nav [href='/administrator']"))
    try walk.signOut()
    try walk.signIn("owner")

    // Who is new this week?
    try browser.follow("Administration")
    try walk.expect("/administrator")
    #expect(try browser.text(of: "main").contains("New accounts in the last 7 days: 2"))
    #expect(try browser.has("svg[role=img] path"))
    try browser.follow("The last 365 days, by month")
    try walk.expect("/administrator")
    try browser.click("[href='/administrator/accounts']")
    try walk.expect("/administrator/accounts")
    #expect(try browser.text(of: "main").contains("2 in all"))

    // Where is Ada signed in? One session ends.
    try browser.click("[href*='\(ada.accountid)']")
    try walk.expect("/administrator/account")
    #expect(try browser.text(of: "main").contains("Ada Lovelace"))
    try browser.click("[href^='/administrator/account-sessions']")
    try walk.expect("/administrator/account-sessions")
    try browser.click("[href*='\(forgotten.sessionid)']")
    try walk.expect("/administrator/session")
    try browser.follow("End this session")
    try browser.fill()
    try walk.expect("/administrator/account-sessions", notice: "The session has ended.")
    #expect(try site.request("GET", "/api/user/current-session", as: forgotten).status == 401)
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200)

    // A code for her.
    try browser.follow("Back")
    try walk.expect("/administrator/account")
    try browser.follow("Make a reset code for this account")
    let code = try #require(try browser.property("value", of: "[name=secret-code]"))
    try browser.fill()
    #expect(try browser.text(of: ".secret") == code)
    let reset: KeyValuePairs = ["username": "ada", "secret-code": code, "new-password": "a second password"]
    let used = try site.request("PATCH", "/api/user/reset-account-password", form: reset)
    #expect(used.status == 200)

    // A deletion, and its end.
    try browser.follow("Back")
    try browser.follow("Delete this account later")
    try browser.fill()
    try walk.expect("/administrator/account", notice: "The account will be deleted.")
    let refused: KeyValuePairs = ["username": "ada", "password": "a second password"]
    #expect(try site.request("POST", "/api/user/create-session", form: refused).status == 409)
    try browser.open("/administrator/deleted-accounts")
    try browser.click("[href*='\(ada.accountid)']")
    try browser.follow("Keep this account")
    try browser.fill()
    try walk.expect("/administrator/account", notice: "The account stays.")

    // She becomes an administrator, and then the owner.
    try browser.follow("Make this account an administrator's")
    try browser.fill()
    try walk.expect("/administrator/account", notice: "The account is an administrator's from now on.")
    #expect(try browser.text(of: "main dl").contains("Administrator"))
    try browser.follow("Hand this site over")
    try browser.fill()
    try walk.expect("/administrator/account", notice: "The site is handed over.")
    #expect(try browser.text(of: "main dl").contains("Owner of this site"))
    #expect(try !browser.has("[href*='transfer-ownership']"))
    try browser.open("/administrator/revoke-administrator?accountid=\(ada.accountid)")
    #expect(try browser.text(of: "main").contains("Only the owner of this site can do this."))
    try walk.signOut()
    try walk.signIn("ada", password: "a second password")
    try browser.follow("Administration")
    try walk.expect("/administrator")
  }
}
