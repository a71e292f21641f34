import DashboardCrypto
import DashboardRecords
import DashboardStore
import TestSupport
import Testing

/// An account and all its records are removed, even if the work is interrupted.
@Suite("removal")
struct RemovalTests {
  private let fixture: Fixture
  private let app: AppName
  private let account: Account
  private let other: Account

  init() throws {
    fixture = try Fixture()
    app = try StoreTests.app()
    account = try fixture.register("somebody", in: app)
    other = try fixture.register("other", in: app)
  }

  /// Adds a session, a profile and a reset code to an account.
  private func populate(_ account: Account, times: Int = 1) throws {
    for _ in 0..<times {
      _ = try fixture.signIn(account)
      try fixture.store.write(app) { change in
        _ = try change.insert(Profile.new(of: account), of: account)
        _ = try change.insert(ResetCode.new(of: account), of: account)
      }
    }
  }

  private func remove(_ account: Account) throws {
    try fixture.store.write(app) { change in
      let current = try #require(try change.current.account(account.accountid))
      try change.remove(current)
    }
  }

  @Test("a removed account is gone for every reader at once")
  func atOnce() throws {
    try populate(account, times: 3)
    try populate(other)
    let session = try fixture.signIn(account)
    try remove(account)
    try fixture.store.read(app) { snapshot throws in
      #expect(try snapshot.account(account.accountid) == nil)
      #expect(try snapshot.account(usernameHashes: [account.usernameHash]) == nil)
      #expect(try snapshot.session(session.sessionid) == nil)
      #expect(try snapshot.accounts(.all, limit: 10).map(\.accountid) == [other.accountid])
      #expect(try snapshot.count(.all) == 1)
      let sessions: [Session] = try snapshot.records(limit: 10)
      #expect(sessions.map(\.accountid) == [other.accountid])
      // An offset does not count records that are being removed.
      let passed: [Profile] = try snapshot.records(of: nil, after: nil, offset: 1, limit: 10)
      #expect(passed.isEmpty)
      #expect(try snapshot.count(Session.self) == 1)
      #expect(try snapshot.count(Profile.self) == 1)
      #expect(try snapshot.count(ResetCode.self) == 1)
    }
    #expect(try fixture.store.problems() == [])
    try fixture.store.removeRemains()
    #expect(try fixture.store.problems() == [])
  }

  @Test("the sweep removes the remains in pieces, and the data is sound after each")
  func pieces() throws {
    try populate(account, times: 300)
    try populate(other)
    try remove(account)
    var pieces = 0
    while try fixture.store.sweep(now: now, retention: 86_400 * 365).isMoreToDo {
      pieces += 1
      #expect(try fixture.store.problems() == [])
      #expect(pieces < 10)
    }
    // 900 records in pieces of 256.
    #expect(pieces == 4)
    #expect(try fixture.store.read(app) { try $0.count(Session.self) } == 1)
    #expect(try !fixture.store.sweep(now: now, retention: 86_400 * 365).isMoreToDo)
  }

  @Test("the username of a removed account is free")
  func freeUsername() throws {
    try populate(account)
    try remove(account)
    let next = try fixture.register("somebody", in: app)
    #expect(try fixture.store.read(app) { try $0.count(Session.self, of: next) } == 0)
    try fixture.store.removeRemains()
    #expect(try fixture.account(next.accountid, in: app) == next)
    #expect(try fixture.store.problems() == [])
  }

  @Test("after the removal of the owner, the next account is the owner only if it is alone")
  func nextOwner() throws {
    #expect(account.isOwner)
    try remove(account)
    let next = try fixture.register("next", in: app)
    #expect(!next.isOwner && !next.isAdministrator)
    try remove(other)
    try remove(next)
    try fixture.store.removeRemains()
    let first = try fixture.register("first", in: app)
    #expect(first.isOwner && first.isAdministrator)
    #expect(try !fixture.register("second", in: app).isOwner)
    #expect(try fixture.store.problems() == [])
  }

  // MARK: The sweep

  @Test("the sweep removes an account when its deletion is due")
  func dueAccount() throws {
    let due = now.adding(seconds: 100)
    try populate(account)
    try fixture.store.write(app) { change in
      try change.scheduleDeletion(
        of: #require(try change.current.account(account.accountid)), at: due, now: now)
    }
    #expect(try fixture.store.read(app) { try $0.count(.deleted) } == 1)
    let before = Timestamp(milliseconds: due.milliseconds - 1)
    #expect(try !fixture.store.sweep(now: before, retention: 86_400 * 365).isMoreToDo)
    #expect(try fixture.account(account.accountid, in: app) != nil)
    while try fixture.store.sweep(now: due, retention: 86_400 * 365).isMoreToDo {}
    #expect(try fixture.account(account.accountid, in: app) == nil)
    #expect(try fixture.store.read(app) { try $0.count(.deleted) } == 0)
    #expect(try fixture.store.problems() == [])
  }

  @Test("the sweep removes a session when its retention after the expiry has passed")
  func retention() throws {
    let session = try fixture.signIn(account, duration: 1200)
    let longer = try fixture.signIn(account, duration: 1201)
    let due = session.expiresAt.adding(seconds: 60)
    #expect(
      try !fixture.store.sweep(now: Timestamp(milliseconds: due.milliseconds - 1), retention: 60).isMoreToDo)
    while try fixture.store.sweep(now: due, retention: 60).isMoreToDo {}
    try fixture.store.read(app) { snapshot throws in
      #expect(try snapshot.session(session.sessionid) == nil)
      #expect(try snapshot.session(longer.sessionid) != nil)
      #expect(try snapshot.sessionCount(of: account) == 1)
    }
    #expect(try fixture.store.problems() == [])
  }

