import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// Registering with the code of an invitation.
@Suite("invitations")
struct InvitationTests {
  private let fixture: Fixture
  private let log = Log()
  private let owner: Session
  private var dashboard: Dashboard { fixture.dashboard }

  init() throws {
    let log = log
    fixture = try Fixture(
      settings: ["SETUP_CODE": "setup", "DISABLE_REGISTRATION": "true", "MAXIMUM_RECORDS": "3"],
      eventLog: { log.add($0) })
    _ = try fixture.dashboard.call(
      CreateAccount.self,
      posted: ["username": "owner", "password": "password of owner", "setup-code": "setup"])
    owner = try fixture.signIn("owner")
    log.clear()
  }

  private func invite(_ posted: [String: String] = [:], as caller: Session? = nil) throws -> Invitation {
    try dashboard.call(Administrator.CreateInvitation.self, posted: posted, as: caller ?? owner)
  }

  /// `200`, or the status and the code of the refusal.
  private func register(
    _ username: String, _ invitation: Invitation?, _ dashboard: Dashboard? = nil,
    from client: Client = .address("192.0.2.1")
  ) throws -> String {
    var form = ["username": username, "password": "password of \(username)"]
    form["invitation-code"] = invitation?.code
    return try register(form, dashboard, from: client)
  }

