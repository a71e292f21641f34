import DashboardCrypto
import DashboardWireFormat
import DashboardLMDB
import DashboardRecords
import DashboardStore
import TestSupport
import Testing

@Suite("durability")
struct DurabilityTests {
  let directory: TemporaryDirectory
  let app: AppName

  init() throws {
    directory = try TemporaryDirectory()
    app = try StoreTests.app()
  }

  private func open(mapSize: Int = 64 << 20, secrets: Secrets = StoreTests.secrets) throws(Store.OpeningError)
    -> Store
  {
    try TestEngine.current.open(directory, size: mapSize, secrets: secrets)
  }

  private func register(_ username: String, in store: Store, hash: PasswordHash = PasswordHash(text: ""))
    throws -> Account
  {
    try store.write(app) {
      try $0.register(.new(username, in: app, passwordHash: hash))
    }
  }

  @Test("a reopened store has the written records")
  func reopening() throws {
    let first = try register("first", in: open())
    let store = try open()
    #expect(try store.read(app) { try $0.account(first.accountid)?.isOwner } == true)
    let second = try register("second", in: store)
    #expect(!second.isOwner)
    #expect(second.sequence > first.sequence)
  }

  @Test("an error undoes the whole write")
  func rollback() throws {
    let store = try open()
    let account = try register("somebody", in: store)
    #expect(throws: Failure()) {
      try store.write(app) { change in
        _ = try change.register(.new("other", in: app))
        try change.signIn(account, .new(of: account))
        throw Failure()
      }
    }
    try store.read(app) { snapshot throws in
      #expect(try snapshot.accountCount() == 1)
      #expect(try snapshot.account(usernameHashes: [secrets.hash("other".utf8)]) == nil)
      #expect(try snapshot.sessionCount(of: account) == 0)
      #expect(try snapshot.sessions(of: account, limit: 10).count == 0)
    }
    let sequence = try store.write(app) { try $0.nextPlace() }
    #expect(sequence == account.sequence + 1)
  }

  @Test("a read rethrows the error of its body")
  func readError() throws {
    let store = try open()
    #expect(throws: Failure()) { try store.read(app) { _ in throw Failure() } }
  }

  @Test("a missing directory is refused by its path")
  func missingDirectory() {
    let missing = "\(directory.path)/missing"
    let error = #expect(throws: Store.OpeningError.self) {
      try Store(.dataFile(directory: missing, maximumSize: 1 << 20), secrets: secrets)
    }
    #expect(error?.description == "\(missing): No such file or directory")
  }

  @Test(
    "other keys are refused, and the right keys still open the store",
    arguments: [("other", "session-key"), ("encryption-key", "other")])
  func otherKeys(encryption: String, session: String) throws {
    let account = try register("somebody", in: open())
    let error = #expect(throws: Store.OpeningError.self) {
      try open(secrets: Secrets(encryption: encryption, session: session))
    }
    #expect(error?.description.contains("DASHBOARD_ENCRYPTION_KEY") == true)
    #expect(error?.description.contains(directory.path) == true)
    #expect(error?.description.contains("other") == false)
    #expect(try open().read(app) { try $0.account(account.accountid) } != nil)
  }

  @Test("data of a newer schema is refused")
  func newerSchema() throws {
    _ = try register("somebody", in: open())
    try changeValues(ofTable: "numbers", in: directory) { $0 = [0, 0, 0, 0, 0, 0, 0, 99] }
    let error = #expect(throws: Store.OpeningError.self) { try open() }
    #expect(error?.description.contains("a newer version") == true)
  }

  @Test("a record of a newer form is refused", arguments: ["accounts", "sessions"] as [StaticString])
  func newerForm(table: StaticString) throws {
    let sessions = try signIn(accounts: 1)
    try changeValues(ofTable: table, in: directory) { $0[0] = 99 }
    let store = try open()
    let error = #expect(throws: UnreadableRecord.self) { try readRecords(of: sessions[0], in: store) }
    #expect(error?.table == "\(table)")
  }

  @Test("every truncated record is refused", arguments: ["accounts", "sessions"] as [StaticString])
  func truncated(table: StaticString) throws {
    let sessions = try signIn(accounts: 300)
    var (number, length) = (0, 0)
    try changeValues(ofTable: table, in: directory) { record in
      length = record.count
      record = Array(record.prefix(number % length))
      number += 1
    }
    // Each length occurred at least once.
    #expect(number > length)
    let store = try open()
    for session in sessions {
      #expect(throws: UnreadableRecord.self) { try readRecords(of: session, in: store) }
    }
  }

  private func signIn(accounts: Int) throws -> [Session] {
    try open().write(app) { change in
      try (0..<accounts).map { number in
        let account = try change.register(.new("\(number)", in: app))
        return try change.signIn(account, .new(of: account))
      }
    }
  }

  private func readRecords(of session: Session, in store: Store) throws {
    try store.read(app) { snapshot in
      _ = try #require(try snapshot.account(session.accountid))
      _ = try #require(try snapshot.session(session.sessionid))
    }
  }

  @Test("the file holds no secret")
  func noSecrets() throws {
    let random = SystemRandom()
    let (username, password, token) = ("a username", "a password", random.bytes(32))
    let store = try open()
    let hash = try PasswordHash(password.utf8, .bcrypt(cost: 4), secrets: secrets, random: random)
    let account = try register(username, in: store, hash: hash)
    let session = try store.write(app) { change in
      let tokenText = Hexadecimal.text(token)
      var session = Session(
        appid: app, accountid: account.accountid, duration: 1200, csrfToken: random.bytes(64),
        tokenHash: secrets.tokenHash(
          accountid: account.accountid, token: Array(tokenText.utf8)[...], sessionSalt: account.sessionSalt),
        epoch: account.sessionEpoch, createdAt: now)
      session.token = tokenText
      return try change.signIn(account, session)
    }
    let file = try Files.read("\(directory.path)/data.mdb")
    func isStored(_ bytes: [UInt8]) -> Bool { file.contains(bytes) }
    // The search must find the bytes that are stored.
    for stored in [Array(hash.text.utf8), session.tokenHash, account.usernameHash] {
      #expect(isStored(stored))
    }
    for secret in [username, password, Hexadecimal.text(token), secrets.encryption, secrets.session] {
      #expect(!isStored(Array(secret.utf8)), "\(secret)")
    }
    #expect(!isStored(token))
  }

  @Test("a full map makes the store unavailable and loses nothing")
  func fullMap() throws {
    let large = PasswordHash(text: String(repeating: "x", count: 60_000))
    var accounts: [Account] = []
    do {
      let store = try open(mapSize: 1 << 20)
      #expect(throws: Store.Unavailable.self) {
        while accounts.count < 100 {
          accounts.append(try register("user\(accounts.count)", in: store, hash: large))
        }
      }
      #expect(accounts.count > 5)
      #expect(try store.read(app) { try $0.accountCount() } == accounts.count)
    }
    let store = try open()
    for account in accounts {
      #expect(try store.read(app) { try $0.account(account.accountid)?.passwordHash } == large)
    }
    #expect(try store.read(app) { try $0.accountCount() } == accounts.count)
    _ = try register("user\(accounts.count)", in: store, hash: large)
  }
}
