import TestSupport
import Testing

/// `dashboard account …`, beside a server that answers requests on the same data.
@Suite("commands of accounts")
struct AccountCommandTests {
  private let site: Site
  private let grace: Operator
  /// The owner.
  private let ada: Site.User

  init() throws {
    site = try Site(.fastcgi, settings: ["KEEP_USERNAMES": "true"])
    grace = Operator(of: site, settings: ["KEEP_USERNAMES": "true"])
    ada = try site.signUp("ada")
  }

  private func isSignedIn(_ user: Site.User) throws -> Bool {
    try site.request("GET", "/api/user/current-session", as: user).status == 200
  }

  private var accounts: [String] {
    get throws { try grace.answer("account", "list").array?.compactMap { $0["username"]?.string } ?? [] }
  }

  @Test("a created account signs in; its password comes from standard input alone")
  func create() throws {
    let account = try grace.answer(
      "account", "create", "bob", "--password-stdin", input: "correct horse\nmore\n")
    #expect(account["username"]?.string == "bob")
    #expect(account["owner"] == nil)
    #expect(try site.signIn("bob", password: "correct horse").accountid == account["accountid"]?.string)
    try grace.expectRefusal(
      ["account", "create", "bob", "--password-stdin"], 65, "another account has this username",
      input: "correct horse\n")
    try grace.expectRefusal(
      ["account", "create", "eve", "--password-stdin"], 65,
      "the password has a wrong length: 8 to 128 characters", input: "short\n")
    for input in ["", "\n"] {
      try grace.expectRefusal(
        ["account", "create", "eve", "--password-stdin"], 64, "the password is empty", input: input)
    }
    try grace.expectRefusal(
      ["account", "create", "eve"], 64,
      "there is no terminal to ask for a password: pipe it in and add --password-stdin")
    #expect(try accounts == ["bob", "ada"])
  }

  @Test("a username that looks like an identifier stands for no other account")
  func identifierAsUsername() throws {
    let mallory = try site.signUp(ada.accountid)
    let text = "is an identifier, and also the username of \(mallory.accountid): give that identifier"
    for command in ["promote", "show", "suspend"] {
      try grace.expectRefusal(["account", command, ada.accountid], 65, "'\(ada.accountid)' \(text)")
    }
    try grace.expectRefusal(["reset-code", "create", ada.accountid], 65, "'\(ada.accountid)' \(text)")
    #expect(try grace.answer("account", "show", mallory.accountid)["accountid"]?.string == mallory.accountid)
  }

