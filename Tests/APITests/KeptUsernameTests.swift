import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardWireFormat
import TestSupport
import Testing

/// KEEP_USERNAMES: which usernames can be read, by whom, and until when.
@Suite("usernames that can be read")
struct KeptUsernameTests {
  private let directory: TemporaryDirectory
  private static let keep = ["KEEP_USERNAMES": "true"]

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ settings: [String: String] = keep) throws -> Dashboard {
    try Dashboard(
      dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"] + settings)
  }

  private func form(_ username: String) -> [String: String] {
    ["username": username, "password": "password of ada"]
  }

  @discardableResult
  private func register(_ username: String, _ dashboard: Dashboard, app: AppName? = nil) throws -> Account {
    try dashboard.call(CreateAccount.self, app: app, posted: form(username))
  }

  private func signIn(_ username: String, _ dashboard: Dashboard, app: AppName? = nil) throws -> Session {
    try dashboard.call(CreateSession.self, app: app, posted: form(username))
  }

  private func of(_ account: AccountID) -> [String: String] { ["accountid": "\(account)"] }

  /// The usernames of all accounts, newest first, as an administrator reads them.
  private func usernames(_ dashboard: Dashboard, app: AppName? = nil, as owner: Session) throws -> [String?] {
    #expect(try dashboard.services.store.problems() == [])
    return try dashboard.call(Administrator.Accounts.self, app: app, as: owner).map(\.username)
  }

  /// The number of accounts that keep one in the store, readable or not.
  private func kept(_ dashboard: Dashboard, app: AppName? = nil) throws -> Int {
    try dashboard.services.store.read(app ?? dashboard.configuration.appName) {
      try $0.count(.ordered(.named))
    }
  }

  private func change(_ id: AccountID, _ dashboard: Dashboard, _ body: (inout Membership) -> Void) throws {
    try dashboard.services.store.write(dashboard.configuration.appName) { change in
      var account = try #require(try change.current.account(id))
      account.changeMembership(body)
      try change.update(account)
    }
  }

  /// The value of a header in the answer to nginx's question; `nil` without it.
  private func header(_ name: String, _ session: Session, _ dashboard: Dashboard) -> String? {
    let answer = TestRequest.respond(
      Router(dashboard, Routes.all) { _ in }, "GET", "/page",
      [
        "PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "session",
        "HTTP_AUTHORIZATION": "Bearer \(session.bearer ?? "")",
      ])
    #expect(answer.status == 204)
    return answer.text.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }
      .map { String($0.dropFirst(name.count + 2)) }
  }

  @Test("by default no account keeps one, and no answer has one")
  func off() throws {
    let dashboard = try open([:])
    let made = try register("ada", dashboard)
    let ada = try signIn("ada", dashboard)
    #expect(made.username == nil && made.membership == nil)
    #expect(try usernames(dashboard, as: ada) == [nil] && kept(dashboard) == 0)
    #expect(header("X-Username", ada, dashboard) == nil)
  }

  @Test("every way to an account keeps the prepared form, for its holder and for administrators")
  func on() throws {
    let dashboard = try open()
    #expect(try register("Ada", dashboard).username == "ada")
    let owner = try signIn("ADA", dashboard)
    let invitation = try dashboard.call(Administrator.CreateInvitation.self, as: owner)
    let invited = try dashboard.call(
      CreateAccount.self, posted: form("Eve") + ["invitation-code": invitation.code ?? ""])
    let made = try dashboard.call(
      Administrator.CreateAccount.self, posted: ["username": "Ｚoë ", "groups": "choir"], as: owner)
    #expect(invited.username == "eve" && made.username == "zoë" && made.groups == ["choir"])
    #expect(try usernames(dashboard, as: owner) == ["zoë", "eve", "ada"] && kept(dashboard) == 3)
    let eve = try signIn("eve", dashboard)
    let own = try dashboard.call(ReadAccount.self, query: of(eve.accountid), as: eve)
    #expect(JSONWriter.text(own).contains(#""username":"eve""#))
    #expect(
      try dashboard.call(Administrator.ReadAccount.self, query: of(eve.accountid), as: owner).username
        == "eve")
    // What an administrator changes comes back with it, and the change keeps it.
    #expect(
      try dashboard.call(
        Administrator.SetAccountGroups.self, query: of(eve.accountid), posted: ["groups": ""], as: owner
      ).username == "eve")
    #expect(
      try dashboard.call(
        Administrator.SetAccountAdministrator.self, query: of(eve.accountid), as: owner
      ).username == "eve")
    #expect(
      try dashboard.call(Administrator.AdministratorAccounts.self, as: owner).map(\.username) == [
        "eve", "ada",
      ])
    let changed = try dashboard.call(
      SetAccountUsername.self, query: of(eve.accountid),
      posted: ["new-username": "Eva", "password": "password of ada"], as: eve)
    #expect(changed.username == "eva")
    #expect(header("X-Username", eve, dashboard) == "eva")
    // Records of other kinds and what nginx gets as the account do not have it.
    #expect(header("X-Account", eve, dashboard)?.contains("username\":") == false)
    #expect(try !JSONWriter.text(dashboard.call(CurrentSession.self, as: eve)).contains("eva"))
  }

  @Test(
    "an account from before gets it at its next sign-in, and one whose prepared form another has, as typed")
  func signingIn() throws {
    do {
      let dashboard = try open(["USERNAMES": "exact"])
      for name in ["owner", "Ada", "ada"] { try register(name, dashboard) }
    }
    do {
      let dashboard = try open()
      let owner = try signIn("owner", dashboard)
      #expect(try usernames(dashboard, as: owner) == [nil, nil, "owner"])
      #expect(throws: Exception.self) {
        try dashboard.call(CreateSession.self, posted: ["username": "ada", "password": "wrong one"])
      }
      #expect(try kept(dashboard) == 1)
      _ = try signIn("Ada", dashboard)
      _ = try signIn("ada", dashboard)
      #expect(try usernames(dashboard, as: owner) == ["ada", "Ada", "owner"])
    }
    let exact = try open(Self.keep + ["USERNAMES": "exact"])
    #expect(try register("  Bob ", exact).username == "  Bob ")
  }

  @Test(
    "with the previous key it can be read, a sign-in seals it anew, and without its key it counts as absent")
  func rotation() throws {
    let old = ["DASHBOARD_ENCRYPTION_KEY": "old", "DASHBOARD_SESSION_KEY": "old session"]
    let new = ["DASHBOARD_ENCRYPTION_KEY": "new", "DASHBOARD_SESSION_KEY": "new session"]
    let previous = [
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "old", "DASHBOARD_SESSION_KEY_PREVIOUS": "old session",
    ]
    do {
      let dashboard = try open(Self.keep + old)
      for name in ["owner", "ada"] { try register(name, dashboard) }
    }
    let ada: AccountID
    do {
      let dashboard = try open(Self.keep + new + previous)
      let owner = try signIn("owner", dashboard)
      #expect(try usernames(dashboard, as: owner) == ["ada", "owner"])
      ada = try #require(try dashboard.call(Administrator.Accounts.self, as: owner).first).accountid
    }
    let dashboard = try open(Self.keep + new)
    let owner = try signIn("owner", dashboard)
    #expect(try usernames(dashboard, as: owner) == [nil, "owner"])
    #expect(try kept(dashboard) == 2)
    #expect(
      try dashboard.call(
        Administrator.SetAccountGroups.self, query: of(ada), posted: ["groups": "choir"], as: owner
      ).username == nil)
  }

  @Test("a value of another account, a changed one and an unknown form count as absent, everywhere")
  func foreign() throws {
    let dashboard = try open()
    for name in ["owner", "ada"] { try register(name, dashboard) }
    let (owner, ada) = (try signIn("owner", dashboard), try signIn("ada", dashboard))
    let sealed = try dashboard.services.store.read(dashboard.configuration.appName) {
      try #require(try $0.account(owner.accountid)?.membership?.sealedUsername)
    }
    let values: [[UInt8]] = [
      sealed, [0], [2] + sealed.dropFirst(), Array(sealed.dropLast()), sealed + sealed,
    ]
    for value in values {
      try change(ada.accountid, dashboard) { $0.sealedUsername = value }
      #expect(try dashboard.call(ReadAccount.self, query: of(ada.accountid), as: ada).username == nil)
      #expect(try usernames(dashboard, as: owner) == [nil, "owner"])
      #expect(header("X-Username", ada, dashboard) == nil)
    }
    _ = try signIn("ada", dashboard)
    #expect(try usernames(dashboard, as: owner) == ["ada", "owner"])
  }

  @Test("off again, it is hidden at once, and the sweep removes it, from no app that keeps it")
  func offAgain() throws {
    let shop = try #require(AppName("shop"))
    for path in ["data", "data/apps"] { try Files.makeDirectory(directory.path(path)) }
    try Files.write("KEEP_USERNAMES=true\n", to: directory.path("data/apps/shop.conf"))
    let others = try ["a", "z"].map { try #require(AppName($0)) }
    do {
      let dashboard = try open()
      for name in ["owner", "ada"] { try register(name, dashboard) }
      for app in [shop] + others { try register("zoe", dashboard, app: app) }
      while try dashboard.sweep() {}
      #expect(try kept(dashboard) == 2)
    }
    do {
      let dashboard = try open([:])
      let owner = try signIn("owner", dashboard)
      #expect(try usernames(dashboard, as: owner) == [nil, nil])
      // The sign-in has removed its own.
      #expect(try kept(dashboard) == 1)
      while try dashboard.sweep() {}
      #expect(try kept(dashboard) == 0)
      #expect(try others.map { try kept(dashboard, app: $0) } == [0, 0])
      let zoe = try signIn("zoe", dashboard, app: shop)
      #expect(try usernames(dashboard, app: shop, as: zoe) == ["zoe"])
      #expect(try !dashboard.sweep())
    }
    let dashboard = try open()
    let owner = try signIn("owner", dashboard)
    #expect(try usernames(dashboard, as: owner) == [nil, "owner"])
  }

  @Test("the settings of an app that can't be read remove nothing")
  func unreadable() throws {
    let shop = try #require(AppName("shop"))
    for path in ["data", "data/apps"] { try Files.makeDirectory(directory.path(path)) }
    let file = directory.path("data/apps/shop.conf")
    try Files.write("KEEP_USERNAMES=true\n", to: file)
    let dashboard = try open([:])
    try register("zoe", dashboard, app: shop)
    try Files.write("KEEP_USERNAMES=perhaps\n", to: file)
    #expect(try !dashboard.sweep())
    #expect(try kept(dashboard, app: shop) == 1)
    try Files.write("KEEP_USERNAMES=false\n", to: file)
    while try dashboard.sweep() {}
    #expect(try kept(dashboard, app: shop) == 0)
  }

  @Test("the application gets it percent-encoded, so that no name is another header or another name")
  func percentEncoded() throws {
    let dashboard = try open(Self.keep + ["MAXIMUM_USERNAME_LENGTH": "5000"])
    for (name, value) in [
      ("ada", "ada"), ("josé", "jos%C3%A9"), ("100%41", "100%2541"), ("a b+c,d", "a%20b%2Bc%2Cd"),
      ("a\"b;c=\\", "a%22b%3Bc%3D%5C"), ("愛達子", "%E6%84%9B%E9%81%94%E5%AD%90"), ("a/b", "a/b"),
      (String(repeating: "é", count: 512), String(repeating: "%C3%A9", count: 512)),
    ] {
      try register(name, dashboard)
      let session = try signIn(name, dashboard)
      #expect(header("X-Username", session, dashboard) == value)
      let account = try dashboard.call(ReadAccount.self, query: of(session.accountid), as: session)
      #expect(account.username == name)
    }
    // It would not fit into the headers that web servers and applications accept.
    let long = String(repeating: "x", count: 1025)
    #expect(try register(long, dashboard).username == nil)
    #expect(try header("X-Username", signIn(long, dashboard), dashboard) == nil)
  }
}