  @Test("the sweep counts deleted accounts if metrics are on")
  func metrics() throws {
    for isMetered in [true, false] {
      let account = try fixture.register("deleted \(isMetered)", in: app)
      try fixture.store.write(app) { change in try change.scheduleDeletion(of: account, at: now, now: now)
      }
      while try fixture.store.sweep(now: now, retention: 86_400, isMetered: { _ in isMetered }).isMoreToDo {}
    }
    #expect(try fixture.store.read(app) { try $0.metric(.accountsDeleted, "total")?.value } == 1)
  }

  // MARK: Sessions that end together

  @Test("all sessions but one end in one write")
  func endingAll() throws {
    let sessions = try (0..<5).map { _ in try fixture.signIn(account) }
    let ending = now.adding(seconds: 10)
    try end(except: sessions[2], at: ending)
    #expect(try shown(sessions).map(\.ended) == [true, true, false, true, true])
    #expect(try shown(sessions).map(\.endedAt) == [ending, ending, nil, ending, ending])
    // The next ending does not change the times of earlier endings.
    let later = try fixture.signIn(account, at: ending)
    try end(except: nil, at: ending.adding(seconds: 5))
    let all = try shown(sessions + [later])
    #expect(all.map(\.ended) == [true, true, true, true, true, true])
    #expect(all[0].endedAt == ending)
    #expect(all[2].endedAt == ending.adding(seconds: 5))
    #expect(all[5].endedAt == ending.adding(seconds: 5))
    #expect(try fixture.store.problems() == [])
  }

  @Test("a sweep frees the slots of killed readers")
  func killedReaders() throws {
    try LostReader.leave(in: fixture.directory.path)
    _ = try fixture.store.sweep(now: now, retention: 0)
    for number in 1...200 as ClosedRange<Int64> {
      try fixture.store.write(app) { change in
        var account = try #require(try change.current.account(account.accountid))
        account.updatedAt = now.adding(seconds: number)
        try change.update(account)
      }
    }
    #expect(try Files.read(fixture.directory.path("data.mdb")).count < 1 << 20)
  }

  @Test("the last thousand endings are kept")
  func manyEndings() throws {
    let session = try fixture.signIn(account)
    try fixture.store.write(app) { change in
      var account = try #require(try change.current.account(account.accountid))
      for number in 1...1003 as ClosedRange<Int64> {
        try change.endSessions(of: &account, at: now.adding(seconds: number))
      }
      try change.update(account)
    }
    // The first three of 1003 endings are forgotten.
    #expect(try shown([session])[0].endedAt == now.adding(seconds: 4))
    #expect(try shown([session])[0].ended)
  }

  @Test("an expired session has no time of ending")
  func expired() throws {
    let session = try fixture.signIn(account, duration: 10)
    try end(except: nil, at: now.adding(seconds: 10))
    let seen = try shown([session])[0]
    #expect(seen.ended)
    #expect(seen.endedAt == nil)
  }

  @Test("an ended session stays ended when all others end")
  func endedSurvivor() throws {
    var session = try fixture.signIn(account)
    session.endedAt = now
    try fixture.store.write(app) { change in try change.update(session) }
    try end(except: session, at: now.adding(seconds: 1))
    #expect(try shown([session])[0].endedAt == now)
    #expect(try shown([session])[0].ended)
  }

  private func end(except survivor: Session?, at time: Timestamp) throws {
    try fixture.store.write(app) { change in
      var account = try #require(try change.current.account(account.accountid))
      try change.endSessions(of: &account, at: time, except: survivor)
      try change.update(account)
    }
  }

  private func shown(_ sessions: [Session]) throws -> [Session] {
    try fixture.store.read(app) { snapshot throws in
      try sessions.map { session in
        let signedIn = try #require(try snapshot.signedIn(session.sessionid))
        let end = try snapshot.epochEnd(signedIn.session.epoch, of: signedIn.account)
        return signedIn.session.seen(at: now.adding(seconds: 11), account: signedIn.account, epochEnd: end)
      }
    }
  }

  // MARK: The check

  @Test(
    "the check finds an entry that disagrees with the records",
    arguments: [
      "usernames", "accounts-by-age", "administrators", "sessions-of-account", "sessions-by-age", "expiries",
      "counts", "profiles-of-account", "profiles-by-contact", "reset-codes-by-age",
    ] as [StaticString])
  func check(table: StaticString) throws {
    let directory = try TemporaryDirectory()
    try {
      let fixture = try Fixture(in: directory)
      let account = try fixture.register("somebody", in: app)
      _ = try fixture.signIn(account)
      try fixture.store.write(app) { change in
        _ = try change.insert(Profile.new(of: account), of: account)
        _ = try change.insert(ResetCode.new(of: account), of: account)
      }
      #expect(try fixture.store.problems() == [])
    }()
    try changeValues(ofTable: table, in: directory) { $0[$0.count - 1] ^= 1 }
    #expect(try Fixture(in: directory).store.problems() != [])
  }
}

extension Profile {
  static func new(of account: Account) -> Profile {
    Profile(
      appid: account.appid, accountid: account.accountid,
      values: [.fullName: "Somebody", .contactEmail: "somebody@example.org"], createdAt: now)
  }
}

extension ResetCode {
  static func new(of account: Account) -> ResetCode {
    ResetCode(
      appid: account.appid, accountid: account.accountid, secretCodeHash: SystemRandom().bytes(64),
      creator: account.accountid, createdAt: now)
  }
}
