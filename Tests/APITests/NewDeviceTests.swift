import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Which sign-ins are of a new device, and who may take note of them.
@Suite("new devices")
struct NewDeviceTests {
  private let fixture: Fixture
  private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
  private static let newer = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
  private static let edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36 Edg/126.0"

  init() throws { fixture = try Fixture() }

  private func register() throws {
    let form = ["username": "ada", "password": "password of ada"]
    _ = try fixture.dashboard.call(
      CreateAccount.self, posted: form, from: .address("192.0.2.7", userAgent: Self.firefox))
  }

  private func signIn(_ address: String, _ userAgent: String) throws -> Session {
    fixture.clock.set(fixture.clock.now().adding(seconds: 1))
    return try fixture.dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": "password of ada", "remember": "days"],
      from: .address(address, userAgent: userAgent))
  }

  private func newest(_ session: Session) throws -> AccountEvent {
    let query = ["accountid": "\(session.accountid)"]
    return try #require(try fixture.dashboard.call(Events.self, query: query, as: session).first)
  }

  private func context() throws -> Context {
    try Context(fixture.dashboard.app(), fixture.dashboard.services, now: fixture.clock.now())
  }

  private func told(_ session: Session) throws -> [AccountEvent] {
    let context = try context()
    let account = try #require(try context.read { try $0.account(session.accountid) })
    return try NewDevices.unnoticed(context, of: account)
  }

  private func takeNote(_ session: Session, upTo event: AccountEvent) throws {
    let context = try context()
    let signedIn = try #require(try context.read { try $0.signedIn(session.sessionid) })
    try NewDevices.takeNote(Caller(signedIn, .unknown), context, upTo: event.eventid)
  }

  private func verify(_ session: Session) throws {
    _ = try fixture.dashboard.call(
      SetSessionVerified.self, query: ["sessionid": "\(session.sessionid)"],
      posted: ["username": "ada", "password": "password of ada"], as: session)
  }

  @Test(
    "a new browser or network is marked, a new browser and system is told, and the first sign-in is neither")
  func told() throws {
    try register()
    for (address, userAgent, isNew, isTold) in [
      ("192.0.2.7", Self.firefox, false, false), ("192.0.2.200", Self.newer, false, false),
      ("198.51.100.1", Self.firefox, true, false), ("192.0.2.7", Self.edge, true, true),
      ("203.0.113.9", Self.edge, true, false), ("192.0.2.9", "curl/8.0", true, true),
      ("192.0.2.9", "", true, true), ("192.0.2.7", Self.firefox, false, false),
    ] {
      // Sign-ins of one device within an hour are one row.
      fixture.clock.set(fixture.clock.now().adding(seconds: 3600))
      let session = try signIn(address, userAgent)
      let event = try newest(session)
      let isUnnoticed = try told(session).contains { $0.eventid == event.eventid }
      #expect(event.name == "signed-in" && event.isNewDevice == isNew, "\(address) \(userAgent)")
      #expect(isUnnoticed == isTold, "\(address) \(userAgent)")
    }
    #expect(try fixture.dashboard.services.store.problems() == [])
  }

  @Test("wrong passwords and used codes make no device known")
  func unproven() throws {
    try register()
    let session = try signIn("192.0.2.7", Self.firefox)
    let thief = Client.address("203.0.113.9", userAgent: Self.edge)
    #expect(throws: Exception.self) {
      try fixture.dashboard.call(
        CreateSession.self, posted: ["username": "ada", "password": "wrong"], from: thief)
    }
    let code = ["secret-code": "abcdefgh"]
    _ = try fixture.dashboard.call(
      CreateResetCode.self, query: ["accountid": "\(session.accountid)"], posted: code, as: session)
    let form = ["username": "ada", "new-password": "password of ada"].merging(code) { $1 }
    _ = try fixture.dashboard.call(ResetAccountPassword.self, posted: form, from: thief)
    let event = try newest(signIn("203.0.113.9", Self.edge))
    #expect(event.isNewDevice)
  }

  @Test("a session from before or one that is verified anew takes note, and the sign-in itself does not")
  func noting() throws {
    try register()
    let before = try signIn("192.0.2.7", Self.firefox)
    let thief = try signIn("203.0.113.9", Self.edge)
    let event = try newest(thief)
    for session in [thief, try signIn("203.0.113.9", Self.edge), try signIn("192.0.2.7", Self.firefox)] {
      #expect(throws: VerificationError.sessionNotFresh) { try takeNote(session, upTo: event) }
    }
    #expect(try told(before).map(\.eventid) == [event.eventid])
    try takeNote(before, upTo: event)
    #expect(try told(before).isEmpty)
    // Only what was seen is noted.
    let second = try newest(signIn("203.0.113.9", "curl/8.0"))
    let third = try newest(signIn("203.0.113.9", "Wget/1.21"))
    let after = try signIn("192.0.2.7", Self.firefox)
    fixture.clock.set(fixture.clock.now().adding(seconds: 1))
    try verify(after)
    try takeNote(after, upTo: second)
    #expect(try told(after).map(\.eventid) == [third.eventid])
    // A sign-in that repeats itself is the newest event, and covers no device that came between.
    fixture.clock.set(fixture.clock.now().adding(seconds: 1))
    let fourth = try newest(signIn("203.0.113.9", "HTTPie/3.2"))
    #expect(try newest(signIn("203.0.113.9", "Wget/1.21")).eventid == third.eventid)
    #expect(try told(after).map(\.eventid) == [fourth.eventid, third.eventid])
    try takeNote(after, upTo: third)
    #expect(try told(after).map(\.eventid) == [fourth.eventid])
    // A verification that is too long ago.
    let last = try signIn("192.0.2.7", Self.firefox)
    fixture.clock.set(fixture.clock.now().adding(seconds: 1))
    try verify(last)
    fixture.clock.set(fixture.clock.now().adding(seconds: 86_400))
    #expect(throws: VerificationError.sessionNotFresh) { try takeNote(last, upTo: fourth) }
    #expect(throws: EventError.unknown) {
      try takeNote(before, upTo: AccountEvent.example)
    }
  }

  @Test("a hundred later events do not push an unnoticed device out")
  func kept() throws {
    try register()
    let before = try signIn("192.0.2.7", Self.firefox)
    let event = try newest(signIn("203.0.113.9", Self.edge))
    for _ in 0..<150 { _ = try fixture.dashboard.call(SetOtherSessionsEnded.self, as: before) }
    #expect(try told(before).map(\.eventid) == [event.eventid])
    try takeNote(before, upTo: event)
    _ = try fixture.dashboard.call(SetOtherSessionsEnded.self, as: before)
    let query = ["accountid": "\(before.accountid)", "all": "1"]
    let all = try fixture.dashboard.call(Events.self, query: query, as: before)
    #expect(all.count == 100 && all.contains { $0.eventid == event.eventid })
  }

  @Test("a hundred later sign-ins from other networks do not push an unnoticed device out")
  func keptBeyondSignIns() throws {
    try register()
    let before = try signIn("192.0.2.7", Self.firefox)
    let event = try newest(signIn("203.0.113.9", Self.edge))
    for number in 0..<120 { _ = try signIn("10.0.\(number).1", Self.firefox) }
    #expect(try told(before).map(\.eventid) == [event.eventid])
    try takeNote(before, upTo: event)
    _ = try signIn("10.1.0.1", Self.firefox)
    _ = try signIn("10.1.1.1", Self.firefox)
    let query = ["accountid": "\(before.accountid)", "all": "1"]
    let all = try fixture.dashboard.call(Events.self, query: query, as: before)
    #expect(all.count == 100 && !all.contains { $0.eventid == event.eventid })
  }

  @Test("the device of an administrator who makes an account for another is no device of that person")
  func madeForAnother() throws {
    _ = try fixture.signUp("owner")
    let administrator = Client.address("198.51.100.1", userAgent: Self.edge)
    let owner = try fixture.dashboard.call(
      CreateSession.self, posted: ["username": "owner", "password": "password of owner"], from: administrator)
    let made = try fixture.dashboard.call(
      Administrator.CreateAccount.self, posted: ["username": "ada"], as: owner, from: administrator)
    let form = [
      "username": "ada", "new-password": "password of ada", "secret-code": try #require(made.secretCode),
    ]
    _ = try fixture.dashboard.call(
      ResetAccountPassword.self, posted: form, from: .address("192.0.2.7", userAgent: Self.firefox))
    let first = try signIn("192.0.2.7", Self.firefox)
    #expect(try !newest(first).isNewDevice && told(first).isEmpty)
    let event = try newest(signIn("198.51.100.1", Self.edge))
    #expect(event.isNewDevice)
    #expect(try told(first).map(\.eventid) == [event.eventid])
  }
}
