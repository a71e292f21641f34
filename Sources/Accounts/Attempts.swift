import DashboardCrypto
import DashboardRecords
import DashboardStore

/// Too many attempts. The response is the same for a correct and a wrong password.
package enum AttemptError: RuleError {
  case tooManyPasswords(retryAfter: Int)
  case tooManyRegistrations(retryAfter: Int)
  case tooManyResetCodes(retryAfter: Int)
  case tooManyFactors(retryAfter: Int)

  package var identifier: String {
    switch self {
    case .tooManyPasswords: "too-many-passwords"
    case .tooManyRegistrations: "too-many-registrations"
    case .tooManyResetCodes: "too-many-reset-codes"
    case .tooManyFactors: "too-many-second-factors"
    }
  }

  package var retryAfter: Int? {
    switch self {
    case .tooManyPasswords(let seconds), .tooManyRegistrations(let seconds), .tooManyResetCodes(let seconds),
      .tooManyFactors(let seconds):
      seconds
    }
  }
}

/// A counted attempt, which can be taken back.
struct Attempt {
  /// The username from the client's address.
  fileprivate let pair: AttemptKey
  /// The client's address; `nil` if it is not known.
  fileprivate let address: AttemptKey?
  fileprivate let username: AttemptKey
  /// The marks of the address by the current secrets, then by the previous ones.
  fileprivate let addressMarks: [[UInt8]]
  /// The end of counters that started with this attempt.
  let end: Timestamp

  /// When the address of a correct attempt is forgotten. Until then the limit of the username does not apply to
  /// it.
  static func memoryEnd(from begin: Timestamp) -> Timestamp { begin.adding(seconds: 30 * 86_400) }

  /// Takes an attempt back whose password was not checked.
  func cancel(_ change: borrowing Change, now: Timestamp) throws {
    for key in [pair, address, username] {
      if let key { try change.takeBack(key, begunBy: end, now: now) }
    }
  }

  /// Takes a correct attempt back, and forgets the wrong attempts on the username from the address.
  func forgive(_ change: borrowing Change, of account: Account, now: Timestamp) throws {
    try change.forget(pair)
    if let address { try change.takeBack(address, begunBy: end, now: now) }
    try change.takeBack(username, begunBy: end, now: now)
    if let newest = addressMarks.first {
      try change.remember(newest, of: account, until: Self.memoryEnd(from: now))
    }
  }
}

/// An attempt that was counted by the client's address alone.
struct CountedAddress {
  /// `nil` if it is allowed.
  let refusal: TooManyAttempts?
  fileprivate let key: AttemptKey
  fileprivate let end: Timestamp

  func takeBack(_ change: borrowing Change, _ now: Timestamp) throws {
    try change.takeBack(key, begunBy: end, now: now)
  }
}

/// Rate limits of attempts (OWASP ASVS 6.3.1). An attempt is counted before the password is hashed, and taken
/// back if the password was correct. Attempts of a trusted client are not counted.
extension Context {
  /// The factor of MAXIMUM_ATTEMPTS for one address, and for one username from all addresses.
  private static let widerLimit = 10

  /// Counts an attempt to prove an account.
  ///
  /// Three limits apply: of the username from the client's address, of the address, and of the username. The
  /// last one does not apply to a remembered address of the account, so that other clients can't lock its
  /// holder out.
  ///
  /// - Parameter isVerification: true if the caller proves the account of its session again.
  /// - Returns: the counted attempt; `nil` for a trusted client.
  /// - Throws: `AttemptError.tooManyPasswords`.
  mutating func countAttempt(
    _ caller: Caller, on username: TypedUsername, isVerification: Bool = false
  ) throws -> Attempt? {
    if caller.client.isTrusted { return nil }
    let hashes = username.countedHashes(secrets)
    let account = try read { try $0.account(usernameHashes: hashes) }
    let isOwn = isVerification && account != nil && account?.accountid == caller.signedIn?.account.accountid
    return try countAttempt(caller, account, unknown: username.unknownHash(secrets), isOwn: isOwn)
  }

