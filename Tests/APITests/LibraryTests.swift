import DashboardAccounts
import DashboardCrypto
import DashboardEndpoints
import DashboardRouting
import DashboardRecords
import DashboardStore
import Glibc
import TestSupport
import Testing

/// A Swift program calls the endpoints in its own process.
@Suite("the library")
struct LibraryTests {
  @Test("an account signs in and out, and its session can't be ended again")
  func signIn() throws {
    let directory = try TemporaryDirectory()
    let dashboard = try Dashboard(
      dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
    let account = try dashboard.call(
      CreateAccount.self, posted: ["username": "ada", "password": "correct horse"])
    let session = try dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": "correct horse", "remember": "days"])
    #expect(session.accountid == account.accountid)
    #expect(session.token?.utf8.count == 64)
    let ended = try dashboard.call(
      SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: session)
    #expect(ended.ended)
    let again = try dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": "correct horse"])
    #expect {
      try dashboard.call(SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: again)
    } throws: { error in
      (error as? Exception)?.code == "invalid-session"
    }
  }

  @Test("session(bearer:) gives the live session that a token proves")
  func bearer() throws {
    let fixture = try Fixture()
    let (ada, eve) = (try fixture.signUp("ada"), try fixture.signUp("eve"))
    let bearer = try #require(ada.bearer)
    let token = try #require(ada.token)
    #expect(bearer == "\(ada.sessionid).\(token)")
    let found = try #require(try fixture.dashboard.session(bearer: bearer))
    #expect(found.sessionid == ada.sessionid)
    #expect(found.token == nil)
    #expect(found.bearer == nil)
    #expect(found.formToken(path: "/") == ada.formToken(path: "/"))
    #expect(try fixture.dashboard.call(CurrentSession.self, as: found).sessionid == ada.sessionid)
    let others = [
      "", ".", token, "\(ada.sessionid)", "\(ada.sessionid).", "Bearer \(bearer)", " \(bearer)", "\(bearer) ",
      "\(eve.sessionid).\(token)", "\(ada.sessionid).\(eve.token ?? "")",
      "\(ada.sessionid).\(token.uppercased())", "\(bearer)\0", "\(ada.sessionid)\u{0301}.\(token)",
    ]
    for other in others {
      #expect(try fixture.dashboard.session(bearer: other) == nil, "\(other.debugDescription)")
    }
    #expect(try fixture.dashboard.session(bearer: bearer, app: AppName("shop")) == nil)
    _ = try fixture.dashboard.call(SetCurrentSessionEnded.self, as: found)
    #expect(try fixture.dashboard.session(bearer: bearer) == nil)
    fixture.clock.set(eve.expiresAt)
    #expect(try fixture.dashboard.session(bearer: try #require(eve.bearer)) == nil)
  }

  @Test("session(bearer:) counts as a use of the session")
  func idle() throws {
    let fixture = try Fixture(settings: ["SESSION_IDLE_TIMEOUT": "600"])
    let bearer = try #require(try fixture.signUp("ada").bearer)
    let second = try #require(try fixture.signIn("ada").bearer)
    func wait(_ seconds: Int64) { fixture.clock.set(fixture.clock.now().adding(seconds: seconds)) }
    wait(500)
    #expect(try fixture.dashboard.session(bearer: bearer) != nil)
    wait(500)
    #expect(try fixture.dashboard.session(bearer: bearer) != nil)
    #expect(try fixture.dashboard.session(bearer: second) == nil)
    wait(600)
    #expect(try fixture.dashboard.session(bearer: bearer) == nil)
  }

  @Test("sweep() removes due accounts, until it says that no more is due")
  func sweep() throws {
    let fixture = try Fixture(settings: ["DELETE_DELAY": "1"])
    let owner = try fixture.signUp("owner")
    for name in ["ada", "eve"] {
      let session = try fixture.signUp(name)
      _ = try fixture.dashboard.call(
        SetAccountDeleted.self, query: ["accountid": "\(session.accountid)"],
        posted: ["password": "password of \(name)"], as: session)
    }
    fixture.clock.set(fixture.clock.now().adding(seconds: 86_400))
    while try fixture.dashboard.sweep() {}
    let again = try fixture.signIn("owner")
    #expect(try fixture.dashboard.call(Administrator.AccountsCount.self, as: again) == 1)
    #expect(again.accountid == owner.accountid)
  }

