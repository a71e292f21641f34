import DashboardCrypto
import DashboardLMDB
import DashboardRecords
import DashboardStore
import DashboardWireFormat
import TestSupport
import Testing

let secrets = Secrets(encryption: "encryption-key", session: "session-key")

/// The default moment of every event in these tests.
let now = Timestamp(milliseconds: 1_700_000_000_123)

func app(_ name: String = "app") throws -> AppName { try #require(AppName(name)) }

/// A storage engine that the store's tests can use.
enum TestEngine: CaseIterable, Sendable {
  case dataFile

  /// The engine of this run. Change it to test another engine.
  static let current = TestEngine.dataFile

  func open(
    _ directory: TemporaryDirectory, size: Int = 64 << 20, secrets: Secrets = StoreTests.secrets,
    options: Store.Options = Store.Options()
  ) throws(Store.OpeningError) -> Store {
    switch self {
    case .dataFile:
      try Store(.dataFile(directory: directory.path, maximumSize: size), secrets: secrets, options: options)
    }
  }
}

/// A store for one test, with shortcuts for common steps.
struct Fixture {
  let directory: TemporaryDirectory
  let store: Store

  init(
    _ engine: TestEngine = .current, in directory: TemporaryDirectory? = nil,
    options: Store.Options = Store.Options()
  ) throws {
    let directory = try directory ?? TemporaryDirectory()
    self.directory = directory
    store = try engine.open(directory, options: options)
  }

  /// - Parameter random: the source of identifiers.
  init(random: any RandomSource) throws {
    var options = Store.Options()
    options.random = random
    try self.init(options: options)
  }

  func register(_ username: String, in app: AppName, passwordHash: PasswordHash = PasswordHash(text: ""))
    throws -> Account
  {
    try store.write(app) { change in
      try change.register(
        .new(username, in: app, passwordHash: passwordHash))
    }
  }

  /// Reads the account, then signs in.
  func signIn(_ account: Account, duration: Int64 = 1200, at time: Timestamp = now) throws -> Session {
    try store.write(account.appid) { change in
      guard let current = try change.current.account(account.accountid) else { throw Failure() }
      return try change.signIn(current, .new(of: current, duration: duration, at: time))
    }
  }

  func account(_ id: AccountID, in app: AppName) throws -> Account? {
    try store.read(app) { try $0.account(id) }
  }

  func sessionCount(of account: Account) throws -> Int {
    try store.read(account.appid) { try $0.sessionCount(of: account) }
  }

  func accountCount(in app: AppName) throws -> Int { try store.read(app) { try $0.accountCount() } }
}

extension Snapshot {
  func session(_ id: SessionID) throws -> Session? { try record(id) }

  func sessions(of account: Account, after last: Session? = nil, offset: Int = 0, limit: Int) throws
    -> [Session]
  {
    try records(of: account, after: last?.sequence, offset: offset, limit: limit)
  }

  func sessionCount(of account: Account) throws -> Int { try count(Session.self, of: account) }

  func accountCount() throws -> Int { try count(.all) }
}

/// Operations that the rules build from the primitives of `Change`.
extension Change {
  func register(_ account: Account) throws -> Account {
    var account = account
    if try claimOwnership() {
      account.ownerSince = account.createdAt
      account.administratorSince = account.createdAt
    }
    return try insert(account)
  }

  @discardableResult func signIn(_ account: Account, _ session: Session) throws -> Session {
    let session = try insert(session, of: account)
    var account = account
    account.lastSignedInAt = session.createdAt
    account.updatedAt = session.createdAt
    try update(account)
    return session
  }

  func scheduleDeletion(of account: Account, at due: Timestamp, now: Timestamp) throws {
    var account = account
    account.deletedAt = due
    try endSessions(of: &account, at: now)
    try update(account)
  }
}

/// Returns the same bits each time.
struct RepeatingRandom: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xFF, count: count) }
}

struct Failure: Error, Equatable {}

extension Account {
  static func new(
    _ username: String, in app: AppName, passwordHash: PasswordHash = PasswordHash(text: "")
  ) -> Account {
    Account(
      appid: app, usernameHash: secrets.hash(username.utf8), passwordHash: passwordHash,
      sessionSalt: Array("of the account".utf8),
      createdAt: now)
  }
}

extension Session {
  static func new(
    of account: Account, duration: Int64 = 1200, at time: Timestamp = now
  ) -> Session {
    Session(
      appid: account.appid, accountid: account.accountid, duration: duration,
      csrfToken: SystemRandom().bytes(64), tokenHash: SystemRandom().bytes(64),
      epoch: account.sessionEpoch, createdAt: time)
  }
}

/// Changes a table of data that no store has open.
func changeTable(
  in directory: TemporaryDirectory, _ name: StaticString,
  _ body: (Table<Stored, Stored>, borrowing WriteTransaction) throws -> Void
) throws {
  var options = Environment.Options()
  options.mapSize = 64 << 20
  options.maximumTables = 1
  let environment = try Environment(directory: directory.path, options: options)
  try environment.write { transaction in
    try body(Table(name, in: transaction, createIfMissing: false), transaction)
  }
}

/// The bytes of a stored key or value.
struct Stored: ByteCodable {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func encode(into writer: inout ByteWriter) { writer.append(bytes: bytes) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    bytes = []
    while let byte = reader.integer(UInt8.self) { bytes.append(byte) }
  }
}

/// Changes every value of a table in the data file. The store must be closed.
func changeValues(
  ofTable name: StaticString, in directory: TemporaryDirectory, _ change: (inout [UInt8]) -> Void
)
  throws
{
  var options = Environment.Options()
  options.mapSize = 64 << 20
  let environment = try Environment(directory: directory.path, options: options)
  try environment.write { transaction in
    let table: Table<Stored, Stored> = try Table(name, in: transaction, createIfMissing: true)
    var entries: [(Stored, Stored)] = []
    try table.scan(prefix: [], in: transaction) { key, value in
      entries.append((key, value))
      return true
    }
    for (key, var value) in entries {
      change(&value.bytes)
      try table.put(key, value, in: transaction)
    }
  }
}
