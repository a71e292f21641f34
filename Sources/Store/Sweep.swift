import DashboardLMDB
package import DashboardRecords

/// What goes away by itself: accounts whose deletion is due, what belonged to removed accounts, and sessions some time
/// after their end. A little at a time, in transactions of their own, so that it can be interrupted anywhere and goes on
/// where it was.
extension Store {
  /// Records that one transaction removes at most: others wait for it.
  private static let batch = 256

  /// What one piece of work did.
  package struct Piece {
    /// Whether there may be more to do.
    package let isMoreToDo: Bool
    /// The accounts that are gone.
    package let removed: [Account]
  }

  /// Does one piece of what is due.
  ///
  /// - Parameters:
  ///   - retention: seconds that a session stays after the time it was made for.
  ///   - isMetered: whether an app counts its deletions.
  package func sweep(
    now: Timestamp, retention: Int64, isMetered: (AppName) -> Bool = { _ in true }
  ) throws -> Piece {
    // What was killed while it read, a backup for one, would keep every page that is replaced from then on.
    _ = environment.checkReaders()
    let oldest = now.adding(seconds: -retention)
    guard try hasWork(now: now, oldest: oldest) else { return Piece(isMoreToDo: false, removed: []) }
    // Where the map or the disk is full, removing needs some room too: the less of it, the fewer at once.
    var batch = Self.batch
    while true {
      do {
        return try sweep(batch, now: now, oldest: oldest, isMetered)
      } catch let error as Unavailable {
        guard batch > 1 else { throw error }
        batch /= 4
      }
    }
  }

  private func sweep(
    _ batch: Int, now: Timestamp, oldest: Timestamp, _ isMetered: (AppName) -> Bool
  ) throws -> Piece {
    try change { transaction, tables in
      var rest = batch
      let removed = try Self.removeDue(now, isMetered, &rest, tables, in: transaction)
      try Self.removeRemains(&rest, tables, in: transaction)
      try Self.removeSessions(expiredBefore: oldest, &rest, tables, in: transaction)
      try Self.removeTallies(now, &rest, tables.guesses, in: transaction)
      try Self.removeTallies(now, &rest, tables.knownAddresses, in: transaction)
      return Piece(isMoreToDo: rest < batch, removed: removed)
    }
  }

  /// Removes some of what belonged to accounts that are gone.
  ///
  /// - Parameter pieces: so many at most; each holds up other writers for a moment.
  package func removeRemains(pieces: Int = .max) throws {
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

  /// Mostly there is nothing, and nobody has to wait.
  private func hasWork(now: Timestamp, oldest: Timestamp) throws -> Bool {
    try look { transaction, tables in
      var isFound = try tables.removals.count(in: transaction) > 0
      try tables.deletions.scan(prefix: [], in: transaction) { key, _ in
        if key.time <= UInt64(clamping: now.milliseconds) { isFound = true }
        return false
      }
      try tables.expiries.scan(prefix: [], in: transaction) { key, _ in
        if key.time <= UInt64(clamping: oldest.milliseconds) { isFound = true }
        return false
      }
      for tallies in [tables.guesses, tables.knownAddresses] {
        try tallies.ends.scan(prefix: [], in: transaction) { key, _ in
          if key.end <= UInt64(clamping: now.milliseconds) { isFound = true }
          return false
        }
      }
      return isFound
    }
  }

  // MARK: Parts

  /// The first values of an order of due times, at most so many.
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
      try Change.nested(
        in: transaction, tables, account.appid, record.app, isMetered: isMetered(account.appid)
      ) {
        try $0.remove(account)
        try $0.count(.accountsDeleted, at: now)
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
      try removeRecords(Session.self, app, owner, &rest, tables, in: transaction)
      try removeRecords(Profile.self, app, owner, &rest, tables, in: transaction)
      try removeRecords(ResetCode.self, app, owner, &rest, tables, in: transaction)
      let ends = try keys(tables.epochEnds, app, owner, rest, in: transaction)
      for (key, _) in ends { _ = try tables.epochEnds.remove(key, in: transaction) }
      rest -= ends.count
      // With something left of the batch, all of it has been seen.
      guard rest > 0 else { return }
      _ = try tables.removals.remove(removal, in: transaction)
      rest -= 1
    }
  }

  private static func removeRecords<Record: StoredRecord>(
    _: Record.Type, _ app: AppNumber, _ owner: UInt64, _ rest: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws {
    let records = Record.tables(tables)
    for (key, id) in try keys(records.ofAccount, app, owner, rest, in: transaction) {
      rest -= 1
      let recordKey = RecordKey(app: app, id: id)
      if let record = try records.records.get(recordKey, in: transaction) {
        try record.unlink(app, owner: owner, tables, in: transaction)
      }
      _ = try records.records.remove(recordKey, in: transaction)
      _ = try records.ofAccount.remove(key, in: transaction)
      _ = try records.byAge.remove(
        OrderedKey(app: app, owner: 0, sequence: key.sequence), in: transaction)
    }
  }

  /// The first keys and values of an owner's, at most so many.
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

  private static func removeSessions(
    expiredBefore oldest: Timestamp, _ rest: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws {
    for (key, record) in try due(tables.expiries, until: oldest, rest, in: transaction) {
      rest -= 1
      guard let session = try tables.sessions.records.get(record, in: transaction),
        let account = try tables.accounts.get(
          RecordKey(app: record.app, id: session.accountid.rawValue), in: transaction)
      else {
        // Its account's removal takes the session.
        _ = try tables.expiries.remove(key, in: transaction)
        continue
      }
      try Change.nested(in: transaction, tables, account.appid, record.app, isMetered: false) {
        try $0.remove(session, of: account)
      }
    }
  }

  private static func removeTallies(
    _ now: Timestamp, _ rest: inout Int, _ tables: TallyTables, in transaction: borrowing WriteTransaction
  ) throws {
    var ended: [TallyEnd] = []
    let count = rest
    if count <= 0 { return }
    try tables.ends.scan(prefix: [], in: transaction) { key, _ in
      guard key.end <= UInt64(clamping: now.milliseconds) else { return false }
      ended.append(key)
      return ended.count < count
    }
    for end in ended {
      _ = try tables.tallies.remove(end.key, in: transaction)
      _ = try tables.ends.remove(end, in: transaction)
    }
    rest -= ended.count
  }
}
