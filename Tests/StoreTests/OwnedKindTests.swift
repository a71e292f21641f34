import DashboardCrypto
import DashboardRecords
@testable import DashboardStore
import DashboardWireFormat
import TestSupport
import Testing

/// A made-up kind of records. It shows what a new kind needs.
struct Note: OwnedRecord {
  enum Kind: IdentifierKind { static let prefix: StaticString = "note_" }

  static let kind = OwnedKind(
    Note.self, number: 200, records: "notes", ofAccount: "notes-of-account", byAge: "notes-by-age",
    dueIndex: "notes-by-due-time", hashIndex: "notes-by-hash")

  var id = Identifier<Kind>.unassigned
  var appid: AppName
  var accountid: AccountID
  var sequence: UInt64 = 0
  var createdAt: Timestamp
  var text: String
  var dueAt: Timestamp? { createdAt.adding(seconds: 100) }
  var lookupHash: [UInt8]? { Hash.sha512(Array(text.utf8)) }

  init(_ text: String, of account: Account) {
    (appid, accountid, createdAt, self.text) = (account.appid, account.accountid, now, text)
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(id.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(createdAt.milliseconds)
    writer.append(text: text)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let id = reader.integer(UInt64.self), let app = reader.text().flatMap({ AppName($0) }),
      let accountid = reader.integer(UInt64.self),
      let sequence = reader.integer(UInt64.self), let createdAt = reader.signed(), let text = reader.text()
    else { throw UnreadableBytes() }
    self.id = Identifier(rawValue: id)
    appid = app
    self.accountid = AccountID(rawValue: accountid)
    self.sequence = sequence
    self.createdAt = Timestamp(milliseconds: createdAt)
    self.text = text
  }
}

/// A declaration is all that lists, counts, removal, sweep and check need of a kind.
@Suite("owned kinds")
struct OwnedKindTests {
  private let fixture: Fixture
  private let app: AppName
  private let ada: Account
  private let eve: Account

  init() throws {
    var options = Store.Options()
    options.kinds = OwnedKind.all + [Note.kind]
    fixture = try Fixture(options: options)
    app = try StoreTests.app()
    ada = try fixture.register("ada", in: app)
    eve = try fixture.register("eve", in: app)
  }

  private func insert(_ text: String, of account: Account) throws -> Note {
    try fixture.store.write(app) { try $0.insert(Note(text, of: account), of: account) }
  }

  private func texts(of account: Account?, after last: Note? = nil, offset: Int = 0, limit: Int = 10) throws
    -> [String]
  {
    try fixture.store.read(app) { snapshot in
      let notes: [Note] = try snapshot.records(
        of: account, after: last?.sequence, offset: offset, limit: limit)
      return notes.map(\.text)
    }
  }

  private func count(of account: Account? = nil) throws -> Int {
    try fixture.store.read(app) { try $0.count(Note.self, of: account) }
  }

  @Test("a made-up kind is listed, counted, found, changed and removed")
  func life() throws {
    let first = try insert("first", of: ada)
    let second = try insert("second", of: ada)
    _ = try insert("of eve", of: eve)
    #expect(first.id != .unassigned && second.sequence > first.sequence)
    #expect(try texts(of: ada) == ["second", "first"])
    #expect(try texts(of: nil) == ["of eve", "second", "first"])
    #expect(try texts(of: ada, after: second) == ["first"])
    #expect(try texts(of: nil, offset: 1, limit: 1) == ["second"])
    #expect(try [count(), count(of: ada), count(of: eve)] == [3, 2, 1])
    let hash = Hash.sha512(Array("first".utf8))
    func find(_ account: Account?) throws -> Note? {
      try fixture.store.read(app) { try $0.record(of: account, hash: hash) }
    }
    #expect(try find(ada)?.id == first.id)
    #expect(try find(eve) == nil && find(nil) == nil)
    try fixture.store.write(app) { change in
      let oldest: [Note] = try change.current.oldest(of: ada, limit: 1)
      #expect(oldest.map(\.text) == ["first"])
      try change.remove(first, of: ada)
    }
    #expect(try texts(of: ada) == ["second"])
    #expect(try find(ada) == nil)
    #expect(try count(of: ada) == 1)
    #expect(try fixture.store.problems() == [])
  }

