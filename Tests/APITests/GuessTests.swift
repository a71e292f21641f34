import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import Synchronization
import TestSupport
import Testing

/// Limits on attempts with passwords and codes.
@Suite("limits on attempts")
struct GuessTests {
  private let fixture: Fixture
  private let router: Router

  init() throws {
    fixture = try Fixture(settings: ["MAXIMUM_ATTEMPTS": "3", "ATTEMPT_WINDOW": "100"])
    router = Router(fixture.dashboard, Routes.all) { _ in }
  }

  /// The status of a sign-in.
  private func signIn(_ username: String, _ password: String, from address: String = "192.0.2.1") -> Int {
    answer(username, password, from: address).status
  }

  private func answer(_ username: String, _ password: String, from address: String = "192.0.2.1") -> (
    status: Int, text: String
  ) {
    TestRequest.respond(
      router, "POST", "/api/user/create-session", ["REMOTE_ADDR": address],
      body: "username=\(username)&password=\(password.replacing(" ", with: "+"))")
  }

  private func advance(_ seconds: Int64) { fixture.clock.set(fixture.clock.now().adding(seconds: seconds)) }

  @Test("guests who try passwords do not keep a holder who is signed in from changing the password")
  func holder() throws {
    let session = try fixture.signUp("ada")
    for host in 1...30 { _ = signIn("ada", "wrong", from: "198.51.\(host).1") }
    #expect(signIn("ada", "password of ada", from: "203.0.113.1") == 429)
    func change(_ route: String, _ form: String, from address: String) -> Int {
      TestRequest.respond(
        router, "PATCH", "/api/user/\(route)",
        [
          "REMOTE_ADDR": address,
          "HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")",
        ], body: form
      ).status
    }
    let account = "set-account-password?accountid=\(session.accountid)"
    let verified = "set-session-verified?sessionid=\(session.sessionid)"
    let right = "username=ada&password=password+of+ada"
    #expect(change(verified, right, from: "203.0.113.1") == 200)
    // A thief with a session has the same limits, of an address and of all.
    let wrong = "username=ada&password=wrong+password"
    #expect((1...4).map { _ in change(verified, wrong, from: "203.0.113.3") } == [401, 401, 401, 429])
    for host in 4...40 { _ = change(verified, wrong, from: "203.0.\(host).1") }
    #expect(change(verified, right, from: "203.0.99.1") == 429)
    #expect(change(account, "password=password+of+ada&new-password=another+one", from: "203.0.113.1") == 200)
  }

  @Test("the reset codes of one account are limited for all addresses, and the first refusal is logged")
  func codesOfOneAccount() throws {
    let log = Log()
    let fixture = try Fixture(
      settings: ["MAXIMUM_REGISTRATIONS": "3", "ATTEMPT_WINDOW": "100"],
      eventLog: { log.add($0) })
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    let ada = try fixture.signUp("ada")
    let eve = try fixture.signUp("eve")
    func make(as session: Session, from host: Int) -> (status: Int, text: String) {
      TestRequest.respond(
        router, "POST", "/api/user/create-reset-code?accountid=\(session.accountid)",
        [
          "REMOTE_ADDR": "192.0.2.\(host)",
          "HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")",
        ], body: "secret-code=abcdef")
    }
    #expect((1...5).map { make(as: ada, from: $0).status } == [200, 200, 200, 429, 429])
    #expect(make(as: eve, from: 1).status == 200)
    let events = log.lines.filter { $0.contains("\(ada.accountid)") }
    #expect(events.filter { $0.contains("reset-code-created") }.count == 3)
    #expect(events.filter { $0.contains("too-many-attempts") }.count == 1)
    fixture.clock.set(fixture.clock.now().adding(seconds: 100))
    #expect(make(as: ada, from: 1).status == 200)
  }

  @Test("beyond the limit a correct and a wrong password get the same answer, without hashing")
  func pair() throws {
    _ = try fixture.signUp("ada")
    for _ in 0..<3 { #expect(signIn("ada", "wrong") == 401) }
    let wrong = answer("ada", "wrong")
    let right = answer("ada", "password of ada")
    #expect(wrong.status == 429 && right.status == 429)
    #expect(wrong.text.contains(#""message":"too-many-attempts""#))
    func withoutName(_ text: String) -> [Substring] {
      text.split(separator: "\r\n").filter { !$0.hasPrefix("X-Request-Id") }
    }
    #expect(withoutName(wrong.text) == withoutName(right.text))
    #expect(wrong.text.contains("\r\nRetry-After: 101\r\n"))
    // Another address and another account are not limited.
    #expect(signIn("ada", "password of ada", from: "192.0.2.2") == 200)
    #expect(signIn("eve", "wrong") == 401)
    advance(100)
    #expect(signIn("ada", "password of ada") == 200)
  }

  @Test("registrations are limited by address before hashing, and taken usernames count")
  func registration() throws {
    let fixture = try Fixture(
      settings: ["MAXIMUM_REGISTRATIONS": "3", "ATTEMPT_WINDOW": "100", "BCRYPT_WORKLOAD_FACTOR": "9"])
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    func register(_ username: String, from address: String = "192.0.2.1") -> (status: Int, text: String) {
      TestRequest.respond(
        router, "POST", "/api/user/create-account", ["REMOTE_ADDR": address],
        body: "username=\(username)&password=a+good+password")
    }
    #expect(["ada", "ada", "eve"].map { register($0).status } == [200, 409, 200])
    // A malformed registration does not count.
    #expect(register("x").status == 400)
    let refused = register("bob")
    #expect(refused.status == 429)
    #expect(refused.text.contains("\r\nRetry-After: 101\r\n"))
    #expect(register("ada").status == 429)
    let ratio = workRatio(within: 0..<0.25) {
      _ = register("bob")
    } to: {
      _ = PasswordHash.unmatchable(.bcrypt(cost: 9)).matches(
        "".utf8, secrets: Secrets(encryption: "a", session: "b"))
    }
    #expect(ratio < 0.25)
    #expect(register("bob", from: "192.0.2.2").status == 200)
    _ = try fixture.signUp("in this process")
    fixture.clock.set(fixture.clock.now().adding(seconds: 100))
    #expect(register("zoe").status == 200)
  }

  @Test("new usernames of an account count as registrations do")
  func newUsernames() throws {
    let fixture = try Fixture(settings: ["MAXIMUM_REGISTRATIONS": "2"])
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    let ada = try fixture.signUp("ada")
    _ = try fixture.signUp("eve")
    let password = "&password=password+of+ada"
    // A request without a password does not count.
    let statuses = ["eve", "eve\(password)", "eve\(password)", "bob\(password)"].map { values in
      TestRequest.respond(
        router, "PATCH", "/api/user/set-account-username?accountid=\(ada.accountid)",
        [
          "REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer \(ada.sessionid).\(ada.token ?? "")",
        ], body: "new-username=\(values)"
      ).status
    }
    #expect(statuses == [400, 409, 409, 429])
  }

  @Test("the window begins with the first attempt, and later attempts do not extend it")
  func window() throws {
    _ = try fixture.signUp("ada")
    #expect(signIn("ada", "wrong") == 401)
    advance(99)
    #expect(signIn("ada", "wrong") == 401)
    #expect(signIn("ada", "wrong") == 401)
    let answer = answer("ada", "wrong")
    #expect(answer.status == 429)
    #expect(answer.text.contains("\r\nRetry-After: 2\r\n"))
    advance(1)
    #expect(signIn("ada", "password of ada") == 200)
  }

  @Test("a correct password clears the count of wrong ones")
  func forgiving() throws {
    _ = try fixture.signUp("ada")
    for _ in 0..<10 {
      #expect(signIn("ada", "wrong") == 401)
      #expect(signIn("ada", "wrong") == 401)
      #expect(signIn("ada", "password of ada") == 200)
    }
  }

  @Test("attempts with an unknown username count as with a known one")
  func unknown() throws {
    for _ in 0..<3 { #expect(signIn("nobody", "wrong") == 401) }
    #expect(signIn("nobody", "wrong") == 429)
  }

  @Test("one address has ten times the limit for all usernames, and a /64 of IPv6 is one address")
  func address() throws {
    for number in 0..<30 { #expect(signIn("user\(number)", "wrong", from: "2001:db8:1:2::\(number)") == 401) }
    #expect(signIn("another", "wrong", from: "2001:db8:1:2:ffff::1") == 429)
    #expect(signIn("another", "wrong", from: "2001:db8:1:3::1") == 401)
    // An IPv4-mapped IPv6 address counts as its IPv4 address. All of them share one /64.
    for number in 0..<30 { #expect(signIn("user\(number)", "wrong", from: "::ffff:192.0.2.7") == 401) }
    #expect(signIn("another", "wrong", from: "192.0.2.7") == 429)
    #expect(signIn("another", "wrong", from: "::ffff:192.0.2.8") == 401)
  }

  @Test("one username has ten times the limit from all addresses, and its owner can still sign in")
  func username() throws {
    _ = try fixture.signUp("ada")
    _ = try fixture.signUp("eve")
    #expect(signIn("ada", "password of ada", from: "192.0.2.200") == 200)
    for number in 0..<30 { #expect(signIn("ada", "wrong", from: "198.51.100.\(number)") == 401) }
    #expect(signIn("ada", "password of ada", from: "198.51.100.99") == 429)
    #expect(signIn("ada", "password of ada", from: "192.0.2.200") == 200)
    // A known address has the same limit as other addresses.
    for _ in 0..<3 { #expect(signIn("ada", "wrong", from: "192.0.2.200") == 401) }
    #expect(signIn("ada", "wrong", from: "192.0.2.200") == 429)
    #expect(signIn("eve", "password of eve", from: "198.51.100.99") == 200)
  }

  @Test("an address is known for 30 days after the last sign-in from it")
  func knownAddress() throws {
    _ = try fixture.signUp("ada")
    #expect(signIn("ada", "password of ada", from: "192.0.2.200") == 200)
    advance(29 * 86_400)
    #expect(signIn("ada", "password of ada", from: "192.0.2.200") == 200)
    advance(29 * 86_400)
    for number in 0..<30 { #expect(signIn("ada", "wrong", from: "198.51.100.\(number)") == 401) }
    #expect(signIn("ada", "password of ada", from: "192.0.2.200") == 200)
    advance(31 * 86_400)
    for number in 0..<30 { #expect(signIn("ada", "wrong", from: "198.51.100.\(number)") == 401) }
    #expect(signIn("ada", "password of ada", from: "192.0.2.200") == 429)
  }

  @Test("of many parallel attempts no more than allowed are checked")
  func parallel() throws {
    _ = try fixture.signUp("ada")
    let (fixture, router) = (fixture, router)
    let statuses = try Threads.run(50) { _ in
      TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": "192.0.2.1"],
        body: "username=ada&password=wrong"
      ).status
    }
    #expect(statuses.filter { $0 == 401 }.count == 3)
    #expect(statuses.filter { $0 == 429 }.count == 47)
    withExtendedLifetime(fixture) {}
  }

  @Test("every route with a password or a code counts attempts")
  func routes() throws {
    let ada = try fixture.signUp("ada")
    let owned = "?accountid=\(ada.accountid)"
    let routes: [(String, String)] = [
      ("/api/user/create-session", "username=ada&password=wrong+one"),
      ("/api/user/set-session-verified?sessionid=\(ada.sessionid)", "username=ada&password=wrong+one"),
      ("/api/user/reset-account-deleted", "username=ada&password=wrong+one"),
      ("/api/user/reset-account-password", "username=ada&new-password=password&secret-code=wrong1"),
      ("/api/user/set-account-username" + owned, "new-username=bea&password=wrong+one"),
      ("/api/user/set-account-password" + owned, "new-password=password&password=wrong+one"),
      ("/api/user/set-account-deleted" + owned, "password=wrong+one"),
    ]
    for (number, (route, form)) in routes.enumerated() {
      let variables = [
        "REMOTE_ADDR": "192.0.2.\(number)",
        "HTTP_AUTHORIZATION": "Bearer \(ada.sessionid).\(ada.token ?? "")",
      ]
      let verb = route.hasSuffix("create-session") ? "POST" : "PATCH"
      let statuses = (0..<4).map { _ in TestRequest.respond(router, verb, route, variables, body: form).status
      }
      #expect(statuses == [401, 401, 401, 429], "\(route)")
    }
  }

  @Test("a correct password counts as no attempt, even if the request is refused")
  func refusedOtherwise() throws {
    let ada = try fixture.signUp("ada")
    _ = try fixture.signUp("eve")
    let variables = [
      "REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer \(ada.sessionid).\(ada.token ?? "")",
    ]
    for _ in 0..<10 {
      let answer = TestRequest.respond(
        router, "PATCH", "/api/user/set-account-username?accountid=\(ada.accountid)", variables,
        body: "new-username=eve&password=password+of+ada")
      #expect(answer.status == 409)
    }
  }

  @Test("a used reset code clears the count, and a missing field does not count")
  func resetCodes() throws {
    let ada = try fixture.signUp("ada")
    for _ in 0..<2 {
      _ = try fixture.dashboard.call(
        CreateResetCode.self, query: ["accountid": "\(ada.accountid)"], posted: ["secret-code": "abcdef"],
        as: ada)
    }
    func reset(_ form: String) -> Int {
      TestRequest.respond(
        router, "PATCH", "/api/user/reset-account-password", ["REMOTE_ADDR": "192.0.2.1"], body: form
      ).status
    }
    for _ in 0..<5 { #expect(reset("username=ada&new-password=password") == 400) }
    for _ in 0..<2 { #expect(reset("username=ada&new-password=password&secret-code=wrong1") == 401) }
    #expect(reset("username=ada&new-password=password&secret-code=abcdef") == 200)
    for _ in 0..<3 { #expect(reset("username=ada&new-password=password&secret-code=wrong1") == 401) }
    #expect(reset("username=ada&new-password=password&secret-code=abcdef") == 429)
  }

  @Test("the sweep removes expired counters")
  func sweep() throws {
    for number in 0..<10 { #expect(signIn("user\(number)", "wrong", from: "192.0.2.\(number)") == 401) }
    #expect(try fixture.dashboard.services.store.attemptCount() == 30)
    #expect(try !fixture.dashboard.sweep())
    advance(100)
    while try fixture.dashboard.sweep() {}
    #expect(try fixture.dashboard.services.store.attemptCount() == 0)
  }

  @Test("with CONCEAL_ACCOUNTS only a correct password shows that a username exists")
  func concealing() throws {
    let fixture = try Fixture(settings: ["CONCEAL_ACCOUNTS": "true"])
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    _ = try fixture.signUp("ada")
    let deleted = try fixture.signUp("deleted")
    try fixture.change(deleted.accountid) { $0.deletedAt = fixture.clock.now().adding(seconds: 60) }
    let routes = [
      ("POST", "/api/user/create-session", "password=another+one"),
      ("PATCH", "/api/user/reset-account-deleted", "password=another+one"),
      ("PATCH", "/api/user/reset-account-password", "new-password=password&secret-code=wrong1"),
    ]
    for (verb, route, form) in routes {
      let texts = ["ada", "deleted", "nobody"].map { username in
        let answer = TestRequest.respond(
          router, verb, route, ["REMOTE_ADDR": "192.0.2.1"], body: "username=\(username)&\(form)")
        #expect(answer.status == 401)
        return answer.text.split(separator: "\r\n").filter { !$0.hasPrefix("X-Request-Id") }
      }
      #expect(Set(texts).count == 1, "\(route)")
      #expect(texts[0].last?.contains(#""message":"invalid-credentials""#) == true)
    }
  }
}
