import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import TestSupport
import Testing

/// Opens, migrates, checks and uses the data directories of older programs in Tests/Corpora.
@Suite("data of older programs")
struct MigrationTests {
  @Test("a data directory of schema 5 opens, is sound, and its accounts sign in")
  func schema5() throws {
    let kept = try KeptData.schema5()
    let dashboard = try kept.open()
    #expect(try dashboard.services.store.problems() == [])
    let router = Router(dashboard, Routes.all) { _ in }
    // Living sessions go on, and ended ones stay ended.
    for name in ["owner", "admin", "ada"] { #expect(try kept.check(name, router) == 200, "\(name)") }
    for name in ["leaving", "scheduled", "gone"] { #expect(try kept.check(name, router) == 401, "\(name)") }
    #expect(try kept.check("adashop", router, app: "shop") == 200)
    #expect(try kept.check("adashop", router) == 401)
    #expect(try kept.check("zoeplain", router, app: "plain") == 200)
    func signIn(_ username: String, app: AppName? = nil) throws -> Session {
      let password = username == "eve2" ? "password of eve2" : "password of \(username)"
      return try dashboard.call(
        CreateSession.self, app: app, posted: ["username": username, "password": password])
    }
    for name in ["ada", "eve2", "admin"] { _ = try signIn(name) }
    for app in ["shop", "plain"] {
      _ = try signIn(app == "shop" ? "bob" : "zoe", app: AppName(app))
    }
    let owner = try signIn("owner")
    let accounts = try dashboard.call(Administrator.Accounts.self, as: owner)
    #expect(accounts.count == 6 && accounts.last?.isOwner == true)
    #expect(try dashboard.call(Administrator.DeletedAccountsCount.self, as: owner) == 2)
    let ada = ["accountid": try kept.account("ada")]
    let profiles = try dashboard.call(Administrator.Profiles.self, query: ada, as: owner)
    #expect(profiles.map { $0.values[.fullName] } == ["Countess", "Ada Lovelace"])
    #expect(
      try dashboard.call(Administrator.MetricKeys.self, query: ["keys": "accounts-created/total"], as: owner)
        .map(\.value) == [7])
    // Ada made the first reset code, and an administrator the second.
    for (username, secret) in [("ada", "LostAndFound1"), ("eve2", "ForEve2022")] {
      _ = try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": username, "new-password": "password of \(username)", "secret-code": secret])
    }
    // The three wrong passwords from that address are still counted.
    let statuses = (0..<8).map { _ in
      TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": "198.51.100.7"],
        body: "username=ada&password=wrong"
      ).status
    }
    #expect(statuses == [401, 401, 401, 401, 401, 401, 401, 429])
    // A scheduled deletion can be cancelled, and the sweep removes remains.
    let restored = try dashboard.call(
      ResetAccountDeleted.self, posted: ["username": "leaving", "password": "password of leaving"])
    #expect(restored.deletedAt == nil)
    while try dashboard.sweep() {}
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test(
    "an account of the second stored form names the account that scheduled its deletion, the first does not")
  func deletionScheduler() throws {
    let kept = try KeptData.schema5()
    let leaving = try #require(AccountID(try kept.account("leaving")))
    let eve = try #require(AccountID(try kept.account("eve")))
    func account(_ id: AccountID, _ dashboard: Dashboard) throws -> Account? {
      try dashboard.services.store.read(dashboard.configuration.appName) { try $0.account(id) }
    }
    let admin: Session
    do {
      let dashboard = try kept.open()
      #expect(try account(leaving, dashboard)?.deletedAt != nil)
      #expect(try account(leaving, dashboard)?.deletionScheduler == nil)
      admin = try dashboard.call(
        CreateSession.self, posted: ["username": "admin", "password": "password of admin"])
      _ = try dashboard.call(
        Administrator.SetAccountDeleted.self, query: ["accountid": "\(eve)"], as: admin)
      let ada = try dashboard.call(
        CreateSession.self, posted: ["username": "ada", "password": "password of ada"])
      _ = try dashboard.call(
        SetAccountDeleted.self, query: ["accountid": "\(ada.accountid)"],
        posted: ["password": "password of ada"], as: ada)
    }
    let dashboard = try kept.open()
    let ada = try #require(AccountID(try kept.account("ada")))
    #expect(try account(eve, dashboard)?.deletionScheduler == .administrator(admin.accountid))
    #expect(try account(ada, dashboard)?.deletionScheduler == .holder)
    var context = Context(try dashboard.app(), dashboard.services, now: kept.clock.now())
    _ = try Deletion.cancel(.operator("account restore"), &context, eve)
    #expect(try account(eve, dashboard)?.deletionScheduler == nil)
    _ = try Deletion.schedule(.operator("account delete"), &context, eve)
    #expect(try account(eve, dashboard)?.deletionScheduler == .operator)
  }

  @Test("a session of the first stored form has no details, and shows its last use from the next one on")
  func sessionDetails() throws {
    let kept = try KeptData.schema5()
    let dashboard = try kept.open()
    let router = Router(dashboard, Routes.all) { _ in }
    func ada() throws -> Session {
      let account = try #require(AccountID(try kept.account("ada")))
      let old = try dashboard.services.store.read(dashboard.configuration.appName) { snapshot in
        let sessions: [Session] = try snapshot.records(of: snapshot.account(account), limit: 10)
        return sessions.last
      }
      let session = try #require(old)
      return try dashboard.call(
        ReadSession.self, query: ["sessionid": "\(session.sessionid)"], as: session)
    }
    let old = try ada()
    #expect(old.address == nil && old.userAgent == nil && old.lastUsedAt == nil && old.isCurrent)
    #expect(try kept.check("ada", router) == 200)
    try dashboard.storeActivity()
    let used = try ada()
    #expect(used.address == nil && used.userAgent == nil && used.lastUsedAt == kept.clock.now())
    #expect(used.csrfToken == old.csrfToken && used.expiresAt == old.expiresAt)
    #expect(try kept.check("ada", router) == 200)
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("the profiles of a data directory of schema 6 are found by their addresses")
  func schema6() throws {
    let kept = try KeptData.schema6()
    // That program has marked the directory as begun.
    try Files.write("", to: kept.directory.path("data/begun"))
    let dashboard = try kept.open(["USER_PROFILE_FIELDS": "contact-email"])
    #expect(try dashboard.services.store.problems() == [])
    let router = Router(dashboard, Routes.all) { _ in }
    for name in ["owner", "admin", "ada", "eve", "bob"] { #expect(try kept.check(name, router) == 200) }
    #expect(try kept.check("leaving", router) == 401)
    func signIn(_ username: String, app: AppName? = nil) throws -> Session {
      try dashboard.call(
        CreateSession.self, app: app, posted: ["username": username, "password": "password of \(username)"])
    }
    let owner = try signIn("owner")
    func found(_ address: String, app: AppName? = nil, as caller: Session) throws -> [String] {
      try dashboard.call(
        Administrator.Accounts.self, app: app, query: ["contact-email": address], as: caller
      ).map { "\($0.accountid)" }
    }
    #expect(try found("Ada@example.org", as: owner) == ["leaving", "eve", "ada"].map(kept.account))
    #expect(try found("lovelace@EXAMPLE.com", as: owner) == [kept.account("ada")])
    #expect(try found("JÜRGEN@example.org", as: owner) == [kept.account("bob")])
    for gone in ["countess@example.org", "bob@example.org", "gone@example.org"] {
      #expect(try found(gone, as: owner) == [])
    }
    for (app, username) in [("shop", "ada"), ("plain", "zoe")] {
      let app = AppName(app)
      let caller = try signIn(username, app: app)
      #expect(
        try found("ada@example.org", app: app, as: caller) == [kept.account("\(username)\(app ?? .example)")])
    }
    // A profile from before is changed.
    let eve = try signIn("eve")
    let own = try dashboard.call(Profiles.self, query: ["accountid": "\(eve.accountid)"], as: eve)
    for profile in own {
      _ = try dashboard.call(
        UpdateProfile.self, query: ["profileid": "\(profile.profileid)"],
        posted: ["contact-email": "new@example.org"], as: eve)
    }
    #expect(own.count == 2)
    #expect(try found("ada@example.org", as: owner) == ["leaving", "ada"].map(kept.account))
    #expect(try found("NEW@example.org", as: owner) == [kept.account("eve")])
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("the accounts of a data directory of schema 7 are in the lists of their groups")
  func schema7() throws {
    let kept = try KeptData.schema7()
    try Files.write("", to: kept.directory.path("data/begun"))
    let dashboard = try kept.open()
    #expect(try dashboard.services.store.problems() == [])
    let router = Router(dashboard, Routes.all) { _ in }
    for name in ["owner", "admin", "ada", "eve", "plain", "cleo"] {
      #expect(try kept.check(name, router) == 200)
    }
    for name in ["leaving", "gone", "sam"] { #expect(try kept.check(name, router) == 401) }
    func signIn(_ username: String, app: AppName? = nil) throws -> Session {
      try dashboard.call(
        CreateSession.self, app: app, posted: ["username": username, "password": "password of \(username)"])
    }
    func groups(app: AppName? = nil, as caller: Session) throws -> [String] {
      try dashboard.call(Administrator.Groups.self, app: app, as: caller).map { "\($0.name) \($0.count)" }
    }
    func members(_ group: String, app: AppName? = nil, as caller: Session) throws -> [String] {
      try dashboard.call(Administrator.Accounts.self, app: app, query: ["group": group], as: caller)
        .map { "\($0.accountid)" }
    }
    let owner = try signIn("owner")
    let long = String(repeating: "a", count: 32)
    #expect(try groups(as: owner) == ["\(long) 1", "board 1", "editors 6", "family 4"])
    #expect(
      try members("editors", as: owner) == ["cleo", "bob", "sam", "leaving", "eve", "ada"].map(kept.account))
    #expect(try members("family", as: owner) == ["sam", "leaving", "eve", "ada"].map(kept.account))
    #expect(try members(long, as: owner) == [kept.account("cleo")])
    let shop = AppName("shop")
    #expect(try groups(app: shop, as: signIn("zoe", app: shop)) == ["editors 1"])
    #expect(try members("editors", app: shop, as: signIn("zoe", app: shop)) == [kept.account("adashop")])
    let plain = AppName("plain")
    #expect(try groups(app: plain, as: signIn("zoe", app: plain)) == [])
    // Groups from before are changed.
    _ = try dashboard.call(
      Administrator.SetAccountGroups.self, query: ["accountid": kept.account("eve")],
      posted: ["groups": "board"], as: owner)
    #expect(try groups(as: owner) == ["\(long) 1", "board 2", "editors 5", "family 3"])
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("the accounts of a data directory of schema 8 keep their usernames from the next sign-in on")
  func schema8() throws {
    let kept = try KeptData.schema8()
    try Files.write("", to: kept.directory.path("data/begun"))
    let dashboard = try kept.open(["KEEP_USERNAMES": "true"])
    #expect(try dashboard.services.store.problems() == [])
    let router = Router(dashboard, Routes.all) { _ in }
    for name in ["owner", "ada", "plain"] { #expect(try kept.check(name, router) == 200) }
    #expect(try kept.check("sam", router) == 401)
    func signIn(_ username: String, app: AppName? = nil) throws -> Session {
      try dashboard.call(
        CreateSession.self, app: app, posted: ["username": username, "password": "password of \(username)"])
    }
    let owner = try signIn("owner")
    func accounts() throws -> [Account] {
      #expect(try dashboard.services.store.problems() == [])
      return try dashboard.call(Administrator.Accounts.self, as: owner)
    }
    #expect(try accounts().map(\.username) == [nil, nil, nil, nil, "owner"])
    for name in ["ada", "plain"] { _ = try signIn(name) }
    let found = try accounts()
    #expect(found.map(\.username) == [nil, "plain", nil, "ada", "owner"])
    #expect(found[3].groups == ["editors", "family"] && found[2].suspendedAt != nil && !found[0].passwordSet)
    #expect(try dashboard.call(Administrator.Groups.self, as: owner).map(\.count) == [3, 2])
    while try dashboard.sweep() {}
    #expect(try accounts() == found)
    // The app `shop` has keys of its own.
    let zoe = try signIn("zoe", app: AppName("shop"))
    #expect(
      try dashboard.call(Administrator.Accounts.self, app: AppName("shop"), as: zoe).map(\.username) == [
        "zoe"
      ])
  }

  @Test("after an upgrade from schema 8 a person's first sign-in is of no new device, and one of another is")
  func firstDevice() throws {
    let kept = try KeptData.schema8()
    try Files.write("", to: kept.directory.path("data/begun"))
    let dashboard = try kept.open()
    func isNew(_ address: String, _ userAgent: String) throws -> Bool {
      let session = try dashboard.call(
        CreateSession.self, posted: ["username": "ada", "password": "password of ada"],
        from: .address(address, userAgent: userAgent))
      let query = ["accountid": "\(session.accountid)"]
      return try #require(try dashboard.call(Events.self, query: query, as: session).first).isNewDevice
    }
    #expect(try !isNew("203.0.113.9", "curl/8.0"))
    #expect(try isNew("192.0.2.7", "Wget/1.21"))
  }

  @Test(
    "a check of keys leaves older data unchanged, and refuses other keys",
    arguments: [KeptData.schema5, KeptData.schema6, KeptData.schema7, KeptData.schema8])
  func trial(data: @Sendable () throws -> KeptData) throws {
    let kept = try data()
    let before = try Files.read(kept.directory.path("data/data.mdb"))
    func open(_ key: String) throws {
      let given = kept.settings.merging([
        "DATA_DIR": kept.directory.path("data"), "DASHBOARD_ENCRYPTION_KEY": key,
      ]) { $1 }
      let configuration = try Configuration(cores: 1, environment: NamedValues(given))
      let dashboard = try Dashboard(configuration: configuration, isTrial: true)
      _ = try dashboard.openApps()
    }
    try open("encryption")
    #expect(throws: Store.OpeningError.self) { try open("another") }
    #expect(try Files.read(kept.directory.path("data/data.mdb")) == before)
  }
}
