import DashboardLMDB
import DashboardRecords

/// The tables of the data file. Index values are the identifiers of the records.
package final class Tables: Sendable {
  /// The store's own numbers: `schema`, `sequence`.
  let numbers: Table<NameKey, Number>
  /// `keys`: which keys the store was made with; `keys of APPID`: an app's own.
  let fingerprints: Table<NameKey, Fingerprint>
  /// Apps by name.
  let apps: Table<NameKey, Number>

  let accounts: Table<RecordKey, Account>
  let usernames: Table<UsernameKey, Number>
  let accountsByAge: Table<OrderedKey, Number>
  let administrators: Table<OrderedKey, Number>
  /// Accounts that are to be removed, by age.
  let deletedAccounts: Table<OrderedKey, Number>
  /// The same by the time at which that is due.
  let deletions: Table<DueKey, RecordValue>
  /// Accounts that are gone while records of theirs are still to be removed, by the sequence that was theirs.
  let removals: Table<OrderedKey, Number>

  let sessions: RecordTables<Session>
  /// Sessions by the time at which they expire.
  let expiries: Table<DueKey, RecordValue>
  /// When an account's epochs of sessions ended, in milliseconds; `sequence` of the key is the epoch.
  let epochEnds: Table<OrderedKey, Number>
  let profiles: RecordTables<Profile>
  let resetCodes: RecordTables<ResetCode>
  let resetCodesByHash: Table<CodeKey, Number>

  /// How many accounts, administrators, sessions … an app or an account has.
  let counts: Table<CountKey, Number>
  let metrics: Table<MetricKey, Number>
  let guesses: TallyTables
  /// Apart from the guesses, so that right sign-ins, which nobody limits, leave no less room for those.
  let knownAddresses: TallyTables

  /// - Parameters:
  ///   - makesThem: whether tables that are not there are made; otherwise they are an error, `notFound`.
  ///   - mostTallies: that are kept of a kind.
  init(
    in transaction: borrowing some Transaction & ~Copyable, makesThem: Bool, mostTallies: Int
  ) throws(LMDBError) {
    numbers = try Table("numbers", in: transaction, makesIt: makesThem)
    fingerprints = try Table("fingerprints", in: transaction, makesIt: makesThem)
    apps = try Table("apps", in: transaction, makesIt: makesThem)
    accounts = try Table("accounts", in: transaction, makesIt: makesThem)
    usernames = try Table("usernames", in: transaction, makesIt: makesThem)
    accountsByAge = try Table("accounts-by-age", in: transaction, makesIt: makesThem)
    administrators = try Table("administrators", in: transaction, makesIt: makesThem)
    deletedAccounts = try Table("deleted-accounts", in: transaction, makesIt: makesThem)
    deletions = try Table("deletions", in: transaction, makesIt: makesThem)
    removals = try Table("removals", in: transaction, makesIt: makesThem)
    sessions = try RecordTables(
      "sessions", ofAccount: "sessions-of-account", byAge: "sessions-by-age", .sessions, in: transaction,
      makesThem: makesThem)
    expiries = try Table("expiries", in: transaction, makesIt: makesThem)
    epochEnds = try Table("epoch-ends", in: transaction, makesIt: makesThem)
    profiles = try RecordTables(
      "profiles", ofAccount: "profiles-of-account", byAge: "profiles-by-age", .profiles, in: transaction,
      makesThem: makesThem)
    resetCodes = try RecordTables(
      "reset-codes", ofAccount: "reset-codes-of-account", byAge: "reset-codes-by-age", .resetCodes,
      in: transaction, makesThem: makesThem)
    resetCodesByHash = try Table("reset-codes-by-hash", in: transaction, makesIt: makesThem)
    counts = try Table("counts", in: transaction, makesIt: makesThem)
    metrics = try Table("metrics", in: transaction, makesIt: makesThem)
    guesses = try TallyTables(
      "guesses", byEnd: "guesses-by-end", most: mostTallies, in: transaction, makesThem: makesThem)
    knownAddresses = try TallyTables(
      "known-addresses", byEnd: "known-addresses-by-end", most: mostTallies, in: transaction,
      makesThem: makesThem)
  }

  /// The tables, if they have been made.
  static func existing(
    in transaction: borrowing some Transaction & ~Copyable, mostTallies: Int
  ) throws(LMDBError) -> Tables? {
    do {
      return try Tables(in: transaction, makesThem: false, mostTallies: mostTallies)
    } catch {
      guard error == .notFound else { throw error }
      return nil
    }
  }
}

/// A list of accounts, in the order of their creation.
package enum AccountList: Sendable {
  case all
  case administrators
  /// Those whose deletion has been asked for.
  case deleted

  func table(_ tables: Tables) -> Table<OrderedKey, Number> {
    switch self {
    case .all: tables.accountsByAge
    case .administrators: tables.administrators
    case .deleted: tables.deletedAccounts
    }
  }

  var counted: CountKey.Counted {
    switch self {
    case .all: .accounts
    case .administrators: .administrators
    case .deleted: .deletedAccounts
    }
  }
}