  private func register(
    _ form: [String: String], _ dashboard: Dashboard? = nil, from client: Client = .address("192.0.2.1")
  ) throws -> String {
    do {
      _ = try (dashboard ?? self.dashboard).call(CreateAccount.self, posted: form, from: client)
      return "200"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  private func stored(_ invitation: Invitation) throws -> Invitation? {
    try dashboard.services.store.read(invitation.appid) { try $0.record(invitation.invitationid) }
  }

  private func of(_ session: Session) -> [String: String] { ["accountid": "\(session.accountid)"] }

  private let refused = "403 invalid-invitation-code"

  @Test("it lets people in while registration is closed, as often as it says, and gives them its groups")
  func use() throws {
    #expect(try register("eve", nil) == "403 registration-disabled")
    let invitation = try invite(["uses": "2", "groups": "family,editors", "note": "for Ada"])
    #expect(invitation.groups == ["editors", "family"] && invitation.note == "for Ada")
    let code = try #require(invitation.code)
    let form = ["username": "ada", "password": "password of ada", "invitation-code": code.uppercased() + " "]
    let ada = try dashboard.call(CreateAccount.self, posted: form)
    #expect(ada.groups == ["editors", "family"] && !ada.isAdministrator)
    #expect(try stored(invitation)?.used == 1)
    // A registration that fails takes no use.
    #expect(try register("ada", invitation) == "409 duplicate-username")
    #expect(try register("bo", invitation) == "400 invalid-username-length")
    #expect(try register("bob", invitation) == "200")
    #expect(try register("cyd", invitation) == refused)
    #expect(try stored(invitation)?.used == 2)
    #expect(try stored(invitation)?.code == nil)
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("it is for one account and seven days, unless it says otherwise")
  func defaults() throws {
    let invitation = try invite()
    #expect(invitation.uses == 1 && invitation.used == 0 && invitation.groups == [] && invitation.note == "")
    #expect(invitation.expiresAt == fixture.clock.now().adding(seconds: 7 * 86_400))
    #expect(
      try invite(["days": "90", "uses": "1000"]).expiresAt == fixture.clock.now().adding(seconds: 90 * 86_400)
    )
    fixture.clock.set(invitation.expiresAt.adding(seconds: -1))
    #expect(try register("ada", invitation) == "200")
  }

  @Test("it does not count from its expiry on, and the sweep removes it then")
  func expiry() throws {
    let invitation = try invite(["days": "1"])
    fixture.clock.set(invitation.expiresAt)
    #expect(try register("ada", invitation) == refused)
    #expect(try stored(invitation) != nil)
    while try dashboard.sweep() {}
    #expect(try stored(invitation) == nil)
    #expect(try register("ada", invitation) == refused)
  }

  @Test("one that was made while the clock was ahead does not count")
  func clockAhead() throws {
    let right = fixture.clock.now()
    fixture.clock.set(right.adding(seconds: 301))
    let ahead = try invite()
    fixture.clock.set(right.adding(seconds: 300))
    let nearest = try invite()
    fixture.clock.set(right)
    #expect(try register("ada", ahead) == refused)
    #expect(try register("ada", nearest) == "200")
  }

  @Test(
    "of many at once, as many register as the invitation allows, and the others are refused",
    arguments: [1, 5])
  func race(uses: Int) throws {
    let fixture = try Fixture(settings: ["HASHING_THREADS": "100", "MAXIMUM_ATTEMPTS": "1000"])
    let admin = try fixture.signUp("admin")
    let invitation = try fixture.dashboard.call(
      Administrator.CreateInvitation.self, posted: ["uses": "\(uses)", "groups": "club"], as: admin)
    // Registration is open, and yet the others are refused: they would lack the group.
    let results = try Threads.run(32) { number in
      try register("user\(number)", invitation, fixture.dashboard, from: .address("192.0.2.\(number)"))
    }
    #expect(results.filter { $0 == "200" }.count == uses)
    #expect(results.filter { $0 == refused }.count == 32 - uses)
    let accounts = try fixture.dashboard.services.store.read(invitation.appid) { snapshot in
      try snapshot.accounts(.all, limit: 100)
    }
    #expect(accounts.count == uses + 1)
    #expect(accounts.filter { $0.groups == ["club"] }.count == uses)
    #expect(try fixture.dashboard.services.store.problems() == [])
  }

  /// Lets a guest in by an invitation. The result registers a name with that admission, some time later.
  private func admit(_ invitation: Invitation) throws -> (_ name: String) throws -> Void {
    let code = Array(try #require(invitation.code).utf8)[...]
    let caller = Caller(.guest, .unknown)
    var context = Context(try dashboard.app(), dashboard.services, now: fixture.clock.now())
    let early = try Registration.admit(caller, &context, setupCode: nil, invitationCode: code)
    return { name in
      _ = try Registration.register(
        caller, &context, early, username: Array(name.utf8)[...], password: Array("a good password".utf8)[...]
      ) { _ in nil }
    }
  }

  @Test("an admission from before the last use was taken is refused in the transaction")
  func meanwhile() throws {
    let invitation = try invite()
    let register = try admit(invitation)
    try register("ada")
    #expect(throws: RegistrationError.wrongInvitationCode) { try register("bob") }
    #expect(try stored(invitation)?.used == 1)
  }

  @Test(
    "an admission from before its invitation or the maker's role ended is refused in the transaction",
    arguments: ["expired", "suspended", "demoted", "leaving", "removed"])
  func endedMeanwhile(what: String) throws {
    _ = try register("admin", invite())
    let admin = try fixture.signIn("admin")
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(admin), as: owner)
    let invitation = try invite(as: admin)
    let register = try admit(invitation)
    let owner = try fixture.signIn("owner", remember: "days")
    switch what {
    case "expired": fixture.clock.set(invitation.expiresAt)
    case "suspended":
      _ = try dashboard.call(Administrator.SetAccountSuspended.self, query: of(admin), as: owner)
    case "demoted":
      _ = try dashboard.call(Administrator.ResetAccountAdministrator.self, query: of(admin), as: owner)
    case "leaving":
      _ = try dashboard.call(Administrator.SetAccountDeleted.self, query: of(admin), as: owner)
    default:
      let named = ["invitationid": "\(invitation.invitationid)"]
      _ = try dashboard.call(Administrator.DeleteInvitation.self, query: named, as: owner)
    }
    #expect(throws: RegistrationError.wrongInvitationCode) { try register("ada") }
    #expect(throws: Exception.self) {
      try dashboard.call(
        CreateSession.self, posted: ["username": "ada", "password": "a good password"])
    }
  }

  @Test("it counts only while its maker is an administrator who is neither suspended nor leaving")
  func maker() throws {
    _ = try register("admin", invite())
    let admin = try fixture.signIn("admin")
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(admin), as: owner)
    let invitation = try invite(["uses": "9"], as: admin)
    let suspension = Membership.Suspension(at: fixture.clock.now(), reason: "", by: owner.accountid)
    try fixture.change(admin.accountid) { $0.changeMembership { $0.suspension = suspension } }
    #expect(try register("ada", invitation) == refused)
    try fixture.change(admin.accountid) { $0.changeMembership { $0.suspension = nil } }
    #expect(try register("ada", invitation) == "200")
    _ = try dashboard.call(Administrator.SetAccountDeleted.self, query: of(admin), as: owner)
    #expect(try register("bob", invitation) == refused)
    _ = try dashboard.call(Administrator.ResetAccountDeleted.self, query: of(admin), as: owner)
    #expect(try register("bob", invitation) == "200")
    _ = try dashboard.call(Administrator.ResetAccountAdministrator.self, query: of(admin), as: owner)
    #expect(try register("cyd", invitation) == refused)
    // It stays void when the maker becomes an administrator again.
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(admin), as: owner)
    #expect(try register("cyd", invitation) == refused)
    #expect(try register("cyd", invite(as: fixture.signIn("admin"))) == "200")
    _ = try dashboard.call(Administrator.DeleteAccount.self, query: of(admin), as: owner)
    #expect(try stored(invitation) == nil)
    #expect(try register("dee", invitation) == refused)
  }

  @Test("a new session key ends the invitations that a thief made with an administrator's session")
  func thief() throws {
    let invitation = try invite()
    _ = try dashboard.call(ResetSessionKey.self, query: of(owner), as: owner)
    #expect(try register("eve", invitation) == refused)
  }

  @Test("every administrator can read, list and remove every invitation; a removed one does not count")
  func removal() throws {
    _ = try register("admin", invite())
    let admin = try fixture.signIn("admin")
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(admin), as: owner)
    let (first, second) = (try invite(), try invite(as: admin))
    let lists = try [[:], of(owner), of(admin)].map { query in
      try dashboard.call(Administrator.Invitations.self, query: query, as: admin).map(\.invitationid)
    }
    #expect(lists[0].prefix(2) == [second.invitationid, first.invitationid] && lists[0].count == 3)
    #expect(lists[1].first == first.invitationid && lists[2] == [second.invitationid])
    #expect(try dashboard.call(Administrator.InvitationsCount.self, query: of(admin), as: owner) == 1)
    let named = ["invitationid": "\(first.invitationid)"]
    #expect(try dashboard.call(Administrator.ReadInvitation.self, query: named, as: admin).code == nil)
    log.clear()
    #expect(try dashboard.call(Administrator.DeleteInvitation.self, query: named, as: admin))
    #expect {
      try dashboard.call(Administrator.DeleteInvitation.self, query: named, as: admin)
    } throws: {
      ($0 as? Exception)?.code == "invalid-invitationid" && ($0 as? Exception)?.status == 404
    }
    #expect(try register("ada", first) == refused)
    #expect(try register("ada", second) == "200")
    let events = try log.lines.map { line in
      let event = try JSON(Array(line.utf8))
      return [event["event"], event["account"], event["by"]].compactMap { $0?.string }.joined(separator: " ")
    }
    let ada = try fixture.signIn("ada").accountid
    #expect(
      events == [
        "invitation-deleted \(owner.accountid) \(admin.accountid)", "password-or-code-wrong",
        "account-created \(ada)", "invitation-used \(admin.accountid)",
      ])
  }

  @Test("beyond MAXIMUM_RECORDS the oldest give way, used-up ones first")
  func bound() throws {
    let (first, second) = (try invite(), try invite())
    _ = try register("ada", second)
    let third = try invite()
    let fourth = try invite()
    #expect(try [first, second, third, fourth].map { try stored($0) != nil } == [true, false, true, true])
    _ = try invite()
    #expect(try [first, third, fourth].map { try stored($0) != nil } == [false, true, true])
    #expect(try register("bob", first) == refused)
  }

  @Test("codes that do not count are counted by address like wrong passwords, and never logged")
  func counted() throws {
    let log = Log()
    let fixture = try Fixture(
      settings: ["MAXIMUM_ATTEMPTS": "2", "ATTEMPT_WINDOW": "100"], eventLog: { log.add($0) })
    let admin = try fixture.signUp("admin")
    let invitation = try fixture.dashboard.call(
      Administrator.CreateInvitation.self, posted: ["uses": "9"], as: admin)
    log.clear()
    let wrong = ["username": "eve", "password": "password of eve", "invitation-code": "wrong"]
    for _ in 0..<20 { #expect(try register(wrong, fixture.dashboard) == refused) }
    #expect(try register("ada", invitation, fixture.dashboard) == "429 too-many-attempts")
    // Other addresses go on, and a right code is taken back.
    for _ in 0..<30 {
      #expect(
        try register("x", invitation, fixture.dashboard, from: .address("192.0.2.2"))
          == "400 invalid-username-length")
    }
    #expect(log.lines.filter { $0.contains("password-or-code-wrong") }.count == 20)
    #expect(log.lines.filter { $0.contains("too-many-attempts") }.count == 1)
    let code = try #require(invitation.code)
    #expect(
      log.lines.allSatisfy { !$0.contains(code) && !$0.contains("wrong\"") || $0.contains("code-wrong") })
    fixture.clock.set(fixture.clock.now().adding(seconds: 100))
    #expect(try register("ada", invitation, fixture.dashboard) == "200")
  }

  @Test("without an account the setup code is wanted all the same")
  func setup() throws {
    let invitation = try invite()
    try dashboard.services.store.write(owner.appid) { change in
      if let account = try change.current.account(owner.accountid) { try change.remove(account) }
    }
    #expect(try register("ada", invitation) == "403 invalid-setup-code")
    let form = ["username": "ada", "password": "password of ada", "setup-code": "setup"]
    let both = form.merging(["invitation-code": try #require(invitation.code)]) { $1 }
    #expect(try register(both) == refused)
    #expect(try register(form) == "200")
  }

  @Test("an operator's invitation belongs to the owner, and a guest or a user makes none")
  func operators() throws {
    var context = Context(try dashboard.app(), dashboard.services, now: fixture.clock.now())
    let made = try InvitationRules.create(
      .operator("invitation create"), &context, uses: 1, days: 1, groups: [], note: "")
    #expect(made.accountid == owner.accountid)
    #expect(try register("ada", made) == "200")
    #expect(throws: AccessRefusal.administratorRequired) { try invite(as: fixture.signIn("ada")) }
    #expect(throws: AccessRefusal.signInRequired) {
      try dashboard.call(Administrator.CreateInvitation.self, posted: [:])
    }
  }

  @Test("an administrator who was demoted meanwhile makes none")
  func demoted() throws {
    _ = try register("admin", invite())
    let admin = try fixture.signIn("admin")
    try fixture.change(admin.accountid) { $0.administratorSince = $0.createdAt }
    let (signedIn, app) = try dashboard.services.store.read(owner.appid) { snapshot in
      (try snapshot.signedIn(admin.sessionid), try dashboard.app())
    }
    let caller = Caller(signedIn, .unknown)
    try fixture.change(admin.accountid) { $0.administratorSince = nil }
    var context = Context(app, dashboard.services, now: fixture.clock.now())
    #expect(throws: AccessRefusal.administratorRequired) {
      try InvitationRules.create(caller, &context, uses: 1, days: 1, groups: [], note: "")
    }
  }
}
