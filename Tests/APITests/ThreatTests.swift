import DashboardAccounts
import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// Attacks that no other suite tries. The attacker knows the program.
@Suite("threats")
struct ThreatTests {
  private func reset(_ username: String, _ code: String) -> [String: String] {
    ["username": username, "secret-code": code, "new-password": "another password"]
  }

  private func makeCode(_ code: String, for session: Session, in fixture: Fixture) throws {
    _ = try fixture.dashboard.call(
      CreateResetCode.self, query: ["accountid": "\(session.accountid)"], posted: ["secret-code": code],
      as: session)
  }

  @Test("too many attempts are refused before hashing")
  func refusedBeforeHashing() throws {
    let fixture = try Fixture(settings: ["BCRYPT_WORKLOAD_FACTOR": "9", "MAXIMUM_ATTEMPTS": "1"])
    _ = try fixture.signUp("ada")
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    func attempt(_ password: String, from address: String = "192.0.2.1", _ status: Int) {
      let answer = TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": address],
        body: "username=ada&password=\(password)")
      #expect(answer.status == status)
    }
    attempt("another+password", 401)
    for password in ["another+password", "password+of+ada"] {
      let ratio = workRatio(within: 0..<0.25) {
        attempt(password, 429)
      } to: {
        _ = PasswordHash.unmatchable(.bcrypt(cost: 9)).matches(
          "".utf8, secrets: Secrets(encryption: "a", session: "b"))
      }
      #expect(ratio < 0.25)
    }
  }

  /// Combining characters. Comparing or hashing them as text takes quadratic time.
  private static let marks = String(repeating: "\u{0301}\u{0316}", count: 7000)

  @Test("a path of combining characters takes no longer than another path")
  func pathOfMarks() throws {
    let router = Router(try Fixture().dashboard, Routes.all) { _ in }
    func get(_ path: String) {
      #expect(TestRequest.respond(router, "GET", path).status == 404)
    }
    let ascii = "/" + String(repeating: "a", count: Self.marks.utf8.count)
    let ratio = workRatio(within: 0..<20) {
      get("/" + Self.marks)
    } to: {
      get(ascii)
    }
    #expect(ratio < 20)
  }

  @Test("a posted field of combining characters takes no longer than another field")
  func fieldOfMarks() throws {
    let fixture = try Fixture()
    _ = try fixture.signUp("ada")
    func signIn(_ remember: String) {
      _ = try? fixture.dashboard.call(
        CreateSession.self,
        posted: ["username": "ada", "password": "password of ada", "remember": remember])
    }
    let ascii = String(repeating: "a", count: Self.marks.utf8.count)
    let ratio = workRatio(within: 0..<5) {
      signIn(Self.marks)
    } to: {
      signIn(ascii)
    }
    #expect(ratio < 5)
  }

  @Test("the client's address comes from the web server, and never from forwarding headers")
  func forwardingHeaders() throws {
    let fixture = try Fixture(settings: ["MAXIMUM_ATTEMPTS": "3"])
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    let names = ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP"]
    let statuses = (0..<4).map { number in
      var variables = ["REMOTE_ADDR": "192.0.2.1"]
      for name in names {
        variables[name] = name.hasSuffix("FORWARDED") ? "for=\(number)" : "\(number).1.1.1"
      }
      return TestRequest.respond(
        router, "POST", "/api/user/create-session", variables, body: "username=ada&password=wrong+one"
      ).status
    }
    #expect(statuses == [401, 401, 401, 429])
    // Forwarding headers do not change the scheme or the host either.
    let foreign = TestRequest.respond(
      router, "POST", "/api/user/create-account",
      [
        "HTTP_HOST": "a.example", "REQUEST_SCHEME": "http", "HTTP_ORIGIN": "https://b.example",
        "HTTP_X_FORWARDED_HOST": "b.example", "HTTP_X_FORWARDED_PROTO": "https",
      ], body: "username=ada&password=password")
    #expect(foreign.status == 403)
  }

  @Test("of 20 parallel uses of one reset code one succeeds")
  func racingCodes() throws {
    let fixture = try Fixture()
    let ada = try fixture.signUp("ada")
    try makeCode("abcdef", for: ada, in: fixture)
    let form = reset("ada", "abcdef")
    let codes = try Threads.run(20) { _ in
      do {
        _ = try fixture.dashboard.call(ResetAccountPassword.self, posted: form, from: .trusted)
        return "used"
      } catch let exception as Exception {
        return exception.code
      }
    }
    #expect(codes.filter { $0 == "used" }.count == 1)
    #expect(codes.filter { $0 == "invalid-reset-code" }.count == 19)
  }

  @Test("a reset code counts only for its own account in its own app")
  func foreignCodes() throws {
    let fixture = try Fixture()
    let ada = try fixture.signUp("ada")
    _ = try fixture.signUp("eve")
    try makeCode("abcdef", for: ada, in: fixture)
    let shop = try #require(AppName("shop"))
    let form = ["username": "ada", "password": "password of ada"]
    _ = try fixture.dashboard.call(CreateAccount.self, app: shop, posted: form)
    for (app, username) in [(nil, "eve"), (shop, "ada")] {
      #expect {
        try fixture.dashboard.call(ResetAccountPassword.self, app: app, posted: reset(username, "abcdef"))
      } throws: {
        ($0 as? Exception)?.code == "invalid-reset-code"
      }
    }
    #expect(try fixture.dashboard.call(ResetAccountPassword.self, posted: reset("ada", "abcdef")))
  }

  @Test("of 20 parallel transfers of ownership one succeeds")
  func racingTransfers() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let owner = try fixture.signUp("owner")
    let heirs = try (0..<20).map { try fixture.signUp("heir \($0)").accountid }
    let codes = try Threads.run(20) { number in
      do {
        let query = ["accountid": "\(heirs[number])"]
        _ = try dashboard.call(Administrator.SetOwnerAccount.self, query: query, as: owner)
        return "transferred"
      } catch let exception as Exception {
        return exception.code
      }
    }
    #expect(codes.filter { $0 == "transferred" }.count == 1)
    #expect(codes.filter { $0 == "invalid-account" }.count == 19)
    let accounts = try dashboard.services.store.read(dashboard.configuration.appName) {
      try $0.accounts(.all, limit: 100)
    }
    #expect(accounts.filter(\.isOwner).count == 1)
    #expect(accounts.filter(\.isAdministrator).count == 2)
  }

  @Test("a caller who loses the session or the role during a request changes nothing")
  func lostMeanwhile() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    _ = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    try fixture.change(ada.accountid) { $0.administratorSince = $0.createdAt }
    let query = ["accountid": "\(ada.accountid)"]
    let other = try fixture.signIn("ada")
    let app = try dashboard.app()
    var context = Context(app, dashboard.services, now: fixture.clock.now())
    func caller(_ session: Session) throws -> Caller {
      Caller(try dashboard.services.store.session(session.sessionid, of: app.name), .trusted)
    }
    // The callers as they were when their requests arrived.
    let (first, second) = (try caller(ada), try caller(other))
    let secret = Array("abcdef".utf8)[...]
    _ = try dashboard.call(SetSessionEnded.self, query: ["sessionid": "\(ada.sessionid)"], as: other)
    #expect(throws: AccessRefusal.signInRequired) {
      try ResetCodeRules.create(first, &context, secret: secret)
    }
    try fixture.change(ada.accountid) { $0.administratorSince = nil }
    let account = try #require(second.signedIn?.account)
    #expect(throws: AccessRefusal.administratorRequired) {
      try ResetCodeRules.create(second, &context, for: account) { secret }
    }
    #expect(try dashboard.call(ResetCodesCount.self, query: query, as: other) == 0)
  }

  @Test("a password may equal the username, and may be long")
  func usernameAsPassword() throws {
    let fixture = try Fixture()
    for text in ["same as the username", String(repeating: "é", count: 64)] {
      let form = ["username": text, "password": text]
      let account = try fixture.dashboard.call(CreateAccount.self, posted: form)
      #expect(try fixture.dashboard.call(CreateSession.self, posted: form).accountid == account.accountid)
    }
  }

  @Test("a session in a form or a URL does not sign in")
  func sessionsInForms() throws {
    let fixture = try Fixture()
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    let ada = try fixture.signUp("ada")
    let proof = "sessionid=\(ada.sessionid)&token=\(ada.token ?? "")"
    let route = "/api/user/set-current-session-ended"
    #expect(TestRequest.respond(router, "PATCH", "\(route)?\(proof)", body: proof).status == 401)
    let cookies = ["HTTP_COOKIE": proof.replacing("&", with: "; ")]
    #expect(TestRequest.respond(router, "PATCH", route, cookies).status == 200)
  }

  @Test(
    "no file of the data directory has a username, a password, a token or a reset code",
    arguments: [false, true])
  func nothingRawOnDisk(keepsUsernames: Bool) throws {
    let fixture = try Fixture(settings: ["KEEP_USERNAMES": "\(keepsUsernames)"])
    let ada = try fixture.signUp("ada lovelace")
    try makeCode("LostAndFound4711", for: ada, in: fixture)
    let invitation = try fixture.dashboard.call(Administrator.CreateInvitation.self, as: ada)
    let directory = fixture.directory.path("data")
    let files = try Files.names(in: directory).map { try Files.read("\(directory)/\($0)") }
    func isThere(_ text: String) -> Bool { files.contains { $0.contains(Array(text.utf8)) } }
    // The search must find bytes that are stored.
    #expect(isThere("$2b$04$"))
    let token = try #require(ada.token)
    for secret in [
      "ada lovelace", "password of ada", token, "LostAndFound4711", try #require(invitation.code),
    ] {
      #expect(!isThere(secret), "\(secret)")
    }
    let raw = stride(from: 0, to: token.utf8.count, by: 2).compactMap { offset in
      UInt8(token.dropFirst(offset).prefix(2), radix: 16)
    }
    #expect(raw.count == 32)
    #expect(!files.contains { $0.contains(raw) })
  }

  @Test("each token has its own 256 bits")
  func tokens() throws {
    let fixture = try Fixture()
    _ = try fixture.signUp("ada")
    let tokens = try (0..<20).map { _ in try #require(try fixture.signIn("ada").token) }
    #expect(Set(tokens).count == 20)
    #expect(tokens.allSatisfy { $0.utf8.count == 64 })
    // No digit is fixed.
    for place in 0..<64 { #expect(Set(tokens.map { Array($0)[place] }).count > 5) }
  }

  @Test("GET changes nothing")
  func readingOnly() throws {
    let fixture = try Fixture()
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    let ada = try fixture.signUp("ada")
    let variables = ["HTTP_AUTHORIZATION": "Bearer \(ada.sessionid).\(ada.token ?? "")"]
    let query =
      "accountid=\(ada.accountid)&sessionid=\(ada.sessionid)&username=ada&password=password+of+ada"
      + "&new-password=12345678&new-username=bea&secret-code=abcdef"
    let file = fixture.directory.path("data/data.mdb")
    let before = try Files.read(file)
    for declaration in Routes.endpoints.map(\.declaration) {
      let answer = TestRequest.respond(router, "GET", "\(declaration.route)?\(query)", variables)
      #expect((answer.status == 405) == (declaration.verb != .get), "\(declaration.route)")
    }
    #expect(try Files.read(file) == before)
  }

  private enum End: CaseIterable { case order, key, time, deletion }

  @Test(
    "a verified token does not sign in after its session has ended",
    arguments: End.allCases)
  private func verifiedTokens(end: End) throws {
    let fixture = try Fixture()
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    _ = try fixture.signUp("owner")
    let (ada, bea) = (try fixture.signUp("ada"), try fixture.signUp("bea"))
    func status(_ id: Session, _ token: Session) -> Int {
      let bearer = ["HTTP_AUTHORIZATION": "Bearer \(id.sessionid).\(token.token ?? "")"]
      return TestRequest.respond(router, "GET", "/api/user/current-session", bearer).status
    }
    for _ in 0..<3 {
      for session in [ada, bea] { #expect(status(session, session) == 200) }
      #expect(status(ada, bea) == 401)
    }
    let (dashboard, own) = (fixture.dashboard, ["accountid": "\(ada.accountid)"])
    switch end {
    case .order:
      _ = try dashboard.call(SetSessionEnded.self, query: ["sessionid": "\(ada.sessionid)"], as: ada)
    case .key: _ = try dashboard.call(ResetSessionKey.self, query: own, as: ada)
    case .time: fixture.clock.set(ada.expiresAt)
    case .deletion:
      _ = try dashboard.call(
        SetAccountDeleted.self, query: own, posted: ["password": "password of ada"], as: ada)
    }
    #expect(status(ada, ada) == 401)
    #expect(status(bea, bea) == (end == .time ? 401 : 200))
  }
}
