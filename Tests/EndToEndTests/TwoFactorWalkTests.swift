import TestSupport
import Testing

/// Two-step sign-in in Chromium with its virtual authenticators, on a phone, over TLS.
@Suite("a walk through two-step sign-in", .enabled(if: Browser.isInstalled))
struct TwoFactorWalkTests {
  private static let failed = "That did not work. Try again, or choose another way."

  /// Presses the button that asks for a passkey, on a page that stays.
  private func pushInVain(
    _ walk: PageWalk, _ button: String, _ kind: String = "failed", _ text: String = failed
  ) throws {
    let problem = "[data-passkey-\(kind)]"
    #expect(try walk.browser.run("return document.querySelector('\(problem)').hidden") == .boolean(true))
    try walk.browser.push(button)
    #expect(try eventually { try walk.browser.text(of: problem) == text })
    try walk.expectNoSidewaysScrolling()
  }

  private func signOut(_ walk: PageWalk) throws {
    try walk.signOut()
    try walk.expect("/account/signin", notice: "You are signed out.")
  }

  @Test("people set up apps, passkeys and security keys, lose them, and come back")
  func walk() throws {
    // One browser for both, because its start takes longest.
    let walk = try PageWalk(width: 375, hasTLS: true)
    try lost(walk)
    try signOut(walk)
    try keys(walk)
  }

  /// A person sets up an app and a passkey, loses the phone and comes back. An administrator helps when all is lost.
  private func lost(_ walk: PageWalk) throws {
    let browser = walk.browser
    try walk.register("owner")
    try signOut(walk)
    try walk.register("ada")

    // An authenticator app, by the key that the page shows.
    try browser.follow("Two-step sign-in")
    try browser.follow("Set up an authenticator app")
    try browser.fill()
    try walk.expect("/account/confirm-authenticator-app")
    #expect(try browser.has("main svg[role=img]"))
    let app = try AuthenticatorApp(browser.text(of: "main code").filter { $0 != " " })
    try browser.fill(["code": "123"])
    try walk.expect("/account/confirm-authenticator-app", problem: "Type the six digits that the app shows")
    try browser.fill(["code": app.code()])
    #expect(try browser.heading == "Your recovery codes")
    let shown = try browser.run(
      "return [...document.querySelectorAll('.codes code')].map(e => e.textContent)")
    let codes = shown.array?.compactMap(\.string) ?? []
    #expect(codes.count == 10)

    // A passkey on the phone.
    let phone = try browser.add(.platform)
    try browser.open("/account/two-factor")
    try browser.follow("Add a passkey")
    try walk.expect("/account/add-passkey")
    try browser.fill(["passkey-name": "Ada’s phone"])
    try walk.expect("/account/two-factor", notice: "The passkey is added.")
    #expect(try browser.text(of: "main").contains("Ada’s phone"))
    // The phone has one already, and makes no second one.
    try browser.follow("Add a passkey")
    try pushInVain(walk, "main form button", "known", "This device has a passkey for your account already.")

    // By the password and the passkey, then by the passkey alone.
    try signOut(walk)
    try walk.signIn("ada")
    try walk.expect("/account/second-step")
    // A page that has been open for long finds out that its sign-in no longer waits.
    try browser.devTools("Network.clearBrowserCookies")
    _ = try browser.run("performance.now = () => 300000")
    try browser.click("[data-passkey-button]")
    try walk.expect("/account/signin", notice: "Sign in to go on.")
    try walk.signIn("ada")
    try browser.click("[data-passkey-button]")
    try walk.expect("/account")
    try signOut(walk)
    try browser.follow("Sign in with a passkey")
    try browser.fill()
    try walk.expect("/account")
    // A page that stays open for longer than a challenge gets another one.
    try signOut(walk)
    try browser.follow("Sign in with a passkey")
    _ = try browser.run(
      """
      performance.now = () => 300000
      const field = document.querySelector("[data-passkey]")
      const options = JSON.parse(field.dataset.options)
      options.publicKey.challenge = options.publicKey.challenge.split("").reverse().join("")
      field.dataset.options = JSON.stringify(options)
      """)
    try browser.fill()
    try walk.expect("/account")
    // It proves all that /account/verify asks for.
    try browser.open("/account/verify")
    try browser.click("[data-passkey-button]")
    try walk.expect("/account")

    // What a form needs beside the passkey is typed before the browser asks for it.
    try signOut(walk)
    try browser.open("/account/reset-account")
    try browser.push("[data-passkey-button]")
    #expect(try browser.run("return document.activeElement.name") == .string("username"))
    #expect(
      try browser.run("return document.querySelector('[data-passkey-failed]').hidden") == .boolean(true))