  @Test("the removal of an account removes its records of a made-up kind")
  func removal() throws {
    for number in 0..<300 { _ = try insert("\(number)", of: ada) }
    _ = try insert("of eve", of: eve)
    try fixture.store.write(app) { try $0.remove(ada) }
    #expect(try texts(of: nil) == ["of eve"])
    #expect(try count() == 1)
    #expect(try fixture.store.problems() == [])
    try fixture.store.removeRemains()
    #expect(try fixture.store.problems() == [])
    #expect(try texts(of: nil) == ["of eve"])
  }

  @Test("records of a made-up kind are swept when they are due")
  func sweep() throws {
    _ = try insert("due", of: ada)
    let due = now.adding(seconds: 100)
    #expect(try !fixture.store.sweep(now: now.adding(seconds: 99), retention: 0).isMoreToDo)
    while try fixture.store.sweep(now: due, retention: 86_400).isMoreToDo {}
    #expect(try count() == 0)
    #expect(try fixture.store.problems() == [])
  }

  @Test(
    "the check finds an entry that disagrees with the records of a made-up kind",
    arguments: ["notes-of-account", "notes-by-age", "notes-by-due-time", "notes-by-hash", "counts"]
      as [StaticString])
  func check(table: StaticString) throws {
    let directory = try TemporaryDirectory()
    var options = Store.Options()
    options.kinds = OwnedKind.all + [Note.kind]
    do {
      let fixture = try Fixture(in: directory, options: options)
      let account = try fixture.register("somebody", in: app)
      try fixture.store.write(app) { _ = try $0.insert(Note("text", of: account), of: account) }
      #expect(try fixture.store.problems() == [])
    }
    try changeValues(ofTable: table, in: directory) { $0[$0.count - 1] ^= 1 }
    #expect(try Fixture(in: directory, options: options).store.problems() != [])
  }

  @Test("an older store gets the tables of a new kind when it opens")
  func later() throws {
    let directory = try TemporaryDirectory()
    let account: Account
    do { account = try Fixture(in: directory).register("somebody", in: app) }
    var options = Store.Options()
    options.kinds = OwnedKind.all + [Note.kind]
    let fixture = try Fixture(in: directory, options: options)
    try fixture.store.write(app) { _ = try $0.insert(Note("text", of: account), of: account) }
    #expect(try fixture.store.problems() == [])
  }

  @Test("so it does where there must be data, and a check of keys needs no tables of the kind")
  func laterWithData() throws {
    let directory = try TemporaryDirectory()
    do { _ = try Fixture(in: directory).register("somebody", in: app) }
    var options = Store.Options()
    options.kinds = OwnedKind.all + [Note.kind]
    options.mayBegin = false
    options.isTrial = true
    do { _ = try Fixture(in: directory, options: options) }
    options.isTrial = false
    #expect(try Fixture(in: directory, options: options).store.problems() == [])
    #expect(throws: Store.OpeningError.self) { try Fixture(options: options) }
  }

  @Test("each kind has its own number and names")
  func registry() {
    let kinds = OwnedKind.all
    #expect(Set(kinds.map(\.number)).count == kinds.count)
    let numbers = kinds.map(\.number) + CountKey.Counted.all.map(\.rawValue)
    #expect(Set(numbers).count == numbers.count)
    let names = kinds.flatMap { kind in
      ([kind.recordsName, kind.ofAccountName, kind.byAgeName]
        + [kind.dueIndex, kind.hashIndex, kind.searchIndex].compactMap(\.self))
        .map { "\($0)" }
    }
    #expect(Set(names).count == names.count)
  }
}
