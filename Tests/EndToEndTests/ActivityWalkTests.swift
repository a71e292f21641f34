import TestSupport
import Testing

@Suite("a walk with a stranger's sign-in", .enabled(if: Browser.isInstalled))
struct ActivityWalkTests {
  @Test("a person sees what happened, and takes note of a new device", arguments: PageWalk.scenes)
  func walk(front: Front, width: Int) throws {
    let walk = try PageWalk(front, width: width)
    let browser = walk.browser
    try walk.register("ada")
    try walk.expect("/account", notice: "Welcome!")
    #expect(try !browser.has(".alert"))
    let wrong: KeyValuePairs = ["username": "ada", "password": "wrong password"]
    let agent = [("User-Agent", "Mozilla/5.0 (iPhone) Version/17.5 Mobile/15E148 Safari/604.1")]
    for _ in 0..<3 {
      #expect(
        try walk.site.request("POST", "/api/user/create-session", form: wrong, headers: agent).status == 401)
    }
    let right: KeyValuePairs = ["username": "ada", "password": "password of ada"]
    let stranger = try walk.site.request("POST", "/api/user/create-session", form: right, headers: agent)
    #expect(stranger.status == 200)

    try browser.open("/account")
    try walk.expect("/account")
    #expect(try browser.text(of: ".alert").contains("Was this you?"))
    try browser.follow("Recent activity")
    try walk.expect("/account/activity")
    let activity = try browser.text(of: "main")
    for part in ["Sign-in failed", "3 times", "Safari on iPhone", "new device", "Account registered"] {
      #expect(activity.contains(part), "\(part) in \(activity)")
    }
    try browser.follow("Was this you?")
    try walk.expect("/account/new-device")
    #expect(try browser.text(of: "main").contains("Safari on iPhone"))
    // The browser's session is older than the sign-in, so no password is asked for.
    try browser.leaving { try browser.doubleClick("main form button") }
    try walk.expect("/account", notice: "Thank you.")
    #expect(try !browser.has(".alert"))

    let account = try #require(try stranger.json["accountid"]?.string)
    try browser.open("/administrator/account-events?accountid=\(account)")
    try walk.expect("/administrator/account-events")
    #expect(try browser.text(of: "main").contains("Safari on iPhone"))
    try browser.open("/account/export")
    try walk.expect("/account/export")
    let export = try walk.site.request("GET", "/api/user/export", as: walk.site.signIn("ada"))
    #expect(export.first("Content-Disposition") == "attachment; filename=\"account.json\"")
    #expect(try export.json["events"]?.array?.contains { $0["newDevice"] == .boolean(true) } == true)
  }
}