  @Test("calls and sweeps throw StoreUnavailable while the data directory is elsewhere, and then go on")
  func moved() throws {
    let parent = try TemporaryDirectory()
    let (data, away) = (parent.path("data"), parent.path("away"))
    let dashboard = try Dashboard(dataDirectory: data, settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
    let form = ["username": "ada", "password": "correct horse"]
    _ = try dashboard.call(CreateAccount.self, posted: form)
    let session = try dashboard.call(CreateSession.self, posted: form)
    let bearer = try #require(session.bearer)
    for isFoundBySweep in [true, false] {
      try #require(rename(data, away) == 0)
      let error = #expect(throws: StoreUnavailable.self) {
        if isFoundBySweep {
          _ = try dashboard.sweep()
        } else {
          _ = try dashboard.call(CreateSession.self, posted: form)
        }
      }
      #expect(
        error?.description.hasPrefix("\(data)/data.mdb was removed or replaced while it was in use. ") == true
      )
      #expect(throws: StoreUnavailable.self) { try dashboard.sweep() }
      #expect(throws: StoreUnavailable.self) { try dashboard.session(bearer: bearer) }
      #expect(throws: StoreUnavailable.self) { try dashboard.call(CreateSession.self, posted: form) }
      #expect(Glibc.access(data, F_OK) != 0)
      try #require(rename(away, data) == 0)
      if isFoundBySweep {
        #expect(try !dashboard.sweep())
      } else {
        _ = try dashboard.call(CreateSession.self, posted: form)
      }
      #expect(try dashboard.session(bearer: bearer)?.sessionid == session.sessionid)
    }
  }

  @Test("a caller without a session is refused on routes that need one")
  func access() throws {
    let fixture = try Fixture()
    #expect(throws: AccessRefusal.signInRequired) { try fixture.dashboard.call(CurrentSession.self) }
    let ada = try fixture.signUp("ada")
    _ = try fixture.dashboard.call(SetCurrentSessionEnded.self, as: ada)
    #expect(throws: AccessRefusal.signInRequired) { try fixture.dashboard.call(CurrentSession.self, as: ada) }
  }

  @Test("equal random draws in one second give different identifiers")
  func drawnAlike() throws {
    struct Repeating: RandomSource {
      func bytes(_ count: Int) -> [UInt8] { Array(repeating: 0xFF, count: count) }
    }
    let directory = try TemporaryDirectory()
    let dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: [
        "BCRYPT_WORKLOAD_FACTOR": "4", "REQUIRE_PROFILE": "true", "USER_PROFILE_FIELDS": "full-name",
      ],
      clock: TestClock(), random: Repeating())
    func form(_ name: String) -> [String: String] {
      ["username": name, "password": "password of \(name)", "full-name": name]
    }
    let accounts = try ["ada", "bob"].map { try dashboard.call(CreateAccount.self, posted: form($0)) }
    #expect(Set(accounts.map(\.accountid)).count == 2)
    #expect(Set(accounts.map(\.profileid)).count == 2)
    let sessions = try ["ada", "bob"].map { try dashboard.call(CreateSession.self, posted: form($0)) }
    #expect(sessions.map(\.accountid) == accounts.map(\.accountid))
    #expect(Set(sessions.map(\.sessionid)).count == 2)
    func query(_ session: Session) -> [String: String] { ["accountid": "\(session.accountid)"] }
    let profiles = try sessions.map {
      try dashboard.call(CreateProfile.self, query: query($0), posted: ["full-name": "another"], as: $0)
    }
    #expect(Set(profiles.map(\.profileid) + accounts.compactMap(\.profileid)).count == 4)
    let codes = try sessions.map {
      try dashboard.call(CreateResetCode.self, query: query($0), posted: ["secret-code": "abcdef"], as: $0)
    }
    #expect(Set(codes.map(\.codeid)).count == 2)
  }

  @Test("apps do not see each other")
  func apps() throws {
    let fixture = try Fixture()
    let ada = try fixture.signUp("ada")
    let shop = try #require(AppName("shop"))
    #expect(throws: AccessRefusal.signInRequired) {
      try fixture.dashboard.call(CurrentSession.self, app: shop, as: ada)
    }
    let other = try fixture.dashboard.call(
      CreateAccount.self, app: shop, posted: ["username": "ada", "password": "password of ada"])
    #expect(other.appid == shop)
    #expect(other.isOwner)
  }

  @Test("a field that a request can't have is refused")
  func fields() throws {
    let fixture = try Fixture()
    #expect {
      try fixture.dashboard.call(CreateSession.self, posted: ["username": "a\0", "password": "b"])
    } throws: { error in
      (error as? Exception)?.code == "invalid-request"
    }
  }

  // MARK: Time

  @Test(
    "a session ends exactly at its expiry after 20 minutes, 8 hours or 30 days",
    arguments: [("", 1200), ("hours", 28_800), ("days", 2_592_000)] as [(String, Int64)])
  func expiry(remember: String, seconds: Int64) throws {
    let fixture = try Fixture()
    _ = try fixture.signUp("ada")
    let session = try fixture.signIn("ada", remember: remember)
    #expect(session.duration == seconds)
    #expect(session.expiresAt.milliseconds - session.createdAt.milliseconds == seconds * 1000)
    fixture.clock.set(Timestamp(milliseconds: session.expiresAt.milliseconds - 1))
    #expect(try fixture.dashboard.call(CurrentSession.self, as: session).ended == false)
    fixture.clock.set(session.expiresAt)
    #expect(throws: AccessRefusal.signInRequired) {
      try fixture.dashboard.call(CurrentSession.self, as: session)
    }
    // An expired session stays readable, and can't be ended again.
    let again = try fixture.signIn("ada")
    let query = ["sessionid": "\(session.sessionid)"]
    let read = try fixture.dashboard.call(ReadSession.self, query: query, as: again)
    #expect(read.ended)
    #expect(read.endedAt == nil)
    #expect(throws: Exception.self) {
      try fixture.dashboard.call(SetSessionEnded.self, query: query, as: again)
    }
  }

  @Test("an ended session has ended from that millisecond on")
  func ending() throws {
    let fixture = try Fixture()
    let first = try fixture.signUp("ada")
    let second = try fixture.signIn("ada")
    let query = ["sessionid": "\(first.sessionid)"]
    let ended = try fixture.dashboard.call(SetSessionEnded.self, query: query, as: second)
    #expect(ended.endedAt == fixture.clock.now())
    #expect(throws: AccessRefusal.signInRequired) {
      try fixture.dashboard.call(CurrentSession.self, as: first)
    }
  }

  @Test("times keep their milliseconds")
  func milliseconds() throws {
    let fixture = try Fixture()
    let session = try fixture.signUp("ada")
    #expect(session.createdAt.description == "2022-06-24T02:42:56.947Z")
    #expect(session.expiresAt.description == "2022-06-24T03:02:56.947Z")
  }

  // MARK: Races

  @Test("of 100 parallel registrations of one name one succeeds")
  func racingRegistrations() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let codes = try Threads.run(100) { _ in
      do {
        _ = try dashboard.call(CreateAccount.self, posted: ["username": "ada", "password": "12345678"])
        return "created"
      } catch let exception as Exception {
        return exception.code
      }
    }
    #expect(codes.filter { $0 == "created" }.count == 1)
    #expect(codes.filter { $0 == "duplicate-username" }.count == 99)
  }

  @Test("of 100 parallel first registrations one makes the owner")
  func racingOwners() throws {
    let fixture = try Fixture()
    let dashboard = fixture.dashboard
    let accounts = try Threads.run(100) { number in
      try dashboard.call(CreateAccount.self, posted: ["username": "user \(number)", "password": "12345678"])
    }
    #expect(accounts.filter(\.isOwner).count == 1)
    #expect(accounts.filter(\.isAdministrator).count == 1)
    #expect(Set(accounts.map(\.accountid)).count == 100)
  }

  @Test("of 100 parallel endings of one session one succeeds")
  func racingEndings() throws {
    let fixture = try Fixture()
    let first = try fixture.signUp("ada")
    let second = try fixture.signIn("ada")
    let dashboard = fixture.dashboard
    let codes = try Threads.run(100) { _ in
      do {
        let query = ["sessionid": "\(first.sessionid)"]
        _ = try dashboard.call(SetSessionEnded.self, query: query, as: second)
        return "ended"
      } catch let exception as Exception {
        return exception.code
      }
    }
    #expect(codes.filter { $0 == "ended" }.count == 1)
    #expect(codes.filter { $0 == "invalid-session" }.count == 99)
  }
}
