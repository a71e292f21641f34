import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// What suspension keeps out, and who may suspend.
@Suite("suspension")
struct SuspensionTests {
  private let log = Log()
  private let fixture: Fixture
  private let router: Router
  private let owner: Session
  private let ada: Session
  private var dashboard: Dashboard { fixture.dashboard }

  init() throws { try self.init([:]) }

  private init(_ settings: [String: String]) throws {
    let log = log
    let server = ["APPLICATION_SERVER": "shop", "APPLICATION_SERVER_TOKEN": "the token"]
    fixture = try Fixture(settings: server + settings, eventLog: { log.add($0) })
    router = Router(fixture.dashboard, Routes.all) { _ in }
    owner = try fixture.signUp("owner")
    ada = try fixture.signUp("ada")
  }

  private func of(_ session: Session) -> [String: String] { ["accountid": "\(session.accountid)"] }

  @discardableResult
  private func suspend(_ session: Session, as caller: Session? = nil, reason: String = "") throws -> Account {
    try dashboard.call(
      Administrator.SetAccountSuspended.self, query: of(session), posted: ["reason": reason],
      as: caller ?? owner)
  }

  @discardableResult
  private func resume(_ session: Session, as caller: Session? = nil) throws -> Account {
    try dashboard.call(Administrator.ResetAccountSuspended.self, query: of(session), as: caller ?? owner)
  }

