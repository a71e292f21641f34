import DashboardLMDB
package import DashboardRecords
import DashboardWireFormat

/// What is counted for some time, and forgotten by itself.
struct TallyKey: TableKey, Hashable {
  /// The raw values are stored.
  enum Kind: UInt8 {
    /// Failed attempts on one username from one address.
    case pair = 1
    /// From one address.
    case address = 2
    /// On one username.
    case username = 3
    /// An address from which an account has signed in; `owner` is the account's sequence.
    case knownAddress = 4
    /// Registrations and new usernames from one address, reset codes made by one account.
    case creation = 5
  }

  let app: AppNumber
  let kind: Kind
  /// 0 unless the kind says otherwise.
  let owner: UInt64
  /// 16 bytes that stand for what is counted.
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

/// A tally by the time at which it ends.
struct TallyEnd: TableKey {
  /// In milliseconds.
  let end: UInt64
  let key: TallyKey

  init(_ end: UInt64, _ key: TallyKey) {
    self.end = end
    self.key = key
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(end)
    key.encode(into: &writer)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let end = reader.integer(UInt64.self) else { throw UnreadableBytes() }
    let key = try TallyKey(decoding: &reader)
    self.init(end, key)
  }
}

struct Tally: TableValue {
  var count: UInt32
  /// In milliseconds: from then on it is as if it weren't there.
  let end: UInt64
  /// Whether something has been refused because of it.
  var hasRefused: Bool

  func encode(into writer: inout ByteWriter) {
    writer.append(count)
    writer.append(end)
    writer.append(hasRefused ? UInt8(1) : 0)
  }

  /// Itself, unless it has ended.
  func living(at now: Timestamp) -> Tally? { end > UInt64(clamping: now.milliseconds) ? self : nil }

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

/// Tallies of one kind, and their order of ending.
struct TallyTables: Sendable {
  let tallies: Table<TallyKey, Tally>
  let ends: Table<TallyEnd, Number>
  /// How many are kept at most; beyond it, those that end first make room.
  let most: Int

  init(
    _ name: StaticString, byEnd nameByEnd: StaticString, most: Int,
    in transaction: borrowing some Transaction & ~Copyable, makesThem: Bool
  ) throws(LMDBError) {
    tallies = try Table(name, in: transaction, makesIt: makesThem)
    ends = try Table(nameByEnd, in: transaction, makesIt: makesThem)
    self.most = most
  }
}

/// What an attempt to prove something is counted by: 16 bytes each that stand for the username together with the address, for the
/// address, and for the username.
package struct Attempt: Sendable {
  package let pair: [UInt8]
  /// The address by each of the keys in use, the newest first. It is counted by the oldest and known by any. Empty for a client whose
  /// address is not known.
  package let addresses: [[UInt8]]
  package let username: [UInt8]
  /// When a count ends that begins with this attempt.
  package let end: Timestamp

  package init(pair: [UInt8], addresses: [[UInt8]], username: [UInt8], end: Timestamp) {
    self.pair = pair
    self.addresses = addresses
    self.username = username
    self.end = end
  }
}

/// Too many attempts were made. A value and not an error, because the transaction that refuses the first one must be committed.
package struct TooManyAttempts: Sendable {
  package let until: Timestamp
  /// True for the first attempt that is refused, which is the one to log.
  package let isFirst: Bool
}

/// Attempts are counted before their outcome is known, so that many at once do not slip through.
extension Change {
  /// Seconds for which an address from which an account has signed in is known.
  private static var knownFor: Int64 { 30 * 86_400 }

  /// Counts a attempt.
  ///
  /// - Parameters:
  ///   - account: whose username it is, if it is somebody's.
  ///   - maximum: of guesses of one username from one address; ten times that from one address, and of one username from
  ///     addresses from which the account has not signed in lately.
  /// - Returns: `nil` if it is counted.
  package func count(_ attempt: Attempt, of account: Account?, maximum: Int, now: Timestamp) throws
    -> TooManyAttempts?
  {
    let isAtHome = try isKnown(attempt, account, now)
    let tenfold = UInt32(clamping: maximum) &* 10
    var limits = [(key(.pair, attempt.pair), UInt32(clamping: maximum))]
    if let address = attempt.addresses.last { limits.append((key(.address, address), tenfold)) }
    limits.append((key(.username, attempt.username), isAtHome ? .max : tenfold))
    return try count(limits, end: attempt.end, now: now)
  }

  /// Counts that something is made of which nobody is to make very many; 16 bytes stand for who makes it.
  ///
  /// - Parameter end: of a count that begins with it.
  /// - Returns: `nil` if it is counted.
  package func count(creationBy creator: [UInt8], maximum: Int, end: Timestamp, now: Timestamp) throws
    -> TooManyAttempts?
  {
    try count([(key(.creation, creator), UInt32(clamping: maximum))], end: end, now: now)
  }

