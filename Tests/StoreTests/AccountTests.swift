import DashboardCrypto
import DashboardRecords
import DashboardStore
import TestSupport
import Testing

@Suite("accounts")
struct AccountTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  @Test("the first account of an app is its owner")
  func owner() throws {
    let app = try app()
    let (first, second) = (try fixture.register("first", in: app), try fixture.register("second", in: app))
    #expect(first.ownerSince == now && first.administratorSince == now)
    #expect(second.ownerSince == nil && second.administratorSince == nil)
    #expect(try fixture.account(first.accountid, in: app)?.isOwner == true)
    #expect(try fixture.account(second.accountid, in: app)?.isOwner == false)
    #expect(try fixture.accountCount(in: app) == 2)
  }

  @Test("an account is found by the hash of its username")
  func lookup() throws {
    let app = try app()
    let account = try fixture.register("somebody", in: app)
    _ = try fixture.register("somebody else", in: app)
    func find(_ hash: [UInt8]) throws -> AccountID? {
      try fixture.store.read(app) { try $0.account(usernameHashes: [hash])?.accountid }
    }
    #expect(try find(account.usernameHash) == account.accountid)
    #expect(try find(secrets.hash("nobody".utf8)) == nil)
    #expect(try find([]) == nil)
    #expect(try find(Array(account.usernameHash.dropLast())) == nil)
  }

  @Test("a taken username is a duplicate and changes nothing")
  func duplicate() throws {
    let app = try app()
    let first = try fixture.register("somebody", in: app)
    #expect(throws: DuplicateUsername.self) { try fixture.register("somebody", in: app) }
    #expect(try fixture.accountCount(in: app) == 1)
    let found = try fixture.store.read(app) { try $0.account(usernameHashes: [first.usernameHash]) }
    #expect(found?.accountid == first.accountid)
  }

  @Test("an account with a taken identifier gets another one")
  func takenIdentifier() throws {
    let app = try app()
    let first = try fixture.register("first", in: app)
    var second = first
    second.usernameHash = secrets.hash("second".utf8)
    let inserted = try fixture.store.write(app) { [second] in try $0.register(second) }
    #expect(inserted.accountid != first.accountid && inserted.sequence > first.sequence)
    #expect(try fixture.account(first.accountid, in: app)?.usernameHash == first.usernameHash)
  }

  @Test("a stored account reads back with every field")
  func fields() throws {
    let app = try app()
    var account = try fixture.register("somebody", in: app, passwordHash: PasswordHash(text: "$2b$04$é"))
    account.profileid = ProfileID(rawValue: .max)
    account.sessionKeyNumber = .max
    account.sessionSalt = Array("another".utf8)
    account.sessionEpoch = 1 << 31
    account.updatedAt = Timestamp(milliseconds: .max)
    account.sessionKeyLastResetAt = Timestamp(milliseconds: 1)
    account.deletedAt = Timestamp(milliseconds: 2)
    account.lastSignedInAt = Timestamp(milliseconds: 3)
    account.resetCodeLastCreatedAt = Timestamp(milliseconds: 4)
    account.resetCodeLastUsedAt = Timestamp(milliseconds: -5)
    account.usernameLastChangedAt = Timestamp(milliseconds: 6)
    account.passwordLastChangedAt = Timestamp(milliseconds: .min)
    try fixture.store.write(app) { try $0.update(account) }
    let found = try #require(try fixture.account(account.accountid, in: app))
    #expect(found == account)
  }

  @Test("of 100 parallel registrations of one name one succeeds")
  func racingRegistrations() throws {
    let (store, app) = (fixture.store, try app())
    let outcomes = try Threads.run(100) { _ in
      Result {
        try store.write(app) { try $0.register(.new("somebody", in: app)) }
      }
    }
    let accounts = outcomes.compactMap { try? $0.get() }
    #expect(accounts.count == 1)
    for case .failure(let error) in outcomes { #expect(error is DuplicateUsername) }
    #expect(try fixture.accountCount(in: app) == 1)
    let found = try store.read(app) { try $0.account(usernameHashes: [secrets.hash("somebody".utf8)]) }
    #expect(found?.accountid == accounts.first?.accountid)
  }

  @Test("100 parallel first registrations make one owner")
  func racingOwners() throws {
    let (store, app) = (fixture.store, try app())
    let accounts = try Threads.run(100) { index in
      try? store.write(app) { try $0.register(.new("user\(index)", in: app)) }
    }.compactMap { $0 }
    #expect(accounts.count == 100)
    #expect(accounts.count { $0.isOwner } == 1)
    #expect(accounts.count { $0.isAdministrator } == 1)
    #expect(Set(accounts.map(\.sequence)).count == 100)
    #expect(try fixture.accountCount(in: app) == 100)
  }
}
