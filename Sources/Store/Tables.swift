import Accounts
import LMDB

/// The tables of the data file. Index values are the identifiers of the records.
struct Tables: Sendable {
  /// The store's own numbers: `schema`, `sequence`.
  let numbers: Table<NameKey, Number>
  /// `keys`: which keys the store was made with.
  let fingerprints: Table<NameKey, Fingerprint>
  /// Apps by name.
  let apps: Table<NameKey, Number>

  let accounts: Table<RecordKey, Account>
  let usernames: Table<UsernameKey, Number>
  let accountsByAge: Table<OrderedKey, Number>
  let administrators: Table<OrderedKey, Number>
  /// Accounts by the time at which they are to be removed.
  let deletions: Table<DueKey, RecordValue>

  let sessions: Table<RecordKey, Session>
  /// Of one account, by age.
  let sessionsOfAccount: Table<OrderedKey, Number>
  /// Of a whole app, by age.
  let sessionsByAge: Table<OrderedKey, Number>
  /// Sessions by the time at which they expire.
  let expiries: Table<DueKey, RecordValue>

  /// How many accounts, administrators, sessions … an app has.
  let counts: Table<CountKey, Number>

  /// - Parameter makesThem: whether tables that are not there are made; otherwise they are an error, `notFound`.
  init(in transaction: borrowing some Transaction & ~Copyable, makesThem: Bool) throws(LMDBError) {
    numbers = try Table("numbers", in: transaction, makesIt: makesThem)
    fingerprints = try Table("fingerprints", in: transaction, makesIt: makesThem)
    apps = try Table("apps", in: transaction, makesIt: makesThem)
    accounts = try Table("accounts", in: transaction, makesIt: makesThem)
    usernames = try Table("usernames", in: transaction, makesIt: makesThem)
    accountsByAge = try Table("accounts-by-age", in: transaction, makesIt: makesThem)
    administrators = try Table("administrators", in: transaction, makesIt: makesThem)
    deletions = try Table("deletions", in: transaction, makesIt: makesThem)
    sessions = try Table("sessions", in: transaction, makesIt: makesThem)
    sessionsOfAccount = try Table("sessions-of-account", in: transaction, makesIt: makesThem)
    sessionsByAge = try Table("sessions-by-age", in: transaction, makesIt: makesThem)
    expiries = try Table("expiries", in: transaction, makesIt: makesThem)
    counts = try Table("counts", in: transaction, makesIt: makesThem)
  }
}

extension Tables {
  /// The tables, if they have been made.
  static func existing(in transaction: borrowing some Transaction & ~Copyable) throws(LMDBError) -> Tables? {
    do {
      return try Tables(in: transaction, makesThem: false)
    } catch {
      guard error == .notFound else { throw error }
      return nil
    }
  }
}

/// A record of any app, as a value.
struct RecordValue: TableValue {
  let key: RecordKey

  init(app: AppNumber, id: UInt64) { key = RecordKey(app: app, id: id) }

  func encode(into writer: inout ByteWriter) { key.encode(into: &writer) }

  init?(decoding reader: inout ByteReader) {
    guard let key = RecordKey(decoding: &reader) else { return nil }
    self.key = key
  }
}

/// What is counted of an app.
struct CountKey: TableKey {
  enum Counted: UInt8 {
    case accounts = 1
    case administrators = 2
    case sessions = 3
  }

  let app: AppNumber
  let counted: Counted

  init(app: AppNumber, _ counted: Counted) {
    self.app = app
    self.counted = counted
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(counted.rawValue)
  }

  init?(decoding reader: inout ByteReader) {
    guard let app = reader.integer(AppNumber.self),
      let counted = reader.integer(UInt8.self).flatMap(Counted.init)
    else { return nil }
    self.init(app: app, counted)
  }
}
