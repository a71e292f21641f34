import DashboardAccounts
import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardWireFormat
import TestSupport
import Testing

/// Attacks that combine several routes.
@Suite("protections")
struct ProtectionTests {
  private func of(_ session: Session) -> [String: String] { ["accountid": "\(session.accountid)"] }

  @Test("an administrator's code for an account does not count once that account is the owner")
  func plantedCode() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let owner = try fixture.signUp("owner")
    let mallory = try fixture.signUp("mallory")
    let heir = try fixture.signUp("heir")
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(mallory), as: owner)
    func make(_ code: String, as caller: Session) throws {
      _ = try dashboard.call(
        Administrator.CreateResetCode.self, query: of(heir), posted: ["secret-code": code], as: caller)
    }
    func use(_ code: String) throws -> Bool {
      try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": "heir", "new-password": "password of heir", "secret-code": code])
    }
    try make("planted1", as: mallory)
    _ = try dashboard.call(Administrator.SetOwnerAccount.self, query: of(heir), as: owner)
    #expect { try use("planted1") } throws: { ($0 as? Exception)?.code == "invalid-reset-code" }
    // The sessions of that account have ended too.
    #expect { try dashboard.call(DashboardEndpoints.Sessions.self, query: of(heir), as: heir) } throws: {
      $0 as? AccessRefusal == .signInRequired
    }
    // Its own new codes count.
    _ = try dashboard.call(
      CreateResetCode.self, query: of(heir), posted: ["secret-code": "myown1"],
      as: dashboard.call(CreateSession.self, posted: ["username": "heir", "password": "password of heir"]))
    #expect(try use("myown1"))
  }

  @Test("a code for another account counts only while its maker is an administrator")
  func codeOfTheDismissed() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let (owner, mallory, ada) = (
      try fixture.signUp("owner"), try fixture.signUp("mallory"), try fixture.signUp("ada")
    )
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(mallory), as: owner)
    for code in ["planted1", "planted2"] {
      _ = try dashboard.call(
        Administrator.CreateResetCode.self, query: of(ada), posted: ["secret-code": code], as: mallory)
    }
    func use(_ code: String) throws -> Bool {
      try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": "ada", "new-password": "password of ada", "secret-code": code])
    }
    #expect(try use("planted1"))
    _ = try dashboard.call(Administrator.ResetAccountAdministrator.self, query: of(mallory), as: owner)
    #expect { try use("planted2") } throws: { ($0 as? Exception)?.code == "invalid-reset-code" }
    // The code stays void when its maker becomes an administrator again.
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(mallory), as: owner)
    #expect { try use("planted2") } throws: { ($0 as? Exception)?.code == "invalid-reset-code" }
  }

  @Test("a new session key ends the codes that a thief made with an administrator's session")
  func codeOfAnAdministratorsThief() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let (owner, ada) = (try fixture.signUp("owner"), try fixture.signUp("ada"))
    _ = try dashboard.call(
      Administrator.CreateResetCode.self, query: of(ada), posted: ["secret-code": "thief001"], as: owner)
    _ = try dashboard.call(ResetSessionKey.self, query: of(owner), as: owner)
    #expect {
      try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": "ada", "new-password": "password of eve", "secret-code": "thief001"])
    } throws: { ($0 as? Exception)?.code == "invalid-reset-code" }
  }

  @Test("a new session key ends the sessions and codes that a thief made with a session")
  func codeOfAThief() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let ada = try fixture.signUp("ada")
    _ = try dashboard.call(
      CreateResetCode.self, query: of(ada), posted: ["secret-code": "thief001"], as: ada)
    _ = try dashboard.call(ResetSessionKey.self, query: of(ada), as: ada)
    #expect {
      try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": "ada", "new-password": "password of eve", "secret-code": "thief001"])
    } throws: { ($0 as? Exception)?.code == "invalid-reset-code" }
  }

  @Test("a code that is made twice exists once, and is used once")
  func codeMadeTwice() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let ada = try fixture.signUp("ada")
    for _ in 0..<2 {
      _ = try dashboard.call(
        CreateResetCode.self, query: of(ada), posted: ["secret-code": "samecode1"], as: ada)
    }
    #expect(try dashboard.call(ResetCodesCount.self, query: of(ada), as: ada) == 1)
    func use() throws -> Bool {
      try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": "ada", "new-password": "password of ada", "secret-code": "samecode1"])
    }
    #expect(try use())
    #expect { try use() } throws: { ($0 as? Exception)?.code == "invalid-reset-code" }
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test(
    "profiles have a limit, and new codes and sessions replace the oldest")
  func records() throws {
    let fixture = try Fixture(settings: ["MAXIMUM_RECORDS": "2", "USER_PROFILE_FIELDS": "full-name"])
    let dashboard = fixture.dashboard
    let ada = try fixture.signUp("ada")
    func profile() throws -> Profile {
      try dashboard.call(CreateProfile.self, query: of(ada), posted: ["full-name": "Ada"], as: ada)
    }
    func code(_ secret: String) throws -> ResetCode {
      try dashboard.call(CreateResetCode.self, query: of(ada), posted: ["secret-code": secret], as: ada)
    }
    func isExceeded(_ error: any Error) -> Bool { (error as? Exception)?.code == "too-many-profiles" }
    _ = try profile()
    let spare = try profile()
    #expect(performing: profile, throws: isExceeded)
    func codes() throws -> [ResetCodeID] {
      try dashboard.call(ResetCodes.self, query: of(ada), as: ada).map(\.codeid)
    }
    let first = try code("secret1")
    let second = try code("secret2")
    // Making the same code again takes no more room.
    let again = try code("secret2")
    #expect(try codes() == [again.codeid, first.codeid])
    #expect(second.codeid != again.codeid)
    let third = try code("secret3")
    #expect(try codes() == [third.codeid, again.codeid])
    _ = try dashboard.call(
      DeleteProfile.self, query: ["profileid": "\(spare.profileid)"], as: ada)
    _ = try profile()

    let newer = try fixture.signIn("ada")
    #expect(try dashboard.call(SessionsCount.self, query: of(ada), as: ada) == 2)
    let newest = try fixture.signIn("ada")
    func sessions(as caller: Session) throws -> [SessionID] {
      try dashboard.call(DashboardEndpoints.Sessions.self, query: of(ada), as: caller).map(\.sessionid)
    }
    #expect(try sessions(as: newer) == [newest.sessionid, newer.sessionid])
    // An ended session gives way before an older living one.
    _ = try dashboard.call(SetCurrentSessionEnded.self, as: newest)
    let last = try fixture.signIn("ada")
    #expect(try sessions(as: newer) == [last.sessionid, newer.sessionid])
    #expect { try dashboard.call(CurrentSession.self, as: ada) } throws: {
      $0 as? AccessRefusal == .signInRequired
    }
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("an account whose deletion is due gets no reset code")
  func codeForTheDue() throws {
    let fixture = try Fixture(settings: ["DELETE_DELAY": "0"])
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    _ = try fixture.dashboard.call(Administrator.SetAccountDeleted.self, query: of(ada), as: owner)
    #expect {
      try fixture.dashboard.call(
        Administrator.CreateResetCode.self, query: of(ada), posted: ["secret-code": "abcdef"], as: owner)
    } throws: { ($0 as? Exception)?.status == 404 }
  }

  @Test("every route that ends the caller's session clears its cookies")
  func cookies() throws {
    let routes: [(String, String, String)] = [
      ("PATCH", "/api/user/set-session-ended?sessionid=", ""),
      ("PATCH", "/api/user/reset-session-key?accountid=", ""),
      ("PATCH", "/api/user/set-account-deleted?accountid=", "password=password+of+admin"),
      (
        "PATCH", "/api/user/reset-account-password", "username=admin&new-password=password&secret-code=abcdef"
      ),
      ("PATCH", "/api/administrator/set-session-ended?sessionid=", ""),
      ("PATCH", "/api/administrator/reset-session-key?accountid=", ""),
      ("PATCH", "/api/administrator/set-account-deleted?accountid=", ""),
      ("DELETE", "/api/administrator/delete-account?accountid=", ""),
    ]
    for (verb, route, form) in routes {
      let fixture = try Fixture()
      let owner = try fixture.signUp("owner")
      let admin = try fixture.signUp("admin")
      _ = try fixture.dashboard.call(Administrator.SetAccountAdministrator.self, query: of(admin), as: owner)
      _ = try fixture.dashboard.call(
        CreateResetCode.self, query: of(admin), posted: ["secret-code": "abcdef"], as: admin)
      let id =
        route.hasSuffix("sessionid=")
        ? "\(admin.sessionid)" : route.hasSuffix("=") ? "\(admin.accountid)" : ""
      let router = Router(fixture.dashboard, Routes.all, log: { _ in })
      let cookie = ["HTTP_COOKIE": "dashboard_session=\(admin.sessionid).\(admin.token ?? "")"]
      let answer = TestRequest.respond(router, verb, route + id, cookie, body: form)
      #expect(answer.status == 200, "\(route)")
      #expect(answer.text.contains("Set-Cookie: dashboard_session=; Max-Age=0"), "\(route)")
      #expect(TestRequest.respond(router, "GET", "/api/user/current-session", cookie).status == 401)
    }
  }

  @Test("a request's effort follows from its verb and path, however its query is written")
  func efforts() throws {
    let fixture = try Fixture()
    let router = Router(fixture.dashboard, Routes.all, log: { _ in })
    func effort(_ verb: String, _ path: String) -> Router.Effort {
      var request = Request()
      for (name, value) in [("REQUEST_METHOD", verb), ("REQUEST_URI", path)] {
        request.variables.append(Array("\(name)=\(value)".utf8).span)
      }
      return router.effort(for: request.variables)
    }
    #expect(effort("POST", "/api/user/create-session") == .hashing)
    #expect(effort("PATCH", "/api/user/set-session-ended?sessionid=x") == .writing)
    #expect(effort("GET", "/api/user/set-session-ended") == .reading)
    #expect(effort("HEAD", "/api/user/session") == .reading)
    func isLengthy(_ path: String) -> Bool { effort("GET", path) == .lengthyReading }
    for query in ["all=1", "%61ll=1", "%6Cimit=1000", "a=1&%6ffset=9", "limit=5"] {
      #expect(isLengthy("/api/user/profiles?\(query)"), "\(query)")
    }
    #expect(isLengthy("/api/administrator/profiles"))
    #expect(!isLengthy("/api/user/profiles?accountid=acct_0000000000000000&after=x"))
    #expect(!isLengthy("/api/user/session?sessionid=%61"))
  }

  @Test("with a full map, the answer says whether the account was removed")
  func fullMap() throws {
    let fixture = try Fixture(settings: ["MAP_SIZE": "4M"])
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    let name = fixture.dashboard.configuration.appName
    var count = 0
    #expect(throws: Store.Unavailable.self) {
      while count < 100_000 {
        try fixture.dashboard.services.store.write(name) { change in
          guard let account = try change.current.account(ada.accountid) else { return }
          let profile = Profile(
            appid: name, accountid: account.accountid,
            values: [.fullName: String(repeating: "a", count: 200)],
            createdAt: fixture.clock.now())
          _ = try change.insert(profile, of: account)
        }
        count += 1
      }
    }
    let router = Router(fixture.dashboard, Routes.all, log: { _ in })
    let answer = TestRequest.respond(
      router, "DELETE", "/api/administrator/delete-account?accountid=\(ada.accountid)",
      ["HTTP_AUTHORIZATION": "Bearer \(owner.sessionid).\(owner.token ?? "")"])
    let isThere = try fixture.dashboard.services.store.read(name) { try $0.account(ada.accountid) != nil }
    #expect((answer.status == 200) == !isThere, "\(answer)")
    #expect(try fixture.dashboard.services.store.problems() == [])
  }
}
