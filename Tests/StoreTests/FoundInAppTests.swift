import DashboardCrypto
import DashboardRecords
import DashboardStore
import TestSupport
import Testing

/// Records that are found by a hash in the whole app: invitations.
@Suite("records that are found without their account")
struct FoundInAppTests {
  private let fixture: Fixture
  private let ada: Account

  init() throws {
    fixture = try Fixture()
    ada = try fixture.register("ada", in: app())
  }

  private func insert(_ code: String, of account: Account) throws -> Invitation {
    try fixture.store.write(account.appid) { change in
      try change.insert(
        Invitation(
          appid: account.appid, accountid: account.accountid, codeHash: Hash.sha512(Array(code.utf8)),
          uses: 1, expiresAt: now.adding(seconds: 100), groups: [], note: "", createdAt: now), of: account)
    }
  }

  private func find(_ code: String, in app: AppName) throws -> Invitation? {
    try fixture.store.read(app) { try $0.record(hash: Hash.sha512(Array(code.utf8))) }
  }

  @Test("a hash finds the record of any account of the app, and of no other app")
  func found() throws {
    let eve = try fixture.register("eve", in: app())
    let other = try fixture.register("ada", in: app("other"))
    let (first, second) = (try insert("one", of: ada), try insert("two", of: eve))
    #expect(try find("one", in: app()) == first && find("two", in: app()) == second)
    #expect(try find("three", in: app()) == nil && find("one", in: app("other")) == nil)
    _ = try insert("three", of: other)
    #expect(try find("three", in: app()) == nil)
    var used = first
    used.used = 1
    try fixture.store.write(app()) { [used] in try $0.update(used) }
    #expect(try find("one", in: app()) == used)
    try fixture.store.write(app()) { try $0.remove(used, of: ada) }
    #expect(try find("one", in: app()) == nil)
    #expect(try fixture.store.problems() == [])
  }

  @Test("none is found once its account is removed, or once it was swept")
  func removed() throws {
    let eve = try fixture.register("eve", in: app())
    for number in 0..<300 { _ = try insert("\(number)", of: ada) }
    _ = try insert("of eve", of: eve)
    try fixture.store.write(app()) { try $0.remove(ada) }
    #expect(try find("7", in: app()) == nil && find("of eve", in: app()) != nil)
    #expect(try fixture.store.problems() == [])
    try fixture.store.removeRemains()
    #expect(try find("7", in: app()) == nil && find("of eve", in: app()) != nil)
    #expect(try fixture.store.problems() == [])
    #expect(try !fixture.store.sweep(now: now.adding(seconds: 99), retention: 0).isMoreToDo)
    while try fixture.store.sweep(now: now.adding(seconds: 100), retention: 86_400).isMoreToDo {}
    #expect(try find("of eve", in: app()) == nil)
    #expect(try fixture.store.problems() == [])
  }

  @Test("the check finds an entry that disagrees with them")
  func check() throws {
    let directory = try TemporaryDirectory()
    do {
      let fixture = try Fixture(in: directory)
      let account = try fixture.register("somebody", in: app())
      try fixture.store.write(app()) { change in
        _ = try change.insert(
          Invitation(
            appid: account.appid, accountid: account.accountid, codeHash: Hash.sha512([1]), uses: 1,
            expiresAt: now, groups: [], note: "", createdAt: now), of: account)
      }
      #expect(try fixture.store.problems() == [])
    }
    try changeValues(ofTable: "invitations-by-hash", in: directory) { $0[$0.count - 1] ^= 1 }
    #expect(try Fixture(in: directory).store.problems() != [])
  }
}