  @Test("what is done is told when its result can't be printed, and a password must be UTF-8")
  func unprintable() throws {
    let full = try ChildProcess.run(
      ["/bin/sh", "-c", #"exec "$0" reset-code create ada >/dev/full"#, Programs.dashboard],
      environment: ["DATA_DIR": grace.data])
    #expect(full.status == 74)
    #expect(full.errors.contains("it is done, but the result can't be printed"))
    let ending = try ChildProcess.run(
      [
        "/bin/sh", "-c",
        #"printf 'B\304rlin password' | exec "$0" account set-password ada --password-stdin"#,
        Programs.dashboard,
      ],
      environment: ["DATA_DIR": grace.data])
    #expect(ending.status == 65 && ending.errors.contains("the password is not UTF-8"))
    _ = try site.signIn("ada")
  }

  @Test("the first account of new data is the owner's, also with a setup code, and the server then serves it")
  func first() throws {
    let directory = try TemporaryDirectory()
    var grace = grace
    grace.settings = [
      "DATA_DIR": directory.path("data"), "SETUP_CODE": "a code that a command does not need",
    ]
    let account = try grace.answer("account", "create", "ada", "--password-stdin", input: "correct horse\n")
    #expect(account["owner"] == .boolean(true))
    let site = try Site(.fastcgi, data: directory)
    #expect(try site.signIn("ada", password: "correct horse").accountid == account["accountid"]?.string)
  }

  @Test("--code makes an account whose holder chooses the password")
  func code() throws {
    let account = try grace.answer(
      "account", "create", "bob", "--code", "--groups", "editors,b", "--days", "3")
    #expect(account["groups"]?.array?.compactMap(\.string) == ["b", "editors"])
    let code = try #require(account["secretCode"]?.string)
    let form: KeyValuePairs = ["username": "bob", "secret-code": code, "new-password": "correct horse"]
    #expect(try site.request("PATCH", "/api/user/reset-account-password", form: form).status == 200)
    _ = try site.signIn("bob", password: "correct horse")
    try grace.expectRefusal(
      ["account", "create", "eve", "--code", "--days", "91"], 64,
      "--days takes a number from 1 to 90, not '91'")
    try grace.expectRefusal(
      ["account", "create", "eve", "--days", "3", "--password-stdin"], 64, "--days and --groups need --code")
    try grace.expectRefusal(
      ["account", "create", "eve", "--code", "--owner"], 64,
      "--code goes with neither --owner nor --password-stdin")
  }

  @Test("an owner who has left is replaced, by an account that exists or by a new one")
  func setOwner() throws {
    let bob = try site.signUp("bob")
    #expect(try grace.answer("account", "set-owner", "bob")["owner"] == .boolean(true))
    #expect(try grace.answer("account", "show", "ada")["owner"] == nil)
    #expect(try grace.answer("account", "show", "ada")["administrator"] == .boolean(true))
    #expect(try !isSignedIn(bob))
    try grace.expectRefusal(["account", "set-owner", "bob"], 65, "the account is the owner's already")
    let erin = try grace.answer(
      "account", "create", "erin", "--owner", "--password-stdin", input: "correct horse\n")
    #expect(erin["owner"] == .boolean(true))
    #expect(try grace.text("account", "list", "--administrators").split(separator: "\n").count == 4)
    #expect(try grace.answer("account", "demote", "bob")["administrator"] == nil)
    #expect(try grace.answer("account", "promote", "bob")["administrator"] == .boolean(true))
  }

  @Test("a person who can't get in gets a password or a new name, and earlier sessions end")
  func credentials() throws {
    let bob = try site.signUp("bob")
    #expect(
      try grace.text("account", "set-password", "bob", "--password-stdin", input: "battery staple\n")
        == "Set the password of \(bob.accountid) (bob).\n")
    #expect(try !isSignedIn(bob))
    let again = try site.signIn("bob", password: "battery staple")
    #expect(try grace.answer("account", "rename", "bob", "robert")["username"]?.string == "robert")
    #expect(try !isSignedIn(again))
    _ = try site.signIn("robert", password: "battery staple")
    try grace.expectRefusal(["account", "rename", "robert", "ada"], 65, "another account has this username")
    try grace.expectRefusal(
      ["account", "rename", "robert", ""], 65, "the username has a wrong length: 3 to 100 characters")
    try grace.expectRefusal(
      ["account", "show", "bob"], 67, "there is no account 'bob' in the app 'dashboard'")
  }

