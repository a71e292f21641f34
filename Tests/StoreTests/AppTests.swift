import DashboardCrypto
import DashboardRecords
import DashboardStore
import Testing

@Suite("apps in one store")
struct AppTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  @Test("an app without a write is empty")
  func empty() throws {
    let app = try app()
    let other = try fixture.register("somebody", in: StoreTests.app("other"))
    #expect(try fixture.accountCount(in: app) == 0)
    #expect(try fixture.account(other.accountid, in: app) == nil)
    #expect(try fixture.store.read(app) { try $0.sessions(of: other, limit: 10).count } == 0)
  }

  @Test("apps with similar names do not see each other")
  func similarNames() throws {
    // The username exists once in each app. It is the first account there, so it is the owner.
    let apps = try ["a", "aa", "a-", "A", String(repeating: "a", count: 64)].map { try app($0) }
    let accounts = try apps.map { try fixture.register("somebody", in: $0) }
    let sessions = try accounts.map { try fixture.signIn($0) }
    for (app, own) in zip(apps, accounts) {
      #expect(own.isOwner)
      #expect(try fixture.accountCount(in: app) == 1)
      try fixture.store.read(app) { snapshot throws in
        #expect(try snapshot.account(usernameHashes: [own.usernameHash])?.accountid == own.accountid)
        for (account, session) in zip(accounts, sessions) {
          let isOwn = account.accountid == own.accountid
          #expect(try (snapshot.account(account.accountid) != nil) == isOwn)
          #expect(try (snapshot.session(session.sessionid) != nil) == isOwn)
          let listed = try snapshot.sessions(of: account, limit: 10).map(\.sessionid)
          #expect(listed == (isOwn ? [session.sessionid] : []))
        }
      }
    }
  }

  @Test("a change in one app leaves the same identifier of another app alone")
  func sameIdentifier() throws {
    let fixture = try Fixture(random: RepeatingRandom())
    let (one, other) = (try app("one"), try app("other"))
    let account = try fixture.register("somebody", in: one)
    let twin = Account(
      appid: other, usernameHash: account.usernameHash,
      passwordHash: PasswordHash(text: "twin's"), sessionSalt: [], createdAt: now)
    #expect(try fixture.store.write(other) { try $0.register(twin) }.accountid == account.accountid)
    #expect(try fixture.account(account.accountid, in: one)?.passwordHash.text == "")
    #expect(try fixture.account(account.accountid, in: other)?.passwordHash.text == "twin's")
  }
}
