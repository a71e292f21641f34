import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardWireFormat
import TestSupport
import Testing

/// What an account keeps of its events: which are one row, how many there are, and who sees what.
@Suite("recent activity")
struct ActivityTests {
  private let fixture: Fixture
  private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

  init() throws { fixture = try Fixture(settings: ["MAXIMUM_ATTEMPTS": "1000", "MAXIMUM_RECORDS": "1000"]) }

  private func client(_ address: String, _ userAgent: String = firefox) -> Client {
    .address(address, userAgent: userAgent)
  }

  @discardableResult
  private func signIn(_ username: String, _ password: String? = nil, from client: Client) throws -> Session {
    let form = ["username": username, "password": password ?? "password of \(username)"]
    return try fixture.dashboard.call(CreateSession.self, posted: form, from: client)
  }

  private func fail(_ username: String, from address: String) {
    #expect(throws: Exception.self) { try signIn(username, "wrong", from: client(address)) }
  }

  private func events(of session: Session) throws -> [AccountEvent] {
    try fixture.dashboard.call(
      Events.self, query: ["accountid": "\(session.accountid)", "all": "1"], as: session)
  }

  private func wait(_ seconds: Int64) { fixture.clock.set(fixture.clock.now().adding(seconds: seconds)) }

  /// Ends all other sessions, which is an event each time.
  private func act(_ session: Session, times: Int) throws {
    for _ in 0..<times { _ = try fixture.dashboard.call(SetOtherSessionsEnded.self, as: session) }
  }

  @Test("sign-ins of one device and network within an hour are one row, and others are not")
  func signIns() throws {
    _ = try fixture.signUp("ada")
    func rows() throws -> [Int] {
      let session = try signIn("ada", from: client("192.0.2.7"))
      return try events(of: session).filter { $0.name == "signed-in" && $0.address != nil }.map(\.count)
    }
    #expect(try rows() == [1])
    try signIn("ada", from: client("192.0.2.9"))
    wait(3599)
    #expect(try rows() == [3])
    try signIn("ada", from: client("192.0.3.7"))
    try signIn("ada", from: client("192.0.2.7", "curl/8.0"))
    #expect(try rows() == [4, 1, 1])
    wait(1)
    #expect(try rows() == [1, 4, 1, 1])
    #expect(try fixture.dashboard.services.store.problems() == [])
  }

  @Test("failures are one row for each network and day, in at most 20 rows")
  func failures() throws {
    _ = try fixture.signUp("ada")
    let session = try fixture.signIn("ada", remember: "days")
    for address in ["192.0.2.1", "192.0.2.2", "2001:db8:1::1", "2001:db8:1:2::1", "192.0.2.3"] {
      fail("ada", from: address)
    }
    func rows() throws -> [AccountEvent] { try events(of: session).filter { $0.name == "sign-in-failed" } }
    #expect(try rows().map(\.count) == [3, 2])
    #expect(try rows().map(\.address) == ["192.0.2.1", "2001:db8:1::1"])
    // Until midnight, 02:43 to 24:00.
    wait(20 * 3600)
    fail("ada", from: "192.0.2.1")
    fail("ada", from: "2001:db8:1::1")
    wait(60)
    fail("ada", from: "192.0.2.1")
    #expect(try rows().map(\.count) == [5, 3])
    let times = try rows().map { $0.lastAt.map { Int($0.seconds) } ?? 0 }
    #expect(try times[0] - times[1] == 60 && rows().allSatisfy { $0.createdAt == session.createdAt })
    wait(2 * 3600)
    fail("ada", from: "192.0.2.1")
    #expect(try rows().map(\.count) == [1, 5, 3])
    for network in 0..<40 { fail("ada", from: "198.51.\(network).1") }
    #expect(try rows().count == 20 && rows().allSatisfy { $0.count == 1 })
    #expect(try events(of: session).map(\.name).suffix(2) == ["signed-in", "account-created"])
    #expect(try fixture.dashboard.services.store.problems() == [])
  }

  @Test("the last 100 events are kept, of them the last sign-ins, and failures push none of them out")
  func bounds() throws {
    let session = try fixture.signUp("ada")
    fail("ada", from: "192.0.2.1")
    try act(session, times: 120)
    for network in 0..<25 { fail("ada", from: "198.51.\(network).1") }
    let kept = try events(of: session)
    #expect(kept.count { $0.name == "other-sessions-ended" } == 98)
    #expect(kept.suffix(2).map(\.name) == ["signed-in", "account-created"])
    #expect(kept.count { $0.name == "sign-in-failed" } == 20 && kept.count == 120)
    let total = try fixture.dashboard.services.store.read(fixture.dashboard.app().name) {
      try $0.count(AccountEvent.self)
    }
    #expect(total == 120)
    #expect(try fixture.dashboard.services.store.problems() == [])
  }

