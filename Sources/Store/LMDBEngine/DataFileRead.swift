import DashboardLMDB
import DashboardRecords

/// The records of one app in a transaction. `Snapshot` documents the methods.
struct DataFileRead: ~Copyable {
  let transaction: ReadTransaction
  let tables: Tables
  let app: AppName
  /// 0 if nothing was written for the app yet.
  let number: AppNumber

  // MARK: Accounts

  func account(_ id: AccountID) throws -> Account? {
    try tables.accounts.get(RecordKey(app: number, id: id.rawValue), in: transaction)
  }

  func account(usernameHashes hashes: [[UInt8]]) throws -> Account? {
    let ids = try hashes.map { hash in
      try tables.usernames.get(UsernameKey(app: number, hash: hash), in: transaction)?.value
    }
    // No account has the unassigned identifier, and the lookup takes the same time.
    let first = ids.lazy.compactMap(\.self).first.map(AccountID.init(rawValue:))
    return try account(first ?? .unassigned)
  }

  func owner() throws -> Account? {
    var owner: Account?
    let prefix = OrderedKey.prefix(app: number, owner: 0)
    try tables.administrators.scan(prefix: prefix, in: transaction) { _, id in
      if let found = try account(AccountID(rawValue: id.value)), found.isOwner { owner = found }
      return owner == nil
    }
    return owner
  }

  func accounts(_ list: AccountList, after place: UInt64?, offset: Int, limit: Int) throws -> [Account] {
    switch list {
    case .ordered(let order):
      guard let table = order.table(tables) else { return [] }
      return try walk(table, owner: 0, after: place, offset, limit) { id in
        try account(AccountID(rawValue: id))
      }
    case .contact(let address): return try accounts(at: address, after: place, offset: offset, limit: limit)
    case .group(let name): return try accounts(inGroup: name, after: place, offset: offset, limit: limit)
    }
  }

  func count(_ list: AccountList) throws -> Int {
    switch list {
    case .ordered(let order): try count(order.counted)
    case .contact(let address): try count(at: address)
    case .group(let name): try count(inGroup: name)
    }
  }

  func contains(_ list: AccountList, _ account: Account) throws -> Bool {
    switch list {
    case .ordered(let order):
      let place = OrderedKey(app: number, owner: 0, sequence: account.sequence)
      return try order.table(tables)?.contains(place, in: transaction) ?? false
    case .contact(let address): return try contains(address, account)
    case .group(let name): return try isInGroup(name, account)
    }
  }

  // MARK: Owned records

  func record<Record: OwnedRecord>(_ id: Identifier<Record.Kind>) throws -> Record? {
    let key = RecordKey(app: number, id: id.rawValue)
    guard let record = try tables.records(Record.self).get(key, in: transaction) else { return nil }
    if try !hasRemovals() { return record }
    let owner = RecordKey(app: number, id: record.accountid.rawValue)
    return try tables.accounts.contains(owner, in: transaction) ? record : nil
  }

  func records<Record: OwnedRecord>(of account: Account?, after place: UInt64?, offset: Int, limit: Int)
    throws
    -> [Record]
  {
    let owned = try tables.owned(Record.kind)
    let order = account == nil ? owned.byAge : owned.ofAccount
    return try walk(order, owner: account?.sequence ?? 0, after: place, offset, limit) { id in
      try record(Identifier(rawValue: id))
    }
  }

  func oldest<Record: OwnedRecord>(of account: Account, limit: Int) throws -> [Record] {
    var oldest: [Record] = []
    let prefix = OrderedKey.prefix(app: number, owner: account.sequence)
    try tables.owned(Record.kind).ofAccount.scan(prefix: prefix, in: transaction) { _, id in
      if let found: Record = try record(Identifier(rawValue: id.value)) { oldest.append(found) }
      return oldest.count < limit
    }
    return oldest
  }

  func count<Record: OwnedRecord>(_: Record.Type, of account: Account?) throws -> Int {
    try count(.records(Record.kind), owner: account?.sequence ?? 0)
  }

  func epochEnd(_ epoch: UInt32, of account: Account) throws -> Timestamp? {
    let before = OrderedKey(app: number, owner: account.sequence, sequence: UInt64(epoch) &- 1)
    let prefix = OrderedKey.prefix(app: number, owner: account.sequence)
    var end: Timestamp?
    try tables.epochEnds.scan(prefix: prefix, after: epoch > 0 ? before : nil, in: transaction) { _, time in
      end = Timestamp(milliseconds: Int64(clamping: time.value))
      return false
    }
    return end
  }

  func record<Record: OwnedRecord>(of account: Account?, hash: [UInt8]) throws -> Record? {
    var found: Record?
    // No account has the sequence 0. Kinds that are found in the whole app have it in the index.
    let owner = Record.kind.isFoundInApp ? 0 : account?.sequence ?? 0
    let prefix = HashKey.prefix(app: number, owner: owner, hash: hash)
    try tables.owned(Record.kind).byHash?.scan(prefix: prefix, .descending, in: transaction) { _, id in
      found = try record(Identifier(rawValue: id.value))
      return false
    }
    return found
  }

  // MARK: Metrics

  func metric(_ name: Metric.Name, _ period: String) throws -> Metric? {
    try tables.metrics.get(MetricKey(app: number, name, period), in: transaction).map { value in
      Metric(appid: app, name: name, period: period, value: Int(clamping: value.value))
    }
  }

  /// Reads no text: a chart has hundreds of days.
  func counts(_ name: Metric.Name, ofDays number: Int, until moment: Timestamp) throws -> [Int] {
    var counts = [Int](repeating: 0, count: max(0, number))
    let first = moment.days - Int64(number) + 1
    let before = MetricKey(app: self.number, name, moment.adding(seconds: -Int64(number) * 86_400).date)
    try tables.metrics.scanRests(
      prefix: before.prefix(ofPeriodsWith: 10), after: before, in: transaction
    ) { period, value in
      guard let day = CalendarDate.days(period), let place = Int(exactly: day - first),
        counts.indices.contains(place)
      else { return }
      counts[place] = Int(clamping: value.value)
    }
    return counts
  }

  // MARK: Helpers

  /// Walks an order from its newest end. Records that `read` does not find are skipped, because their account
  /// was removed.
  private func walk<Element>(
    _ order: Table<OrderedKey, Number>, owner: UInt64, after last: UInt64?, _ offset: Int, _ limit: Int,
    _ read: (UInt64) throws -> Element?
  ) throws -> [Element] {
    var found: [Element] = []
    var toSkip = offset
    if limit == 0 { return [] }
    let bound = last.map { OrderedKey(app: number, owner: owner, sequence: $0) }
    // The order of a whole app can hold records of a removed account. The offset must not count them.
    let countsEveryEntry = try owner != 0 || !hasRemovals()
    let prefix = OrderedKey.prefix(app: number, owner: owner)
    try order.scan(prefix: prefix, after: bound, .descending, in: transaction) { _, id in
      if toSkip > 0, countsEveryEntry {
        toSkip -= 1
        return true
      }
      guard let element = try read(id.value) else { return true }
      if toSkip > 0 { toSkip -= 1 } else { found.append(element) }
      return found.count < limit
    }
    return found
  }

  /// True if records of a removed account may be left, in any app.
  private func hasRemovals() throws -> Bool { try tables.removals.count(in: transaction) > 0 }

  func count(_ counted: CountKey.Counted, owner: UInt64 = 0) throws -> Int {
    let count = try tables.counts.get(CountKey(app: number, owner: owner, counted), in: transaction)
    return Int(clamping: count?.value ?? 0)
  }
}
