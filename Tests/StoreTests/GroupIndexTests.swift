import DashboardLMDB
import DashboardRecords
@testable import DashboardStore
import TestSupport
import Testing

/// The lists and counts of groups agree with the accounts after every change.
@Suite("accounts by group")
struct GroupIndexTests {
  private let fixture: Fixture
  private let app: AppName
  private let ada: Account
  private let eve: Account

  init() throws {
    fixture = try Fixture()
    app = try StoreTests.app()
    ada = try fixture.register("ada", in: app)
    eve = try fixture.register("eve", in: app)
  }

  private func set(_ groups: [String], of account: Account, in store: Store? = nil) throws {
    try (store ?? fixture.store).write(account.appid) { change in
      guard var account = try change.current.account(account.accountid) else { return }
      account.changeMembership { $0.groups = groups }
      try change.update(account)
    }
  }

  /// The accounts of a group. Checks the count, membership and the whole data too.
  private func members(_ group: String, in app: AppName? = nil) throws -> [AccountID] {
    let found = try fixture.store.read(app ?? self.app) { snapshot in
      let found = try snapshot.accounts(.group(group), limit: 10)
      #expect(try snapshot.count(.group(group)) == found.count)
      for account in try snapshot.accounts(.all, limit: 10) {
        #expect(try snapshot.contains(.group(group), account) == found.contains(account))
      }
      return found.map(\.accountid)
    }
    #expect(try fixture.store.problems() == [])
    return found
  }

  private func groups(in app: AppName? = nil) throws -> [String] {
    try fixture.store.read(app ?? self.app) { snapshot in
      let groups = try snapshot.groups(limit: 100)
      #expect(try snapshot.groupCount() == groups.count)
      return groups.map { "\($0.name) \($0.count)" }
    }
  }

  @Test("an account is in the lists of its groups, and in no other")
  func changes() throws {
    try set(["editors", "family"], of: ada)
    #expect(try members("editors") == [ada.accountid] && members("family") == [ada.accountid])
    for other in ["editor", "editorss", "Editors", "", "-", String(repeating: "e", count: 33), "editors\0"] {
      #expect(try members(other) == [])
    }
    try set(["board", "family"], of: ada)
    try set(["board"], of: eve)
    #expect(try groups() == ["board 2", "family 1"])
    #expect(try members("editors") == [] && members("board") == [eve.accountid, ada.accountid])
    // Another change of the account leaves its groups alone.
    try fixture.store.write(app) { change in
      var account = try #require(try change.current.account(ada.accountid))
      account.lastSignedInAt = now
      try change.update(account)
    }
    try set([], of: ada)
    #expect(try groups() == ["board 1"])
    #expect(try members("board") == [eve.accountid])
  }