  @Test("events go after 90 days and with their account, but not by a call")
  func ends() throws {
    let (owner, ada) = (try fixture.signUp("owner"), try fixture.signUp("ada"))
    let store = fixture.dashboard.services.store
    let app = try fixture.dashboard.app().name
    func count() throws -> Int { try store.read(app) { try $0.count(AccountEvent.self) } }
    #expect(try count() == 4)
    wait(90 * 86_400 - 1)
    while try fixture.dashboard.sweep() {}
    #expect(try count() == 4)
    wait(1)
    while try fixture.dashboard.sweep() {}
    #expect(try count() == 0)
    let again = try fixture.signIn("owner")
    _ = try fixture.signIn("ada")
    let query = ["accountid": "\(ada.accountid)"]
    _ = try fixture.dashboard.call(Administrator.DeleteAccount.self, query: query, as: again)
    #expect(try count() == 1 && owner.accountid == again.accountid)
    #expect(try store.problems() == [])
    let changes = Routes.endpoints.filter { $0.declaration.verb == .delete }.map(\.declaration.route)
    #expect(changes.allSatisfy { !$0.contains("event") })
  }

  @Test("a person sees that an administrator acted, and administrators see which one")
  func actors() throws {
    let (owner, ada) = (try fixture.signUp("owner"), try fixture.signUp("ada"))
    let query = ["accountid": "\(ada.accountid)"]
    _ = try fixture.dashboard.call(
      Administrator.SetAccountGroups.self, query: query, posted: ["groups": "choir"], as: owner,
      from: client("192.0.2.99"))
    let own = try #require(try events(of: ada).first)
    #expect(own.name == "groups-set" && own.by == "administrator" && own.address == nil)
    let seen = try fixture.dashboard.call(Administrator.Events.self, query: query, as: owner)
    #expect(seen.first?.by == "\(owner.accountid)" && seen.first?.address == "192.0.2.99")
    #expect(seen.map(\.eventid) == (try events(of: ada)).map(\.eventid))
    let all = try fixture.dashboard.call(Administrator.Events.self, as: owner)
    #expect(all.count == 5 && Set(all.map(\.accountid)) == [owner.accountid, ada.accountid])
  }

  @Test("who signs in beside another account is the holder, and no administrator")
  func besideAnother() throws {
    let (owner, ada) = (try fixture.signUp("owner"), try fixture.signUp("ada"))
    let form = ["username": "ada", "password": "password of ada"]
    _ = try fixture.dashboard.call(CreateSession.self, posted: form, as: owner)
    _ = try? fixture.dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": "x"], as: owner)
    #expect(try events(of: ada).allSatisfy { $0.by == nil })
  }

  @Test("SESSION_DETAILS=none keeps neither address nor browser, and shows none")
  func withoutDetails() throws {
    let fixture = try Fixture(settings: ["SESSION_DETAILS": "none"])
    let session = try fixture.signUp("ada")
    for address in ["192.0.2.1", "198.51.100.1"] {
      let form = ["username": "ada", "password": "password of ada"]
      _ = try fixture.dashboard.call(CreateSession.self, posted: form, from: client(address))
    }
    let query = ["accountid": "\(session.accountid)"]
    let events = try fixture.dashboard.call(Events.self, query: query, as: session)
    #expect(events.map(\.count) == [3, 1] && events.allSatisfy { $0.address == nil && $0.details == nil })
    #expect(events.allSatisfy { !$0.isNewDevice })
  }

  @Test("SESSION_DETAILS=none hides the details of earlier events, from the holder and administrators")
  func withoutDetailsAnyMore() throws {
    let directory = try TemporaryDirectory()
    func open(_ details: String) throws -> Dashboard {
      try Dashboard(
        dataDirectory: directory.path("data"),
        settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "SESSION_DETAILS": details])
    }
    let form = ["username": "ada", "password": "password of ada"]
    func texts(_ dashboard: Dashboard) throws -> [String] {
      let session = try dashboard.call(CreateSession.self, posted: form, from: client("192.0.2.7"))
      let query = ["accountid": "\(session.accountid)"]
      return try [
        JSONWriter.text(dashboard.call(Events.self, query: query, as: session)),
        JSONWriter.text(dashboard.call(Administrator.Events.self, query: query, as: session)),
        JSONWriter.text(dashboard.call(Export.self, as: session)),
      ]
    }
    do {
      let dashboard = try open("full")
      _ = try dashboard.call(CreateAccount.self, posted: form, from: client("192.0.2.7"))
      #expect(try texts(dashboard).allSatisfy { $0.contains("192.0.2.7") && $0.contains("Firefox") })
    }
    let hidden = try texts(open("none"))
    #expect(hidden.allSatisfy { $0.contains("account-created") })
    #expect(hidden.allSatisfy { !$0.contains("192.0.2.7") && !$0.contains("Firefox") })
  }

  @Test("the use of an invitation does not show its maker where the new person is")
  func invitations() throws {
    let owner = try fixture.signUp("owner")
    let invitation = try fixture.dashboard.call(Administrator.CreateInvitation.self, as: owner)
    _ = try fixture.dashboard.call(
      CreateAccount.self,
      posted: ["username": "eve", "password": "password of eve", "invitation-code": invitation.code ?? ""],
      from: client("203.0.113.5"))
    let used = try #require(try events(of: owner).first)
    #expect(used.name == "invitation-used" && used.address == nil && used.userAgent == nil)
  }

  @Test("reading a session, an account or its events writes nothing")
  func reads() throws {
    let session = try fixture.signUp("ada")
    let before = try events(of: session)
    for _ in 0..<3 { _ = try fixture.dashboard.call(CurrentSession.self, as: session) }
    #expect(try events(of: session) == before)
  }
}
