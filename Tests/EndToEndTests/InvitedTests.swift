import TestSupport
import Testing

@Suite("invitations, through every web server")
struct InvitedTests {
  private struct Club {
    let site: Site
    let owner: Site.User

    init(_ front: Front, _ settings: [String: String] = [:]) throws {
      site = try Site(
        front, settings: ["SETUP_CODE": "setup", "DISABLE_REGISTRATION": "true"].merging(settings) { $1 })
      let form: KeyValuePairs = ["username": "owner", "password": "password of owner", "setup-code": "setup"]
      _ = try site.request("POST", "/api/user/create-account", form: form)
      owner = try site.signIn("owner")
    }

    func invite(_ form: KeyValuePairs<String, String> = [:]) throws -> String {
      let answer = try site.request("POST", "/api/administrator/create-invitation", form: form, as: owner)
      return try #require(answer.json["code"]?.string, "\(answer.text)")
    }

    func register(_ username: String, _ code: String?) throws -> String {
      let password = "password of \(username)"
      let form: KeyValuePairs =
        ["username": username, "password": password, "invitation-code": code ?? ""]
      return try site.request("POST", "/api/user/create-account", form: form).verdict
    }
  }

  @Test("three are invited, others stay outside", arguments: Front.everywhere)
  func club(front: Front) throws {
    let club = try Club(front)
    let code = try club.invite(["uses": "3", "groups": "members"])
    #expect(try club.register("eve", nil) == "403 registration-disabled")
    #expect(try club.register("eve", "wrong") == "403 invalid-invitation-code")
    for name in ["ada", "bob", "cyd"] { #expect(try club.register(name, code) == "200") }
    #expect(try club.register("eve", code) == "403 invalid-invitation-code")
    let list = try club.site.request("GET", "/api/administrator/invitations", as: club.owner).json
    #expect(list.array?.map { $0["used"] } == [.number(3)])
  }

  @Test("of 32 at once, in one process or in many, one takes the last use", arguments: Front.allCases)
  func race(front: Front) throws {
    let club = try Club(front, ["MAXIMUM_ATTEMPTS": "1000"])
    let code = try club.invite()
    let verdicts = try Threads.run(32) { try club.register("user\($0)", code) }
    #expect(verdicts.filter { $0 == "200" }.count == 1)
    #expect(verdicts.filter { $0 == "403 invalid-invitation-code" }.count == 31)
  }

  @Test(
    "a link leads to an account, and no page has its code",
    arguments: Front.allCases + Front.apaches)
  func link(front: Front) throws {
    let club = try Club(front)
    let code = try club.invite()
    let led = try club.site.request("GET", "/account/register?invitation=\(code)")
    #expect(led.status == 303 && led.first("Location") == "/account/register")
    let cookie = try #require(led.first("Set-Cookie")?.prefix { $0 != ";" })
    #expect(cookie == "dashboard_invitation=\(code)")
    let headers = [("Cookie", String(cookie)), ("Content-Type", "application/x-www-form-urlencoded")]
    let page = try club.site.request("GET", "/account/register", headers: headers)
    #expect(page.text.contains("You are invited.") && !page.text.contains(code))
    let body = Array("username=ada&password=password+of+ada&invited=true".utf8)
    let answer = try club.site.request("POST", "/account/register", headers: headers, body: body)
    #expect(answer.status == 303 && answer.first("Location") == "/account?notice=registered")
    #expect(answer.all("Set-Cookie").contains { $0.hasPrefix("dashboard_invitation=; Max-Age=0") })
  }
}

/// The same in Chromium.
@Suite("a walk with an invitation", .enabled(if: Browser.isInstalled))
struct InvitedWalkTests {
  @Test("a person follows a link, and registers with a double click", arguments: PageWalk.scenes)
  func walk(front: Front, width: Int) throws {
    let settings = ["SETUP_CODE": "setup", "DISABLE_REGISTRATION": "true"]
    let walk = try PageWalk(front, width: width, settings: settings)
    let browser = walk.browser
    let form: KeyValuePairs = ["username": "owner", "password": "password of owner", "setup-code": "setup"]
    _ = try walk.site.request("POST", "/api/user/create-account", form: form)
    let owner = try walk.site.signIn("owner")
    func invite() throws -> String {
      let answer = try walk.site.request("POST", "/api/administrator/create-invitation", as: owner)
      return try #require(answer.json["code"]?.string)
    }
    try browser.open("/account/register")
    #expect(try !browser.has("[name=username]") && !browser.has("[name=invitation]"))
    let code = try invite()
    try browser.open("/account/register?invitation=\(code)")
    #expect(try browser.path == "/account/register")
    #expect(try browser.text(of: "main").contains("You are invited."))
    // Neither scripts nor the history have the code.
    #expect(
      try browser.run("return document.cookie + document.referrer + location.href").string?.contains(code)
        == false)
    try browser.click("[lang=de]")
    #expect(try browser.text(of: "main").contains("Sie wurden eingeladen."))
    try browser.click("[lang=en]")
    try browser.fill(["username": "ada", "password": "short"])
    try walk.expect("/account/register", problem: "Password: Use 8 to 128 characters.")
    try browser.type("password of ada", into: "[name=password]")
    try browser.leaving { try browser.doubleClick("main form button") }
    try walk.expect("/account", notice: "Welcome!")
    #expect(try browser.cookie("dashboard_invitation") == nil)
    try walk.signOut()

    // The link is used up, and the page says so before the form is filled in.
    try browser.open("/account/register?invitation=\(code)")
    #expect(try browser.text(of: "main").contains("This invitation does not work"))
    #expect(try !browser.has("[name=username]"))
    // A code from a letter is typed.
    let second = try invite()
    try browser.fill(["invitation": second.uppercased()])
    try walk.expect("/account/register")
    #expect(try browser.text(of: "main").contains("You are invited."))
    try browser.fill(["username": "bob", "password": "password of bob"])
    try walk.expect("/account", notice: "Welcome!")
  }
}