  @Test("names that begin alike, and the longest ones, are different groups in the order of their names")
  func names() throws {
    let long = String(repeating: "z", count: 31)
    let all = ["-", "0", "a", "a-", "a0", "aa", "ab", "b", long, long + "y", long + "z"]
    try set(all, of: ada)
    try set(["a", long + "z"], of: eve)
    #expect(try groups().map { $0.split(separator: " ").map(String.init)[0] } == all)
    for name in all where name != "a" && name != long + "z" { #expect(try members(name) == [ada.accountid]) }
    try fixture.store.read(app) { snapshot throws in
      for (index, name) in all.enumerated() {
        let rest = try snapshot.groups(after: name, limit: 100).map(\.name)
        #expect(rest == Array(all[(index + 1)...]))
        #expect(try snapshot.groups(offset: index, limit: 1).map(\.name) == [name])
      }
      // The list goes on after a name that no group has.
      #expect(try snapshot.groups(after: "aaa", limit: 2).map(\.name) == ["ab", "b"])
      #expect(try snapshot.groups(limit: 0).isEmpty)
    }
  }

  @Test("a new account has its groups, and a list is newest first and in pieces")
  func pieces() throws {
    let more = try (0..<5).map { number in
      try fixture.store.write(app) { change in
        var account = Account.new("person \(number)", in: app)
        account.changeMembership { $0.groups = ["all"] }
        return try change.register(account)
      }
    }
    let all = more.reversed().map(\.accountid)
    #expect(try members("all") == all)
    try fixture.store.read(app) { snapshot throws in
      for (index, account) in more.reversed().enumerated() {
        let rest = try snapshot.accounts(.group("all"), after: account.sequence, limit: 10)
        #expect(rest.map(\.accountid) == Array(all[(index + 1)...]))
        let one = try snapshot.accounts(.group("all"), offset: index, limit: 1)
        #expect(one.map(\.accountid) == [account.accountid])
      }
      #expect(try snapshot.accounts(.group("all"), limit: 0).isEmpty)
    }
  }

  @Test("a group leads to no account of another app")
  func apps() throws {
    let other = try StoreTests.app("other")
    let there = try fixture.register("ada", in: other)
    try set(["editors"], of: ada)
    try set(["editors", "family"], of: there)
    #expect(try members("editors") == [ada.accountid])
    #expect(try members("editors", in: other) == [there.accountid])
    #expect(try groups() == ["editors 1"] && groups(in: other) == ["editors 1", "family 1"])
    #expect(try members("editors", in: StoreTests.app("unused")) == [])
  }

  @Test("a removed account is in no list at once, by hand and by the sweep")
  func removal() throws {
    for account in [ada, eve] { try set(["editors", "family"], of: account) }
    try fixture.store.write(app) { try $0.remove(#require(try $0.current.account(ada.accountid))) }
    #expect(try members("editors") == [eve.accountid])
    // A change that comes too late changes nothing.
    try set(["late"], of: ada)
    #expect(try groups() == ["editors 1", "family 1"])
    try fixture.store.write(app) { change in
      try change.scheduleDeletion(of: #require(try change.current.account(eve.accountid)), at: now, now: now)
    }
    #expect(try members("editors") == [eve.accountid])
    while try fixture.store.sweep(now: now, retention: 0).isMoreToDo {}
    #expect(try members("editors") == [] && groups() == [])
  }

  @Test("threads change groups while others list them, and lists and counts stay right")
  func races() throws {
    let people = try (0..<6).map { try fixture.register("person \($0)", in: self.app) }
    let (store, app) = (fixture.store, app)
    _ = try Threads.run(people.count + 2) { index in
      for round in 0..<20 {
        if index >= people.count {
          try store.read(app) { snapshot in
            for group in try snapshot.groups(limit: 10) {
              let accounts = try snapshot.accounts(.group(group.name), limit: 10)
              #expect(accounts.count == group.count)
              #expect(accounts.allSatisfy { $0.groups.contains(group.name) })
            }
          }
        } else {
          let groups = (0..<4).filter { (round >> $0) & 1 == index & 1 }.map { "g\($0)" }
          try set(groups, of: people[index], in: store)
        }
      }
    }
    #expect(try fixture.store.problems() == [])
  }

  @Test("the check finds a wrong list and a wrong count")
  func problems() throws {
    let directory = try TemporaryDirectory()
    let ada: Account
    do {
      let fixture = try Fixture(in: directory)
      ada = try fixture.register("ada", in: app)
      try set(["editors"], of: ada, in: fixture.store)
      #expect(try fixture.store.problems() == [])
    }
    try changeTable(in: directory, "groups") { table, transaction in
      for (key, _) in try table.first(.max, in: transaction) { try table.remove(key, in: transaction) }
    }
    #expect(
      try TestEngine.current.open(directory).problems() == ["groups: 'editors' of app 1 counts 0, expected 1"]
    )
    try changeTable(in: directory, "accounts-by-group") { table, transaction in
      for (key, _) in try table.first(.max, in: transaction) { try table.remove(key, in: transaction) }
    }
    #expect(
      try TestEngine.current.open(directory).problems() == [
        "accounts-by-group: has no entry for \(ada.accountid)", "accounts-by-group: 0 entries for 1 records",
        "counts: groups of app 1: 1, expected 0",
      ])
  }

  // MARK: The migration

  /// Turns the data into that of schema 7. The store must be closed.
  private func makeOld(_ directory: TemporaryDirectory) throws {
    for name in ["accounts-by-group", "groups"] as [StaticString] {
      try changeTable(in: directory, name) { table, transaction in
        for (key, _) in try table.first(.max, in: transaction) { try table.remove(key, in: transaction) }
      }
    }
    var options = Environment.Options()
    options.mapSize = 64 << 20
    options.maximumTables = 2
    let environment = try Environment(directory: directory.path, options: options)
    try environment.write { transaction in
      let numbers: Table<NameKey, Number> = try Table("numbers", in: transaction, createIfMissing: false)
      try numbers.put(NameKey("schema"), Number(7), in: transaction)
      let counts: Table<CountKey, Number> = try Table("counts", in: transaction, createIfMissing: false)
      for (key, _) in try counts.first(.max, in: transaction) where key.counted == .groups {
        try counts.remove(key, in: transaction)
      }
    }
  }

  @Test("the migration lists every account of every app, however often it is interrupted")
  func migration() throws {
    let directory = try TemporaryDirectory()
    let apps = try ["first", "second", "third"].map { try StoreTests.app($0) }
    let names = (0..<64).map { "group-\($0 < 10 ? "0" : "")\($0)" }
    var accounts: [AppName: [AccountID]] = [:]
    do {
      let fixture = try Fixture(in: directory)
      for app in apps {
        let added = try fixture.store.write(app) { change in
          try (0..<100).map { number in
            var account = Account.new("person \(number)", in: app)
            if number % 2 == 0 { account.changeMembership { $0.groups = names } }
            return try change.register(account)
          }
        }
        accounts[app] = added.filter { !$0.groups.isEmpty }.map(\.accountid).reversed()
      }
    }
    try makeOld(directory)
    var options = Store.Options()
    options.migrationPieces = 1
    options.mayBegin = false
    var interruptions = 0
    var store: Store?
    while store == nil, interruptions < 10 {
      do {
        store = try TestEngine.current.open(directory, options: options)
      } catch {
        #expect(error.isTemporary)
        interruptions += 1
      }
    }
    // 9600 places in lists, at least 4000 of them in a piece, and one piece of the next schema.
    #expect(interruptions == 3)
    let migrated = try #require(store)
    #expect(try migrated.problems() == [])
    for app in apps {
      try migrated.read(app) { snapshot throws in
        #expect(try snapshot.groups(limit: 100).map(\.name) == names)
        for name in names {
          #expect(try snapshot.accounts(.group(name), limit: 100).map(\.accountid) == accounts[app])
        }
      }
    }
  }
}
