import DashboardLMDB
import DashboardRecords

/// The sweep removes what is due in short transactions. It can be interrupted between any two of them.
extension DataFileEngine {
  /// The maximum number of records that a transaction removes, because other writers wait for it.
  private static let batch = 256

  func sweep(now: Timestamp, retention: Int64, isMetered: (AppName) -> Bool) throws -> Store.SweptPiece {
    // The slot of a killed reader, such as a backup, would prevent LMDB from reusing pages.
    _ = environment.checkReaders()
    let oldest = now.adding(seconds: -retention)
    guard try hasWork(now: now, oldest: oldest) else {
      return Store.SweptPiece(isMoreToDo: false, removed: [])
    }
    // A removal needs free pages too. If the file or the disk is full, a smaller batch may still fit.
    var batch = Self.batch
    while true {
      do {
        return try sweep(batch, now: now, oldest: oldest, isMetered)
      } catch let error as Store.Unavailable {
        guard batch > 1 else { throw error }
        batch /= 4
      }
    }
  }

  private func sweep(
    _ batch: Int, now: Timestamp, oldest: Timestamp, _ isMetered: (AppName) -> Bool
  ) throws -> Store.SweptPiece {
    try change { transaction, tables in
      var budget = batch
      let removed = try Self.removeDue(now, isMetered, &budget, tables, in: transaction)
      try Self.removeRemains(&budget, tables, in: transaction)
      for owned in tables.owned {
        let limit = owned.kind.isRetained ? oldest : now
        try Self.removeDueRecords(owned, until: limit, &budget, tables, in: transaction)
      }
      try Self.removeCounters(now, &budget, tables.attempts, in: transaction)
      try Self.removeCounters(now, &budget, tables.knownAddresses, in: transaction)
      return Store.SweptPiece(isMoreToDo: budget < batch, removed: removed)
    }
  }

  func removeRemains(pieces: Int) throws {
    var budget = pieces
    while budget > 0 {
      budget -= 1
      let isDone = try change { transaction, tables in
        var budget = Self.batch
        try Self.removeRemains(&budget, tables, in: transaction)
        return budget == Self.batch
      }
      if isDone { return }
    }
  }

  /// True if something is due. Usually nothing is, and then the sweep takes no write lock.
  private func hasWork(now: Timestamp, oldest: Timestamp) throws -> Bool {
    try inspect { transaction, tables in
      var isFound = try tables.removals.count(in: transaction) > 0
      try tables.deletions.scan(prefix: [], in: transaction) { key, _ in
        if key.time <= UInt64(clamping: now.milliseconds) { isFound = true }
        return false
      }
      for owned in tables.owned {
        let limit = owned.kind.isRetained ? oldest : now
        try owned.due?.scan(prefix: [], in: transaction) { key, _ in
          if key.time <= UInt64(clamping: limit.milliseconds) { isFound = true }
          return false
        }
      }
      for counters in [tables.attempts, tables.knownAddresses] {
        try counters.ends.scan(prefix: [], in: transaction) { key, _ in
          if key.end <= UInt64(clamping: now.milliseconds) { isFound = true }
          return false
        }
      }
      return isFound
    }
  }

  // MARK: Helpers

  /// The first `count` entries that are due.
  private static func due(
    _ table: Table<DueKey, RecordValue>, until limit: Timestamp, _ count: Int,
    in transaction: borrowing WriteTransaction
  ) throws -> [(key: DueKey, record: RecordKey)] {
    var found: [(DueKey, RecordKey)] = []
    if count <= 0 { return [] }
    try table.scan(prefix: [], in: transaction) { key, value in
      guard key.time <= UInt64(clamping: limit.milliseconds) else { return false }
      found.append((key, value.key))
      return found.count < count
    }
    return found
  }

