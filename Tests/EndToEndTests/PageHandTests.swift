import TestSupport
import Testing

/// Different hands: without a mouse, with a nervous finger, and with a browser that runs no scripts.
@Suite("pages under different hands", .enabled(if: Browser.isInstalled))
struct PageHandTests {
  private static let tab = "\u{E004}"
  private static let enter = "\u{E007}"
  private static let down = "\u{E015}"

  /// Moves the focus with the keyboard to an element. What has the focus is always marked.
  private func move(_ browser: Browser, to selector: String) throws {
    for _ in 0..<40 {
      try browser.press(Self.tab)
      let (isThere, outline) = try focus(browser, selector)
      #expect(outline >= 2, "no focus ring before \(selector)")
      if isThere { return }
    }
    Issue.record("the keyboard does not reach \(selector)")
  }

  /// Whether an element has the focus, and the width of the ring around what has it.
  private func focus(_ browser: Browser, _ selector: String) throws -> (Bool, Double) {
    let answer = try browser.run(
      """
      const focused = document.activeElement
      const style = getComputedStyle(focused)
      return [focused.matches(arguments[0]), style.outlineStyle == "none" ? 0 : parseFloat(style.outlineWidth)]
      """, .string(selector))
    return (answer.array?.first == true, answer.array?.last?.number ?? 0)
  }

  @Test("the keyboard alone registers, corrects a mistake, changes the password and signs out")
  func keyboard() throws {
    let walk = try PageWalk()
    let browser = walk.browser
    try browser.open("/account/register")
    try browser.press(Self.tab)
    #expect(try focus(browser, ".skip").0)
    try browser.press(Self.enter)
    try move(browser, to: "[name=username]")
    try browser.press("ada" + Self.tab + "short")
    try browser.go(Self.enter)
    // The summary has the focus, and its link leads to the field.
    try walk.expect("/account/register", problem: "Password: Use 8 to 128 characters.")
    #expect(try focus(browser, ".problem").0)
    try move(browser, to: ".problem a")
    try browser.press(Self.enter)
    #expect(try focus(browser, "[name=password]").0)
    try browser.press("password of ada")
    try browser.go(Self.enter)
    try walk.expect("/account", notice: "Welcome!")
    try move(browser, to: "[href=\"/account/change-password\"]")
    try browser.go(Self.enter)
    try move(browser, to: "[name=password]")
    try browser.press("password of ada" + Self.tab + "another password" + Self.tab)
    #expect(try focus(browser, "main button").0)
    try browser.go(Self.enter)
    try walk.expect("/account", notice: "Your password is changed.")
    try browser.open("/account/end-all-sessions")
    try move(browser, to: "[name=scope]")
    try browser.press(Self.down)
    try move(browser, to: "main button")
    try browser.go(Self.enter)
    try walk.expect("/account/signin", notice: "You are signed out.")
    try move(browser, to: "[name=username]")
    try browser.press("ada" + Self.tab + "another password" + Self.tab + Self.down + Self.down)
    try browser.go(Self.enter)
    try walk.expect("/account")
    try move(browser, to: "[lang=de]")
    try browser.go(Self.enter)
    #expect(try browser.heading == "Ihr Konto")
  }

  @Test("the keyboard alone finds an account, opens a chart's figures, and schedules a deletion")
  func administratorKeyboard() throws {
    let walk = try PageWalk(width: 375)
    let browser = walk.browser
    _ = try walk.site.signUp("owner")
    let ada = try walk.site.signUp("ada")
    try browser.open("/account/signin?return-url=/administrator")
    try move(browser, to: "[name=username]")
    try browser.press("owner" + Self.tab + "password of owner")
    try browser.go(Self.enter)
    try walk.expect("/administrator")
    try move(browser, to: "summary")
    try browser.press(Self.enter)
    #expect(try browser.text(of: "details[open] tbody tr:last-child td:last-child") == "2")
    try browser.open("/administrator")
    try move(browser, to: "[href='/administrator/accounts']")
    try browser.go(Self.enter)
    try move(browser, to: "[href*='\(ada.accountid)']")
    try browser.go(Self.enter)
    try walk.expect("/administrator/account")
    try move(browser, to: "[href*='schedule-account-delete']")
    try browser.go(Self.enter)
    try move(browser, to: "main button")
    try browser.go(Self.enter)
    try walk.expect("/administrator/account", notice: "The account will be deleted.")
  }