  private func promote(_ session: Session) throws {
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(session), as: owner)
  }

  private func makeCode(_ secret: String, for session: Session, as caller: Session? = nil) throws {
    _ = try dashboard.call(
      Administrator.CreateResetCode.self, query: of(session), posted: ["secret-code": secret],
      as: caller ?? owner)
  }

  private func use(_ secret: String, of username: String = "ada") throws -> String {
    let form = ["username": username, "secret-code": secret, "new-password": "password of \(username)"]
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

  private func post(_ verb: String, _ route: String, _ form: String) -> (status: Int, text: String) {
    TestRequest.respond(router, verb, "/api/user/\(route)", ["REMOTE_ADDR": "192.0.2.1"], body: form)
  }

  /// The three routes that answer who proves an account, with a proof of Ada and a wrong one.
  private static let proofs = [
    ("POST", "create-session", "username=ada&password=password+of+ada"),
    ("PATCH", "reset-account-deleted", "username=ada&password=password+of+ada"),
    ("PATCH", "reset-account-password", "username=ada&new-password=password+of+ada&secret-code=lostAndFound"),
  ]

  private static func wrong(_ form: String) -> String {
    form.replacing("&password=password", with: "&password=another").replacing("=lost", with: "=never")
  }

  /// Whether a session lives for each way to ask: its cookie, its token, the guard, a program, an application's server.
  private func lives(_ session: Session) throws -> Set<Bool> {
    let pair = "\(session.sessionid).\(session.token ?? "")"
    let guarded = ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "session"]
    let server = [
      "HTTP_X_APPLICATION_SERVER": "shop", "HTTP_X_APPLICATION_SERVER_TOKEN": "the token",
      "HTTP_X_ACCOUNTID": "\(session.accountid)", "HTTP_X_SESSIONID": "\(session.sessionid)",
    ]
    let requests = [
      ["HTTP_COOKIE": "dashboard_session=\(pair)"], ["HTTP_AUTHORIZATION": "Bearer \(pair)"],
      ["HTTP_COOKIE": "dashboard_session=\(pair)"] + guarded, server,
    ]
    var lives = Set(
      requests.map {
        TestRequest.respond(router, "GET", "/api/user/current-session", $0).status < 300
      })
    lives.insert(try dashboard.session(bearer: pair) != nil)
    lives.insert((try? dashboard.call(CurrentSession.self, as: session)) != nil)
    return lives
  }

  @Test("every session ends for every way to ask, and does not live again after the suspension")
  func sessions() throws {
    let second = try fixture.signIn("ada")
    #expect(try lives(ada) == [true] && lives(second) == [true])
    try suspend(ada)
    #expect(try lives(ada) == [false] && lives(second) == [false])
    #expect(try lives(owner) == [true])
    let ended = try dashboard.call(
      Administrator.ReadSession.self, query: ["sessionid": "\(ada.sessionid)"], as: owner)
    #expect(ended.ended && ended.endedAt == fixture.clock.now())
    try resume(ada)
    #expect(try lives(ada) == [false] && lives(second) == [false])
    #expect(try lives(fixture.signIn("ada")) == [true])
  }

  @Test("a session that is stored for a suspended account does not live")
  func storedMeanwhile() throws {
    try suspend(ada)
    // As if a sign-in had not asked.
    let session = try fixture.signInWithoutRules(ada)
    #expect(try lives(session) == [false])
  }

  @Test("only a right password or code gets account-suspended; a wrong one gets the usual answer")
  func proven() throws {
    try makeCode("lostAndFound", for: ada)
    try suspend(ada)
    for (verb, route, form) in Self.proofs {
      let right = post(verb, route, form)
      #expect(right.status == 403 && right.text.contains(#""message":"account-suspended""#), "\(route)")
      #expect(post(verb, route, Self.wrong(form)).status == 401, "\(route)")
    }
  }

  @Test(
    "with CONCEAL_ACCOUNTS a wrong password or code of a suspended account gets the answer of an unknown one")
  func concealing() throws {
    let test = try SuspensionTests(["CONCEAL_ACCOUNTS": "true"])
    _ = try test.fixture.signUp("bea")
    try test.makeCode("lostAndFound", for: test.ada)
    try test.suspend(test.ada)
    for (verb, route, form) in Self.proofs {
      let texts = ["ada", "bea", "unknown"].map { username in
        let form = Self.wrong(form).replacing("username=ada", with: "username=\(username)")
        return test.post(verb, route, form).text.split(separator: "\r\n")
          .filter { !$0.hasPrefix("X-Request-Id") }
      }
      #expect(Set(texts).count == 1, "\(route)")
      #expect(texts[0].last?.contains(#""message":"invalid-credentials""#) == true)
      #expect(test.post(verb, route, form).text.contains(#""message":"account-suspended""#), "\(route)")
    }
  }

  @Test("the right code of a suspended account is not used up")
  func codeStays() throws {
    try makeCode("lostAndFound", for: ada)
    try suspend(ada)
    for _ in 0..<3 { #expect(try use("lostAndFound") == "403 account-suspended") }
    try resume(ada)
    #expect(try use("lostAndFound") == "200")
    #expect(try use("lostAndFound") == "401 invalid-reset-code")
  }

  @Test("a right password or code of a suspended account counts as no attempt, and a wrong one counts")
  func attempts() throws {
    let test = try SuspensionTests(["MAXIMUM_ATTEMPTS": "3"])
    try test.makeCode("lostAndFound", for: test.ada)
    try test.suspend(test.ada)
    for (verb, route, form) in Self.proofs {
      for _ in 0..<10 { #expect(test.post(verb, route, form).status == 403, "\(route)") }
      for _ in 0..<2 { #expect(test.post(verb, route, Self.wrong(form)).status == 401, "\(route)") }
    }
    let (verb, route, form) = Self.proofs[2]
    #expect(test.post(verb, route, Self.wrong(form)).status == 401)
    #expect(test.post(verb, route, Self.wrong(form)).status == 429)
    #expect(test.post(verb, route, form).status == 429)
  }

  @Test("a code of a suspended administrator does not count meanwhile")
  func codeOfMaker() throws {
    let bea = try fixture.signUp("bea")
    try promote(bea)
    try makeCode("lostAndFound", for: ada, as: bea)
    try suspend(bea)
    #expect(try use("lostAndFound") == "401 invalid-reset-code")
    try resume(bea)
    #expect(try use("lostAndFound") == "200")
  }

  @Test("a code does not count if its maker is suspended between the look-up and the transaction")
  func makerSuspendedMeanwhile() throws {
    let bea = try fixture.signUp("bea")
    try promote(bea)
    try makeCode("lostAndFound", for: ada, as: bea)
    let (dashboard, owner, query) = (dashboard, owner, of(bea))
    fixture.random.interrupt {
      _ = try dashboard.call(Administrator.SetAccountSuspended.self, query: query, as: owner)
    }
    #expect(try use("lostAndFound") == "401 invalid-reset-code")
    #expect(try verdict { try fixture.signIn("ada") } == "200")
  }

  @Test("a person who is suspended while signing in or using a code gets no session and no password")
  func meanwhile() throws {
    try makeCode("lostAndFound", for: ada)
    let (dashboard, owner, query) = (dashboard, owner, of(ada))
    func interrupt() {
      fixture.random.interrupt {
        _ = try dashboard.call(Administrator.SetAccountSuspended.self, query: query, as: owner)
      }
    }
    let sessions = try dashboard.call(Administrator.SessionsCount.self, query: query, as: owner)
    interrupt()
    #expect(try verdict { try fixture.signIn("ada") } == "403 account-suspended")
    #expect(try dashboard.call(Administrator.SessionsCount.self, query: query, as: owner) == sessions)
    try resume(ada)
    interrupt()
    #expect(try use("lostAndFound") == "403 account-suspended")
    try resume(ada)
    #expect(try use("lostAndFound") == "200")
  }

  @Test("of 20 parallel suspensions one succeeds, and session checks and sign-ins meanwhile do not fail")
  func race() throws {
    let (dashboard, owner, ada, query) = (dashboard, owner, ada, of(ada))
    let fixture = fixture
    let verdicts = try Threads.run(40) { number in
      do {
        switch number % 4 {
        case 0, 1:
          _ = try dashboard.call(Administrator.SetAccountSuspended.self, query: query, as: owner)
          return "suspended"
        case 2:
          _ = try dashboard.session(bearer: "\(ada.sessionid).\(ada.token ?? "")")
          return "checked"
        default:
          return "session \(try fixture.signIn("ada").bearer ?? "")"
        }
      } catch let exception as Exception {
        return "\(exception.status) \(exception.code)"
      }
    }
    #expect(verdicts.filter { $0 == "suspended" }.count == 1)
    #expect(verdicts.filter { $0 == "409 invalid-account" }.count == 19)
    #expect(verdicts.filter { $0 == "checked" }.count == 10)
    let sessions = verdicts.filter { $0.hasPrefix("session ") }
    #expect(verdicts.filter { $0 == "403 account-suspended" }.count == 10 - sessions.count)
    for session in sessions { #expect(try dashboard.session(bearer: String(session.dropFirst(8))) == nil) }
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("only the owner suspends an administrator; the owner and oneself can't be suspended")
  func roles() throws {
    let (bea, cyd) = (try fixture.signUp("bea"), try fixture.signUp("cyd"))
    try promote(bea)
    try promote(cyd)
    let refused = "403 invalid-account"
    #expect(try verdict { try suspend(owner) } == refused)
    #expect(try verdict { try suspend(owner, as: bea) } == refused)
    #expect(try verdict { try suspend(bea, as: bea) } == refused)
    #expect(try verdict { try suspend(cyd, as: bea) } == refused)
    #expect(try verdict { try suspend(ada, as: bea) } == "200")
    #expect(try verdict { try suspend(ada, as: cyd) } == "409 invalid-account")
    #expect(try verdict { try resume(ada, as: cyd) } == "200")
    #expect(try verdict { try resume(ada, as: cyd) } == "409 invalid-account")
    #expect(try verdict { try suspend(cyd) } == "200")
    // Another administrator does not take back what the owner did.
    #expect(try verdict { try resume(cyd, as: bea) } == refused)
    #expect(throws: AccessRefusal.signInRequired) { try suspend(ada, as: cyd) }
  }

  @Test("an operator can't suspend the owner either, and each refusal says what is refused")
  func refusals() throws {
    let bea = try fixture.signUp("bea")
    try promote(bea)
    func refusal(_ session: Session, as caller: Session?) throws -> String {
      let app = try dashboard.app()
      var context = Context(app, dashboard.services, now: fixture.clock.now())
      let signedIn = try caller.map { caller in
        try #require(try context.read { try $0.signedIn(caller.sessionid) })
      }
      let actor = signedIn.map { Caller($0, .unknown) } ?? .operator("account suspend")
      do {
        _ = try Suspensions.suspend(actor, &context, session.accountid, reason: nil)
        return "suspended"
      } catch let error as SuspensionError {
        return error.identifier
      }
    }
    for caller in [nil, owner, bea] { #expect(try refusal(owner, as: caller) == "suspension-of-owner") }
    #expect(try refusal(bea, as: bea) == "suspension-of-oneself")
    let cyd = try fixture.signUp("cyd")
    try promote(cyd)
    #expect(try refusal(cyd, as: bea) == "suspension-of-administrator")
    #expect(try refusal(cyd, as: nil) == "suspended")
    #expect(try dashboard.call(CurrentSession.self, as: owner).sessionid == owner.sessionid)
    #expect(try dashboard.call(CurrentSession.self, as: bea).sessionid == bea.sessionid)
  }

  @Test("a suspended account becomes neither owner nor administrator, and can lose its role")
  func promotion() throws {
    let bea = try fixture.signUp("bea")
    try promote(bea)
    for session in [ada, bea] { try suspend(session) }
    let taken = "409 invalid-account"
    #expect(try verdict { try promote(ada) } == taken)
    for session in [ada, bea] {
      let code = try verdict {
        try dashboard.call(Administrator.SetOwnerAccount.self, query: of(session), as: owner)
      }
      #expect(code == taken)
    }
    let demoted = try dashboard.call(
      Administrator.ResetAccountAdministrator.self, query: of(bea), as: owner)
    #expect(!demoted.isAdministrator && demoted.suspendedAt != nil)
  }

  @Test("a scheduled deletion goes on, and its holder can't cancel it meanwhile")
  func deletion() throws {
    let form = ["username": "ada", "password": "password of ada"]
    _ = try dashboard.call(SetAccountDeleted.self, query: of(ada), posted: form, as: ada)
    try suspend(ada)
    #expect(
      try verdict { try dashboard.call(CreateSession.self, posted: form) } == "403 account-suspended")
    #expect(
      try verdict { try dashboard.call(ResetAccountDeleted.self, posted: form) } == "403 account-suspended")
    let account = try dashboard.call(Administrator.ReadAccount.self, query: of(ada), as: owner)
    let due = try #require(account.deletedAt)
    #expect(account.suspendedAt != nil)
    fixture.clock.set(due)
    while try dashboard.sweep() {}
    let administrator = try fixture.signIn("owner")
    #expect(
      try verdict { try dashboard.call(Administrator.ReadAccount.self, query: of(ada), as: administrator) }
        == "404 invalid-accountid")
  }

  /// The account as its holder or a guarded application reads it.
  private func read(as session: Session, isGuarded: Bool = false) -> String {
    let bearer = ["HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")"]
    let guarded = isGuarded ? ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "session"] : [:]
    let path = "/api/user/account?accountid=\(session.accountid)"
    return TestRequest.respond(router, "GET", path, bearer + guarded).text
  }

  @Test("administrators read the reason, and neither the account's holder nor a guarded application does")
  func reason() throws {
    let reason = String(repeating: "ü", count: 256)
    let suspended = try suspend(ada, reason: reason)
    #expect(suspended.suspensionReason == reason && suspended.suspendedAt == fixture.clock.now())
    #expect(try verdict { try resume(ada) } == "200")
    #expect(try verdict { try suspend(ada, reason: reason + "ü") } == "400 invalid-reason-length")
    try suspend(ada, reason: "Streit")
    let form = Self.proofs[0].2
    #expect(!post("POST", "create-session", form).text.contains("Streit"))
    #expect(try !read(as: fixture.signInWithoutRules(ada)).contains("Streit"))
    try resume(ada)
    let session = try fixture.signIn("ada")
    for isGuarded in [false, true] {
      let answer = read(as: session, isGuarded: isGuarded)
      #expect(answer.contains("\(ada.accountid)"))
      #expect(!answer.contains("suspen") && !answer.contains("Streit"))
    }
    try suspend(ada)
    let account = try dashboard.call(Administrator.ReadAccount.self, query: of(ada), as: owner)
    #expect(account.suspendedAt != nil && account.suspensionReason == nil)
  }

  @Test("both changes are events, and a right password or code of a suspended account leaves a trace")
  func events() throws {
    try makeCode("lostAndFound", for: ada)
    log.clear()
    try suspend(ada, reason: "never in the log")
    for (verb, route, form) in Self.proofs { _ = post(verb, route, form) }
    try resume(ada)
    let events = try log.lines.map { line in
      let event = try JSON(Array(line.utf8))
      #expect(event["account"] == .string("\(ada.accountid)"))
      #expect(!line.contains("never"))
      return [event["event"], event["by"]].compactMap { $0?.string }.joined(separator: " ")
    }
    let by = "\(owner.accountid)"
    let right = "password-right"
    #expect(events == ["account-suspended \(by)", right, right, right, "account-resumed \(by)"])
  }
}

extension Fixture {
  /// Stores a session of the account without any rule.
  fileprivate func signInWithoutRules(_ session: Session) throws -> Session {
    let app = try dashboard.app()
    let token = String(repeating: "ab", count: 32)
    return try dashboard.services.store.write(app.name) { change in
      guard let account = try change.current.account(session.accountid) else {
        throw TestFailure("no such account")
      }
      var stored = try change.insert(
        Session(
          appid: app.name, accountid: account.accountid, duration: 1200,
          csrfToken: [UInt8](repeating: 7, count: 64),
          tokenHash: app.secrets.tokenHash(
            accountid: account.accountid, token: Array(token.utf8)[...], sessionSalt: account.sessionSalt),
          epoch: account.sessionEpoch, createdAt: clock.now()), of: account)
      stored.token = token
      return stored
    }
  }
}
