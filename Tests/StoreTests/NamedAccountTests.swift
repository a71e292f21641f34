import DashboardLMDB
import DashboardRecords
@testable import DashboardStore
import TestSupport
import Testing

/// The list of accounts that keep their usernames agrees with the accounts, and leads the sweep to them.
@Suite("accounts that keep their usernames")
struct NamedAccountTests {
  private let fixture: Fixture
  private let app: AppName

  init() throws {
    fixture = try Fixture()
    app = try StoreTests.app()
  }

  @discardableResult
  private func set(_ sealed: [UInt8]?, of account: Account) throws -> Account {
    try fixture.store.write(account.appid) { change in
      var account = try #require(try change.current.account(account.accountid))
      account.changeMembership { $0.sealedUsername = sealed }
      try change.update(account)
      return account
    }
  }

  private func add(_ count: Int, in app: AppName) throws {
    try fixture.store.write(app) { change in
      _ = try change.claimOwnership()
      for number in 0..<count {
        _ = try change.insert(.new("person \(number)", in: app)) {
          // The identifier is there: a sealed value depends on it.
          let id = $0.accountid
          $0.changeMembership { $0.sealedUsername = Array("\(id)".utf8) }
        }
      }
    }
  }

  /// The accounts of the list. Checks the count and the whole data too.
  private func named(in app: AppName? = nil) throws -> [AccountID] {
    let found = try fixture.store.read(app ?? self.app) { snapshot in
      let found = try snapshot.accounts(.ordered(.named), limit: 1000)
      #expect(try snapshot.count(.ordered(.named)) == found.count)
      return found.map(\.accountid)
    }
    #expect(try fixture.store.problems() == [])
    return found
  }

  private func sweep(keeping kept: Set<AppName> = []) throws -> Bool {
    try fixture.store.sweep(now: now, retention: 0, keepsUsernames: { kept.contains($0) }).isMoreToDo
  }

  @Test("an account is in the list while it keeps one, whatever else changes")
  func changes() throws {
    let (ada, eve) = (try fixture.register("ada", in: app), try fixture.register("eve", in: app))
    #expect(try named() == [])
    try set([1], of: ada)
    try set([2], of: eve)
    #expect(try named() == [eve.accountid, ada.accountid])
    var changed = try set([3], of: ada)
    #expect(try named() == [eve.accountid, ada.accountid])
    changed.changeMembership { $0.groups = ["choir"] }
    try fixture.store.write(app) { try $0.update(changed) }
    try set(nil, of: eve)
    #expect(try named() == [ada.accountid])
    try fixture.store.write(app) { try $0.remove(changed) }
    #expect(try named() == [])
  }

  @Test("a fault of the list is found")
  func problems() throws {
    let directory = try TemporaryDirectory()
    do {
      let store = try TestEngine.current.open(directory)
      try store.write(app) { change in
        var account = Account.new("ada", in: app)
        account.changeMembership { $0.sealedUsername = [1] }
        _ = try change.register(account)
      }
      #expect(try store.problems() == [])
    }
    try changeTable(in: directory, "named-accounts") { table, transaction in
      for (key, _) in try table.first(.max, in: transaction) { try table.remove(key, in: transaction) }
    }
    #expect(
      try TestEngine.current.open(directory).problems().map { $0.prefix { $0 != " " } }
        == ["named-accounts:", "named-accounts:"])
  }

  @Test("the sweep removes them in short pieces, from the apps that keep none alone")
  func sweeping() throws {
    let apps = try ["first", "second", "third", "fourth"].map { try StoreTests.app($0) }
    for app in apps { try add(300, in: app) }
    let kept: Set = [apps[0], apps[2]]
    #expect(try !sweep(keeping: Set(apps)))
    var left: [Int] = []
    while try sweep(keeping: kept) {
      left.append(try named(in: apps[1]).count + named(in: apps[3]).count)
    }
    // 256 accounts in a piece.
    #expect(left == [344, 88, 0])
    #expect(try named(in: apps[0]).count == 300 && named(in: apps[2]).count == 300)
    let account = try fixture.store.read(apps[1]) { try #require(try $0.accounts(.all, limit: 1).first) }
    #expect(account.membership == nil && account.updatedAt == account.createdAt)
    let other = try fixture.store.read(apps[0]) { try #require(try $0.accounts(.all, limit: 1).first) }
    #expect(other.membership?.sealedUsername == Array("\(other.accountid)".utf8))
  }
}
