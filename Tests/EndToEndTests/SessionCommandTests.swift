import TestSupport
import Testing

/// Commands of sessions, codes, invitations and the data, beside a server that answers requests on the same data.
@Suite("commands of sessions, codes, invitations and data")
struct SessionCommandTests {
  private let site: Site
  private let grace: Operator
  private let ada: Site.User

  init() throws {
    site = try Site(.fastcgi)
    grace = Operator(of: site)
    ada = try site.signUp("ada")
  }

  private func isSignedIn(_ user: Site.User) throws -> Bool {
    try site.request("GET", "/api/user/current-session", as: user).status == 200
  }

  private func sessions(_ arguments: String...) throws -> Set<String> {
    let ending = try grace.run(["session", "list", "--json"] + arguments)
    return Set(
      try JSON(Array(ending.output.utf8.dropLast())).array?.compactMap { $0["sessionid"]?.string } ?? [])
  }

  @Test("who is signed in: ended sessions are not mixed in")
  func list() throws {
    let (bob, second) = (try site.signUp("bob"), try site.signIn("bob"))
    #expect(try sessions() == [ada.sessionid, bob.sessionid, second.sessionid])
    #expect(try sessions("bob") == [bob.sessionid, second.sessionid])
    let ended = try grace.answer("session", "end", bob.sessionid)
    #expect(ended["ended"] == .boolean(true))
    #expect(try !isSignedIn(bob) && isSignedIn(second))
    #expect(try sessions("bob") == [second.sessionid])
    #expect(try sessions("bob", "--all") == [bob.sessionid, second.sessionid])
    try grace.expectRefusal(["session", "end", bob.sessionid], 65, "the session has ended already")
    _ = try grace.text("session", "end-all", "bob")
    #expect(try !isSignedIn(second))
    #expect(try grace.text("session", "list", "bob") == "No one is signed in.\n")
    for unknown in ["sess_0123456789abcdef", "x", ""] {
      try grace.expectRefusal(["session", "end", unknown], 66, "there is no session '\(unknown)'")
    }
  }

  @Test("a reset code for a person who lost the password, by the username")
  func resetCode() throws {
    let text = try grace.text("reset-code", "create", "ada")
    let code = try #require(text.split(separator: " ").last { !$0.isEmpty }?.dropLast())
    let made = try grace.answer("reset-code", "create", "ada")["secretCode"]?.string
    #expect(made?.count == 16 && code.count == 16)
    let form: KeyValuePairs = ["username": "ada", "secret-code": made ?? "", "new-password": "correct horse"]
    #expect(try site.request("PATCH", "/api/user/reset-account-password", form: form).status == 200)
    _ = try site.signIn("ada", password: "correct horse")
  }

  @Test("an invitation lets a person in where registration is closed, until it is removed")
  func invitation() throws {
    let closed = try Site(.fastcgi, settings: ["DISABLE_REGISTRATION": "true"])
    let grace = Operator(of: closed)
    try grace.expectRefusal(["invitation", "create"], 67, "there is no such account")
    _ = try grace.text("account", "create", "ada", "--password-stdin", input: "correct horse\n")
    let invitation = try grace.answer(
      "invitation", "create", "--uses", "2", "--groups", "club", "--note", "hi")
    let code = try #require(invitation["code"]?.string)
    func register(_ name: String) throws -> Int {
      let form: KeyValuePairs = ["username": name, "password": "correct horse", "invitation-code": code]
      return try closed.request("POST", "/api/user/create-account", form: form).status
    }
    #expect(try register("bob") == 200)
    let id = try #require(invitation["invitationid"]?.string)
    #expect(try grace.text("invitation", "list").contains("1 of 2"))
    _ = try grace.text("invitation", "delete", id)
    #expect(try register("eve") == 403)
    try grace.expectRefusal(["invitation", "delete", id], 66, "there is no invitation '\(id)'")
    try grace.expectRefusal(
      ["invitation", "create", "--uses", "1001"], 64, "--uses takes a number from 1 to 1000, not '1001'")
  }

  @Test("events tell what an operator did, in the data and in the event log")
  func events() throws {
    let directory = try TemporaryDirectory()
    var grace = grace
    grace.settings["EVENT_LOG"] = directory.path("events")
    _ = try grace.text("account", "groups", "ada", "editors")
    let event = try #require(try grace.answer("events", "ada", "--limit", "1").array?.first)
    #expect(event["name"]?.string == "groups-set")
    #expect(event["by"]?.string == "operator")
    let logged = try JSON(Array(Files.text(directory.path("events")).utf8.dropLast()))
    #expect(logged["event"]?.string == "groups-set")
    #expect(logged["by"]?.string == "operator grace")
  }

  @Test("the numbers of an app")
  func stats() throws {
    _ = try site.signUp("bob")
    let stats = try grace.answer("stats")
    #expect(stats["accounts"]?.number == 2)
    #expect(stats["sessions"]?.number == 2)
    #expect(stats["metrics"]?.array?.first?["today"]?.number == 2)
    #expect(try grace.text("stats").contains("Accounts                  2\n"))
  }

  @Test("a sweep removes what is due")
  func sweep() throws {
    _ = try site.signUp("bob")
    _ = try grace.text("account", "delete", "bob", "--now", "--yes")
    // Usernames are due where they are not kept any more.
    let keeping = try Site(.fastcgi, settings: ["KEEP_USERNAMES": "true"])
    for name in ["ada", "bob", "carol"] { _ = try keeping.signUp(name) }
    let grace = Operator(of: keeping)
    for _ in 0..<2 {
      #expect(
        try grace.text("sweep", "--dry-run")
          == "Dry run, nothing is changed. Without it: 3 records and counters are removed.\n")
    }
    _ = try grace.text("sweep")
    #expect(try grace.answer("sweep", "--dry-run") == JSON(Array("0".utf8)))
    #expect(try grace.text("sweep") == "Swept: nothing is due any more.\n")
    #expect(try grace.answer("sweep") == JSON(Array("true".utf8)))
  }

  @Test("each app has its own accounts")
  func apps() throws {
    _ = try grace.text(
      "account", "create", "shopkeeper", "--app", "shop", "--password-stdin", input: "correct horse\n")
    #expect(try grace.answer("account", "list", "--app", "shop").array?.count == 1)
    try grace.expectRefusal(
      ["account", "show", "ada", "--app", "shop"], 67, "there is no account 'ada' in the app 'shop'")
    try grace.expectRefusal(
      ["account", "list", "--app", "dashbord"], 66, "there is no app 'dashbord'; did you mean 'dashboard'?")
    try grace.expectRefusal(["account", "list", "--app", "a/b"], 64, "'a/b' can't be the name of an app")
  }
}
