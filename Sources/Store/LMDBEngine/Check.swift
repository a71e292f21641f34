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
  /// The counts of groups according to the accounts.
  private var groups: [GroupKey: Int] = [:]
  /// The sequence of each account.
  private var owners: [RecordKey: UInt64] = [:]
  /// The places of removed accounts whose records are not all removed.
  private var removed: Set<OrderedKey> = []

  init(_ tables: Tables) { self.tables = tables }

  /// Expects that an index has an entry for a record; none if `id` is `nil`.
  private mutating func expect<Key: TableKey>(
    _ index: Table<Key, Number>, at key: Key, _ id: UInt64?, for record: some CustomStringConvertible,
    in transaction: borrowing ReadTransaction
  ) throws {
    let found = try index.get(key, in: transaction)?.value
    if found != id { problems.append("\(index.name): wrong entry for \(record)") }
  }

  private mutating func expect<Key: TableKey, Value: TableValue>(
    _ index: Table<Key, Value>, _ count: Int, in transaction: borrowing ReadTransaction
  ) throws {
    let found = try index.count(in: transaction)
    if found != count { problems.append("\(index.name): \(found) entries for \(count) records") }
  }

  mutating func accounts(in transaction: borrowing ReadTransaction) throws {
    var listed: [AccountList.Order: Int] = [:]
    try tables.accounts.scan(prefix: [], in: transaction) { key, account in
      let id = account.accountid
      owners[key] = account.sequence
      let username = UsernameKey(app: key.app, hash: account.usernameHash)
      try expect(tables.usernames, at: username, id.rawValue, for: id, in: transaction)
      let place = OrderedKey(app: key.app, owner: 0, sequence: account.sequence)
      for list in AccountList.Order.allCases {
        let isListed = list.includes(account)
        if let table = list.table(tables) {
          try expect(table, at: place, isListed ? id.rawValue : nil, for: id, in: transaction)
        }
        guard isListed else { continue }
        listed[list, default: 0] += 1
        expected[CountKey(app: key.app, list.counted), default: 0] += 1
      }
      if let due = account.deletedAt {
        let found = try tables.deletions.get(DueKey(time: due, sequence: account.sequence), in: transaction)
        if found?.key != key { problems.append("\(tables.deletions.name): wrong entry for \(id)") }
      }
      try groups(of: account, key.app, in: transaction)
      return true
    }
    try expect(tables.usernames, owners.count, in: transaction)
    for list in AccountList.Order.allCases {
      if let table = list.table(tables) { try expect(table, listed[list] ?? 0, in: transaction) }
    }
    try expect(tables.deletions, listed[.deleted] ?? 0, in: transaction)
    try groupCounts(in: transaction)
    removed = Set(try tables.removals.first(.max, in: transaction).map(\.key))
  }

  private mutating func groups(
    of account: Account, _ app: AppNumber, in transaction: borrowing ReadTransaction
  ) throws {
    guard let index = tables.membership?.members else { return }
    for group in account.groups.compactMap({ GroupKey(app: app, $0) }) {
      groups[group, default: 0] += 1
      let id = account.accountid
      try expect(
        index, at: MemberKey(group, account.sequence), id.rawValue, for: id, in: transaction)
    }
  }

  private mutating func groupCounts(in transaction: borrowing ReadTransaction) throws {
    guard let index = tables.membership else { return }
    try expect(index.members, groups.values.reduce(0, +), in: transaction)
    try expect(index.counts, groups.count, in: transaction)
    for (group, count) in groups {
      expected[CountKey(app: group.app, .groups), default: 0] += 1
      try expect(index.counts, at: group, UInt64(count), for: group.name, in: transaction)
    }
  }

  mutating func records(_ owned: OwnedTables, in transaction: borrowing ReadTransaction) throws {
    var (count, dueCount, hashCount, searchCount) = (0, 0, 0, 0)
    try owned.records.scan(prefix: [], in: transaction) { key, stored in
      let record = try owned.decoded(stored)
      count += 1
      let place = OrderedKey(app: key.app, owner: 0, sequence: record.sequence)
      try expect(owned.byAge, at: place, key.id, for: key.id, in: transaction)
      if let index = owned.due, let time = record.dueAt {
        dueCount += 1
        let found = try index.get(DueKey(time: time, sequence: record.sequence), in: transaction)
        if found?.key != key { problems.append("\(index.name): wrong entry for \(key.id)") }
      }
      if record.lookupHash != nil { hashCount += 1 }
      if record.searchHash != nil { searchCount += 1 }
      guard let owner = owners[RecordKey(app: key.app, id: record.accountid.rawValue)] else { return true }
      let own = OrderedKey(app: key.app, owner: owner, sequence: record.sequence)
      try expect(owned.ofAccount, at: own, key.id, for: key.id, in: transaction)
      if let index = owned.byHash, let hashKey = owned.hashKey(record, app: key.app, owner: owner) {
        try expect(index, at: hashKey, key.id, for: key.id, in: transaction)
      }
      if let index = owned.bySearch, let hash = record.searchHash {
        let searchKey = SearchKey(app: key.app, hash: hash, owner: owner, sequence: record.sequence)
        try expect(index, at: searchKey, key.id, for: key.id, in: transaction)
      }
      expected[CountKey(app: key.app, owned.counted), default: 0] += 1
      expected[CountKey(app: key.app, owner: owner, owned.counted), default: 0] += 1
      return true
    }
    try expect(owned.byAge, count, in: transaction)
    try expect(owned.ofAccount, count, in: transaction)
    if let index = owned.due { try expect(index, dueCount, in: transaction) }
    if let index = owned.byHash { try expect(index, hashCount, in: transaction) }
    if let index = owned.bySearch { try expect(index, searchCount, in: transaction) }
    // A record without an account must belong to a removed account.
    try owned.ofAccount.scan(prefix: [], in: transaction) { key, _ in
      let isOwned = removed.contains(OrderedKey(app: key.app, owner: 0, sequence: key.owner))
      if !isOwned, expected[CountKey(app: key.app, owner: key.owner, owned.counted)] == nil {
        problems.append("\(owned.ofAccount.name): a record without an account")
      }
      return true
    }
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
