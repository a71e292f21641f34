import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// Effects of time: expiring codes, due deletions, old verifications, and metrics of days and years.
@Suite("time")
struct TimeTests {
  private func code(_ body: () throws -> some Any) throws -> String {
    do {
      _ = try body()
      return "none"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  private func of(_ session: Session) -> [String: String] { ["accountid": "\(session.accountid)"] }

  @Test("a reset code can be used until its lifetime has passed")
  func resetCodeLifetime() throws {
    let fixture = try Fixture(settings: ["RESET_CODE_LIFETIME": "2"])
    let ada = try fixture.signUp("ada")
    for _ in 0..<2 {
      _ = try fixture.dashboard.call(
        CreateResetCode.self, query: of(ada), posted: ["secret-code": "abcdef"], as: ada)
    }
    let form = ["username": "ada", "new-password": "password of ada", "secret-code": "abcdef"]
    let end = fixture.clock.now().adding(seconds: 2 * 86_400)
    fixture.clock.set(Timestamp(milliseconds: end.milliseconds - 1))
    #expect(try code { try fixture.dashboard.call(ResetAccountPassword.self, posted: form) } == "none")
    fixture.clock.set(end)
    #expect(
      try code { try fixture.dashboard.call(ResetAccountPassword.self, posted: form) }
        == "401 invalid-reset-code")
  }

  @Test("a deletion can be cancelled until it is due, and then the sweep carries it out")
  func deletion() throws {
    let fixture = try Fixture(settings: ["DELETE_DELAY": "1"])
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    let form = ["username": "ada", "password": "password of ada"]
    func delete(_ session: Session) throws -> Account {
      try fixture.dashboard.call(
        SetAccountDeleted.self, query: of(ada), posted: ["password": "password of ada"], as: session)
    }
    let due = try #require(try delete(ada).deletedAt)
    #expect(due == fixture.clock.now().adding(seconds: 86_400))
    fixture.clock.set(Timestamp(milliseconds: due.milliseconds - 1))
    #expect(try !fixture.dashboard.sweep())
    #expect(try fixture.dashboard.call(ResetAccountDeleted.self, posted: form).deletedAt == nil)
    let again = try #require(try delete(try fixture.signIn("ada")).deletedAt)
    fixture.clock.set(again)
    #expect(
      try code { try fixture.dashboard.call(ResetAccountDeleted.self, posted: form) } == "409 invalid-account"
    )
    while try fixture.dashboard.sweep() {}
    #expect(try code { try fixture.signIn("ada") } == "401 invalid-username")
    let administrator = try fixture.signIn("owner")
    #expect(try fixture.dashboard.call(Administrator.AccountsCount.self, as: administrator) == 1)
    #expect(
      try code {
        try fixture.dashboard.call(Administrator.ReadAccount.self, query: of(ada), as: administrator)
      } == "404 invalid-accountid")
    #expect(try fixture.dashboard.services.store.problems() == [])
    withExtendedLifetime(owner) {}
  }

  @Test("a verification is fresh until the delay has passed, and the password renews it")
  func freshness() throws {
    let fixture = try Fixture(settings: ["SESSION_VERIFICATION_DELAY": "60"])
    let ada = try fixture.signUp("ada")
    func create() throws -> String {
      try code {
        try fixture.dashboard.call(
          CreateResetCode.self, query: of(ada), posted: ["secret-code": "abcdef"], as: ada)
      }
    }
    fixture.clock.set(Timestamp(milliseconds: ada.createdAt.milliseconds + 59_999))
    #expect(try create() == "none")
    fixture.clock.set(ada.createdAt.adding(seconds: 60))
    #expect(try create() == "403 unverified-session")
    // The check comes before any parameter.
    #expect(
      try code { try fixture.dashboard.call(CreateResetCode.self, as: ada) } == "403 unverified-session")
    let verified = try fixture.dashboard.call(
      SetSessionVerified.self, query: ["sessionid": "\(ada.sessionid)"],
      posted: ["username": "ada", "password": "password of ada"], as: ada)
    #expect(verified.lastVerifiedAt == fixture.clock.now())
    #expect(verified.token == nil)
    #expect(try create() == "none")
    fixture.clock.set(fixture.clock.now().adding(seconds: 60))
    #expect(try create() == "403 unverified-session")
  }

  @Test("with SESSION_IDLE_TIMEOUT an idle session ends, and an active session goes on")
  func idleness() throws {
    let fixture = try Fixture(settings: ["SESSION_IDLE_TIMEOUT": "300"])
    let used = try fixture.signUp("ada")
    let idle = try fixture.signIn("ada")
    let start = fixture.clock.now()
    for minute in stride(from: Int64(1), through: 5, by: 1) {
      #expect(try fixture.dashboard.call(CurrentSession.self, as: used).ended == false)
      fixture.clock.set(Timestamp(milliseconds: start.milliseconds + minute * 60_000 - 1))
    }
    #expect(try fixture.dashboard.call(CurrentSession.self, as: used).ended == false)
    fixture.clock.set(start.adding(seconds: 300))
    #expect(throws: AccessRefusal.signInRequired) {
      try fixture.dashboard.call(CurrentSession.self, as: idle)
    }
    let seen = try fixture.dashboard.call(
      ReadSession.self, query: ["sessionid": "\(idle.sessionid)"], as: used)
    #expect(seen.ended)
    #expect(seen.endedAt == nil)
    // Activity is stored at most once a minute, so a session can end up to a minute early.
    fixture.clock.set(fixture.clock.now().adding(seconds: 240))
    #expect(try fixture.dashboard.call(CurrentSession.self, as: used).ended == false)
    fixture.clock.set(fixture.clock.now().adding(seconds: 300))
    #expect(throws: AccessRefusal.signInRequired) {
      try fixture.dashboard.call(CurrentSession.self, as: used)
    }
  }

  @Test("a session identifier without its token does not keep the session alive")
  func idlenessNeedsProof() throws {
    let fixture = try Fixture(settings: ["SESSION_IDLE_TIMEOUT": "300"])
    let session = try fixture.signUp("ada")
    let router = Router(fixture.dashboard, Routes.all, log: { _ in })
    func status(_ token: String) throws -> Int {
      let bearer = ["HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(token)"]
      let status = TestRequest.respond(router, "GET", "/api/user/current-session", bearer).status
      try fixture.dashboard.storeActivity()
      return status
    }
    for _ in 0..<2 {
      fixture.clock.set(fixture.clock.now().adding(seconds: 200))
      #expect(try status("junk") == 401)
    }
    #expect(try status(session.token ?? "") == 401)
  }

  @Test("metrics count by day, month, year and in total, and an account is active once in each period")
  func metrics() throws {
    let fixture = try Fixture()
    let moments = [
      "2021-12-31T23:59:59.999Z", "2022-01-01T00:00:00.000Z", "2022-01-01T12:00:00.000Z",
      "2022-01-02T00:00:00.000Z",
    ]
    let milliseconds: [Int64] = [1_640_995_199_999, 1_640_995_200_000, 1_641_038_400_000, 1_641_081_600_000]
    fixture.clock.set(Timestamp(milliseconds: milliseconds[0]))
    var session = try fixture.signUp("ada")
    for (moment, milliseconds) in zip(moments, milliseconds).dropFirst() {
      fixture.clock.set(Timestamp(milliseconds: milliseconds))
      #expect(fixture.clock.now().description == moment)
      session = try fixture.signIn("ada")
    }
    func values(_ keys: String) throws -> [String: Int] {
      let metrics = try fixture.dashboard.call(
        Administrator.MetricKeys.self, query: ["keys": keys], as: session)
      return Dictionary(uniqueKeysWithValues: metrics.map { ($0.period, $0.value) })
    }
    let periods = [
      "total", "2021", "2022", "2021-12", "2022-01", "2021-12-31", "2022-01-01", "2022-01-02", "2022-01-03",
    ]
    func keys(_ name: String) -> String { periods.map { "\(name)/\($0)" }.joined(separator: ",") }
    #expect(
      try values(keys("sessions-created")) == [
        "total": 4, "2021": 1, "2022": 3, "2021-12": 1, "2022-01": 3, "2021-12-31": 1, "2022-01-01": 2,
        "2022-01-02": 1,
      ])
    #expect(
      try values(keys("active-sessions")) == [
        "total": 1, "2021": 1, "2022": 1, "2021-12": 1, "2022-01": 1, "2021-12-31": 1, "2022-01-01": 1,
        "2022-01-02": 1,
      ])
    #expect(try values("accounts-created/total,accounts-created/2022") == ["total": 1])
    for key in [
      "sessions-created", "sessions-created/", "x/total", "sessions-created/2022-13", "sessions-created/22",
      ",",
    ] {
      #expect(try code { try values(key) } == "400 invalid-key")
    }
  }

  @Test("with DISABLE_METRICS nothing is counted")
  func noMetrics() throws {
    let fixture = try Fixture(settings: ["DISABLE_METRICS": "true"])
    let session = try fixture.signUp("ada")
    let query = ["keys": "accounts-created/total,sessions-created/total"]
    #expect(try fixture.dashboard.call(Administrator.MetricKeys.self, query: query, as: session).isEmpty)
  }
}
