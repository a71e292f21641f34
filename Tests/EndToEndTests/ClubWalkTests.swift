import Glibc
import TestSupport
import Testing

/// A club of five, without open registration, in Chromium.
@Suite("a walk through the life of a club", .enabled(if: Browser.isInstalled))
struct ClubWalkTests {
  /// The club's folders, as nginx guards them. On shared hosting it has none.
  private static func folders(_ directory: TemporaryDirectory) throws -> String {
    // nginx reads them as another user.
    chmod(directory.path, 0o755)
    let places = try ["choir", "board"].map { name in
      let folder = directory.path(name)
      try Files.makeDirectory(folder)
      try Files.write("<h1>The pages of the \(name)</h1>", to: "\(folder)/index.html")
      chmod("\(folder)/index.html", 0o644)
      // A browser keeps an old file for long, and must not show it after the user signed out.
      var times = [timespec](repeating: timespec(tv_sec: 1_000_000_000, tv_nsec: 0), count: 2)
      try #require(utimensat(AT_FDCWD, "\(folder)/index.html", &times, 0) == 0)
      return "location /\(name)/ { set $dashboard_group \(name); include dashboard/group; }"
    }
    return "include dashboard/guard.conf; root \(directory.path);\n" + places.joined(separator: "\n")
  }

  @Test(
    "three are invited, one gets an account, one is suspended, and the site is handed over",
    arguments: PageWalk.scenes)
  func club(front: Front, width: Int) throws {
    let directory = try TemporaryDirectory()
    let hasFolders = front == .fastcgi
    let walk = try PageWalk(
      front, width: width, settings: ["DISABLE_REGISTRATION": "true", "SETUP_CODE": "setup"],
      block: hasFolders ? Self.folders(directory) : nil)
    let (browser, site) = (walk.browser, walk.site)
    func expectFolder(_ name: String, isOpen: Bool, _ location: SourceLocation = #_sourceLocation) throws {
      guard hasFolders else { return }
      try browser.open("/\(name)/")
      let text = try browser.text
      #expect(
        text.contains("The pages of the \(name)") == isOpen, "\(name): \(text)", sourceLocation: location)
    }

    try browser.open("/account/register")
    try browser.fill(["username": "owner", "password": "password of owner", "setup-code": "setup"])
    try walk.expect("/account", notice: "Welcome!")

    // Three people are invited by one link, and a fourth one comes too late.
    try browser.open("/administrator/invitations")
    try browser.follow("Invite people")
    try browser.fill(["uses": "3", "groups": "Choir"])
    try walk.expect("/administrator/create-invitation", problem: "Write at most 64 names")
    try browser.fill(["groups": "choir", "note": "for the new singers"])
    let link = try browser.text(of: ".secret")
    #expect(link.hasPrefix(site.base ?? "-"))
    let path = String(link.dropFirst((site.base ?? "").count))
    for name in ["ada", "bob", "cyd"] {
      try walk.signOut()
      try browser.open(path)
      try browser.fill(["username": name, "password": PageWalk.password(of: name)])
      try walk.expect("/account", notice: "Welcome!")
    }
    try expectFolder("choir", isOpen: true)
    try expectFolder("board", isOpen: false)
    try walk.signOut()
    try browser.open(path)
    #expect(try browser.text(of: "main").contains("This invitation does not work"))
    try expectFolder("choir", isOpen: false)

    // One who does not like forms gets an account.
    try walk.signIn("owner")
    try browser.open("/administrator/accounts")
    try browser.follow("Make an account for a person")
    try browser.fill(["username": "dora", "groups": "board"])
    let code = try browser.text(of: ".secret")
    try walk.signOut()
    try walk.signIn("dora", password: code)
    #expect(try browser.has(".problem"))
    try browser.open("/account/reset-account")
    try browser.fill(["username": "dora", "secret-code": code, "new-password": "password of dora"])
    try walk.signIn("dora")
    try expectFolder("board", isOpen: true)
    try expectFolder("choir", isOpen: false)
    try walk.signOut()

    // One is suspended. The session ends at once, and the right password says why.
    let bob = try site.signIn("bob")
    try walk.signIn("owner")
    try browser.open("/administrator/accounts")
    try browser.fill(["search": "bob"])
    try browser.follow("Suspend this account")
    try browser.fill(["reason": "sends spam"])
    try walk.expect("/administrator/account", notice: "The account is suspended.")
    #expect(try browser.text(of: "main").contains("sends spam"))
    #expect(try site.request("GET", "/api/user/current-session", as: bob).status == 401)
    try walk.signOut()
    try walk.signIn("bob")
    try walk.expect("/account/signin", problem: "This account is suspended.")

    // The groups of one change, and the site is handed over to another.
    try walk.signIn("owner")
    for (name, action) in [("cyd", "Change the groups of this account"), ("ada", "Hand this site over")] {
      try browser.open("/administrator/accounts")
      try browser.fill(["search": name])
      try browser.follow(action)
      try browser.fill(name == "cyd" ? ["groups": "choir, board"] : [:])
      try walk.expect("/administrator/account", notice: name == "cyd" ? "saved" : "handed over")
    }
    try walk.signOut()
    try walk.signIn("cyd")
    try expectFolder("board", isOpen: true)
    try walk.signOut()
    try walk.signIn("ada")
    try browser.follow("Administration")
    try browser.open("/administrator/administrators")
    #expect(try browser.text(of: "main").contains("Owner of this site"))
  }
}
