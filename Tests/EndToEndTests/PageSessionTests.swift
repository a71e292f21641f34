import TestSupport
import Testing

/// What a browser keeps of a session, and what it does when the session ends.
@Suite("pages and the end of sessions", .enabled(if: Browser.isInstalled))
struct PageSessionTests {
  @Test("the back button after signing out shows nothing of the account", arguments: PageWalk.scenes)
  func back(front: Front, width: Int) throws {
    let walk = try PageWalk(front, width: width)
    let browser = walk.browser
    try walk.register("ada")
    let account = try browser.text(of: "dd")
    #expect(account.hasPrefix("acct_"))
    try browser.follow("Your profiles")
    try browser.follow("Add a profile")
    try browser.fill(["full-name": "Ada Lovelace", "contact-email": "ada@example.org"])
    try browser.click(".actions a")
    try walk.expect("/account/profile")
    try browser.follow("Your account")
    try walk.signOut()
    for step in 1...8 {
      try browser.back()
      let (source, path) = (try browser.source, try browser.path)
      for secret in [account, "Lovelace", "example.org", "Account since", "profileid=prof"] {
        // The way back after signing in may name the profile.
        let isShown = source.contains(secret) && !(secret == "profileid=prof" && source.contains("signin"))
        #expect(!isShown, "\(secret) after \(step) steps at \(path)")
      }
    }
    for _ in 1...8 { try browser.forward() }
    #expect(try !browser.source.contains(account))
  }

  @Test("a form whose session has ended elsewhere leads to sign-in, and back to the empty form")
  func endedElsewhere() throws {
    let walk = try PageWalk()
    let browser = walk.browser
    try walk.register("ada")
    try browser.open("/account/change-username")
    try browser.type("grace", into: "[name=new-username]")
    let other = try walk.site.signIn("ada")
    let ended = try walk.site.request(
      "PATCH", "/api/user/reset-session-key?accountid=\(other.accountid)", as: other)
    #expect(ended.status == 200)
    try browser.fill(["password": "password of ada"])
    try walk.expect("/account/signin", notice: "You were signed out meanwhile.")
    try browser.fill(["username": "ada", "password": "password of ada"])
    try walk.expect("/account/change-username")
    #expect(try browser.property("value", of: "[name=new-username]") == "")
    try browser.fill(["new-username": "grace", "password": "password of ada"])
    try walk.expect("/account", notice: "Your username is changed.")
  }

  @Test(
    "a sign-in leads through redirects to an origin of ALLOWED_ORIGINS, and to no other",
    arguments: [true, false])
  func otherOrigin(isAllowed: Bool) throws {
    let other = try Site(.fastcgi, hasPort: true)
    let base = try #require(other.base)
    let walk = try PageWalk(
      settings: isAllowed ? ["ALLOWED_ORIGINS": base] : [:],
      server: "location = /application { return 302 \(base)/account/register; }")
    _ = try walk.site.signUp("ada")
    try walk.browser.open("/account/signin?return-url=/application")
    for (name, value) in ["username": "ada", "password": "password of ada"] {
      try walk.browser.type(value, into: "[name=\(name)]")
    }
    if isAllowed {
      try walk.browser.fill()
      #expect(try walk.browser.heading == "Register")
    } else {
      // The browser stays, and the person is signed in.
      #expect(throws: (any Error).self) { try walk.browser.fill() }
      try walk.browser.open("/account")
      #expect(try walk.browser.heading == "Your account")
    }
  }

  @Test("two tabs do not disturb each other")
  func tabs() throws {
    let walk = try PageWalk()
    let browser = walk.browser
    try walk.register("ada")
    try walk.signOut()
    let first = try browser.tab
    try browser.open("/account/signin?return-url=/account/profiles")
    let second = try browser.openTab()
    try walk.signIn("ada")
    // The form of a guest meets a session: it is shown again, with what was typed.
    try browser.show(first)
    try browser.fill(["username": "ada", "password": "password of ada"])
    try walk.expect("/account/signin", problem: "This form was open for too long.")
    #expect(try browser.property("value", of: "[name=username]") == "ada")
    #expect(try browser.property("value", of: "[name=password]") == "")
    try browser.fill(["password": "password of ada"])
    try walk.expect("/account/profiles")
    // The other tab uses the new session.
    try browser.show(second)
    try browser.reload()
    try walk.expect("/account")
    try browser.open("/account/change-password")
    try browser.type("password of ada", into: "[name=password]")
    try browser.show(first)
    try walk.signOut()
    try browser.show(second)
    try browser.fill(["new-password": "another password"])
    try walk.expect("/account/signin", notice: "You were signed out meanwhile.")
    try browser.fill(["username": "ada", "password": "password of ada"])
    try walk.expect("/account/change-password")
  }
}