  private func count(_ limits: [(TallyKey, UInt32)], end: Timestamp, now: Timestamp) throws
    -> TooManyAttempts?
  {
    var next: [(key: TallyKey, former: Tally?, tally: Tally)] = []
    for (key, limit) in limits {
      let former = try stored(key)
      var tally = former?.living(at: now) ?? Tally(count: 0, end: UInt64(clamping: end.milliseconds))
      guard tally.count < limit else {
        let isFirst = !tally.hasRefused
        tally.hasRefused = true
        if isFirst { try put(tally, at: key, inPlaceOf: former) }
        return TooManyAttempts(until: Timestamp(milliseconds: Int64(clamping: tally.end)), isFirst: isFirst)
      }
      tally.count &+= 1
      next.append((key, former, tally))
    }
    // One that makes room for another may be among them.
    let isCrowded = try tables.guesses.tallies.count(in: transaction) + next.count > tables.guesses.most
    for one in next {
      try put(one.tally, at: one.key, inPlaceOf: isCrowded ? stored(one.key) : one.former)
    }
    return nil
  }

  /// Takes back the count of a guess that was right, and forgets the wrong ones of that username from that address. A count
  /// that began later does not have it.
  package func forgive(_ attempt: Attempt, of account: Account, now: Timestamp) throws {
    let pair = key(.pair, attempt.pair)
    try put(nil, at: pair, inPlaceOf: stored(pair))
    for key in attempt.addresses.suffix(1).map({ key(.address, $0) }) + [key(.username, attempt.username)] {
      let former = try stored(key)
      guard var tally = former?.living(at: now), tally.end <= UInt64(clamping: attempt.end.milliseconds)
      else {
        continue
      }
      tally.count = tally.count > 0 ? tally.count - 1 : 0
      try put(tally.count == 0 ? nil : tally, at: key, inPlaceOf: former)
    }
    guard let newest = attempt.addresses.first else { return }
    let known = TallyKey(app: number, .knownAddress, owner: account.sequence, newest)
    let end = UInt64(clamping: now.adding(seconds: Self.knownFor).milliseconds)
    // Not at every sign-in: a day does not matter.
    let former = try stored(known)
    let isRecent = former.map { $0.end &+ 86_400_000 > end } ?? false
    if !isRecent { try put(Tally(count: 1, end: end), at: known, inPlaceOf: former) }
  }

  /// Nobody, whose number would be 0, has one; but to find that out takes as long.
  private func isKnown(_ attempt: Attempt, _ account: Account?, _ now: Timestamp) throws -> Bool {
    try attempt.addresses.contains { address in
      try stored(TallyKey(app: number, .knownAddress, owner: account?.sequence ?? 0, address))?
        .living(at: now) != nil
    }
  }

  private func key(_ kind: TallyKey.Kind, _ mark: [UInt8]) -> TallyKey { TallyKey(app: number, kind, mark) }

  /// Whether it has ended or not.
  private func stored(_ key: TallyKey) throws -> Tally? { try of(key).tallies.get(key, in: transaction) }

  private func of(_ key: TallyKey) -> TallyTables {
    key.kind == .knownAddress ? tables.knownAddresses : tables.guesses
  }

  /// Stores a tally; `nil`: removes it.
  ///
  /// - Parameter former: what is stored.
  private func put(_ tally: Tally?, at key: TallyKey, inPlaceOf former: Tally?) throws {
    let tables = of(key)
    if let former, former.end != tally?.end {
      _ = try tables.ends.remove(TallyEnd(former.end, key), in: transaction)
    }
    guard let tally else {
      if former != nil { try tables.tallies.remove(key, in: transaction) }
      return
    }
    if former == nil { try makeRoom(in: tables) }
    try tables.tallies.put(key, tally, in: transaction)
    if former?.end != tally.end {
      try tables.ends.put(TallyEnd(tally.end, key), Number(0), in: transaction)
    }
  }

  private func makeRoom(in tables: TallyTables) throws {
    guard try tables.tallies.count(in: transaction) >= tables.most else { return }
    var first: TallyEnd?
    try tables.ends.scan(prefix: [], in: transaction) { end, _ in
      first = end
      return false
    }
    guard let first else { return }
    _ = try tables.tallies.remove(first.key, in: transaction)
    _ = try tables.ends.remove(first, in: transaction)
  }
}

extension Store {
  /// How many guesses are counted.
  package func tallyCount() throws -> Int { try look { try $1.guesses.tallies.count(in: $0) } }
}
