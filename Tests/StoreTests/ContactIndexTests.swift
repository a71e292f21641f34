import DashboardLMDB
import DashboardRecords
@testable import DashboardStore
import TestSupport
import Testing

/// The index of profiles by contact address agrees with the profiles after every change.
@Suite("accounts by contact address")
struct ContactIndexTests {
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

  @discardableResult private func add(_ address: String?, to account: Account) throws -> Profile {
    try fixture.store.write(account.appid) { change in
      var values: [ProfileField: String] = [.fullName: "Somebody"]
      values[.contactEmail] = address
      let profile = Profile(
        appid: account.appid, accountid: account.accountid, values: values, createdAt: now)
      return try change.insert(profile, of: account)
    }
  }

  private func set(_ address: String?, in profile: Profile) throws {
    var changed = profile
    changed.values[.contactEmail] = address
    try fixture.store.write(app) { try $0.update(changed) }
  }

  /// The accounts with an address. Checks the count, membership and the whole data too.
  private func found(_ address: String, in app: AppName? = nil) throws -> [AccountID] {
    let list = AccountList.contact(ContactAddress(address))
    let found = try fixture.store.read(app ?? self.app) { snapshot in
      let found = try snapshot.accounts(list, limit: 10)
      #expect(try snapshot.count(list) == found.count)
      for account in try snapshot.accounts(.all, limit: 10) {
        #expect(try snapshot.contains(list, account) == found.contains(account))
      }
      return found.map(\.accountid)
    }
    #expect(try fixture.store.problems() == [])
    return found
  }

  @Test("a profile is found by its address as it is, in any case")
  func changes() throws {
    let profile = try add("Ada@Example.org", to: ada)
    for spelling in ["ada@example.org", "ADA@EXAMPLE.ORG", "Ada@Example.org"] {
      #expect(try found(spelling) == [ada.accountid])
    }
    for other in ["ada@example.or", "ada@example.orgs", "da@example.org", "", "ada+1@example.org"] {
      #expect(try found(other) == [])
    }
    try set("ada@example.ORG", in: profile)
    #expect(try found("ada@example.org") == [ada.accountid])
    try set("lovelace@example.com", in: profile)
    #expect(try found("ada@example.org") == [])
    #expect(try found("Lovelace@example.com") == [ada.accountid])
    try set(nil, in: profile)
    #expect(try found("lovelace@example.com") == [])
    try set("JÜRGEN@MÜLLER.example", in: profile)
    #expect(try found("jürgen@müller.example") == [ada.accountid])
    // The profile as it was before the change is removed with its current address.
    try fixture.store.write(app) { try $0.remove(profile, of: ada) }
    #expect(try found("jürgen@müller.example") == [])
  }

  @Test("an account with several profiles of one address is there once, newest first and in pieces")
  func several() throws {
    for _ in 0..<3 { for account in [ada, eve] { try add("both@example.org", to: account) } }
    let other = try fixture.register("other", in: app)
    try add("both@example.org", to: other)
    try add(nil, to: other)
    let all = [other, eve, ada]
    #expect(try found("both@example.org") == all.map(\.accountid))
    let list = AccountList.contact(ContactAddress("both@example.org"))
    try fixture.store.read(app) { snapshot throws in
      for (index, account) in all.enumerated() {
        let rest = try snapshot.accounts(list, after: account.sequence, limit: 10)
        #expect(rest.map(\.accountid) == all[(index + 1)...].map(\.accountid))
        let one = try snapshot.accounts(list, offset: index, limit: 1)
        #expect(one.map(\.accountid) == [account.accountid])
      }
      #expect(try snapshot.accounts(list, limit: 0).isEmpty)
      #expect(try snapshot.accounts(list, offset: 3, limit: 1).isEmpty)
    }
  }

  @Test("an address leads to no account of another app")
  func apps() throws {
    let other = try StoreTests.app("other")
    let there = try fixture.register("ada", in: other)
    try add("ada@example.org", to: ada)
    try add("ada@example.org", to: there)
    #expect(try found("ada@example.org") == [ada.accountid])
    #expect(try found("ada@example.org", in: other) == [there.accountid])
    #expect(try found("ada@example.org", in: StoreTests.app("unused")) == [])
  }

