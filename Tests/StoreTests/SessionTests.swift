import DashboardRecords
import DashboardStore
import Testing

@Suite("stored sessions")
struct SessionTests {
  let fixture: Fixture
  let app: AppName
  let account: Account

  init() throws {
    fixture = try Fixture()
    app = try StoreTests.app()
    account = try fixture.register("somebody", in: app)
  }

  private func sessions(after last: Session? = nil, offset: Int = 0, limit: Int = .max) throws -> [SessionID]
  {
    try fixture.store.read(app) {
      try $0.sessions(of: account, after: last, offset: offset, limit: limit).map(\.sessionid)
    }
  }

  @Test("a sign-in adds a session and sets its time in the account")
  func signIn() throws {
    let later = now.adding(seconds: 60)
    let session = try fixture.signIn(account, at: later)
    let found = try #require(try fixture.store.read(app) { try $0.session(session.sessionid) })
    #expect(found.accountid == account.accountid)
    let signedIn = try #require(try fixture.account(account.accountid, in: app))
    #expect(signedIn.lastSignedInAt == later)
    #expect(signedIn.updatedAt == later)
    #expect(try fixture.sessionCount(of: signedIn) == 1)
    _ = try fixture.signIn(account, at: later)
    #expect(try fixture.sessionCount(of: account) == 2)
  }

  @Test("a stored session reads back with every field")
  func fields() throws {
    var session = try fixture.signIn(account, duration: .max)
    #expect(try stored(session.sessionid) == session)
    session.details = ClientDetails(of: .address("2001:db8::1", userAgent: "an agent"))
    session.endedAt = Timestamp(milliseconds: -1)
    session.lastVerifiedAt = Timestamp(milliseconds: .max)
    session.updatedAt = Timestamp(milliseconds: .min)
    let changed = session
    try fixture.store.write(app) { try $0.update(changed) }
    #expect(try stored(session.sessionid) == session)
  }

  private func stored(_ id: SessionID) throws -> Session? {
    try fixture.store.read(app) { try $0.session(id) }
  }

  @Test("a session that is inserted twice gets two identifiers")
  func insertedTwice() throws {
    let session = try fixture.signIn(account)
    let again = try fixture.store.write(app) { try $0.signIn(account, session) }
    #expect(again.sessionid != session.sessionid && again.sequence > session.sequence)
    #expect(try fixture.sessionCount(of: account) == 2)
    #expect(try sessions() == [again.sessionid, session.sessionid])
  }

  @Test("a taken identifier is followed by the next free one")
  func sameDraw() throws {
    let fixture = try Fixture(random: RepeatingRandom())
    let other = try StoreTests.app("another")
    let (account, others) = (try fixture.register("ada", in: app), try fixture.register("ada", in: other))
    let first = try fixture.signIn(account).sessionid
    let second = try fixture.signIn(account).sessionid
    #expect(second.rawValue == first.rawValue &+ 1)
    // Another app and another kind of record have their own identifiers.
    #expect(try fixture.signIn(others).sessionid == first)
    #expect(account.accountid.rawValue == first.rawValue)
    // After the last identifier comes the first.
    let end = Timestamp(milliseconds: Int64(UInt32.max) * 1000)
    #expect(try fixture.signIn(account, at: end).sessionid.rawValue == .max)
    #expect(try fixture.signIn(account, at: end).sessionid.rawValue == 0)
  }

  @Test("sessions of one millisecond are listed newest first")
  func newestFirst() throws {
    let created = try (0..<5).map { _ in try fixture.signIn(account).sessionid }
    #expect(try sessions() == created.reversed())
    #expect(try sessions() == created.reversed())
  }

  @Test("sessions are listed in the order of creation, whatever the clock says")
  func order() throws {
    let first = try fixture.signIn(account, at: now)
    let second = try fixture.signIn(account, at: now.adding(seconds: -3600))
    #expect(try sessions() == [second.sessionid, first.sessionid])
  }

  @Test("a list has an offset, a limit and a place to continue after")
  func paging() throws {
    let created = try (0..<5).map { _ in try fixture.signIn(account) }
    let newestFirst = Array(created.map(\.sessionid).reversed())
    #expect(try sessions(limit: 2) == Array(newestFirst[..<2]))
    #expect(try sessions(offset: 1, limit: 2) == Array(newestFirst[1..<3]))
    #expect(try sessions(offset: 4, limit: 2) == Array(newestFirst[4...]))
    #expect(try sessions(offset: 5) == [])
    #expect(try sessions(offset: .max) == [])
    #expect(try sessions(limit: 0) == [])
    #expect(try sessions(after: created[3], limit: 2) == Array(newestFirst[2..<4]))
    #expect(try sessions(after: created[3], offset: 1, limit: 1) == [newestFirst[3]])
    #expect(try sessions(after: created[0]) == [])
  }

  @Test("a list has only the sessions of its account")
  func ownSessions() throws {
    let others = [try fixture.register("before", in: app), try fixture.register("after", in: app)]
    for other in others { _ = try fixture.signIn(other) }
    let session = try fixture.signIn(account)
    for other in others { _ = try fixture.signIn(other) }
    #expect(try sessions() == [session.sessionid])
    #expect(try sessions(after: session) == [])
  }
}
