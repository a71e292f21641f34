import DashboardLMDB
import DashboardRecords

/// The sweep removes what is due in short transactions. It can be interrupted between any two of them.
extension DataFileEngine {
  /// The maximum number of records that a transaction removes, because other writers wait for it.
  private static let batch = 256

  func sweep(
    now: Timestamp, retention: Int64, isMetered: (AppName) -> Bool, keepsUsernames: (AppName) -> Bool,
    isKept: (Account, _ count: Int) -> Bool, isTrial: Bool
  ) throws -> Store.SweptPiece {
    try checkFiles()
    // The slot of a killed reader, such as a backup, would prevent LMDB from reusing pages.
    _ = environment.checkReaders()
    let oldest = now.adding(seconds: -retention)
    guard try hasWork(now: now, oldest: oldest, keepsUsernames) else {
      return Store.SweptPiece(isMoreToDo: false, count: 0, removed: [], kept: [])
    }
    // A removal needs free pages too. If the file or the disk is full, a smaller batch may still fit.
    var batch = Self.batch
    while true {
      do {
        return try sweep(batch, now: now, oldest: oldest, isMetered, keepsUsernames, isKept, isTrial)
      } catch let trial as Trial {
        return trial.piece
      } catch let error as Store.Unavailable {
        guard batch > 1 else { throw error }
        batch /= 4
      }
    }
  }

  private func sweep(
    _ batch: Int, now: Timestamp, oldest: Timestamp, _ isMetered: (AppName) -> Bool,
    _ keepsUsernames: (AppName) -> Bool, _ isKept: (Account, _ count: Int) -> Bool, _ isTrial: Bool
  ) throws -> Store.SweptPiece {
    try change { transaction, tables in
      var budget = batch
      let (removed, kept) = try Self.removeDue(now, isMetered, isKept, &budget, tables, in: transaction)
      try Self.removeRemains(&budget, tables, in: transaction)
      for owned in tables.owned {
        let limit = owned.kind.isRetained ? oldest : now
        try Self.removeDueRecords(owned, until: limit, &budget, tables, in: transaction)
      }
      try Self.removeCounters(now, &budget, tables.attempts, in: transaction)
      try Self.removeCounters(now, &budget, tables.knownAddresses, in: transaction)
      try Self.removeUsernames(keepsUsernames, &budget, tables, in: transaction)
      let piece = Store.SweptPiece(
        isMoreToDo: isTrial ? budget <= 0 : budget < batch, count: batch - budget, removed: removed,
        kept: kept)
      if isTrial { throw Trial(piece: piece) }
      return piece
    }
  }

  /// Undoes the transaction of a piece that is only told.
  private struct Trial: Error {
    let piece: Store.SweptPiece
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
  private func hasWork(now: Timestamp, oldest: Timestamp, _ keepsUsernames: (AppName) -> Bool) throws -> Bool
  {
    try inspect { transaction, tables in
      if try tables.removals.count(in: transaction) > 0 { return true }
      if try !Self.due(tables.deletions, until: now, 1, in: transaction).isEmpty { return true }
      for owned in tables.owned {
        let limit = owned.kind.isRetained ? oldest : now
        if let index = owned.due, try !Self.due(index, until: limit, 1, in: transaction).isEmpty {
          return true
        }
      }
      for counters in [tables.attempts, tables.knownAddresses] {
        if try !Self.ended(counters, at: now, 1, in: transaction).isEmpty { return true }
      }
      return try !Self.unwantedUsernames(keepsUsernames, 1, tables, in: transaction).isEmpty
    }
  }

  // MARK: Helpers

  /// The first entries that are due, at most `most`.
  private static func due(
    _ table: Table<DueKey, RecordValue>, until limit: Timestamp, _ most: Int,
    in transaction: borrowing some Transaction & ~Copyable
  ) throws -> [(key: DueKey, value: RecordValue)] {
    try table.first(most, in: transaction) { $0.time <= UInt64(clamping: limit.milliseconds) }
  }

  /// The first counters that have ended, at most `most`.
  private static func ended(
    _ tables: CounterTables, at now: Timestamp, _ most: Int,
    in transaction: borrowing some Transaction & ~Copyable
  ) throws -> [CounterEnd] {
    try tables.ends.first(most, in: transaction) { $0.end <= UInt64(clamping: now.milliseconds) }.map(\.key)
  }

  /// The first entries of an owner, at most `most`.
  private static func entries(
    _ table: Table<OrderedKey, Number>, _ app: AppNumber, _ owner: UInt64, _ most: Int,
    in transaction: borrowing WriteTransaction
  ) throws -> [(key: OrderedKey, value: Number)] {
    try table.first(most, prefix: OrderedKey.prefix(app: app, owner: owner), in: transaction)
  }