  @Test("a suspended person is out until the suspension ends")
  func suspend() throws {
    let bob = try site.signUp("bob")
    #expect(
      try grace.answer("account", "suspend", bob.accountid, "--reason", "spam")["suspensionReason"]?.string
        == "spam")
    #expect(try !isSignedIn(bob))
    #expect(throws: Site.Unexpected.self) { try site.signIn("bob") }
    #expect(try grace.text("account", "show", "bob").contains("State             suspended\n"))
    try grace.expectRefusal(["account", "suspend", "bob"], 65, "the account is suspended already")
    try grace.expectRefusal(
      ["account", "suspend", "ada"], 65,
      "the owner can't be suspended: give the site to another account first (dashboard account set-owner)")
    _ = try grace.text("account", "resume", "bob")
    _ = try site.signIn("bob")
    try grace.expectRefusal(["account", "resume", "bob"], 65, "the account is not suspended")
  }

  @Test("a deletion is scheduled and cancelled; --now removes the account, if the operator means it")
  func delete() throws {
    _ = try site.signUp("bob")
    #expect(try grace.answer("account", "delete", "bob")["deletedAt"]?.string != nil)
    #expect(try grace.answer("account", "list", "--deleted").array?.count == 1)
    _ = try grace.text("account", "restore", "bob")
    _ = try site.signIn("bob")
    try grace.expectRefusal(
      ["account", "delete", "bob", "--now"], 64, "there is no terminal to ask: add --yes if you mean it")
    _ = try grace.text("account", "delete", "bob", "--now", "--yes")
    #expect(try accounts == ["ada"])
    try grace.expectRefusal(
      ["account", "delete", "ada", "--now", "--yes"], 65,
      "the owner's account can't be deleted: give the site to another account first (dashboard account set-owner)"
    )
  }

  @Test("groups are set, listed and taken")
  func groups() throws {
    let bob = try site.signUp("bob")
    _ = try grace.text("account", "groups", "bob", "editors,board")
    let listed = try grace.answer("account", "list", "--group", "board").array
    #expect(listed?.compactMap { $0["accountid"]?.string } == [bob.accountid])
    #expect(try grace.answer("account", "groups", "bob", "")["groups"] == nil)
    #expect(try grace.text("account", "list", "--group", "board") == "There are no such accounts.\n")
    try grace.expectRefusal(
      ["account", "groups", "bob", "Not Well"], 65,
      "the groups are not well-formed: give up to 64 names, separated by commas, each of up to 32 of a-z, 0-9 and -"
    )
  }

  @Test("--dry-run makes every check, says what would happen, and changes nothing")
  func dryRun() throws {
    let bob = try site.signUp("bob")
    let before = try grace.answer("account", "list")
    let input = "correct horse\n"
    let changes: [[String]] = [
      ["account", "create", "eve", "--password-stdin"], ["account", "create", "eve", "--code"],
      ["account", "rename", "bob", "robert"], ["account", "set-password", "bob", "--password-stdin"],
      ["account", "suspend", "bob"], ["account", "promote", "bob"], ["account", "set-owner", "bob"],
      ["account", "groups", "bob", "editors"], ["account", "delete", "bob"],
      ["account", "delete", "bob", "--now"],
      ["session", "end", bob.sessionid], ["session", "end-all", "bob"], ["reset-code", "create", "bob"],
      ["invitation", "create"],
    ]
    for change in changes {
      let ending = try grace.run(change + ["--dry-run"], input: input)
      #expect(ending.status == 0, "\(change): \(ending.errors)")
      #expect(ending.output.hasPrefix("Dry run, nothing is changed"), "\(change)")
      let json = try grace.run(change + ["--dry-run", "--json"], input: input)
      #expect(
        try JSON(Array(json.output.utf8.dropLast()))["secretCode"] == nil, "a code that will never count")
    }
    #expect(try isSignedIn(bob))
    #expect(try grace.answer("account", "list") == before)
    #expect(try grace.answer("invitation", "list").array?.isEmpty == true)
    #expect(try grace.answer("events", "bob").array?.compactMap { $0["by"]?.string } == [])
    try grace.expectRefusal(
      ["account", "resume", "bob", "--dry-run"], 65, "the account is not suspended")
  }

  @Test("a list of more than a page is whole, in order, and its cells can't command a terminal")
  func list() throws {
    for number in 0..<12 { _ = try site.signUp("user \(number)") }
    #expect(try accounts == (0..<12).reversed().map { "user \($0)" } + ["ada"])
    #expect(try grace.answer("account", "list", "--limit", "2").array?.count == 2)
    _ = try grace.text("account", "suspend", "user 3", "--reason", "red \u{1B}[31m\u{202E}")
    #expect(
      try grace.text("account", "show", "user 3").contains(#"Reason            red \u{1B}[31m\u{202E}"#))
    try grace.expectRefusal(
      ["account", "list", "--limit", "0"], 64, "--limit takes a number from 1 to \(Int.max), not '0'")
    try grace.expectRefusal(
      ["account", "list", "--deleted", "--group", "x"], 64, "give one of the filters alone")
  }
}