  private static func removeDue(
    _ now: Timestamp, _ isMetered: (AppName) -> Bool, _ budget: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws -> [Account] {
    var removed: [Account] = []
    for (key, record) in try due(tables.deletions, until: now, budget, in: transaction) {
      budget -= 1
      guard let account = try tables.accounts.get(record, in: transaction) else {
        _ = try tables.deletions.remove(key, in: transaction)
        continue
      }
      try DataFileWrite.nested(
        in: transaction, tables, account.appid, record.app, isMetered: isMetered(account.appid)
      ) {
        try $0.remove(account)
        try $0.count(.accountsDeleted, at: now, unlessIn: nil)
      }
      removed.append(account)
    }
    return removed
  }

  private static func removeRemains(
    _ budget: inout Int, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    var removals: [OrderedKey] = []
    try tables.removals.scan(prefix: [], in: transaction) { key, _ in
      removals.append(key)
      return removals.count < batch
    }
    for removal in removals where budget > 0 {
      let (app, owner) = (removal.app, removal.sequence)
      for owned in tables.owned { try removeRecords(owned, app, owner, &budget, in: transaction) }
      let ends = try keys(tables.epochEnds, app, owner, budget, in: transaction)
      for (key, _) in ends { _ = try tables.epochEnds.remove(key, in: transaction) }
      budget -= ends.count
      // If the budget is not used up, all records of the account were removed.
      guard budget > 0 else { return }
      _ = try tables.removals.remove(removal, in: transaction)
      budget -= 1
    }
  }

  private static func removeRecords(
    _ owned: OwnedTables, _ app: AppNumber, _ owner: UInt64, _ budget: inout Int,
    in transaction: borrowing WriteTransaction
  ) throws {
    for (key, id) in try keys(owned.ofAccount, app, owner, budget, in: transaction) {
      budget -= 1
      let recordKey = RecordKey(app: app, id: id)
      if let stored = try owned.records.get(recordKey, in: transaction) {
        try owned.remove(owned.decoded(stored), app: app, owner: owner, in: transaction)
      }
      // In case the record itself was missing.
      try owned.ofAccount.remove(key, in: transaction)
      try owned.byAge.remove(OrderedKey(app: app, owner: 0, sequence: key.sequence), in: transaction)
    }
  }

  /// The first `count` entries of an owner.
  private static func keys(
    _ table: Table<OrderedKey, Number>, _ app: AppNumber, _ owner: UInt64, _ count: Int,
    in transaction: borrowing WriteTransaction
  ) throws -> [(key: OrderedKey, value: UInt64)] {
    var found: [(OrderedKey, UInt64)] = []
    if count <= 0 { return [] }
    try table.scan(prefix: OrderedKey.prefix(app: app, owner: owner), in: transaction) { key, value in
      found.append((key, value.value))
      return found.count < count
    }
    return found
  }

  private static func removeDueRecords(
    _ owned: OwnedTables, until limit: Timestamp, _ budget: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws {
    guard let index = owned.due else { return }
    for (key, place) in try due(index, until: limit, budget, in: transaction) {
      budget -= 1
      guard let stored = try owned.records.get(place, in: transaction) else {
        try index.remove(key, in: transaction)
        continue
      }
      let record = try owned.decoded(stored)
      let owner = RecordKey(app: place.app, id: record.accountid.rawValue)
      guard let account = try tables.accounts.get(owner, in: transaction) else {
        // The removal of its account deletes the record.
        try index.remove(key, in: transaction)
        continue
      }
      try DataFileWrite.nested(in: transaction, tables, account.appid, place.app, isMetered: false) {
        try $0.remove(record, of: account)
      }
    }
  }

  private static func removeCounters(
    _ now: Timestamp, _ budget: inout Int, _ tables: CounterTables, in transaction: borrowing WriteTransaction
  ) throws {
    var ended: [CounterEnd] = []
    let count = budget
    if count <= 0 { return }
    try tables.ends.scan(prefix: [], in: transaction) { key, _ in
      guard key.end <= UInt64(clamping: now.milliseconds) else { return false }
      ended.append(key)
      return ended.count < count
    }
    for end in ended {
      _ = try tables.counters.remove(end.key, in: transaction)
      _ = try tables.ends.remove(end, in: transaction)
    }
    budget -= ended.count
  }
}
