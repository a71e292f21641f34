import DashboardAccounts
import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import TestSupport
import Testing

/// The caller decides limits and effects, for a call over HTTP and from the library alike.
@Suite("callers")
struct CallerTests {
  private let log = Log()
  private let fixture: Fixture
  private var dashboard: Dashboard { fixture.dashboard }

  init() throws {
    let log = log
    fixture = try Fixture(
      settings: ["MAXIMUM_ATTEMPTS": "3", "MAXIMUM_REGISTRATIONS": "3"], eventLog: { log.add($0) })
  }

  /// The code of a refused sign-in; `nil` if it succeeds.
  private func signIn(_ username: String, _ password: String, from client: Client = .unknown) throws
    -> String?
  {
    do {
      _ = try dashboard.call(
        CreateSession.self, posted: ["username": username, "password": password], from: client)
      return nil
    } catch let exception as Exception {
      return exception.code
    }
  }

  @Test("without an address, attempts count by username: wrong passwords are refused from the fourth on")
  func unknownClient() throws {
    _ = try fixture.signUp("ada")
    let codes = try (0..<20).map { _ in try signIn("ada", "wrong") }
    #expect(codes[..<3].allSatisfy { $0 == "invalid-password" })
    #expect(codes[3...].allSatisfy { $0 == "too-many-attempts" })
    #expect(try signIn("ada", "password of ada") == "too-many-attempts")
    #expect(try signIn("eve", "wrong") == "invalid-username")
    fixture.clock.set(fixture.clock.now().adding(seconds: 900))
    #expect(try signIn("ada", "password of ada") == nil)
  }

  @Test("attempts of a trusted caller are not counted")
  func trustedClient() throws {
    _ = try fixture.signUp("ada")
    for _ in 0..<20 { #expect(try signIn("ada", "wrong", from: .trusted) == "invalid-password") }
    #expect(try signIn("ada", "password of ada") == nil)
    for number in 0..<5 {
      _ = try dashboard.call(
        CreateAccount.self, posted: ["username": "user \(number)", "password": "12345678"], from: .trusted)
    }
  }

  @Test("with an address, attempts count as those through nginx do")
  func givenAddress() throws {
    _ = try fixture.signUp("ada")
    let router = Router(dashboard, Routes.all) { _ in }
    for _ in 0..<2 {
      #expect(try signIn("ada", "wrong", from: .address("192.0.2.1")) == "invalid-password")
    }
    func status(_ address: String) -> Int {
      TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": address],
        body: "username=ada&password=wrong"
      ).status
    }
    #expect([status("192.0.2.1"), status("192.0.2.1"), status("192.0.2.2")] == [401, 429, 401])
    #expect(try signIn("ada", "password of ada", from: .address("192.0.2.1")) == "too-many-attempts")
    #expect(try signIn("ada", "password of ada", from: .address("192.0.2.2")) == nil)
    #expect(log.lines.last?.contains(#""client":"192.0.2.2""#) == true)
    let registrations = (0..<4).map { number in
      Result {
        try dashboard.call(
          CreateAccount.self, posted: ["username": "user \(number)", "password": "12345678"],
          from: .address("192.0.2.3"))
      }
    }
    #expect(registrations.map { (try? $0.get()) != nil } == [true, true, true, false])
  }

  @Test("a call from the library has the same effects as over HTTP: events, and the time of hashing")
  func effects() throws {
    #expect(dashboard.hashingDuration == 0)
    let ada = try fixture.signUp("ada")
    #expect(dashboard.hashingDuration > 0)
    #expect(log.lines.map { $0.contains("signed-in") } == [false, true])
    let app = try dashboard.app()
    let (session, call) = try dashboard.perform(
      CreateSession.declaration.policy, as: Caller(.guest, .unknown), in: app, at: fixture.clock.now()
    ) {
      (try .init([:]), try .init(["username": "ada", "password": "password of ada"]))
    } _: {
      try CreateSession.answer(&$0)
    }
    guard case .began(let begun) = call.context.effects.session else { throw TestFailure("no session began") }
    #expect(begun == session && begun.token?.utf8.count == 64 && begun.accountid == ada.accountid)
    #expect(call.context.effects.hashing != nil)
  }

