import DashboardLMDB
import DashboardRecords

/// Whether indexes and counts agree with the records.
extension Store {
  /// What is wrong with the data, a sentence each; nothing if it is sound. Reads everything, as of one moment.
  package func problems() throws -> [String] {
    try look { transaction, tables in
      var check = Check(tables)
      try check.accounts(in: transaction)
      try check.records(Session.self, in: transaction)
      try check.records(Profile.self, in: transaction)
      try check.records(ResetCode.self, in: transaction)
      try check.dueTimes(in: transaction)
      try check.counts(in: transaction)
      return check.problems
    }
  }
}

/// One pass over the tables. What a record should have in an index is looked up; that an index has nothing else follows
/// from its size.
private struct Check {
  private let tables: Tables
  private(set) var problems: [String] = []
  /// What the records say that the counts should be.
  private var expected: [CountKey: Int] = [:]
  /// Sequences of accounts, and of those that are being removed.
  private var owners: [RecordKey: UInt64] = [:]
  private var removed: Set<OrderedKey> = []

  init(_ tables: Tables) { self.tables = tables }

  private mutating func expect(_ isTrue: Bool, _ problem: @autoclosure () -> String) {
    if !isTrue { problems.append(problem()) }
  }

  mutating func accounts(in transaction: borrowing ReadTransaction) throws {
    var accounts: [(RecordKey, Account)] = []
    try tables.accounts.scan(prefix: [], in: transaction) { key, account in
      accounts.append((key, account))
      return true
    }
    var listed = 0
    var administrators = 0
    var deleted = 0
    for (key, account) in accounts {
      let id = account.accountid
      let place = OrderedKey(app: key.app, owner: 0, sequence: account.sequence)
      owners[key] = account.sequence
      let username = UsernameKey(app: key.app, hash: account.usernameHash)
      expect(try tables.usernames.get(username, in: transaction)?.value == id.rawValue, "\(id): its username")
      expect(try tables.accountsByAge.get(place, in: transaction)?.value == id.rawValue, "\(id): its place")
      let listing = try tables.administrators.get(place, in: transaction)?.value
      expect(
        listing == (account.isAdministrator ? id.rawValue : nil), "\(id): its place among the administrators")
      let deletion = try tables.deletedAccounts.get(place, in: transaction)?.value
      expect(deletion == (account.deletedAt != nil ? id.rawValue : nil), "\(id): its place among the deleted")
      if let due = account.deletedAt {
        let key = DueKey(time: due, sequence: account.sequence)
        expect(try tables.deletions.get(key, in: transaction) != nil, "\(id): its deletion")
      }
      listed += 1
      administrators += account.isAdministrator ? 1 : 0
      deleted += account.deletedAt != nil ? 1 : 0
      expected[CountKey(app: key.app, .accounts), default: 0] += 1
      if account.isAdministrator { expected[CountKey(app: key.app, .administrators), default: 0] += 1 }
      if account.deletedAt != nil { expected[CountKey(app: key.app, .deletedAccounts), default: 0] += 1 }
    }
    expect(try tables.usernames.count(in: transaction) == listed, "usernames of no account")
    expect(try tables.accountsByAge.count(in: transaction) == listed, "places of no account")
    expect(try tables.administrators.count(in: transaction) == administrators, "administrators of no account")
    expect(try tables.deletedAccounts.count(in: transaction) == deleted, "deleted of no account")
    expect(try tables.deletions.count(in: transaction) == deleted, "deletions of no account")
    try tables.removals.scan(prefix: [], in: transaction) { key, _ in
      removed.insert(key)
      return true
    }
  }

  mutating func records<Record: StoredRecord>(_: Record.Type, in transaction: borrowing ReadTransaction)
    throws
  {
    let records = Record.tables(tables)
    var count = 0
    try records.records.scan(prefix: [], in: transaction) { key, record in
      count += 1
      let place = OrderedKey(app: key.app, owner: 0, sequence: record.sequence)
      if try records.byAge.get(place, in: transaction)?.value != key.id {
        problems.append("\(record.id): its place")
      }
      guard let owner = owners[RecordKey(app: key.app, id: record.accountid.rawValue)] else { return true }
      let own = OrderedKey(app: key.app, owner: owner, sequence: record.sequence)
      if try records.ofAccount.get(own, in: transaction)?.value != key.id {
        problems.append("\(record.id): its place of its account")
      }
      expected[CountKey(app: key.app, records.counted), default: 0] += 1
      expected[CountKey(app: key.app, owner: owner, records.counted), default: 0] += 1
      return true
    }
    expect(try records.byAge.count(in: transaction) == count, "\(records.byAge.name): of no record")
    expect(try records.ofAccount.count(in: transaction) == count, "\(records.ofAccount.name): of no record")
    // Records without an account are those of accounts that are being removed.
    try records.ofAccount.scan(prefix: [], in: transaction) { key, _ in
      let isOwned = removed.contains(OrderedKey(app: key.app, owner: 0, sequence: key.owner))
      if !isOwned, expected[CountKey(app: key.app, owner: key.owner, records.counted)] == nil {
        problems.append("\(records.ofAccount.name): of nobody")
      }
      return true
    }
  }

  mutating func dueTimes(in transaction: borrowing ReadTransaction) throws {
    let sessions = try tables.sessions.records.count(in: transaction)
    expect(try tables.expiries.count(in: transaction) == sessions, "expiries of no session")
    try tables.expiries.scan(prefix: [], in: transaction) { key, value in
      let session = try tables.sessions.records.get(value.key, in: transaction)
      let isRight = session.map { DueKey(time: $0.expiresAt, sequence: $0.sequence) == key } ?? false
      if !isRight { problems.append("an expiry of no session") }
      return true
    }
    for tallies in [tables.guesses, tables.knownAddresses] {
      let (count, ends) = (
        try tallies.tallies.count(in: transaction), try tallies.ends.count(in: transaction)
      )
      expect(count == ends, "\(tallies.ends.name): of no tally, or too few")
    }
    let codes = try tables.resetCodes.records.count(in: transaction)
    expect(try tables.resetCodesByHash.count(in: transaction) == codes, "hashes of no reset code")
  }

  mutating func counts(in transaction: borrowing ReadTransaction) throws {
    var stored: [CountKey: Int] = [:]
    try tables.counts.scan(prefix: [], in: transaction) { key, value in
      stored[key] = Int(clamping: value.value)
      return true
    }
    for (key, count) in expected where stored[key] != count {
      problems.append("\(key.counted) of \(key.app)/\(key.owner): \(stored[key] ?? 0) for \(count)")
    }
    for (key, count) in stored where expected[key] == nil && key.counted != .owners {
      problems.append("\(key.counted) of \(key.app)/\(key.owner): \(count) for none")
    }
  }
}