  @Test("a removed account is not found, before and after its profiles are removed")
  func removal() throws {
    for _ in 0..<300 { try add("both@example.org", to: ada) }
    let profile = try add("both@example.org", to: eve)
    let last = try add("both@example.org", to: ada)
    try fixture.store.write(app) { try $0.remove(#require(try $0.current.account(ada.accountid))) }
    #expect(try found("both@example.org") == [eve.accountid])
    // A change that comes too late changes nothing.
    try set("late@example.org", in: last)
    #expect(try found("late@example.org") == [])
    while try fixture.store.sweep(now: now, retention: 0).isMoreToDo {
      #expect(try found("both@example.org") == [eve.accountid])
    }
    #expect(try found("both@example.org") == [eve.accountid])
    try fixture.store.write(app) { try $0.remove(profile, of: eve) }
    try set("late@example.org", in: profile)
    #expect(try found("both@example.org") == [] && found("late@example.org") == [])
  }

  @Test("an account whose deletion is due is not found after the sweep")
  func due() throws {
    try add("ada@example.org", to: ada)
    try add("ada@example.org", to: eve)
    try fixture.store.write(app) { change in
      try change.scheduleDeletion(of: #require(try change.current.account(eve.accountid)), at: now, now: now)
    }
    #expect(try found("ada@example.org") == [eve.accountid, ada.accountid])
    while try fixture.store.sweep(now: now, retention: 0).isMoreToDo {}
    #expect(try found("ada@example.org") == [ada.accountid])
  }

  @Test("threads change addresses while others look for them, and the index stays right")
  func races() throws {
    let profiles = try [ada, eve].flatMap { account in
      try (0..<4).map { try add("\($0)@example.org", to: account) }
    }
    let (store, app) = (fixture.store, app)
    _ = try Threads.run(profiles.count) { index in
      for round in 0..<20 {
        if index % 4 == 0 {
          try store.read(app) { snapshot in
            for number in 0..<4 {
              let list = AccountList.contact(ContactAddress("\(number)@example.org"))
              let accounts = try snapshot.accounts(list, limit: 10)
              #expect(try snapshot.count(list) == accounts.count)
              for account in accounts {
                let own: [Profile] = try snapshot.records(of: account, limit: 10)
                #expect(own.contains { $0.values[.contactEmail] == "\(number)@example.org" })
              }
            }
          }
        } else {
          var changed = profiles[index]
          changed.values[.contactEmail] = "\((index + round) % 4)@example.org"
          let profile = changed
          try store.write(app) { try $0.update(profile) }
        }
      }
    }
    #expect(try fixture.store.problems() == [])
  }

  // MARK: The migration

  /// Turns the data into that of schema 6. The store must be closed.
  private func makeOld(_ directory: TemporaryDirectory) throws {
    var options = Environment.Options()
    options.mapSize = 64 << 20
    options.maximumTables = 2
    let environment = try Environment(directory: directory.path, options: options)
    try environment.write { transaction in
      let index: Table<Stored, Stored> = try Table(
        "profiles-by-contact", in: transaction, createIfMissing: false)
      for (key, _) in try index.first(.max, in: transaction) { try index.remove(key, in: transaction) }
      let numbers: Table<NameKey, Number> = try Table("numbers", in: transaction, createIfMissing: false)
      try numbers.put(NameKey("schema"), Number(6), in: transaction)
    }
  }

  @Test("the migration adds every profile of every app, however often it is interrupted")
  func migration() throws {
    let directory = try TemporaryDirectory()
    let apps = try ["first", "second", "third"].map { try StoreTests.app($0) }
    var accounts: [AppName: [AccountID]] = [:]
    do {
      let fixture = try Fixture(in: directory)
      for number in 0..<9 {
        let app = apps[number % 3]
        let account = try fixture.register("person \(number)", in: app)
        try fixture.store.write(app) { change in
          for count in 0..<700 {
            var profile = Profile.new(of: account)
            if count % 2 == 1 { profile.values[.contactEmail] = nil }
            _ = try change.insert(profile, of: account)
          }
          // The records of a removed account are still there.
          if number == 4 { try change.remove(account) }
        }
        if number != 4 { accounts[app, default: []].insert(account.accountid, at: 0) }
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
    // 6300 profiles, at least 2000 of them in a piece, and one piece of each next schema.
    #expect(interruptions == 4)
    let migrated = try #require(store)
    #expect(try migrated.problems() == [])
    for app in apps {
      let list = AccountList.contact(ContactAddress("Somebody@example.org"))
      let found = try migrated.read(app) { try $0.accounts(list, limit: 10).map(\.accountid) }
      #expect(found == accounts[app])
    }
    try migrated.removeRemains()
    #expect(try migrated.problems() == [])
  }
}
