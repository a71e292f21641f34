import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The key of a counter that ends some time after its first use.
struct CounterKey: TableKey, Hashable {
  /// The raw values are stored.
  enum Kind: UInt8 {
    /// Attempts on one username from one address.
    case pair = 1
    /// Attempts from one address.
    case address = 2
    /// Attempts on one username.
    case username = 3
    /// An address from which an account signed in. `owner` is the account's sequence.
    case knownAddress = 4
    /// Registrations and username changes from one address, or reset codes created by one account.
    case creation = 5
    /// Second factors of one account.
    case factor = 6
    /// Second factors of one account within a day.
    case factorOfDay = 7
    /// Uses of one challenge of a passkey.
    case challenge = 8
  }

  let app: AppNumber
  let kind: Kind
  /// 0 unless the kind says otherwise.
  let owner: UInt64
  /// 16 bytes that identify the username, address or account.
  let mark: [UInt8]

  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(kind.rawValue)
    writer.append(owner)
    writer.append(bytes: mark)
  }

  init(app: AppNumber, _ kind: Kind, owner: UInt64 = 0, _ mark: [UInt8]) {
    self.app = app
    self.kind = kind
    self.owner = owner
    self.mark = mark
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let kind = reader.integer(UInt8.self).flatMap(Kind.init),
      let owner = reader.integer(UInt64.self), let mark = reader.bytes(16)
    else { throw UnreadableBytes() }
    self.init(app: app, kind, owner: owner, mark)
  }
}

/// A counter's place in the order of ends.
struct CounterEnd: TableKey {
  /// In milliseconds.
  let end: UInt64
  let key: CounterKey

  init(_ end: UInt64, _ key: CounterKey) {
    self.end = end
    self.key = key
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(end)
    key.encode(into: &writer)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let end = reader.integer(UInt64.self) else { throw UnreadableBytes() }
    let key = try CounterKey(decoding: &reader)
    self.init(end, key)
  }
}

struct Counter: TableValue {
  var count: UInt32
  /// In milliseconds. At this moment the counter no longer counts.
  let end: UInt64
  /// True after the counter has refused an attempt.
  var hasRefused: Bool

  func encode(into writer: inout ByteWriter) {
    writer.append(count)
    writer.append(end)
    writer.append(hasRefused ? UInt8(1) : 0)
  }

  /// This counter; `nil` if it has ended, or if it began while the clock was ahead.
  ///
  /// - Parameter latest: the end of a counter that begins now.
  func active(at now: Timestamp, until latest: Timestamp) -> Counter? {
    end > UInt64(clamping: now.milliseconds) && end <= UInt64(clamping: latest.milliseconds) ? self : nil
  }

  init(count: UInt32, end: UInt64, hasRefused: Bool = false) {
    self.count = count
    self.end = end
    self.hasRefused = hasRefused
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let count = reader.integer(UInt32.self), let end = reader.integer(UInt64.self),
      let hasRefused = reader.integer(UInt8.self)
    else { throw UnreadableBytes() }
    self.init(count: count, end: end, hasRefused: hasRefused == 1)
  }
}

/// The counters of one kind, and their order of ends.
struct CounterTables: Sendable {
  let counters: Table<CounterKey, Counter>
  let ends: Table<CounterEnd, Number>
  /// The maximum number of counters. Beyond it, the counter that ends first is removed.
  let most: Int

  init(
    _ name: StaticString, byEnd nameByEnd: StaticString, most: Int,
    in transaction: borrowing some Transaction & ~Copyable, createIfMissing: Bool
  ) throws(LMDBError) {
    counters = try Table(name, in: transaction, createIfMissing: createIfMissing)
    ends = try Table(nameByEnd, in: transaction, createIfMissing: createIfMissing)
    self.most = most
  }
}

