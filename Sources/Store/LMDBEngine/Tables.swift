import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The tables of the data file. Values of indexes are identifiers of records.
final class Tables: Sendable {
  /// The store's own numbers: `schema`, `sequence`, `migration`.
  let numbers: Table<NameKey, Number>
  /// The fingerprint of the store's secrets (`keys`), and of apps' own (`keys of APPID`).
  let fingerprints: Table<NameKey, Fingerprint>
  /// The number of each app, by name.
  let apps: Table<NameKey, Number>

  let accounts: Table<RecordKey, Account>
  let usernames: Table<UsernameKey, Number>
  let accountsByAge: Table<OrderedKey, Number>
  let administrators: Table<OrderedKey, Number>
  /// Accounts whose deletion is scheduled, by age.
  let deletedAccounts: Table<OrderedKey, Number>
  /// The same accounts, by the time at which their deletion is due.
  let deletions: Table<DueKey, RecordValue>
  /// Removed accounts whose records are not all removed, by their sequence.
  let removals: Table<OrderedKey, Number>
  /// When session epochs of accounts ended, in milliseconds. `sequence` of the key is the epoch.
  let epochEnds: Table<OrderedKey, Number>

  /// `nil` if the schema of the data has none yet.
  let membership: MembershipTables?

  let owned: [OwnedTables]
  /// False if an older program made the data, and it has no tables of some kinds yet.
  let isComplete: Bool
  /// The sessions, with their type: every request of a signed-in caller reads one.
  let sessions: Table<RecordKey, Session>

  /// The number of accounts, administrators, sessions and so on of an app or an account.
  let counts: Table<CountKey, Number>
  let metrics: Table<MetricKey, Number>
  let attempts: CounterTables
  /// In tables of their own, so that sign-ins take no room from attempts.
  let knownAddresses: CounterTables

  /// The number of tables in the data file.
  static func count(_ kinds: [OwnedKind]) -> Int {
    20
      + kinds.reduce(0) { count, kind in
        count + 3 + [kind.dueIndex, kind.hashIndex, kind.searchIndex].count { $0 != nil }
      }
  }

  /// - Parameters:
  ///   - createIfMissing: true to create missing tables; if false, a missing table is the error `notFound`, but for
  ///     those of owned kinds (`isComplete`) and of membership.
  ///   - mostCounters: the maximum number of counters of each kind.
  init(
    _ kinds: [OwnedKind], in transaction: borrowing some Transaction & ~Copyable, createIfMissing: Bool,
    mostCounters: Int
  ) throws(LMDBError) {
    numbers = try Table("numbers", in: transaction, createIfMissing: createIfMissing)
    fingerprints = try Table("fingerprints", in: transaction, createIfMissing: createIfMissing)
    apps = try Table("apps", in: transaction, createIfMissing: createIfMissing)
    accounts = try Table("accounts", in: transaction, createIfMissing: createIfMissing)
    usernames = try Table("usernames", in: transaction, createIfMissing: createIfMissing)
    accountsByAge = try Table("accounts-by-age", in: transaction, createIfMissing: createIfMissing)
    administrators = try Table("administrators", in: transaction, createIfMissing: createIfMissing)
    deletedAccounts = try Table("deleted-accounts", in: transaction, createIfMissing: createIfMissing)
    deletions = try Table("deletions", in: transaction, createIfMissing: createIfMissing)
    removals = try Table("removals", in: transaction, createIfMissing: createIfMissing)
    epochEnds = try Table("epoch-ends", in: transaction, createIfMissing: createIfMissing)
    membership = try Self.membership(in: transaction, createIfMissing: createIfMissing)
    var owned: [OwnedTables] = []
    for kind in kinds {
      do {
        owned.append(try OwnedTables(kind, in: transaction, createIfMissing: createIfMissing))
      } catch {
        guard error == .notFound else { throw error }
      }
    }
    self.owned = owned
    isComplete = owned.count == kinds.count
    sessions = try Table(Session.kind.recordsName, in: transaction, createIfMissing: createIfMissing)
    counts = try Table("counts", in: transaction, createIfMissing: createIfMissing)
    metrics = try Table("metrics", in: transaction, createIfMissing: createIfMissing)
    attempts = try CounterTables(
      "guesses", byEnd: "guesses-by-end", most: mostCounters, in: transaction,
      createIfMissing: createIfMissing)
    knownAddresses = try CounterTables(
      "known-addresses", byEnd: "known-addresses-by-end", most: mostCounters, in: transaction,
      createIfMissing: createIfMissing)
  }

  /// Only a migration creates these tables in existing data. Until then the keys of the data can be checked without them.
  private static func membership(
    in transaction: borrowing some Transaction & ~Copyable, createIfMissing: Bool
  ) throws(LMDBError) -> MembershipTables? {
    do {
      return try MembershipTables(in: transaction, createIfMissing: createIfMissing)
    } catch {
      guard error == .notFound else { throw error }
      return nil
    }
  }

  /// The tables; `nil` if one that every schema has does not exist.
  static func existing(
    _ kinds: [OwnedKind], in transaction: borrowing some Transaction & ~Copyable, mostCounters: Int
  ) throws(LMDBError) -> Tables? {
    do {
      return try Tables(kinds, in: transaction, createIfMissing: false, mostCounters: mostCounters)
    } catch {
      guard error == .notFound else { throw error }
      return nil
    }
  }

  /// The tables of a kind.
  ///
  /// - Throws: `UnregisteredKind` if the store was opened without the kind.
  func owned(_ kind: OwnedKind) throws -> OwnedTables {
    for tables in owned where tables.kind.number == kind.number { return tables }
    throw UnregisteredKind(name: "\(kind.recordsName)")
  }

  /// The records of a kind.
  func records<Record: OwnedRecord>(_: Record.Type) throws -> Table<RecordKey, Record> {
    try owned(Record.kind).records.retyped()
  }
}

/// The store was opened without this kind of owned records.
struct UnregisteredKind: Error {
  let name: String
}

extension AccountList.Order {
  func includes(_ account: Account) -> Bool {
    switch self {
    case .all: true
    case .administrators: account.isAdministrator
    case .deleted: account.deletedAt != nil
    case .named: account.membership?.sealedUsername != nil
    }
  }

  /// `nil` if the schema of the data has none yet.
  func table(_ tables: Tables) -> Table<OrderedKey, Number>? {
    switch self {
    case .all: tables.accountsByAge
    case .administrators: tables.administrators
    case .deleted: tables.deletedAccounts
    case .named: tables.membership?.named
    }
  }

  var counted: CountKey.Counted {
    switch self {
    case .all: .accounts
    case .administrators: .administrators
    case .deleted: .deletedAccounts
    case .named: .namedAccounts
    }
  }
}
