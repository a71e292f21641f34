import DashboardLMDB
import DashboardRecords
@testable import DashboardStore
import Glibc
import TestSupport
import Testing

/// The check finds each entry of an index that is missing, wrong or too many, and each wrong count.
@Suite("the check of the data")
struct CheckTests {
  private static let ended = now.adding(seconds: 100)

  /// Data in which every table has an entry, with the remains of a removed account.
  private static func fill(_ directory: TemporaryDirectory) throws {
    let app = try StoreTests.app()
    let fixture = try Fixture(in: directory)
    var accounts = try ["ada", "eve", "gone"].map { try fixture.register($0, in: app) }
    for index in accounts.indices { accounts[index].changeFactors { $0.passkeys = 1 } }
    let (ada, eve, gone) = (accounts[0], accounts[1], accounts[2])
    try fixture.store.write(app, isMetered: true) { change in
      for account in [ada, eve, gone] {
        try change.update(account)
        _ = try change.insert(
          Passkey(
            appid: app, accountid: account.accountid, name: "phone", credentialID: SystemBytes.bytes(16),
            publicKey: [], signatureCounter: 0, isBackupEligible: false, isBackedUp: false, transports: [],
            relyingPartyID: "accounts.example", createdAt: now), of: account)
        _ = try change.insert(Session.new(of: account), of: account)
        _ = try change.insert(Profile.new(of: account), of: account)
        _ = try change.insert(ResetCode.new(of: account), of: account)
        _ = try change.insert(
          Invitation(
            appid: app, accountid: account.accountid, codeHash: SystemBytes.bytes(64), uses: 1,
            expiresAt: ended, groups: [], note: "", createdAt: now), of: account)
        _ = try change.insert(
          AccountEvent(
            appid: app, accountid: account.accountid, name: "account-created", mark: SystemBytes.bytes(64),
            createdAt: now), of: account)
      }
      try change.scheduleDeletion(of: eve, at: ended, now: now)
      var named = ada
      named.changeMembership {
        $0.sealedUsername = [1]
        $0.groups = ["choir", "editors"]
      }
      try change.update(named)
      try change.remove(gone)
      try change.count(.accountsCreated, at: now)
      let key = AttemptKey(.address, [UInt8](repeating: 7, count: 16))
      _ = try change.count([(key, 3)], end: ended, now: now)
      try change.remember([UInt8](repeating: 8, count: 16), of: ada, until: ended)
    }
    #expect(try fixture.store.problems() == [])
  }

