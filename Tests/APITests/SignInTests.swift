import DashboardAccounts
import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// Sign-ins during changes of the account, and their cost.
@Suite("signing in")
struct SignInTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func code(_ body: () throws -> some Any) throws -> String {
    do {
      _ = try body()
      return "none"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  @Test("credentials that change between the password check and the transaction are refused")
  func changedMeanwhile() throws {
    let changes: [@Sendable (inout Account) -> Void] = [
      { $0.passwordLastChangedAt = Timestamp(milliseconds: 1) }, { $0.usernameHash = Hash.sha512([]) },
    ]
    for change in changes {
      let fixture = try Fixture()
      let ada = try fixture.signUp("ada")
      fixture.random.interrupt { try fixture.change(ada.accountid, change) }
      let code = try code { try fixture.signIn("ada") }
      #expect(code == "401 invalid-password")
    }
  }

  @Test("only a hashed password updates the measured time of hashing")
  func hashingDuration() throws {
    let fixture = try Fixture(settings: ["MAXIMUM_ATTEMPTS": "1"])
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    func signIn(_ body: String) -> Int {
      TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": "192.0.2.1"], body: body
      ).status
    }
    // A registration would hash too, so the test writes the account itself.
    let app = try fixture.dashboard.app()
    let hash = try PasswordHash(
      "password of ada".utf8, .bcrypt(cost: 4), secrets: app.secrets, random: SystemRandom())
    _ = try fixture.dashboard.services.store.write(app.name) { change in
      try change.insert(
        Account(
          appid: app.name, usernameHash: app.secrets.hash("ada".utf8), passwordHash: hash,
          sessionSalt: Account.newSessionSalt(SystemRandom()), createdAt: fixture.clock.now()))
    }
    #expect(signIn("x=1") == 400)
    #expect(fixture.dashboard.hashingDuration == 0)
    #expect(signIn("username=ada&password=wrong") == 401)
    let duration = fixture.dashboard.hashingDuration
    #expect(duration > 0)
    for body in ["x=1", "username=ada&password=wrong", "username=ada&password=password+of+ada"] {
      #expect([400, 429].contains(signIn(body)))
    }
    #expect(fixture.dashboard.hashingDuration == duration)
  }

  @Test("an account that is scheduled for deletion can't sign in, and its sessions have ended")
  func deleted() throws {
    let ada = try fixture.signUp("ada")
    let later = fixture.clock.now().adding(seconds: 86_400)
    try fixture.change(ada.accountid) { $0.deletedAt = later }
    #expect(try code { try fixture.signIn("ada") } == "409 account-deleted")
    let wrong = ["username": "ada", "password": "another password"]
    #expect(
      try code { try fixture.dashboard.call(CreateSession.self, posted: wrong) } == "401 invalid-password")
    #expect(throws: AccessRefusal.signInRequired) {
      try fixture.dashboard.call(CurrentSession.self, as: ada)
    }
  }

  @Test("a sign-in replaces a hash of another scheme, and the password still matches")
  func schemes() throws {
    let ada = try fixture.signUp("ada")
    let directory = fixture.directory.path("data")
    func hash(_ dashboard: Dashboard) throws -> String? {
      let app = try dashboard.app().name
      return try dashboard.services.store.read(app) { try $0.account(ada.accountid)?.passwordHash.text }
    }
    #expect(try hash(fixture.dashboard)?.hasPrefix("$2b$04$") == true)
    let form = ["username": "ada", "password": "password of ada"]
    for (scheme, prefix) in [("argon2id", "$argon2id$v=19$m=19456,t=2,p=1$"), ("bcrypt", "$2b$05$")] {
      let copy = try TemporaryDirectory()
      try Files.makeDirectory(copy.path("data"))
      for name in ["data.mdb", "secrets"] {
        try Files.write(Files.read("\(directory)/\(name)"), to: copy.path("data/\(name)"))
      }
      let dashboard = try Dashboard(
        dataDirectory: copy.path("data"), settings: ["PASSWORD_HASH": scheme, "BCRYPT_WORKLOAD_FACTOR": "5"])
      for _ in 0..<2 { _ = try dashboard.call(CreateSession.self, posted: form) }
      #expect(try hash(dashboard)?.hasPrefix(prefix) == true)
      #expect(throws: Exception.self) {
        try dashboard.call(CreateSession.self, posted: ["username": "ada", "password": "password of eve"])
      }
    }
  }

  @Test(
    "an unknown username writes as often as a wrong password", arguments: ["create-session", "reset-code"])
  func equalWrites(route: String) throws {
    let fixture = try Fixture(settings: ["MAXIMUM_ATTEMPTS": "1000"])
    _ = try fixture.signUp("ada")
    func commits(_ username: String) throws -> Int {
      let before = try lastTransaction(fixture)
      let client = Client.address("192.0.2.1")
      #expect(throws: Exception.self) {
        if route == "create-session" {
          _ = try fixture.dashboard.call(
            CreateSession.self, posted: ["username": username, "password": "another password"], from: client)
        } else {
          _ = try fixture.dashboard.call(
            ResetAccountPassword.self,
            posted: ["username": username, "secret-code": "abcdefgh1", "new-password": "another password"],
            from: client)
        }
      }
      return Int(try lastTransaction(fixture) - before)
    }
    // The first failure of a day is a new event, and later ones are the same event.
    for _ in 0..<2 {
      let (known, unknown) = (try commits("ada"), try commits("eve"))
      #expect(known == unknown && known > 0)
    }
  }

  /// The number of the last commit, from the two meta pages of the data file (LMDB's `MDB_meta.mm_txnid`).
  private func lastTransaction(_ fixture: Fixture) throws -> UInt64 {
    let bytes = try Files.read(fixture.directory.path("data/data.mdb"))
    return [0, 4096].map { page in
      bytes[(page + 144)..<(page + 152)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }.max() ?? 0
  }

  @Test(
    "an unknown username costs as much work as a wrong password, with every scheme and route",
    arguments: [["BCRYPT_WORKLOAD_FACTOR": "8"], ["PASSWORD_HASH": "argon2id"]],
    [("POST", "create-session"), ("PATCH", "reset-account-deleted")])
  func equalWork(settings: [String: String], route: (verb: String, name: String)) throws {
    let costly = try Fixture(settings: settings.merging(["MAXIMUM_ATTEMPTS": "100000"]) { $1 })
    let ada = try costly.signUp("ada")
    _ = try costly.dashboard.call(
      SetAccountDeleted.self, query: ["accountid": "\(ada.accountid)"],
      posted: ["password": "password of ada"], as: ada)
    let router = Router(costly.dashboard, Routes.all, log: { _ in })
    func prove(_ username: String) {
      let answer = TestRequest.respond(
        router, route.verb, "/api/user/\(route.name)", ["REMOTE_ADDR": "192.0.2.1"],
        body: "username=\(username)&password=another+password")
      #expect(answer.status == 401)
    }
    let ratio = workRatio(within: 0.75..<1.33) {
      prove("eve")
    } to: {
      prove("ada")
    }
    #expect((0.75..<1.33).contains(ratio))
  }
}