/// Attempts are counted before their outcome is known, so that many simultaneous attempts can't exceed the
/// limit.
extension DataFileWrite {
  func count(_ limits: [(key: AttemptKey, limit: UInt32)], end: Timestamp, now: Timestamp) throws
    -> TooManyAttempts?
  {
    var next: [(key: CounterKey, former: Counter?, counter: Counter)] = []
    for (key, limit) in limits {
      let key = counterKey(key)
      let former = try stored(key)
      var counter =
        former?.active(at: now, until: end) ?? Counter(count: 0, end: UInt64(clamping: end.milliseconds))
      guard counter.count < limit else {
        let isFirst = !counter.hasRefused
        counter.hasRefused = true
        if isFirst { try put(counter, at: key, replacing: former) }
        return TooManyAttempts(until: Timestamp(milliseconds: Int64(clamping: counter.end)), isFirst: isFirst)
      }
      counter.count &+= 1
      next.append((key, former, counter))
    }
    // If the table is full, storing one counter may remove another one of `next`. So each is read again.
    let isFull = try tables.attempts.counters.count(in: transaction) + next.count > tables.attempts.most
    for one in next {
      try put(one.counter, at: one.key, replacing: isFull ? stored(one.key) : one.former)
    }
    return nil
  }

  func takeBack(_ key: AttemptKey, begunBy end: Timestamp, now: Timestamp) throws {
    let key = counterKey(key)
    let former = try stored(key)
    guard var counter = former?.active(at: now, until: end) else { return }
    counter.count = counter.count > 0 ? counter.count - 1 : 0
    try put(counter.count == 0 ? nil : counter, at: key, replacing: former)
  }

  func forget(_ key: AttemptKey) throws {
    let key = counterKey(key)
    try put(nil, at: key, replacing: stored(key))
  }

  func isKnown(_ addresses: [[UInt8]], of account: Account?, now: Timestamp, latest: Timestamp) throws -> Bool
  {
    // No account has the sequence 0, and the lookup takes the same time.
    try addresses.contains { address in
      try stored(CounterKey(app: number, .knownAddress, owner: account?.sequence ?? 0, address))?
        .active(at: now, until: latest) != nil
    }
  }

  func remember(_ address: [UInt8], of account: Account, until end: Timestamp) throws {
    let key = CounterKey(app: number, .knownAddress, owner: account.sequence, address)
    let end = UInt64(clamping: end.milliseconds)
    let former = try stored(key)
    // Precision of a day is enough and saves most writes.
    let isRecent = former.map { $0.end <= end && $0.end &+ 86_400_000 > end } ?? false
    if !isRecent { try put(Counter(count: 1, end: end), at: key, replacing: former) }
  }

  private func counterKey(_ key: AttemptKey) -> CounterKey {
    let kind: CounterKey.Kind =
      switch key.subject {
      case .usernameAtAddress: .pair
      case .address: .address
      case .username: .username
      case .creation: .creation
      case .factor: .factor
      case .factorOfDay: .factorOfDay
      case .challenge: .challenge
      }
    return CounterKey(app: number, kind, key.mark)
  }

  /// The stored counter, active or ended.
  private func stored(_ key: CounterKey) throws -> Counter? {
    try counterTables(of: key).counters.get(key, in: transaction)
  }

  private func counterTables(of key: CounterKey) -> CounterTables {
    key.kind == .knownAddress ? tables.knownAddresses : tables.attempts
  }

  /// Stores a counter; `nil` removes it.
  ///
  /// - Parameter former: the stored counter; `nil` if there is none.
  private func put(_ counter: Counter?, at key: CounterKey, replacing former: Counter?) throws {
    let tables = counterTables(of: key)
    if let former, former.end != counter?.end {
      try tables.ends.remove(CounterEnd(former.end, key), in: transaction)
    }
    guard let counter else {
      if former != nil { try tables.counters.remove(key, in: transaction) }
      return
    }
    if former == nil { try makeRoom(in: tables) }
    try tables.counters.put(key, counter, in: transaction)
    if former?.end != counter.end {
      try tables.ends.put(CounterEnd(counter.end, key), Number(0), in: transaction)
    }
  }

  /// Removes the counter that ends first if the tables are full.
  private func makeRoom(in tables: CounterTables) throws {
    guard try tables.counters.count(in: transaction) >= tables.most,
      let first = try tables.ends.first(1, in: transaction).first?.key
    else { return }
    try tables.counters.remove(first.key, in: transaction)
    try tables.ends.remove(first, in: transaction)
  }
}
