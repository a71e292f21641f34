import DashboardCrypto
import DashboardRecords
import DashboardStore

/// Too many attempts. The answer is the same for a right and a wrong password.
package enum AttemptError: RuleError {
  case tooManyPasswords(retryAfter: Int)
  case tooManyRegistrations(retryAfter: Int)
  case tooManyResetCodes(retryAfter: Int)

  package var identifier: String {
    switch self {
    case .tooManyPasswords: "too-many-passwords"
    case .tooManyRegistrations: "too-many-registrations"
    case .tooManyResetCodes: "too-many-reset-codes"
    }
  }

  package var retryAfter: Int? {
    switch self {
    case .tooManyPasswords(let seconds), .tooManyRegistrations(let seconds), .tooManyResetCodes(let seconds):
      seconds
    }
  }
}

/// An attempt that was counted, so that it can be taken back.
struct Attempt {
  fileprivate let pair: AttemptKey
  /// `nil` if the client's address is not known.
  fileprivate let address: AttemptKey?
  fileprivate let username: AttemptKey
  /// The address by each of the keys in use, the newest first.
  fileprivate let addressMarks: [[UInt8]]
  /// When a count ends that began with this attempt.
  fileprivate let end: Timestamp

  /// Seconds for which an address is remembered from which an account signed in. The limit of a username does not bind it.
  private static let rememberedFor: Int64 = 30 * 86_400

  /// Takes a correct attempt back, and forgets the wrong ones on the username from the address.
  func forgive(_ change: borrowing Change, of account: Account, now: Timestamp) throws {
    try change.forget(pair)
    if let address { try change.takeBack(address, begunBy: end, now: now) }
    try change.takeBack(username, begunBy: end, now: now)
    if let newest = addressMarks.first {
      try change.remember(newest, of: account, until: now.adding(seconds: Self.rememberedFor))
    }
  }
}

/// Attempts to guess passwords and codes. Each is counted before the password is hashed, and taken back if it was right (OWASP
/// ASVS 6.3.1). Nothing of a trusted caller is counted.
extension Context {
  /// How many times MAXIMUM_ATTEMPTS are allowed for one address alone, and for one username alone.
  private static let widerLimit = 10

  /// Counts an attempt to prove a username: for the username from the client's address, for the address, and for the username, except
  /// from an address that is remembered for the account, so that its holder can't be locked out.
  ///
  /// - Parameter usernameHashes: of the username by each of the keys in use, the newest first.
  /// - Returns: what the attempt is counted by; `nil` for a trusted caller.
  /// - Throws: `tooManyPasswords`, whether the attempt is right or wrong.
  mutating func countAttempt(_ caller: Caller, on usernameHashes: [[UInt8]]) throws -> Attempt? {
    if caller.client.isTrusted { return nil }
    let address = caller.client.address?.bytes
    let account = try read { try $0.account(usernameHashes: usernameHashes) }
    // The identifier stays while keys change and an account has two hashes of its username. The text for an unknown username is as
    // long, so that it takes as long.
    let unknown = Array((usernameHashes.last ?? []).prefix(AccountID.length))
    let name = account.map { Array("\($0.accountid)".utf8) } ?? unknown
    let marks = address.map { address in secrets.all.map { Self.mark(address, $0) } } ?? []
    let pair = AttemptKey(.usernameAtAddress, mark(name + (address ?? [])))
    let username = AttemptKey(.username, mark(name))
    let ofAddress = marks.last.map { AttemptKey(.address, $0) }
    let (maximum, wider) = (UInt32(clamping: configuration.maximumAttempts), UInt32(Self.widerLimit))
    let (attempt, refusal) = try write { change in
      let now = moment
      let isAtHome = try change.isKnown(marks, of: account, now: now)
      var limits = [(key: pair, limit: maximum)]
      if let ofAddress { limits.append((ofAddress, maximum &* wider)) }
      limits.append((username, isAtHome ? .max : maximum &* wider))
      let attempt = Attempt(
        pair: pair, address: ofAddress, username: username, addressMarks: marks, end: windowEnd(from: now))
      return (attempt, try change.count(limits, end: attempt.end, now: now))
    }
    if let refusal { throw AttemptError.tooManyPasswords(retryAfter: refuse(refusal, account?.accountid)) }
    return attempt
  }

  /// Counts an attempt to take a username: each tells whether the username is taken, and costs a hash. Without an address there is
  /// nothing to count by.
  ///
  /// - Throws: `tooManyRegistrations`.
  mutating func countUsername(_ caller: Caller) throws {
    guard let address = caller.client.address,
      let seconds = try countCreation(by: address.bytes, nil)
    else { return }
    throw AttemptError.tooManyRegistrations(retryAfter: seconds)
  }

  /// Counts a reset code that an account makes: each is a line of the event log.
  ///
  /// - Throws: `tooManyResetCodes`.
  mutating func countResetCode(_ caller: Caller) throws {
    guard !caller.client.isTrusted, let account = caller.signedIn?.account.accountid,
      let seconds = try countCreation(by: Array("\(account)".utf8), account)
    else { return }
    throw AttemptError.tooManyResetCodes(retryAfter: seconds)
  }

  /// - Returns: the seconds to wait; `nil` if it is counted.
  private mutating func countCreation(by creator: [UInt8], _ account: AccountID?) throws -> Int? {
    let limits = [
      (key: AttemptKey(.creation, mark(creator)), limit: UInt32(clamping: configuration.maximumRegistrations))
    ]
    let refusal = try write { change in
      let now = moment
      return try change.count(limits, end: windowEnd(from: now), now: now)
    }
    return refusal.map { refuse($0, account) }
  }

  /// Logs the first refusal, and gives the seconds to wait.
  private mutating func refuse(_ refusal: TooManyAttempts, _ account: AccountID?) -> Int {
    if refusal.isFirst { log(.locked, account) }
    return Int(clamping: max(0, refusal.until.milliseconds - now.milliseconds) / 1000 + 1)
  }

  /// When a count ends that begins at a moment.
  private func windowEnd(from begin: Timestamp) -> Timestamp {
    begin.adding(seconds: Int64(configuration.attemptWindow))
  }

  /// 16 bytes that stand for what is counted without telling it: by the oldest keys, so that counts survive a change of keys.
  private func mark(_ bytes: [UInt8]) -> [UInt8] { Self.mark(bytes, secrets.all.last ?? secrets) }

  private static func mark(_ bytes: [UInt8], _ secrets: Secrets) -> [UInt8] {
    Array(secrets.hash(bytes).prefix(16))
  }
}
