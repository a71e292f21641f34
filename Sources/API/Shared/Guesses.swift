import DashboardCrypto
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import DashboardWireFormat

/// Passwords and codes that could be guessed. Each guess is counted before it is looked at, and taken back if it was
/// right (OWASP ASVS 6.3.1).
enum Guesses {
  static let tooMany = Exception(
    "too-many-attempts", 429, "too many wrong passwords or codes", retryAfter: 900)
  static let tooManyUsernames = Exception(
    "too-many-attempts", 429, "too many registrations or new usernames from one address", retryAfter: 900)
  static let tooManyCodes = Exception(
    "too-many-attempts", 429, "too many reset codes by one account", retryAfter: 900)
  static let invalidCredentials = Exception(
    "invalid-credentials", 401, "with CONCEAL_ACCOUNTS: an unknown username, a wrong password or code")
  /// What every route that looks at guesses can throw.
  static let exceptions = [tooMany, invalidCredentials]
  static let settings: [Setting] = [.maximumAttempts, .attemptWindow, .concealsAccounts]
}

extension Call {
  /// Counts a guess.
  ///
  /// - Parameter usernameHashes: of the username by several keys, the newest first.
  /// - Returns: what it is counted by; `nil` if it comes from this process.
  /// - Throws: `Guesses.tooMany`, whether the guess is right or wrong.
  mutating func count(guessOf usernameHashes: [[UInt8]]) throws -> Change.Guess? {
    guard let client else { return nil }
    let account = try read { try $0.account(usernameHashes: usernameHashes) }
    // By what does not change while keys do: an account has two hashes of its username then. As long as what stands for an unknown
    // one, which then takes as long.
    let unknown = Array((usernameHashes.last ?? []).prefix(AccountID.length))
    let name = account.map { Array("\($0.accountid)".utf8) } ?? unknown
    let (pair, username) = (mark(name + client.bytes), mark(name))
    let addresses = keys.all.map { mark(client.bytes, $0) }
    let (guess, refusal) = try write { change in
      let now = moment
      let guess = Change.Guess(
        pair: pair, addresses: addresses, username: username, end: windowEnd(from: now))
      let maximum = configuration.maximumAttempts
      return (guess, try change.count(guess, of: account, maximum: maximum, now: now))
    }
    if let refusal { throw refuse(Guesses.tooMany, refusal, account?.accountid) }
    return guess
  }

  /// Counts an attempt to take a username: each tells whether it is taken, and costs a hash.
  ///
  /// - Throws: `Guesses.tooManyUsernames`.
  mutating func countUsername() throws {
    if let client { try countCreation(by: client.bytes, Guesses.tooManyUsernames, nil) }
  }

  /// Counts a reset code that the asker makes: each is a line of the event log.
  ///
  /// - Throws: `Guesses.tooManyCodes`.
  mutating func countResetCode() throws {
    let account = try asker.account.accountid
    if client != nil { try countCreation(by: Array("\(account)".utf8), Guesses.tooManyCodes, account) }
  }

  private mutating func countCreation(by creator: [UInt8], _ exception: Exception, _ account: AccountID?)
    throws
  {
    let creator = mark(creator)
    let refusal = try write { change in
      let now = moment
      return try change.count(
        creationBy: creator, maximum: configuration.maximumRegistrations, end: windowEnd(from: now), now: now)
    }
    if let refusal { throw refuse(exception, refusal, account) }
  }

  private mutating func refuse(
    _ exception: Exception, _ refusal: Change.TooManyAttempts, _ account: AccountID?
  ) -> Exception {
    if refusal.isFirst { note(.locked, account) }
    let milliseconds = max(0, refusal.until.milliseconds - now.milliseconds)
    return exception.retrying(after: Int(clamping: milliseconds / 1000 + 1))
  }

  /// When a count ends that begins at some moment.
  private func windowEnd(from begin: Timestamp) -> Timestamp {
    begin.adding(seconds: Int64(configuration.attemptWindow))
  }

  /// What stands for something that is counted, and does not tell what it is: by the oldest keys, that a change of keys does not
  /// forget all counts.
  private func mark(_ bytes: [UInt8]) -> [UInt8] { mark(bytes, keys.all.last ?? keys) }

  private func mark(_ bytes: [UInt8], _ keys: Keys) -> [UInt8] { Array(keys.hash(bytes).prefix(16)) }

  /// An exception that would tell whether a username exists, or what may be told instead.
  func concealed(_ exception: Exception) -> Exception {
    configuration.concealsAccounts ? Guesses.invalidCredentials : exception
  }

  /// Changes something as the account whose password was proven.
  ///
  /// - Parameter body: is given the account as it is.
  /// - Throws: `wrongPassword` if username or password are no longer those that were proven.
  func write<Result>(
    proving proof: Proof, _ body: (borrowing Change, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    try settling(proof) {
      try write { change in
        let now = moment
        return try body(change, proof.confirm(change, now), now)
      }
    }
  }

  /// Takes the guess back also where something else than it is refused.
  func settling<Result>(_ proof: Proof?, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let exception as Exception {
      if let proof, exception != proof.refusal {
        try write { change in _ = try proof.confirm(change, moment) }
      }
      throw exception
    }
  }
}

/// An account whose password was right.
struct Proof {
  let account: Account
  let guess: Change.Guess?
  /// The answer to a wrong password.
  let refusal: Exception
  /// Of the account's username by the keys that are in use.
  let usernameHashes: [[UInt8]]
  /// Whether the password would be hashed the same way today.
  let isHashCurrent: Bool

  /// The account as it is in the transaction. The guess is taken back.
  ///
  /// - Throws: `refusal` if username or password have changed since.
  func confirm(_ change: borrowing Change, _ now: Timestamp) throws -> Account {
    // Another sign-in may have moved the username to new keys; it is the same all the same.
    guard let current = try change.account(account.accountid),
      current.passwordLastChangedAt == account.passwordLastChangedAt,
      current.usernameHash == account.usernameHash || usernameHashes.contains(current.usernameHash)
    else { throw refusal }
    if let guess { try change.forgive(guess, of: current, now: now) }
    return current
  }
}