  private enum SystemBytes {
    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: .min ... .max) } }
  }

  /// Every index, with its name.
  private static let indexes: [StaticString] =
    [
      "usernames", "accounts-by-age", "administrators", "deleted-accounts", "deletions", "accounts-by-group",
      "groups", "named-accounts", "guesses-by-end", "known-addresses-by-end",
    ]
    + OwnedKind.all.flatMap { kind in
      [kind.ofAccountName, kind.byAgeName]
        + [kind.dueIndex, kind.hashIndex, kind.searchIndex].compactMap(\.self)
    }

  private enum Fault: CaseIterable {
    case missing, wrong, tooMany, unreadable
  }

  /// Breaks an entry of a table.
  private static func make(
    _ fault: Fault, in table: Table<Stored, Stored>, at place: Int, _ transaction: borrowing WriteTransaction
  ) throws {
    let entries = try table.first(.max, in: transaction)
    guard entries.indices.contains(place) else { throw Failure() }
    var (key, value) = entries[place]
    switch fault {
    case .missing: try table.remove(key, in: transaction)
    case .wrong:
      value.bytes[value.bytes.count - 1] ^= 1
      try table.put(key, value, in: transaction)
    case .tooMany:
      // The number at the end of most keys is a place. No record has this one.
      key.bytes[key.bytes.count - 2] ^= 0x40
      try table.put(key, value, in: transaction)
    case .unreadable: try table.put(key, Stored(value.bytes + [0]), in: transaction)
    }
  }

  private static func places(of problems: [String]) -> Set<String> {
    Set(problems.map { String($0.prefix { $0 != ":" }) })
  }

  @Test("an index with a missing, a wrong, an unreadable entry or one too many is named")
  func indexes() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    let sound = try Files.read(directory.path("data.mdb"))
    for name in Self.indexes {
      let isOfEnds = "\(name)".hasSuffix("-by-end")
      // The value of an entry in the order of ends has no meaning.
      for fault in Fault.allCases where !(isOfEnds && fault == .wrong) {
        let copy = try TemporaryDirectory()
        try Files.write(sound, to: copy.path("data.mdb"))
        try changeTable(in: copy, name) { try Self.make(fault, in: $0, at: 0, $1) }
        let problems = try TestEngine.current.open(copy).problems()
        #expect(Self.places(of: problems).contains("\(name)"), "\(name), \(fault): \(problems)")
      }
    }
  }

  @Test("each record that is missing or unreadable is found by its indexes or its own table")
  func records() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    let sound = try Files.read(directory.path("data.mdb"))
    for kind in OwnedKind.all {
      // The third record is a removed account's.
      for place in 0..<3 {
        for (fault, table) in [(Fault.missing, kind.byAgeName), (.unreadable, kind.recordsName)] {
          let copy = try TemporaryDirectory()
          try Files.write(sound, to: copy.path("data.mdb"))
          try changeTable(in: copy, kind.recordsName) { try Self.make(fault, in: $0, at: place, $1) }
          let problems = try TestEngine.current.open(copy).problems()
          #expect(Self.places(of: problems).contains("\(table)"), "\(table): \(problems)")
        }
      }
    }
    for (name, place) in [("accounts", "usernames"), ("guesses", "guesses-by-end")]
      as [(StaticString, String)]
    {
      let copy = try TemporaryDirectory()
      try Files.write(sound, to: copy.path("data.mdb"))
      try changeTable(in: copy, name) { try Self.make(.missing, in: $0, at: 0, $1) }
      #expect(try Self.places(of: TestEngine.current.open(copy).problems()).contains(place))
    }
  }

  @Test("each count that is wrong, missing or too many is found, with the right one")
  func counts() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    let sound = try Files.read(directory.path("data.mdb"))
    var number = 0
    try changeTable(in: directory, "counts") { number = try $0.count(in: $1) }
    // Six of accounts and groups, six kinds of the app, and of two accounts.
    #expect(number == 6 + 6 + 2 * 6)
    for place in 0..<number {
      for fault in [Fault.missing, .wrong, .unreadable, .tooMany] {
        let copy = try TemporaryDirectory()
        try Files.write(sound, to: copy.path("data.mdb"))
        try changeTable(in: copy, "counts") { try Self.make(fault, in: $0, at: place, $1) }
        let problems = try TestEngine.current.open(copy).problems()
        #expect(
          !problems.isEmpty && Self.places(of: problems) == ["counts"], "\(fault) \(place): \(problems)")
      }
    }
  }

  @Test("an account with another number of passkeys than it says is found", arguments: [0, 2] as [UInt16])
  func passkeys(number: UInt16) throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    let (store, app) = (try TestEngine.current.open(directory), try StoreTests.app())
    let id = try store.write(app) { change in
      var account = try #require(try change.current.accounts(.all, limit: 1).first)
      account.changeFactors { $0.passkeys = number }
      try change.update(account)
      return account.accountid
    }
    #expect(try store.problems() == ["passkeys: \(id) has another number of passkeys than it says"])
  }

  @Test("a place that is taken, a removal of an account that exists, and lost keys are found")
  func ownEntries() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    let sound = try Files.read(directory.path("data.mdb"))
    func problems(_ name: StaticString, _ change: (inout [UInt8]) -> Void) throws -> Set<String> {
      let copy = try TemporaryDirectory()
      try Files.write(sound, to: copy.path("data.mdb"))
      try changeTable(in: copy, name) { table, transaction in
        for (key, var value) in try table.first(.max, in: transaction) {
          change(&value.bytes)
          try table.put(key, value, in: transaction)
        }
      }
      return try Self.places(of: TestEngine.current.open(copy).problems())
    }
    // All numbers: the sequence, and the schema, which is then refused.
    #expect(throws: Store.OpeningError.self) {
      try problems("numbers") { $0 = [UInt8](repeating: 0, count: 8) }
    }
    #expect(try problems("apps") { $0[7] = 0 }.contains("apps"))
    #expect(try problems("epoch-ends") { _ in } == [])
    // The last letter of the app's name in a record.
    let app = Array("\(try StoreTests.app())".utf8)
    for kind in OwnedKind.all {
      let found = try problems(kind.recordsName) { bytes in
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: app) }) else { return }
        bytes[start + app.count - 1] ^= 1
      }
      #expect(found.contains("\(kind.recordsName)"), "\(kind.recordsName)")
    }
    let accounts = try problems("accounts") { bytes in bytes.append(0) }
    #expect(accounts.contains("accounts") && accounts.contains("usernames"))
    // A place of the owner and not of the epoch, which is last.
    for (name, owner) in [("removals", 19), ("epoch-ends", 11)] as [(StaticString, Int)] {
      let copy = try TemporaryDirectory()
      try Files.write(sound, to: copy.path("data.mdb"))
      try changeTable(in: copy, name) { table, transaction in
        var (key, value) = try #require(try table.first(1, in: transaction).first)
        key.bytes[owner] ^= 0x40
        try table.put(key, value, in: transaction)
      }
      #expect(try Self.places(of: TestEngine.current.open(copy).problems()).contains("\(name)"))
    }
  }

  // MARK: Pages

  /// The findings of the check of a whole file.
  private func check(_ directory: TemporaryDirectory) throws -> (facts: DataFacts?, findings: [Finding]) {
    var findings: [Finding] = []
    let storage = Storage.dataFile(directory: directory.path, maximumSize: 64 << 20)
    let facts = try Store.check(storage, isReadOnly: true, progress: { _, _, _ in }) { findings.append($0) }
    return (facts, findings)
  }

  @Test("a file is read without a change, and what it is is told")
  func facts() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    unlink(directory.path("lock.mdb"))
    let before = try Files.read(directory.path("data.mdb"))
    let (facts, findings) = try check(directory)
    #expect(findings == [])
    #expect(facts?.schema == Migration.current)
    #expect(facts?.newest == now)
    #expect(facts?.counts.map(\.count) == [2, 2, 3, 3, 3, 3, 3, 3])
    #expect(facts?.fingerprints.map(\.fingerprint) == [secrets.fingerprint])
    #expect(Files.names(in: directory.path) == ["data.mdb"])
    #expect(try Files.read(directory.path("data.mdb")) == before)
  }

  @Test(
    "pages that are zeroed, swapped, cut off or used twice are found before they are read through the map")
  func pages() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    let sound = try Files.read(directory.path("data.mdb"))
    let size = 4096
    let count = sound.count / size
    func findings(_ change: (inout [UInt8]) -> Void) throws -> [Finding] {
      let copy = try TemporaryDirectory()
      var bytes = sound
      change(&bytes)
      try Files.write(bytes, to: copy.path("data.mdb"))
      return try check(copy).findings
    }
    var found = 0
    for page in 2..<count {
      let range = page * size..<(page + 1) * size
      let zeroed = try findings { $0.replaceSubrange(range, with: [UInt8](repeating: 0, count: size)) }
      let swapped = try findings { bytes in
        let other = page + 1 < count ? page + 1 : 2
        let moved = Array(bytes[range])
        bytes.replaceSubrange(range, with: bytes[other * size..<(other + 1) * size])
        bytes.replaceSubrange(other * size..<(other + 1) * size, with: moved)
      }
      // A free page can have any content.
      #expect(zeroed.isEmpty || zeroed.allSatisfy { $0.place == "data.mdb" })
      found += (zeroed.isEmpty ? 0 : 1) + (swapped.isEmpty ? 0 : 1)
    }
    #expect(found > count)
    #expect(try findings { $0.removeLast(size) } != [])
    #expect(try findings { $0.removeAll() } != [])
    #expect(try findings { $0 = Array("a text and no data file".utf8) } != [])
    #expect(
      try findings { $0.replaceSubrange(0..<2 * size, with: [UInt8](repeating: 0, count: 2 * size)) } != [])
  }

  @Test("a used page in the list of free pages is found, which the next writer would overwrite")
  func usedTwice() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    try DamagedData.change(directory.path("data.mdb")) { bytes in
      func number(at place: Int) -> Int {
        bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      // The newest state (mm_txnid), the root of its free list and that of its table of tables (mm_dbs[].md_root).
      let meta = number(at: 144) > number(at: 4096 + 144) ? 0 : 4096
      let (free, main) = (number(at: meta + 80) * 4096, number(at: meta + 128))
      // Its first node (mp_ptrs): a header of 8 bytes, a key of 8, the number of pages, and the pages.
      let node = free + (Int(bytes[free + 16]) | Int(bytes[free + 17]) << 8)
      let place = node + 8 + 8 + 8
      for index in 0..<8 { bytes[place + index] = UInt8(truncatingIfNeeded: main >> (8 * index)) }
    }
    let findings = try check(directory).findings
    #expect(findings.contains { $0.text.contains("is used twice") }, "\(findings)")
  }

  @Test("the check of a file with any bytes ends, and never by a signal")
  func anyBytes() throws {
    let directory = try TemporaryDirectory()
    try Self.fill(directory)
    let sound = try Files.read(directory.path("data.mdb"))
    var random = SeededRandom(seed: 11)
    for _ in 0..<200 {
      let copy = try TemporaryDirectory()
      var bytes = sound
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        // Not the first two pages, which LMDB reads itself.
        bytes[Int.random(in: 8192..<bytes.count, using: &random)] = .random(in: .min ... .max, using: &random)
      }
      try Files.write(bytes, to: copy.path("data.mdb"))
      _ = try check(copy)
    }
  }
}
