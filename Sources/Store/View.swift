import DashboardCrypto
package import DashboardLMDB
package import DashboardRecords

/// The records of one app as of one moment.
package typealias Snapshot = View<ReadTransaction>

/// The records of one app, in the transaction that writes.
package typealias Change = View<WriteTransaction>

/// The records of one app in a transaction. No record of another app is reachable.
package struct View<Underlying: Transaction & ~Copyable>: ~Copyable {
  let transaction: Underlying
  let tables: Tables
  package let app: AppName
  /// 0: nobody has written to the app yet.
  let number: AppNumber
  /// Whether what happens is counted in the metrics.
  let isMetered: Bool
  /// Where identifiers come from.
  let random: any RandomSource

  init(
    _ transaction: consuming Underlying, _ tables: Tables, _ app: AppName, _ number: AppNumber,
    isMetered: Bool = false, random: any RandomSource = SystemRandom()
  ) {
    self.transaction = transaction
    self.tables = tables
    self.app = app
    self.number = number
    self.isMetered = isMetered
    self.random = random
  }

  // MARK: Accounts

  package func account(_ id: AccountID) throws -> Account? {
    try tables.accounts.get(RecordKey(app: number, id: id.rawValue), in: transaction)
  }

  package func account(usernameHash: [UInt8]) throws -> Account? {
    let id = try tables.usernames.get(UsernameKey(app: number, hash: usernameHash), in: transaction)
    return try id.flatMap { try account(AccountID(rawValue: $0.value)) }
  }

  /// - Parameter hashes: of one username by several keys.
  package func account(usernameHashes hashes: [[UInt8]]) throws -> Account? {
    for hash in hashes {
      if let account = try account(usernameHash: hash) { return account }
    }
    return nil
  }

  /// Accounts of a list, newest first; parameters as those of `records`.
  package func accounts(_ list: AccountList, after last: Account? = nil, offset: Int = 0, limit: Int) throws
    -> [Account]
  {
    try walk(list.table(tables), owner: 0, after: last?.sequence, offset, limit) { id in
      try account(AccountID(rawValue: id))
    }
  }

  package func count(_ list: AccountList) throws -> Int { try count(list.counted) }

  /// Whether the account stands in the list.
  package func contains(_ list: AccountList, _ account: Account) throws -> Bool {
    let place = OrderedKey(app: number, owner: 0, sequence: account.sequence)
    return try list.table(tables).get(place, in: transaction) != nil
  }

  // MARK: What belongs to accounts

  /// A record, unless its account is gone.
  package func record<Kind, Record: StoredRecord>(_ id: Identifier<Kind>) throws -> Record?
  where Record.Kind == Kind {
    let key = RecordKey(app: number, id: id.rawValue)
    guard let record = try Record.tables(tables).records.get(key, in: transaction) else { return nil }
    if try !hasRemovals() { return record }
    let owner = RecordKey(app: number, id: record.accountid.rawValue)
    return try tables.accounts.contains(owner, in: transaction) ? record : nil
  }

  /// Records of an account, or of the whole app, newest first.
  ///
  /// - Parameters:
  ///   - last: continue after this one, at a cost that does not grow with what came before.
  ///   - offset: pass over so many, one by one.
  package func records<Record: StoredRecord>(
    of account: Account? = nil, after last: Record? = nil, offset: Int = 0, limit: Int
  ) throws -> [Record] {
    let records = Record.tables(tables)
    let order = account == nil ? records.byAge : records.ofAccount
    return try walk(order, owner: account?.sequence ?? 0, after: last?.sequence, offset, limit) { id in
      try record(Identifier(rawValue: id))
    }
  }

  /// How many an account, or the whole app, has.
  package func count<Record: StoredRecord>(_: Record.Type, of account: Account? = nil) throws -> Int {
    try count(Record.tables(tables).counted, owner: account?.sequence ?? 0)
  }

  /// A session and its account, as of one moment.
  package func signedIn(_ id: SessionID) throws -> SignedIn? {
    guard let session: Session = try record(id), let account = try account(session.accountid) else {
      return nil
    }
    return SignedIn(account: account, session: session)
  }

  /// When an epoch of sessions ended; of one that is so old that this is no longer kept, by when.
  package func epochEnd(_ epoch: UInt32, of account: Account) throws -> Timestamp? {
    let before = OrderedKey(app: number, owner: account.sequence, sequence: UInt64(epoch) &- 1)
    let prefix = OrderedKey.prefix(app: number, owner: account.sequence)
    var end: Timestamp?
    try tables.epochEnds.scan(prefix: prefix, after: epoch > 0 ? before : nil, in: transaction) { _, time in
      end = Timestamp(milliseconds: Int64(clamping: time.value))
      return false
    }
    return end
  }

  /// The newest reset code of an account with that hash.
  ///
  /// - Parameter account: `nil` finds nothing, in the same time.
  package func resetCode(of account: Account?, hash: [UInt8]) throws -> ResetCode? {
    var found: ResetCode?
    // No account has the sequence 0.
    let prefix = CodeKey.prefix(app: number, owner: account?.sequence ?? 0, hash: hash)
    try tables.resetCodesByHash.scan(prefix: prefix, .descending, in: transaction) { _, id in
      found = try record(ResetCodeID(rawValue: id.value))
      return false
    }
    return found
  }

  // MARK: Metrics

  /// `nil` if nothing has been counted.
  package func metric(_ name: Metric.Name, _ period: String) throws -> Metric? {
    try tables.metrics.get(MetricKey(app: number, name, period), in: transaction).map { value in
      Metric(appid: app, name: name, period: period, value: Int(clamping: value.value))
    }
  }

  // MARK: Parts

  /// Walks an order from its newest end. What `read` does not find is passed over: its account is being removed.
  private func walk<Element>(
    _ order: Table<OrderedKey, Number>, owner: UInt64, after last: UInt64?, _ offset: Int, _ limit: Int,
    _ read: (UInt64) throws -> Element?
  ) throws -> [Element] {
    var found: [Element] = []
    var toPassOver = offset
    if limit == 0 { return [] }
    let bound = last.map { OrderedKey(app: number, owner: owner, sequence: $0) }
    // An order over a whole app can hold records of an account that is gone, which must not be counted.
    let isWhole = try owner != 0 || !hasRemovals()
    let prefix = OrderedKey.prefix(app: number, owner: owner)
    try order.scan(prefix: prefix, after: bound, .descending, in: transaction) { _, id in
      if toPassOver > 0, isWhole {
        toPassOver -= 1
        return true
      }
      guard let element = try read(id.value) else { return true }
      if toPassOver > 0 { toPassOver -= 1 } else { found.append(element) }
      return found.count < limit
    }
    return found
  }

  /// Whether there may be records of accounts that are gone, in any app.
  private func hasRemovals() throws -> Bool { try tables.removals.count(in: transaction) > 0 }

  func count(_ counted: CountKey.Counted, owner: UInt64 = 0) throws -> Int {
    let count = try tables.counts.get(CountKey(app: number, owner: owner, counted), in: transaction)
    return Int(clamping: count?.value ?? 0)
  }
}
