import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// SETUP_CODE: the first account of an app needs it.
@Suite("the setup code")
struct SetupCodeTests {
  private static let code = "0123456789abcdef"

  private func fixture(_ settings: [String: String] = [:], eventLog: (@Sendable (String) -> Void)? = nil)
    throws
    -> Fixture
  {
    try Fixture(settings: ["SETUP_CODE": Self.code].merging(settings) { $1 }, eventLog: eventLog)
  }

  private func form(_ username: String, _ code: String?) -> [String: String] {
    var form = ["username": username, "password": "password of \(username)"]
    if let code { form["setup-code"] = code }
    return form
  }

  /// `200`, or the status and the code of the refusal.
  private func register(
    _ username: String, _ code: String?, _ dashboard: Dashboard, app: AppName? = nil,
    from client: Client = .address("192.0.2.1")
  ) throws -> String {
    do {
      _ = try dashboard.call(CreateAccount.self, app: app, posted: form(username, code), from: client)
      return "200"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  @Test("without an account the code is needed, and later it is not")
  func firstAccount() throws {
    let fixture = try fixture()
    defer { withExtendedLifetime(fixture) {} }
    let dashboard = fixture.dashboard
    #expect(try dashboard.call(Settings.self).setup)
    for code in [nil, "", "wrong", Self.code.uppercased(), Self.code + "0", String(Self.code.dropLast())] {
      #expect(try register("eve", code, dashboard) == "403 invalid-setup-code", "\(code ?? "none")")
    }
    // The code is checked before every other parameter.
    #expect {
      try dashboard.call(CreateAccount.self, posted: [:])
    } throws: {
      ($0 as? Exception)?.field == "setup-code"
    }
    #expect(try register("", Self.code, dashboard) == "400 invalid-username")
    let owner = try dashboard.call(CreateAccount.self, posted: form("ada", Self.code))
    #expect(owner.isOwner && owner.isAdministrator)
    #expect(try !dashboard.call(Settings.self).setup)
    #expect(try register("bob", nil, dashboard) == "200")
    #expect(try register("cyd", "wrong", dashboard) == "200")
  }

  @Test("it lets the first account in while registration is closed, and only that one")
  func closed() throws {
    let fixture = try fixture(["DISABLE_REGISTRATION": "true"])
    defer { withExtendedLifetime(fixture) {} }
    let dashboard = fixture.dashboard
    let settings = try dashboard.call(Settings.self)
    #expect(settings.setup && !settings.registration)
    #expect(try register("eve", nil, dashboard) == "403 invalid-setup-code")
    #expect(try register("ada", Self.code, dashboard) == "200")
    #expect(try register("bob", Self.code, dashboard) == "403 registration-disabled")
    #expect(try !dashboard.call(Settings.self).setup)
  }

  @Test("without SETUP_CODE nothing is asked, and an operator needs no code")
  func unasked() throws {
    let unset = try Fixture()
    defer { withExtendedLifetime(unset) {} }
    let open = unset.dashboard
    #expect(try !open.call(Settings.self).setup)
    #expect(try register("ada", nil, open) == "200")
    let fixture = try fixture(["DISABLE_REGISTRATION": "true"])
    let dashboard = fixture.dashboard
    var context = Context(try dashboard.app(), dashboard.services, now: fixture.clock.now())
    let caller = Caller.operator("account create")
    let admission = try Registration.admit(caller, &context, setupCode: nil)
    let account = try Registration.register(
      caller, &context, admission, username: Array("ada".utf8)[...],
      password: Array("a good password".utf8)[...]
    ) { _ in nil }
    #expect(account.isOwner)
  }

  @Test(
    "of many with the right code one becomes the owner, and the others register as if there were no code",
    arguments: [false, true])
  func race(isClosed: Bool) throws {
    let fixture = try fixture(["DISABLE_REGISTRATION": "\(isClosed)", "HASHING_THREADS": "100"])
    let dashboard = fixture.dashboard
    let results = try Threads.run(100) { number in
      try register("user\(number)", Self.code, dashboard, from: .address("192.0.2.\(number)"))
    }
    let others = isClosed ? "403 registration-disabled" : "200"
    #expect(results.filter { $0 == "200" }.count == (isClosed ? 1 : 100))
    #expect(results.filter { $0 == others }.count == (isClosed ? 99 : 100))
    let owners = try dashboard.services.store.read(dashboard.app().name) { snapshot in
      try snapshot.accounts(.all, limit: 1000).filter(\.isOwner).count
    }
    #expect(owners == 1)
  }

  @Test("an admission from before another's registration does not close or open anything")
  func meanwhile() throws {
    let fixture = try fixture(["DISABLE_REGISTRATION": "true"])
    let (dashboard, clock) = (fixture.dashboard, fixture.clock)
    func register(_ admission: Registration.Admission, _ name: String) throws -> Account {
      var context = Context(try dashboard.app(), dashboard.services, now: clock.now())
      return try Registration.register(
        Caller(.guest, .unknown), &context, admission, username: Array(name.utf8)[...],
        password: Array("a good password".utf8)[...]
      ) { _ in nil }
    }
    var context = Context(try dashboard.app(), dashboard.services, now: clock.now())
    let caller = Caller(.guest, .unknown)
    let code = Array(Self.code.utf8)[...]
    let early = try Registration.admit(caller, &context, setupCode: code)
    let owner = try register(Registration.admit(caller, &context, setupCode: code), "ada")
    #expect(throws: RegistrationError.closed) { _ = try register(early, "bob") }
    // The last account goes: the app begins anew, and an admission without the code is not enough.
    let ordinary = try Registration.admit(.operator("account create"), &context, setupCode: nil)
    try dashboard.services.store.write(owner.appid) { try $0.remove(owner) }
    #expect(throws: RegistrationError.wrongSetupCode) { _ = try register(ordinary, "eve") }
    #expect(try dashboard.call(Settings.self).setup)
    #expect(try register(early, "ada").isOwner)
  }

  @Test("wrong codes count by address like wrong passwords, and a right or a missing one does not")
  func counted() throws {
    let log = Log()
    let fixture = try fixture(["MAXIMUM_ATTEMPTS": "2", "ATTEMPT_WINDOW": "100"], eventLog: { log.add($0) })
    let dashboard = fixture.dashboard
    let client = Client.address("192.0.2.1")
    for _ in 0..<100 { #expect(try register("eve", nil, dashboard) == "403 invalid-setup-code") }
    #expect(log.lines.isEmpty)
    // A password that is wrong counts with them.
    #expect(throws: Exception.self) {
      try dashboard.call(CreateSession.self, posted: form("eve", nil), from: client)
    }
    for _ in 0..<19 { #expect(try register("eve", "wrong", dashboard) == "403 invalid-setup-code") }
    let refusal = #expect(throws: Exception.self) {
      try dashboard.call(CreateAccount.self, posted: form("ada", Self.code), from: client)
    }
    #expect(refusal?.status == 429 && refusal?.code == "too-many-attempts" && refusal?.retryAfter == 101)
    #expect(try register("ada", "wrong", dashboard) == "429 too-many-attempts")
    let events = log.lines.filter { $0.contains("password-or-code-wrong") }
    #expect(events.count == 19 && log.lines.filter { $0.contains("too-many-attempts") }.count == 1)
    #expect(log.lines.allSatisfy { !$0.contains(Self.code) })
    // Other addresses go on, and a right code is taken back.
    for _ in 0..<50 {
      #expect(
        try register("x", Self.code, dashboard, from: .address("192.0.2.2")) == "400 invalid-username-length")
    }
    fixture.clock.set(fixture.clock.now().adding(seconds: 100))
    #expect(try register("ada", Self.code, dashboard) == "200")
  }

  @Test("each app asks for its own code, and an app with accounts asks for none")
  func apps() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("data"))
    try Files.makeDirectory(directory.path("data/apps"))
    let (shop, other) = (try #require(AppName("shop")), try #require(AppName("other")))
    do {
      let dashboard = try Dashboard(
        dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
      #expect(try register("ada", nil, dashboard) == "200")
    }
    try Files.write("SETUP_CODE=of the shop\n", to: directory.path("data/apps/shop.conf"))
    let dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "SETUP_CODE": Self.code])
    // It had an account before the setting.
    #expect(try !dashboard.call(Settings.self).setup)
    #expect(try register("bob", nil, dashboard) == "200")
    #expect(try register("ada", Self.code, dashboard, app: shop) == "403 invalid-setup-code")
    #expect(try register("ada", "of the shop", dashboard, app: shop) == "200")
    #expect(try register("ada", "of the shop", dashboard, app: other) == "403 invalid-setup-code")
    #expect(try register("ada", Self.code, dashboard, app: other) == "200")
  }
}
