import DashboardLMDB
import DashboardRecords

/// The consistency check of indexes and counts against the records.
extension DataFileEngine {
  func problems() throws -> [String] {
    try inspect { transaction, tables in
      var check = Check(tables)
      try check.accounts(in: transaction)
      for owned in tables.owned { try check.records(owned, in: transaction) }
      try check.counters(in: transaction)
      try check.counts(in: transaction)
      return check.problems
    }
  }
}

/// One pass over the tables.
///
/// Each entry that a record should have in an index is looked up. An index has no other entries if its size
/// is right.
private struct Check {
  private let tables: Tables
  private(set) var problems: [String] = []
  /// The counts according to the records.
  private var expected: [CountKey: Int] = [:]
  /// The sequence of each account.
  private var owners: [RecordKey: UInt64] = [:]
  /// The places of removed accounts whose records are not all removed.
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
      expect(
        try tables.usernames.get(username, in: transaction)?.value == id.rawValue,
        "usernames: wrong entry for \(id)")
      expect(
        try tables.accountsByAge.get(place, in: transaction)?.value == id.rawValue,
        "accounts-by-age: wrong entry for \(id)")
      let listing = try tables.administrators.get(place, in: transaction)?.value
      expect(
        listing == (account.isAdministrator ? id.rawValue : nil), "administrators: wrong entry for \(id)")
      let deletion = try tables.deletedAccounts.get(place, in: transaction)?.value
      expect(
        deletion == (account.deletedAt != nil ? id.rawValue : nil), "deleted-accounts: wrong entry for \(id)")
      if let due = account.deletedAt {
        let key = DueKey(time: due, sequence: account.sequence)
        expect(try tables.deletions.get(key, in: transaction) != nil, "deletions: no entry for \(id)")
      }
      listed += 1
      administrators += account.isAdministrator ? 1 : 0
      deleted += account.deletedAt != nil ? 1 : 0
      expected[CountKey(app: key.app, .accounts), default: 0] += 1
      if account.isAdministrator { expected[CountKey(app: key.app, .administrators), default: 0] += 1 }
      if account.deletedAt != nil { expected[CountKey(app: key.app, .deletedAccounts), default: 0] += 1 }
    }
    expect(try tables.usernames.count(in: transaction) == listed, "usernames: entries without an account")
    expect(
      try tables.accountsByAge.count(in: transaction) == listed, "accounts-by-age: entries without an account"
    )
    expect(
      try tables.administrators.count(in: transaction) == administrators,
      "administrators: entries without an account")
    expect(
      try tables.deletedAccounts.count(in: transaction) == deleted,
      "deleted-accounts: entries without an account")
    expect(try tables.deletions.count(in: transaction) == deleted, "deletions: entries without an account")
    try tables.removals.scan(prefix: [], in: transaction) { key, _ in
      removed.insert(key)
      return true
    }
  }

  mutating func records(_ owned: OwnedTables, in transaction: borrowing ReadTransaction) throws {
    var (count, dueCount, hashCount) = (0, 0, 0)
    try owned.records.scan(prefix: [], in: transaction) { key, stored in
      let record = try owned.decoded(stored)
      count += 1
      let place = OrderedKey(app: key.app, owner: 0, sequence: record.sequence)
      if try owned.byAge.get(place, in: transaction)?.value != key.id {
        problems.append("\(owned.byAge.name): wrong entry for \(key.id)")
      }
      if let index = owned.due, let time = record.dueAt {
        dueCount += 1
        let found = try index.get(DueKey(time: time, sequence: record.sequence), in: transaction)
        if found?.key != key { problems.append("\(index.name): wrong entry for \(key.id)") }
      }
      if record.lookupHash != nil { hashCount += 1 }
      guard let owner = owners[RecordKey(app: key.app, id: record.accountid.rawValue)] else { return true }
      let own = OrderedKey(app: key.app, owner: owner, sequence: record.sequence)
      if try owned.ofAccount.get(own, in: transaction)?.value != key.id {
        problems.append("\(owned.ofAccount.name): wrong entry for \(key.id)")
      }
      if let index = owned.byHash, let hash = record.lookupHash {
        let hashKey = HashKey(app: key.app, owner: owner, hash: hash, sequence: record.sequence)
        if try index.get(hashKey, in: transaction)?.value != key.id {
          problems.append("\(index.name): wrong entry for \(key.id)")
        }
      }
      expected[CountKey(app: key.app, owned.counted), default: 0] += 1
      expected[CountKey(app: key.app, owner: owner, owned.counted), default: 0] += 1
      return true
    }
    try expect(owned.byAge, count, in: transaction)
    try expect(owned.ofAccount, count, in: transaction)
    if let index = owned.due { try expect(index, dueCount, in: transaction) }
    if let index = owned.byHash { try expect(index, hashCount, in: transaction) }
    // A record without an account must belong to a removed account.
    try owned.ofAccount.scan(prefix: [], in: transaction) { key, _ in
      let isOwned = removed.contains(OrderedKey(app: key.app, owner: 0, sequence: key.owner))
      if !isOwned, expected[CountKey(app: key.app, owner: key.owner, owned.counted)] == nil {
        problems.append("\(owned.ofAccount.name): a record without an account")
      }
      return true
    }
  }

  private mutating func expect<Key: TableKey, Value: TableValue>(
    _ index: Table<Key, Value>, _ count: Int, in transaction: borrowing ReadTransaction
  ) throws {
    let found = try index.count(in: transaction)
    if found != count { problems.append("\(index.name): \(found) entries for \(count) records") }
  }

  mutating func counters(in transaction: borrowing ReadTransaction) throws {
    for tables in [tables.attempts, tables.knownAddresses] {
      try expect(tables.ends, tables.counters.count(in: transaction), in: transaction)
    }
  }

  mutating func counts(in transaction: borrowing ReadTransaction) throws {
    var stored: [CountKey: Int] = [:]
    try tables.counts.scan(prefix: [], in: transaction) { key, value in
      stored[key] = Int(clamping: value.value)
      return true
    }
    for (key, count) in expected where stored[key] != count {
      problems.append(
        "count \(key.counted.rawValue) of \(key.app)/\(key.owner): \(stored[key] ?? 0), expected \(count)")
    }
    for (key, count) in stored where expected[key] == nil && key.counted != .owners {
      problems.append("count \(key.counted.rawValue) of \(key.app)/\(key.owner): \(count), expected 0")
    }
  }
}