  private static func removeDue(
    _ now: Timestamp, _ isMetered: (AppName) -> Bool, _ isKept: (Account, _ count: Int) -> Bool,
    _ budget: inout Int, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws -> (removed: [Account], kept: [Account]) {
    var (removed, kept): ([Account], [Account]) = ([], [])
    for (key, reference) in try due(tables.deletions, until: now, budget, in: transaction) {
      budget -= 1
      guard var account = try tables.accounts.get(reference.key, in: transaction) else {
        try tables.deletions.remove(key, in: transaction)
        continue
      }
      var isRemoved = true
      try DataFileWrite.nested(
        in: transaction, tables, account.appid, reference.key.app, isMetered: isMetered(account.appid)
      ) {
        if isKept(account, try $0.current.count(.all)) {
          isRemoved = false
          account.deletedAt = nil
          account.deletionScheduler = nil
          account.updatedAt = now
          return try $0.update(account)
        }
        try $0.remove(account)
        try $0.count(.accountsDeleted, at: now, unlessIn: nil)
      }
      if isRemoved { removed.append(account) } else { kept.append(account) }
    }
    return (removed, kept)
  }

  private static func removeRemains(
    _ budget: inout Int, _ tables: Tables, in transaction: borrowing WriteTransaction
  ) throws {
    for (removal, _) in try tables.removals.first(batch, in: transaction) where budget > 0 {
      let (app, owner) = (removal.app, removal.sequence)
      for owned in tables.owned { try removeRecords(owned, app, owner, &budget, in: transaction) }
      let ends = try entries(tables.epochEnds, app, owner, budget, in: transaction)
      for (key, _) in ends { try tables.epochEnds.remove(key, in: transaction) }
      budget -= ends.count
      // If the budget is not used up, all records of the account were removed.
      guard budget > 0 else { return }
      try tables.removals.remove(removal, in: transaction)
      budget -= 1
    }
  }

  private static func removeRecords(
    _ owned: OwnedTables, _ app: AppNumber, _ owner: UInt64, _ budget: inout Int,
    in transaction: borrowing WriteTransaction
  ) throws {
    for (key, id) in try entries(owned.ofAccount, app, owner, budget, in: transaction) {
      budget -= 1
      let recordKey = RecordKey(app: app, id: id.value)
      if let stored = try owned.records.get(recordKey, in: transaction) {
        try owned.remove(owned.decoded(stored), app: app, owner: owner, in: transaction)
      }
      // In case the record itself was missing.
      try owned.ofAccount.remove(key, in: transaction)
      try owned.byAge.remove(OrderedKey(app: app, owner: 0, sequence: key.sequence), in: transaction)
    }
  }

  private static func removeDueRecords(
    _ owned: OwnedTables, until limit: Timestamp, _ budget: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws {
    guard let index = owned.due else { return }
    for (key, reference) in try due(index, until: limit, budget, in: transaction) {
      budget -= 1
      let place = reference.key
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

  /// Accounts that keep a username although their app keeps none, at most `most`.
  private static func unwantedUsernames(
    _ keepsUsernames: (AppName) -> Bool, _ most: Int, _ tables: Tables,
    in transaction: borrowing some Transaction & ~Copyable
  ) throws -> [(app: AppNumber, account: Account)] {
    guard most > 0, let named = tables.membership?.named else { return [] }
    var found: [(app: AppNumber, account: Account)] = []
    // An app whose usernames stay takes one step, however many it has.
    var last: OrderedKey?
    while found.count < most {
      var first: (key: OrderedKey, id: Number)?
      try named.scan(prefix: [], after: last, in: transaction) { key, id in
        first = (key, id)
        return false
      }
      guard let (key, id) = first else { break }
      last = OrderedKey(app: key.app, owner: .max, sequence: .max)
      func account(_ id: Number) throws -> Account? {
        try tables.accounts.get(RecordKey(app: key.app, id: id.value), in: transaction)
      }
      guard let one = try account(id), !keepsUsernames(one.appid) else { continue }
      for (_, id) in try named.first(
        most - found.count, prefix: OrderedKey.prefix(app: key.app), in: transaction)
      {
        if let account = try account(id) { found.append((key.app, account)) }
      }
    }
    return found
  }

  private static func removeUsernames(
    _ keepsUsernames: (AppName) -> Bool, _ budget: inout Int, _ tables: Tables,
    in transaction: borrowing WriteTransaction
  ) throws {
    for (app, account) in try unwantedUsernames(keepsUsernames, budget, tables, in: transaction) {
      budget -= 1
      var account = account
      account.changeMembership { $0.sealedUsername = nil }
      try DataFileWrite.nested(in: transaction, tables, account.appid, app, isMetered: false) {
        try $0.update(account)
      }
    }
  }

  private static func removeCounters(
    _ now: Timestamp, _ budget: inout Int, _ tables: CounterTables, in transaction: borrowing WriteTransaction
  ) throws {
    let ended = try ended(tables, at: now, budget, in: transaction)
    for end in ended {
      try tables.counters.remove(end.key, in: transaction)
      try tables.ends.remove(end, in: transaction)
    }
    budget -= ended.count
  }
}