  /// Counts an attempt to prove the caller's own account. Sessions have counters of their own: guests who try passwords do not keep a
  /// holder who is signed in from changing the password.
  ///
  /// - Throws: `AttemptError.tooManyPasswords`.
  mutating func countAttempt(_ caller: Caller, onOwn account: Account) throws -> Attempt? {
    if caller.client.isTrusted { return nil }
    let current = try read { try $0.account(account.accountid) }
    return try countAttempt(caller, current, unknown: account.usernameHash, isOwn: true)
  }

  /// - Parameters:
  ///   - account: `nil` if no account has the username.
  ///   - unknown: the hash of the username, which counts then.
  ///   - isOwn: true if the caller is signed in to the account.
  private mutating func countAttempt(
    _ caller: Caller, _ account: Account?, unknown: [UInt8], isOwn: Bool = false
  ) throws -> Attempt {
    // Counts by identifier, because the hash of a username changes with the keys. An unknown username gets a
    // text of the same length, so that time does not reveal it.
    let owner = account.map { Array("\($0.accountid)".utf8) } ?? Array(unknown.prefix(AccountID.length))
    let name = isOwn ? owner + Array("/session".utf8) : owner
    let (maximum, wider) = (UInt32(clamping: configuration.maximumAttempts), UInt32(Self.widerLimit))
    let (attempt, refusal) = try write { change in
      let now = moment
      let attempt: Attempt = self.attempt(caller, on: name, end: windowEnd(from: now))
      let isKnownAddress = try change.isKnown(
        attempt.addressMarks, of: account, now: now, latest: Attempt.memoryEnd(from: now))
      var limits = [(key: attempt.pair, limit: maximum)]
      if let address = attempt.address { limits.append((address, maximum &* wider)) }
      limits.append((attempt.username, isKnownAddress ? .max : maximum &* wider))
      let refusal = try change.count(limits, end: attempt.end, now: now)
      try keep(refusal, of: account?.accountid, by: caller, change, now)
      return (attempt, refusal)
    }
    if let refusal { throw AttemptError.tooManyPasswords(retryAfter: refuse(refusal, account?.accountid)) }
    return attempt
  }

  private func attempt(_ caller: Caller, on name: [UInt8], end: Timestamp) -> Attempt {
    let marks = addressMarks(of: caller)
    return Attempt(
      pair: AttemptKey(.usernameAtAddress, mark(name + (caller.client.address?.bytes ?? []))),
      address: marks.last.map { AttemptKey(.address, $0) }, username: AttemptKey(.username, mark(name)),
      addressMarks: marks, end: end)
  }

  /// An attempt of an earlier request, which a later one takes back.
  ///
  /// If the client's address has changed since, the count of the later one is taken back.
  ///
  /// - Parameter end: `Attempt.end`.
  func attempt(_ caller: Caller, on account: Account, end: Timestamp) -> Attempt {
    attempt(caller, on: Array("\(account.accountid)".utf8), end: end)
  }

  /// Counts an attempt to take a username by the client's address, because it reveals whether the username is
  /// taken and costs a hash. Without an address it is not counted.
  ///
  /// - Throws: `AttemptError.tooManyRegistrations`.
  mutating func countUsername(_ caller: Caller) throws {
    guard let address = caller.client.address,
      let seconds = try countCreation(caller, by: address.bytes, nil)
    else { return }
    throw AttemptError.tooManyRegistrations(retryAfter: seconds)
  }

  /// Checks a code that belongs to no account, by the limit of the client's address. Without an address it is not
  /// counted.
  ///
  /// - Parameter isRight: checks the code.
  /// - Returns: the result of `isRight`. A right code is taken back.
  /// - Throws: `AttemptError.tooManyPasswords`.
  mutating func countingByAddress(_ caller: Caller, _ isRight: () throws -> Bool) throws -> Bool {
    let counted = try write { change in try countAddress(caller, change, moment) }
    guard let counted else { return try isRight() }
    if let refusal = counted.refusal {
      throw AttemptError.tooManyPasswords(retryAfter: refuse(refusal, nil))
    }
    guard try isRight() else { return false }
    try write { try counted.takeBack($0, moment) }
    return true
  }

