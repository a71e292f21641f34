import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// What was stored while the clock was ahead, after it was set right.
@Suite("a clock that was ahead")
struct ClockAheadTests {
  private let fixture: Fixture
  private let router: Router
  /// The right time.
  private let right: Timestamp
  private static let year: Int64 = 365 * 86_400

  init() throws {
    fixture = try Fixture(settings: [
      "MAXIMUM_ATTEMPTS": "3", "MAXIMUM_REGISTRATIONS": "3", "ATTEMPT_WINDOW": "100",
      "SESSION_VERIFICATION_DELAY": "3600", "SESSION_IDLE_TIMEOUT": "600", "RESET_CODE_LIFETIME": "2",
    ])
    router = Router(fixture.dashboard, Routes.all) { _ in }
    right = fixture.clock.now()
  }

  /// Runs `body` while the clock is ahead.
  private func ahead<Result>(_ seconds: Int64 = year, _ body: () throws -> Result) rethrows -> Result {
    fixture.clock.set(right.adding(seconds: seconds))
    defer { fixture.clock.set(right) }
    return try body()
  }

  private func post(
    _ path: String, _ body: String, method: String = "POST", as session: Session? = nil,
    from address: String = "192.0.2.1"
  ) -> Int {
    var variables = ["REMOTE_ADDR": address]
    if let session {
      variables["HTTP_AUTHORIZATION"] = "Bearer \(session.sessionid).\(session.token ?? "")"
    }
    return TestRequest.respond(router, method, "/api/user/\(path)", variables, body: body).status
  }

  private func signIn(_ username: String, _ password: String, from address: String = "192.0.2.1") -> Int {
    post("create-session", "username=\(username)&password=\(password)", from: address)
  }

  private func isSignedIn(_ session: Session) -> Bool {
    (try? fixture.dashboard.call(CurrentSession.self, as: session)) != nil
  }

  @Test("a session that was created more than five minutes after now has ended, everywhere")
  func sessions() throws {
    let here = try fixture.signUp("ada")
    let nearest = try ahead(300) { try fixture.signIn("ada") }
    let beyond = try ahead(301) { try fixture.signIn("ada", remember: "days") }
    #expect(isSignedIn(here) && isSignedIn(nearest))
    #expect(!isSignedIn(beyond))
    let shown = try fixture.dashboard.call(
      ReadSession.self, query: ["sessionid": "\(beyond.sessionid)"], as: here)
    #expect(shown.ended && shown.endedAt == nil)
    let ending = Result {
      try fixture.dashboard.call(SetSessionEnded.self, query: ["sessionid": "\(beyond.sessionid)"], as: here)
    }
    #expect(throws: Exception.self) { try ending.get() }
    // Once its time has come, it is an ordinary session.
    #expect(try ahead(302) { try fixture.dashboard.call(CurrentSession.self, as: beyond).ended == false })
  }

  @Test("a verification from then is not fresh, and the password renews it")
  func freshness() throws {
    let ada = try fixture.signUp("ada")
    let proof = ["username": "ada", "password": "password of ada"]
    func verify() throws -> Session {
      try fixture.dashboard.call(
        SetSessionVerified.self, query: ["sessionid": "\(ada.sessionid)"], posted: proof, as: ada)
    }
    func code() -> Int { post("create-reset-code?accountid=\(ada.accountid)", "secret-code=abcdef", as: ada) }
    // Within the duration of the session, but more than five minutes away.
    _ = try ahead(590) { try verify() }
    #expect(code() == 403)
    #expect(try verify().lastVerifiedAt == right)
    #expect(code() == 200)
  }

  @Test("a reset code from then is not accepted")
  func resetCodes() throws {
    let ada = try fixture.signUp("ada")
    func create(_ code: String) throws {
      _ = try fixture.dashboard.call(
        CreateResetCode.self, query: ["accountid": "\(ada.accountid)"], posted: ["secret-code": code], as: ada
      )
    }
    func reset(_ code: String) -> Int {
      post(
        "reset-account-password", "username=ada&new-password=password+of+ada&secret-code=\(code)",
        method: "PATCH")
    }
    try create("abcdef")
    try ahead(590) { try create("ghijkl") }
    #expect(reset("ghijkl") == 401)
    #expect(reset("abcdef") == 200)
  }

  @Test("attempts that were counted then count anew")
  func attempts() throws {
    _ = try fixture.signUp("ada")
    ahead {
      for _ in 0..<3 { #expect(signIn("ada", "wrong") == 401) }
      #expect(signIn("ada", "password+of+ada") == 429)
    }
    #expect((1...4).map { _ in signIn("ada", "wrong") } == [401, 401, 401, 429])
    fixture.clock.set(right.adding(seconds: 100))
    #expect(signIn("ada", "password+of+ada") == 200)
    #expect(try fixture.dashboard.services.store.problems() == [])
  }

  @Test("registrations and reset codes that were counted then count anew")
  func creations() throws {
    let ada = try fixture.signUp("ada")
    func register(_ name: String) -> Int { post("create-account", "username=\(name)&password=long+enough") }
    func code(_ session: Session) -> Int {
      post("create-reset-code?accountid=\(session.accountid)", "secret-code=abcdef", as: session)
    }
    ahead { #expect((1...4).map { register("then\($0)") } == [200, 200, 200, 429]) }
    #expect((1...4).map { register("now\($0)") } == [200, 200, 200, 429])
    ahead(590) { #expect((1...4).map { _ in code(ada) } == [200, 200, 200, 429]) }
    #expect((1...4).map { _ in code(ada) } == [200, 200, 200, 429])
  }

  @Test("an address that was remembered then does not pass the limit of the username")
  func knownAddresses() throws {
    _ = try fixture.signUp("ada")
    ahead { #expect(signIn("ada", "password+of+ada", from: "192.0.2.1") == 200) }
    func exhaust() {
      for host in 2...11 { for _ in 0..<3 { _ = signIn("ada", "wrong", from: "192.0.2.\(host)") } }
    }
    exhaust()
    #expect(signIn("ada", "password+of+ada", from: "192.0.2.1") == 429)
    // A sign-in at the right time is remembered in the place of the one from then.
    fixture.clock.set(right.adding(seconds: 100))
    #expect(signIn("ada", "password+of+ada", from: "192.0.2.1") == 200)
    exhaust()
    #expect(signIn("ada", "password+of+ada", from: "192.0.2.1") == 200)
    #expect(signIn("ada", "password+of+ada", from: "192.0.2.20") == 429)
  }

  @Test("the next use of a session corrects a last use from then")
  func lastUse() throws {
    let ada = try fixture.signUp("ada")
    try ahead(590) {
      #expect(isSignedIn(ada))
      try fixture.dashboard.storeActivity()
    }
    #expect(isSignedIn(ada))
    try fixture.dashboard.storeActivity()
    fixture.clock.set(right.adding(seconds: 599))
    #expect(isSignedIn(ada))
    try fixture.dashboard.storeActivity()
    fixture.clock.set(right.adding(seconds: 599 + 600))
    #expect(!isSignedIn(ada))
  }
}