  /// Clicks twice on the button of the page's form, and waits for the page that the form leads to.
  private func submitTwice(
    _ browser: Browser, _ path: String, _ values: KeyValuePairs<String, String>, _ end: String
  )
    throws
  {
    try browser.open(path)
    for (name, value) in values { try browser.type(value, into: "main [name=\"\(name)\"]") }
    try browser.leaving { try browser.doubleClick("main form button") }
    let isThere = eventually { (try? browser.heading == end && !browser.has(".problem")) ?? false }
    let text = try browser.text
    #expect(isThere, "\(path): \(text)")
  }

  @Test("a double click does no harm", arguments: PageWalk.scenes)
  func doubleClicks(front: Front, width: Int) throws {
    let walk = try PageWalk(front, width: width)
    let browser = walk.browser
    let password = "password of ada"
    let account = "Your account"
    try submitTwice(browser, "/account/register", ["username": "ada", "password": password], account)
    let profile: KeyValuePairs = ["full-name": "Ada Lovelace", "contact-email": "ada@example.org"]
    try submitTwice(browser, "/account/create-profile", profile, "Your profiles")
    try submitTwice(browser, "/account/create-reset-code", ["secret-code": "abcdefgh1"], "Your reset code")
    #expect(try browser.text(of: ".secret") == "abcdefgh1")
    let renaming: KeyValuePairs = ["new-username": "grace", "password": password]
    try submitTwice(browser, "/account/change-username", renaming, account)
    let changing: KeyValuePairs = ["password": password, "new-password": "another password"]
    try submitTwice(browser, "/account/change-password", changing, account)
    try submitTwice(browser, "/account/end-all-sessions", [:], "Where you are signed in")
    try submitTwice(browser, "/account/signout", [:], "Sign in")
    let resetting: KeyValuePairs = [
      "username": "grace", "secret-code": "abcdefgh1", "new-password": "third password",
    ]
    try submitTwice(browser, "/account/reset-account", resetting, "Sign in")
    try submitTwice(browser, "/account/signin", ["username": "grace", "password": "third password"], account)

    let user = try walk.site.signIn("grace", password: "third password")
    func list(_ name: String) throws -> [JSON] {
      try walk.site.request("GET", "/api/user/\(name)?accountid=\(user.accountid)", as: user).json.array ?? []
    }
    #expect(try list("profiles").count == 1)
    #expect(try list("reset-codes").count == 0)
    try submitTwice(
      browser, "/account/delete-account", ["password": "third password"], "Your account will be deleted")
  }

  @Test("everything works with scripts off", arguments: PageWalk.bothScenes)
  func scriptless(front: Front, width: Int) throws {
    let walk = try PageWalk(front, width: width, runsScripts: false)
    let browser = walk.browser
    func expect(_ path: String, _ text: String) throws {
      #expect(try browser.path.hasPrefix(path))
      #expect(try browser.text(of: "main").contains(text), "\(path)")
    }
    try browser.open(
      "data:text/html,<h1>before</h1><script>document.querySelector('h1').textContent = 'after'</script>")
    #expect(try browser.heading == "before")
    try browser.open("/account/register")
    try browser.fill(["username": "ada"])
    try expect("/account/register", "Fill in: Password.")
    try browser.fill(["password": "password of ada"])
    try expect("/account", "Welcome!")
    try browser.click("[lang=de]")
    try expect("/account", "Konto seit")
    try browser.click("[lang=en]")
    try browser.follow("Your profiles")
    try browser.follow("Add a profile")
    try browser.fill(["full-name": "Ada Lovelace", "contact-email": "ada@example.org"])
    try expect("/account/profiles", "The profile is saved.")
    try browser.follow("Sign out")
    try browser.fill()
    try expect("/account/signin", "You are signed out.")
  }
}
