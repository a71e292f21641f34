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

/// Attempts to guess passwords and codes. Each is counted before the password is hashed, and taken back if it was right (OWASP
/// ASVS 6.3.1). Nothing of a trusted caller is counted.
extension Context {
  /// Counts an attempt to prove a username.
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
    let (pair, username) = (mark(name + (address ?? [])), mark(name))
    let addresses = address.map { address in keys.all.map { Self.mark(address, $0) } } ?? []
    let (attempt, refusal) = try write { change in
      let now = moment
      let attempt = Attempt(pair: pair, addresses: addresses, username: username, end: windowEnd(from: now))
      let maximum = configuration.maximumAttempts
      return (attempt, try change.count(attempt, of: account, maximum: maximum, now: now))
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
    let creator = mark(creator)
    let refusal = try write { change in
      let now = moment
      return try change.count(
        creationBy: creator, maximum: configuration.maximumRegistrations, end: windowEnd(from: now), now: now)
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
  private func mark(_ bytes: [UInt8]) -> [UInt8] { Self.mark(bytes, keys.all.last ?? keys) }

  private static func mark(_ bytes: [UInt8], _ keys: Keys) -> [UInt8] { Array(keys.hash(bytes).prefix(16)) }
}
