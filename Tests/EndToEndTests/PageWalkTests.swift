import TestSupport
import Testing

/// People in Chromium, on the pages of real web servers.
@Suite("a walk through the pages", .enabled(if: Browser.isInstalled))
struct PageWalkTests {
  @Test("the life of an account, and of a second one", arguments: PageWalk.bothScenes)
  func life(front: Front, width: Int) throws {
    let walk = try PageWalk(front, width: width)
    let browser = walk.browser

    // A stranger is led to sign in, registers instead, and comes to the page that was wanted.
    try browser.open("/account/sessions")
    try walk.expect("/account/signin", notice: "Sign in to go on.")
    try browser.follow("No account yet? Register")
    try browser.fill(["username": "owner", "password": "short"])
    try walk.expect("/account/register", problem: "Password: Use 8 to 128 characters.")
    #expect(try browser.property("value", of: "[name=username]") == "owner")
    try browser.fill(["password": "password of owner"])
    try walk.expect("/account/sessions", notice: "Welcome!")
    #expect(try browser.text(of: "main").contains("this browser"))
    try browser.follow("Your account")
    try walk.expect("/account")
    #expect(try browser.text(of: "main").contains("Owner of this site"))
    try browser.follow("Sign out")
    try browser.fill()
    try walk.expect("/account/signin", notice: "You are signed out.")

    // A second person registers, and fills a profile in.
    try walk.register("ada")
    try walk.expect("/account", notice: "Welcome!")
    try browser.follow("Your profiles")
    try browser.follow("Add a profile")
    try browser.fill(["full-name": "Ada Lovelace"])
    try walk.expect("/account/create-profile", problem: "Fill in: E-mail address.")
    try browser.fill(["contact-email": "ada@example.org"])
    try walk.expect("/account/profiles", notice: "The profile is saved.")
    try browser.follow("Add a profile")
    try browser.fill(["full-name": "Countess", "contact-email": "countess@example.org"])
    try browser.follow("Countess")
    try walk.expect("/account/profile")
    try browser.follow("Change this profile")
    try browser.fill(["full-name": "Countess of Lovelace"])
    try browser.follow("Countess of Lovelace")
    try browser.follow("Use this profile")
    try browser.fill()
    try walk.expect("/account/profiles", notice: "The profile is used")
    try browser.follow("Ada Lovelace")
    try browser.follow("Remove this profile")
    try browser.fill()
    try walk.expect("/account/profiles", notice: "The profile is removed.")

    // A new name, a new password, a code.
    try browser.open("/account/change-username")
    try browser.fill(["new-username": "owner", "password": "password of ada"])
    try walk.expect("/account/change-username", problem: "This username is taken.")
    try browser.fill(["new-username": "countess", "password": "password of ada"])
    try walk.expect("/account", notice: "Your username is changed.")
    try browser.follow("Change your password")
    try browser.fill(["password": "wrong password", "new-password": "a second password"])
    try walk.expect("/account/change-password", problem: "This is not the password of the account.")
    try browser.fill(["password": "password of ada", "new-password": "a second password"])
    try walk.expect("/account", notice: "Your password is changed.")
    try browser.follow("Your reset codes")
    try browser.follow("Make a reset code")
    let code = try #require(try browser.property("value", of: "[name=secret-code]"))
    try browser.fill()
    try walk.expect("/account/create-reset-code")
    #expect(try browser.text(of: ".secret") == code)
    try browser.open("/account/create-reset-code")
    try browser.fill(["secret-code": "codetoremove1"])
    try browser.follow("Your reset codes")
    try browser.click(".actions a")
    try walk.expect("/account/reset-code")
    try browser.follow("Remove this reset code")
    try browser.fill()
    try walk.expect("/account/reset-codes", notice: "The reset code is removed.")

    // The password is forgotten, and the code brings the person back.
    try walk.signOut()
    try browser.follow("Password forgotten?")
    try browser.fill([
      "username": "countess", "secret-code": "wrongcode1", "new-password": "a third password",
    ])
    try walk.expect("/account/reset-account", problem: "This code does not work")
    try browser.fill(["secret-code": code, "new-password": "a third password"])
    try walk.expect("/account/signin", notice: "Your new password is set.")
    try browser.fill(["username": "countess", "password": "a third password"])
    try walk.expect("/account")

    // A session that was forgotten elsewhere ends.
    let credentials: KeyValuePairs = ["username": "countess", "password": "a third password"]
    _ = try walk.site.request("POST", "/api/user/create-session", form: credentials)
    try browser.follow("Where you are signed in")
    try browser.click(".actions a")
    try walk.expect("/account/session")
    try browser.follow("End this session")
    try browser.fill()
    try walk.expect("/account/sessions", notice: "The session has ended.")
    _ = try walk.site.request("POST", "/api/user/create-session", form: credentials)
    try browser.open("/account/end-all-sessions")
    try browser.fill()
    try walk.expect("/account/sessions", notice: "The other sessions have ended.")

    // The person leaves, changes the mind, and stays.
    try browser.open("/account/delete-account")
    try browser.fill(["password": "a third password"])
    try walk.expect("/account/delete-account")
    #expect(try browser.heading == "Your account will be deleted")
    try walk.signIn("countess", password: "a third password")
    try walk.expect("/account/signin", problem: "This account is going to be deleted.")
    try browser.follow("Keep an account that is going to be deleted")
    try browser.fill(["username": "countess", "password": "a third password"])
    try walk.expect("/account/signin", notice: "Your account stays.")
    try browser.fill(["username": "countess", "password": "a third password"])
    try walk.expect("/account")
    try browser.open("/account/none")
    #expect(try browser.heading == "There is no such page")
    try browser.click("[lang=de]")
    #expect(try browser.text(of: "main").contains("Konto"))
  }
}
