import DashboardAccounts
import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// Accounts that administrators make for others.
@Suite("accounts made for others")
struct MadeAccountTests {
  private let log = Log()
  private let fixture: Fixture
  private let owner: Session
  private var dashboard: Dashboard { fixture.dashboard }

  init() throws { try self.init([:]) }

  private init(_ settings: [String: String]) throws {
    let log = log
    fixture = try Fixture(settings: settings, eventLog: { log.add($0) })
    owner = try fixture.signUp("owner")
  }

  private func make(
    _ username: String, _ more: [String: String] = [:], as caller: Session? = nil
  ) throws -> Account {
    try dashboard.call(
      Administrator.CreateAccount.self, posted: ["username": username] + more, as: caller ?? owner)
  }

  private func claim(_ username: String, _ code: String?) throws -> String {
    let form = [
      "username": username, "secret-code": code ?? "", "new-password": "password of \(username)",
    ]
    return try verdict { try dashboard.call(ResetAccountPassword.self, posted: form) }
  }

  private func verdict(_ body: () throws -> some Any) throws -> String {
    do {
      _ = try body()
      return "200"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  private func of(_ account: AccountID) -> [String: String] { ["accountid": "\(account)"] }

  private func read(_ id: AccountID) throws -> Account {
    try dashboard.call(Administrator.ReadAccount.self, query: of(id), as: owner)
  }

  private func administrator(_ name: String) throws -> Session {
    let session = try fixture.signUp(name)
    _ = try dashboard.call(
      Administrator.SetAccountAdministrator.self, query: of(session.accountid), as: owner)
    return session
  }

  private func advance(days: Int64, seconds: Int64 = 0) {
    fixture.clock.set(fixture.clock.now().adding(seconds: days * 86_400 + seconds))
  }

  private let unusable = "401 invalid-reset-code"

  @Test("the code, shown once, sets the first password; until then no password signs in")
  func life() throws {
    let made = try make("ada", ["groups": "family, editors,family"])
    #expect(made.groups == ["editors", "family"] && !made.passwordSet)
    let secret = try #require(made.secretCode)
    #expect(secret.utf8.count == 20)
    let stored = try read(made.accountid)
    #expect(stored.secretCode == nil && !stored.passwordSet && stored.groups == made.groups)
    for password in ["", "a", "password of ada", secret, String(repeating: "a", count: 31)] {
      let form = ["username": "ada", "password": password]
      #expect(try verdict { try dashboard.call(CreateSession.self, posted: form) } != "200")
    }
    #expect(try claim("ada", "another") == unusable)
    #expect(try claim("ada", secret) == "200")
    #expect(try claim("ada", secret) == unusable)
    let ada = try fixture.signIn("ada")
    let claimed = try dashboard.call(ReadAccount.self, query: of(ada.accountid), as: ada)
    #expect(claimed.passwordSet && claimed.groups == ["editors", "family"] && !claimed.isAdministrator)
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("no secret is stored, and each code is new")
  func secrets() throws {
    let codes = try (0..<20).map { try #require(try make("user \($0)").secretCode) }
    #expect(Set(codes).count == 20)
    for place in 0..<20 { #expect(Set(codes.map { Array($0)[place] }).count > 3) }
    let directory = fixture.directory.path("data")
    let files = try Files.names(in: directory).map { try Files.read("\(directory)/\($0)") }
    for code in codes { #expect(!files.contains { $0.contains(Array(code.utf8)) }) }
    #expect(!log.lines.contains { line in codes.contains { line.contains($0) } })
  }

  @Test(
    "the code ends exactly after its days, whatever RESET_CODE_LIFETIME says", arguments: ["0", "1", "30"])
  func days(lifetime: String) throws {
    let test = try MadeAccountTests(["RESET_CODE_LIFETIME": lifetime])
    let usual = try test.make("usual")
    let longer = try test.make("longer", ["days": "90"])
    let spare = try test.make("spare", ["days": "90"])
    test.advance(days: 7, seconds: -1)
    #expect(try test.claim("spare", spare.secretCode) == "200")
    test.advance(days: 0, seconds: 1)
    #expect(try test.claim("usual", usual.secretCode) == unusable)
    test.advance(days: 83, seconds: -1)
    #expect(try test.claim("longer", longer.secretCode) == "200")
  }

  @Test("a new code is made by create-reset-code; the first one stays ended")
  func renewal() throws {
    let made = try make("ada", ["days": "1"])
    func renew(_ secret: String) throws {
      let again = try fixture.signIn("owner")
      _ = try dashboard.call(
        Administrator.CreateResetCode.self, query: of(made.accountid), posted: ["secret-code": secret],
        as: again)
    }
    advance(days: 1)
    #expect(try claim("ada", made.secretCode) == unusable)
    try renew("second1")
    #expect(try claim("ada", made.secretCode) == unusable)
    advance(days: 7)
    #expect(try claim("ada", "second1") == unusable)
    try renew("third01")
    try renew("fourth1")
    #expect(try claim("ada", "third01") == unusable)
    #expect(try claim("ada", "fourth1") == "200")
    #expect(try claim("ada", "second1") == unusable)
  }

  @Test("a code counts only while its maker is an administrator and not suspended")
  func maker() throws {
    let (bea, cyd) = (try administrator("bea"), try administrator("cyd"))
    let (first, second) = (try make("first", as: bea), try make("second", as: cyd))
    _ = try dashboard.call(
      Administrator.SetAccountSuspended.self, query: of(bea.accountid), as: owner)
    #expect(try claim("first", first.secretCode) == unusable)
    _ = try dashboard.call(
      Administrator.ResetAccountSuspended.self, query: of(bea.accountid), as: owner)
    #expect(try claim("first", first.secretCode) == "200")
    for change in [true, false] {
      let query = of(cyd.accountid)
      if change {
        _ = try dashboard.call(Administrator.ResetAccountAdministrator.self, query: query, as: owner)
      } else {
        _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: query, as: owner)
      }
      #expect(try claim("second", second.secretCode) == unusable)
    }
  }

  @Test("a suspended account keeps its code, and is told so by the right one alone")
  func suspended() throws {
    let made = try make("ada")
    _ = try dashboard.call(
      Administrator.SetAccountSuspended.self, query: of(made.accountid), as: owner)
    #expect(try claim("ada", "another") == unusable)
    #expect(try claim("ada", made.secretCode) == "403 account-suspended")
    _ = try dashboard.call(
      Administrator.ResetAccountSuspended.self, query: of(made.accountid), as: owner)
    #expect(try !read(made.accountid).passwordSet)
    #expect(try claim("ada", made.secretCode) == "200")
  }

  @Test("of 20 parallel uses of the code one succeeds, and of 20 accounts with one name one is made")
  func races() throws {
    let made = try make("ada")
    let (dashboard, owner) = (dashboard, owner)
    let form = ["username": "ada", "secret-code": made.secretCode ?? "", "new-password": "password of ada"]
    let claims = try Threads.run(20) { _ in
      (try? dashboard.call(ResetAccountPassword.self, posted: form, from: .trusted)) != nil
    }
    #expect(claims.filter(\.self).count == 1)
    let accounts = try Threads.run(20) { _ in
      (try? dashboard.call(Administrator.CreateAccount.self, posted: ["username": "bea"], as: owner)) != nil
    }
    #expect(accounts.filter(\.self).count == 1)
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("registration may be closed and profiles required; the name is checked as any other")
  func settings() throws {
    let fixture = try Fixture(settings: [
      "REQUIRE_PROFILE": "true", "USER_PROFILE_FIELDS": "full-name", "DISABLE_REGISTRATION": "true",
      "SETUP_CODE": "the code",
    ])
    let form = ["username": "owner", "password": "password of owner"]
    let more = ["full-name": "Owner", "setup-code": "the code"]
    _ = try fixture.dashboard.call(CreateAccount.self, posted: form + more)
    let owner = try fixture.dashboard.call(CreateSession.self, posted: form)
    func make(_ username: String) throws -> Account {
      try fixture.dashboard.call(
        Administrator.CreateAccount.self, posted: ["username": username], as: owner)
    }
    #expect(try make("Ada").profileid == nil)
    #expect(try verdict { try make("ada ") } == "409 duplicate-username")
    #expect(try verdict { try make("a\u{200B}da") } == "400 invalid-username")
    #expect(try verdict { try make("ab") } == "400 invalid-username-length")
  }

  @Test("before the first account exists an operator makes none for others")
  func empty() throws {
    let fixture = try Fixture()
    var context = Context(
      try fixture.dashboard.app(), fixture.dashboard.services, now: fixture.clock.now())
    func make() throws -> Account {
      try Registration.registerForAnother(
        .operator("test"), &context, username: Array("ada".utf8)[...], groups: [], days: 7)
    }
    #expect(throws: RegistrationError.notSetUp) { try make() }
    let owner = try fixture.signUp("owner")
    let made = try make()
    #expect(!made.isOwner && !made.passwordSet)
    #expect(try fixture.dashboard.call(Administrator.AccountsCount.self, as: owner) == 2)
  }

  @Test("an account without a password becomes no owner, and an administrator can delete it")
  func unclaimed() throws {
    let made = try make("ada")
    func change<E: Endpoint>(_ endpoint: E.Type) throws -> String {
      try verdict { try dashboard.call(endpoint, query: of(made.accountid), as: owner) }
    }
    #expect(try change(Administrator.SetOwnerAccount.self) == "409 invalid-account")
    #expect(try claim("ada", made.secretCode) == "200")
    #expect(try change(Administrator.SetOwnerAccount.self) == "200")
    let second = try make("bea")
    advance(days: 90)
    while try dashboard.sweep() {}
    let again = try fixture.signIn("ada")
    // It stays without being claimed, and its name stays taken.
    #expect(try verdict { try fixture.signUp("bea") } == "409 duplicate-username")
    #expect(
      try dashboard.call(Administrator.DeleteAccount.self, query: of(second.accountid), as: again))
    #expect(try verdict { try fixture.signUp("bea") } == "200")
  }

  @Test(
    "a password of an account without one costs as much work as a wrong one",
    arguments: [["BCRYPT_WORKLOAD_FACTOR": "8"], ["PASSWORD_HASH": "argon2id"]])
  func equalWork(settings: [String: String]) throws {
    let costly = try MadeAccountTests(settings + ["MAXIMUM_ATTEMPTS": "100000"])
    _ = try costly.fixture.signUp("ada")
    _ = try costly.make("bea")
    let router = Router(costly.dashboard, Routes.all, log: { _ in })
    func prove(_ username: String) {
      let answer = TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": "192.0.2.1"],
        body: "username=\(username)&password=another+password")
      #expect(answer.status == 401)
    }
    let ratio = workRatio(within: 0.75..<1.33) {
      prove("bea")
    } to: {
      prove("ada")
    }
    #expect((0.75..<1.33).contains(ratio))
  }

  @Test("making and claiming are events with the administrator, and the codes of one account are limited")
  func events() throws {
    let test = try MadeAccountTests(["MAXIMUM_REGISTRATIONS": "3"])
    test.log.clear()
    let made = try test.make("ada")
    #expect(try test.claim("ada", made.secretCode) == "200")
    let events = try test.log.lines.map { line in
      let event = try JSON(Array(line.utf8))
      return [event["event"], event["account"], event["by"]].compactMap { $0?.string }.joined(separator: " ")
    }
    let (a, o) = ("\(made.accountid)", "\(test.owner.accountid)")
    #expect(events == ["account-created \(a) \(o)", "reset-code-created \(a) \(o)", "reset-code-used \(a)"])
    let router = Router(test.dashboard, Routes.all) { _ in }
    let bearer = "Bearer \(test.owner.bearer ?? "")"
    let statuses = ["bea", "bea", "cyd"].map { name in
      TestRequest.respond(
        router, "POST", "/api/administrator/create-account",
        ["REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": bearer], body: "username=\(name)"
      ).status
    }
    #expect(statuses == [200, 409, 429])
  }
}