  @Test("an operator needs no session, has the owner's rights, and is named in the event log")
  func `operator`() throws {
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    log.clear()
    let caller = Caller.operator("account set-owner")
    var context = Context(try dashboard.app(), dashboard.services, now: fixture.clock.now())
    _ = try Roles.promote(caller, &context, ada.accountid)
    let heir = try Roles.transferOwnership(caller, &context, to: ada.accountid)
    #expect(heir.isOwner)
    _ = try SessionRules.endAll(caller, &context, of: ada.accountid)
    let secret = Array("LostAndFound".utf8)[...]
    _ = try ResetCodeRules.create(caller, &context, for: heir) { secret }
    #expect(throws: DeletionError.isOwner) { try Deletion.delete(caller, &context, ada.accountid) }
    #expect(throws: AccountError.unknown) {
      try Deletion.delete(caller, &context, AccountID(rawValue: 1))
    }
    try Deletion.delete(caller, &context, owner.accountid)
    #expect(
      context.effects.loggedEvents.map(\.name.rawValue) == [
        "administrator-set", "owner-set", "session-key-reset", "reset-code-created", "account-deleted",
      ])
    // The account can use the operator's code.
    _ = try dashboard.call(
      ResetAccountPassword.self,
      posted: ["username": "ada", "new-password": "another password", "secret-code": "LostAndFound"])
    #expect(try signIn("ada", "another password") == nil)
    #expect(throws: AccessRefusal.signInRequired) { _ = try SessionRules.endAll(caller, &context) }

    // `perform` writes the events to the log.
    log.clear()
    _ = try dashboard.perform(
      RoutePolicy(.freshAdministrator, writes: true), as: caller, in: dashboard.app(), at: fixture.clock.now()
    ) {
      (try .init([:]), try .init([:]))
    } _: { call in
      try SessionRules.endAll(call.caller, &call.context, of: ada.accountid)
    }
    #expect(log.lines.count == 1)
    #expect(log.lines[0].contains(#""by":"operator account set-owner""#))
    #expect(!log.lines[0].contains("client"))
  }

  @Test("a rule changes no record of another account")
  func ownRecords() throws {
    let eve = try fixture.signUp("eve")
    let query = ["accountid": "\(eve.accountid)"]
    let profile = try (0..<2).map {
      try dashboard.call(
        CreateProfile.self, query: query,
        posted: ["full-name": "Eve \($0)", "contact-email": "eve@example.org"], as: eve
      )
      .profileid
    }[1]
    let code = try dashboard.call(
      CreateResetCode.self, query: query, posted: ["secret-code": "abcdef"], as: eve
    ).codeid
    let ada = try fixture.signUp("ada")
    let (app, now) = (try dashboard.app(), fixture.clock.now())
    let signedIn = try dashboard.services.store.session(ada.sessionid, of: ada.appid)
    let caller = Caller(signedIn, .unknown)
    var context = Context(app, dashboard.services, now: now)

    func refusal(_ rule: (inout Context) throws -> Void) -> String? {
      do { try rule(&context) } catch let error as any RuleError { return error.identifier } catch {}
      return nil
    }
    let refusals = [
      refusal { _ = try ProfileRules.update(caller, $0, profile, [.fullName: "Ada"]) },
      refusal { try ProfileRules.delete(caller, $0, profile) },
      refusal { _ = try ProfileRules.setDefault(caller, $0, profile) },
      refusal { _ = try SessionRules.end(caller, &$0, eve.sessionid) },
      refusal { try ResetCodeRules.delete(caller, &$0, code) },
    ]
    #expect(
      refusals == [
        "profile-unknown", "profile-unknown", "profile-of-another", "session-already-ended",
        "reset-code-unknown",
      ])
    #expect(context.effects.loggedEvents.isEmpty)
    #expect(try dashboard.call(ProfilesCount.self, query: query, as: eve) == 2)
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("an operator registers accounts while registration is closed")
  func closedRegistration() throws {
    let fixture = try Fixture(settings: ["DISABLE_REGISTRATION": "true"])
    var context = Context(try fixture.dashboard.app(), fixture.dashboard.services, now: fixture.clock.now())
    let (username, password) = (Array("ada".utf8)[...], Array("a good password".utf8)[...])
    func register(_ caller: Caller) throws -> Account {
      let admission = try Registration.admit(caller, &context, setupCode: nil)
      return try Registration.register(caller, &context, admission, username: username, password: password) {
        _ in nil
      }
    }
    #expect(throws: RegistrationError.closed) { _ = try register(Caller(.guest, .unknown)) }
    #expect(try register(.operator("account create")).isOwner)
  }

  @Test("an attempt is not counted if the server is too busy to check the password")
  func busy() throws {
    let fixture = try Fixture(settings: ["MAXIMUM_ATTEMPTS": "1", "HASHING_THREADS": "1"])
    _ = try fixture.signUp("ada")
    let limit = try #require(fixture.dashboard.services.hashingLimit)
    #expect(limit.enter())
    let form = ["username": "ada", "password": "password of ada"]
    for client in [Client.unknown, .address("192.0.2.7")] {
      let refusal = #expect(throws: Exception.self) {
        try fixture.dashboard.call(CreateSession.self, posted: form, from: client)
      }
      #expect(refusal?.code == "server-busy")
    }
    limit.leave()
    for client in [Client.unknown, .address("192.0.2.7")] {
      _ = try fixture.dashboard.call(CreateSession.self, posted: form, from: client)
    }
  }

  @Test(
    "at most HASHING_THREADS passwords are hashed at once, and a long queue is server-busy")
  func hashingLimit() throws {
    let limit = HashingLimit(1)
    #expect(limit.enter())
    let isRefused = try Threads.run(1) { _ in !limit.enter() }
    #expect(isRefused == [true])
    limit.leave()
    #expect(limit.enter())
    #expect(Exception.serverBusy.status == 503)
  }
}