  /// Counts an attempt by the client's address; `nil` if it is not known.
  func countAddress(_ caller: Caller, _ change: borrowing Change, _ now: Timestamp) throws -> CountedAddress?
  {
    guard let address = caller.client.address else { return nil }
    let key = AttemptKey(.address, mark(address.bytes))
    let limit = UInt32(clamping: configuration.maximumAttempts) &* UInt32(Self.widerLimit)
    let end = windowEnd(from: now)
    return CountedAddress(
      refusal: try change.count([(key: key, limit: limit)], end: end, now: now), key: key, end: end)
  }

  /// Counts a reset code by the account that creates it, because each code is a line in the event log.
  ///
  /// - Throws: `AttemptError.tooManyResetCodes`.
  mutating func countResetCode(_ caller: Caller) throws {
    guard !caller.client.isTrusted, let account = caller.signedIn?.account.accountid,
      let seconds = try countCreation(caller, by: Array("\(account)".utf8), account)
    else { return }
    throw AttemptError.tooManyResetCodes(retryAfter: seconds)
  }

  /// - Returns: the seconds to wait; `nil` if the attempt was counted.
  private mutating func countCreation(_ caller: Caller, by creator: [UInt8], _ account: AccountID?) throws
    -> Int?
  {
    let limits = [
      (key: AttemptKey(.creation, mark(creator)), limit: UInt32(clamping: configuration.maximumRegistrations))
    ]
    let refusal = try write { change in
      let now = moment
      let refusal = try change.count(limits, end: windowEnd(from: now), now: now)
      try keep(refusal, of: account, by: caller, change, now)
      return refusal
    }
    return refusal.map { refuse($0, account) }
  }

  /// Keeps the first refusal for the account.
  func keep(
    _ refusal: TooManyAttempts?, of id: AccountID?, by caller: Caller, _ change: borrowing Change,
    _ now: Timestamp
  ) throws {
    guard let refusal, refusal.isFirst, let id, let account = try change.current.account(id) else { return }
    try change.keep(.locked, of: account, by: caller.asClient, self, at: now)
  }

  /// Logs the first refusal.
  ///
  /// - Returns: the seconds to wait.
  mutating func refuse(_ refusal: TooManyAttempts, _ account: AccountID?) -> Int {
    if refusal.isFirst { log(.locked, account) }
    return Int(clamping: max(0, refusal.until.milliseconds - now.milliseconds) / 1000 + 1)
  }

  /// Remembers the client's address for an account that it has proven.
  func remember(_ caller: Caller, of account: Account, _ change: borrowing Change, at now: Timestamp) throws {
    guard let mark = addressMarks(of: caller).first else { return }
    try change.remember(mark, of: account, until: Attempt.memoryEnd(from: now))
  }

  /// The end of a counter that starts at a moment.
  func windowEnd(from begin: Timestamp) -> Timestamp {
    begin.adding(seconds: Int64(configuration.attemptWindow))
  }

  /// The marks of the client's address by the current secrets, then by the previous ones; empty if it is not known.
  func addressMarks(of caller: Caller) -> [[UInt8]] {
    guard let address = caller.client.address?.bytes else { return [] }
    return secrets.all.map { Self.mark(address, $0) }
  }

  /// A keyed hash of 16 bytes, so that counters reveal nothing. It uses the oldest secrets, so that counters
  /// survive a change of keys.
  func mark(_ bytes: [UInt8]) -> [UInt8] { Self.mark(bytes, secrets.all.last ?? secrets) }

  private static func mark(_ bytes: [UInt8], _ secrets: Secrets) -> [UInt8] {
    Array(secrets.hash(bytes).prefix(16))
  }
}