    // The phone is lost. A recovery code replaces the second step, and the lost ones are removed.
    try browser.open("/account/signin")
    try browser.removeAuthenticator(phone)
    let other = try browser.add(.platform)
    try browser.follow("Sign in with a passkey")
    try pushInVain(walk, "main form button")
    try walk.signIn("ada")
    try pushInVain(walk, "[data-passkey-button]")
    try browser.type(codes[3].lowercased().replacing("-", with: " "), into: "[name=code]")
    try browser.click("main form button[type=submit]")
    try walk.expect(
      "/account",
      notice:
        "You used a recovery code, which does not work again. “Two-step sign-in” shows how many are left.")
    try browser.follow("Two-step sign-in")
    try browser.click("main a[href*='passkey?']")
    try walk.expect("/account/passkey")
    try browser.follow("Remove this passkey")
    try browser.fill()
    try walk.expect("/account/two-factor", notice: "The passkey is removed.")
    try browser.follow("Remove the authenticator app")
    try browser.fill()
    try walk.expect("/account/two-factor", notice: "The authenticator app is removed.")
    try signOut(walk)
    try walk.signIn("ada")
    try walk.expect("/account")

    // The new phone gets a passkey. Then it is lost too, with the recovery codes, and the owner helps.
    try browser.open("/account/add-passkey")
    try browser.fill()
    #expect(try browser.heading == "Your recovery codes")
    try browser.removeAuthenticator(other)
    try signOut(walk)
    try walk.signIn("ada")
    try walk.expect("/account/second-step")
    #expect(
      try browser.text(of: "main").contains("If you have lost all of them, ask the people who run this site.")
    )
    try walk.signIn("owner")
    try walk.expect("/account")
    try browser.open("/administrator/accounts")
    try browser.click("main .actions a[href*='accountid=']")
    try browser.follow("Remove the two-step sign-in")
    try browser.fill()
    try walk.expect("/administrator/account", notice: "The two-step sign-in is removed.")
    try signOut(walk)
    try walk.signIn("ada")
    try walk.expect("/account")
  }

  /// A security key is a second step, with a PIN or without. Without JavaScript the pages say what to do.
  private func keys(_ walk: PageWalk) throws {
    let browser = walk.browser
    for isVerified in [false, true] {
      let name = isVerified ? "cara" : "bea"
      let key = try browser.add(.roaming(isUserVerified: isVerified))
      try walk.register(name)
      try browser.open("/account/add-passkey")
      try browser.fill()
      #expect(try browser.heading == "Your recovery codes")
      try signOut(walk)
      // It keeps no credential, so it can't sign in alone.
      try browser.follow("Sign in with a passkey")
      try pushInVain(walk, "main form button")
      try walk.signIn(name)
      try walk.expect("/account/second-step")
      try browser.click("[data-passkey-button]")
      try walk.expect("/account")
      try signOut(walk)
      try browser.removeAuthenticator(key)
    }

    try browser.devTools("Emulation.setScriptExecutionDisabled", ["value": true])
    let without = "Passkeys need JavaScript and a browser that knows them."
    try browser.open("/account/signin-passkey")
    #expect(try browser.text(of: "main").contains("\(without) Sign in with your password instead."))
    #expect(try browser.text(of: "[data-passkey-failed]") == "")
    #expect(
      try browser.run("return document.querySelector('main form [type=submit]').hidden") == .boolean(true))
    try walk.signIn("cara")
    try walk.expect("/account/second-step")
    #expect(try browser.text(of: "main").contains("\(without) Type a code instead."))
    #expect(
      try browser.run("return document.querySelector('[data-passkey-button]').hidden") == .boolean(true))
    try walk.expectNoSidewaysScrolling()
  }
}
