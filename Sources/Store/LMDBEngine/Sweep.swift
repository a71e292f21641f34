import DashboardLMDB
import DashboardRecords

/// Removes what is due, a little at a time, in transactions of their own: it can be interrupted anywhere and goes on where it was.
extension DataFileEngine {
  /// The most records that one transaction removes, since other writers wait for it.
  private static let batch = 256

  func sweep(now: Timestamp, retention: Int64, isMetered: (AppName) -> Bool) throws -> Store.SweptPiece {
    // A reader that was killed, such as a backup, would keep every page that is replaced from then on.
    _ = environment.checkReaders()
    let oldest = now.adding(seconds: -retention)
    guard try hasWork(now: now, oldest: oldest) else {
      return Store.SweptPiece(isMoreToDo: false, removed: [])
    }
    // Removing needs some room too: the fuller the file or the disk, the fewer records at once.
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
      var rest = batch
      let removed = try Self.removeDue(now, isMetered, &rest, tables, in: transaction)
      try Self.removeRemains(&rest, tables, in: transaction)
      for owned in tables.owned {
        let limit = owned.kind.isRetained ? oldest : now
        try Self.removeDueRecords(owned, until: limit, &rest, tables, in: transaction)
      }
      try Self.removeCounters(now, &rest, tables.attempts, in: transaction)
      try Self.removeCounters(now, &rest, tables.knownAddresses, in: transaction)
      return Store.SweptPiece(isMoreToDo: rest < batch, removed: removed)
    }
  }

  func removeRemains(pieces: Int) throws {
    var rest = pieces
    while rest > 0 {
      rest -= 1
      let isDone = try change { transaction, tables in
        var rest = Self.batch
        try Self.removeRemains(&rest, tables, in: transaction)
        return rest == Self.batch
      }
      if isDone { return }
    }
  }

  /// True if something is due. Mostly nothing is, and then no writer has to wait.
  private func hasWork(now: Timestamp, oldest: Timestamp) throws -> Bool {
    try look { transaction, tables in
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

  // MARK: Parts

  /// The first `count` records that are due.
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
    _ now: Timestamp, _ isMetered: (AppName) -> Bool, _ rest: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws -> [Account] {
    var removed: [Account] = []
    for (key, record) in try due(tables.deletions, until: now, rest, in: transaction) {
      rest -= 1
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
    _ rest: inout Int, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    var removals: [OrderedKey] = []
    try tables.removals.scan(prefix: [], in: transaction) { key, _ in
      removals.append(key)
      return removals.count < batch
    }
    for removal in removals where rest > 0 {
      let (app, owner) = (removal.app, removal.sequence)
      for owned in tables.owned { try removeRecords(owned, app, owner, &rest, in: transaction) }
      let ends = try keys(tables.epochEnds, app, owner, rest, in: transaction)
      for (key, _) in ends { _ = try tables.epochEnds.remove(key, in: transaction) }
      rest -= ends.count
      // If something of the batch is left, all records of the account were removed.
      guard rest > 0 else { return }
      _ = try tables.removals.remove(removal, in: transaction)
      rest -= 1
    }
  }

  private static func removeRecords(
    _ owned: OwnedTables, _ app: AppNumber, _ owner: UInt64, _ rest: inout Int,
    in transaction: borrowing WriteTransaction
  ) throws {
    for (key, id) in try keys(owned.ofAccount, app, owner, rest, in: transaction) {
      rest -= 1
      let recordKey = RecordKey(app: app, id: id)
      if let stored = try owned.records.get(recordKey, in: transaction) {
        try owned.remove(owned.decoded(stored), app: app, owner: owner, in: transaction)
      }
      // Places that are left without their record.
      try owned.ofAccount.remove(key, in: transaction)
      try owned.byAge.remove(OrderedKey(app: app, owner: 0, sequence: key.sequence), in: transaction)
    }
  }

  /// The first `count` keys and values of an owner.
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
    _ owned: OwnedTables, until limit: Timestamp, _ rest: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws {
    guard let index = owned.due else { return }
    for (key, place) in try due(index, until: limit, rest, in: transaction) {
      rest -= 1
      guard let stored = try owned.records.get(place, in: transaction) else {
        try index.remove(key, in: transaction)
        continue
      }
      let record = try owned.decoded(stored)
      let owner = RecordKey(app: place.app, id: record.accountid.rawValue)
      guard let account = try tables.accounts.get(owner, in: transaction) else {
        // Its account's removal takes the record.
        try index.remove(key, in: transaction)
        continue
      }
      try DataFileWrite.nested(in: transaction, tables, account.appid, place.app, isMetered: false) {
        try $0.remove(record, of: account)
      }
    }
  }

  private static func removeCounters(
    _ now: Timestamp, _ rest: inout Int, _ tables: CounterTables, in transaction: borrowing WriteTransaction
  ) throws {
    var ended: [CounterEnd] = []
    let count = rest
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
    rest -= ended.count
  }
}
