import DashboardCrypto
import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// A username or a password is wrong.
package enum CredentialError: String, RuleError {
  case unknownUsername = "unknown-username"
  case wrongPassword = "wrong-password"
  /// One of both, where CONCEAL_ACCOUNTS does not tell which.
  case concealed = "wrong-credentials"
}

/// An account whose password was right.
struct PasswordProof {
  let account: Account
  let attempt: Attempt?
  /// The error for a wrong password.
  let refusal: CredentialError
  /// Hashes of the account's username by the keys in use.
  let usernameHashes: [[UInt8]]
  /// True if the password would be hashed the same way today.
  let isHashCurrent: Bool

  /// The account as it is in the transaction. The counted attempt is taken back.
  ///
  /// - Throws: `refusal` if username or password have changed since.
  func confirm(_ change: borrowing Change, _ now: Timestamp) throws -> Account {
    // Another sign-in may have moved the username to new keys; it is the same username.
    guard let current = try change.account(account.accountid),
      current.passwordLastChangedAt == account.passwordLastChangedAt,
      current.usernameHash == account.usernameHash || usernameHashes.contains(current.usernameHash)
    else { throw refusal }
    try attempt?.forgive(change, of: current, now: now)
    return current
  }
}

extension Context {
  /// Proves the account of a username by its password.
  ///
  /// - Parameters:
  ///   - failure: the event if they are wrong.
  ///   - isEligible: whether the account may be meant; one that may not counts as unknown.
  /// - Throws: `AttemptError.tooManyPasswords`; `CredentialError`, for an unknown username after as long a time as for a wrong password.
  mutating func prove(
    _ caller: Caller, username: Bytes, password: Bytes, failure: Event.Name = .proofFailed,
    isEligible: (Account) -> Bool = { _ in true }
  ) throws -> PasswordProof {
    let hashes = secrets.hashes(username)
    let attempt = try countAttempt(caller, on: hashes)
    let account = try read { try $0.account(usernameHashes: hashes) }
    let isMeant = account.map(isEligible) ?? false
    return try prove(
      isMeant ? account : nil, password, attempt, hashes, failure, unknown: concealed(.unknownUsername),
      wrong: concealed(.wrongPassword))
  }

  /// Proves the caller's own account by its password.
  ///
  /// - Throws: `AttemptError.tooManyPasswords`, `CredentialError.wrongPassword`.
  mutating func proveOwn(_ caller: Caller, password: Bytes) throws -> PasswordProof {
    let account = try caller.requireSignedIn().account
    let attempt = try countAttempt(caller, on: [account.usernameHash])
    return try prove(
      account, password, attempt, [], .proofFailed, unknown: .wrongPassword, wrong: .wrongPassword)
  }

  /// - Parameter account: `nil` if no account has the username.
  private mutating func prove(
    _ account: Account?, _ password: Bytes, _ attempt: Attempt?, _ hashes: [[UInt8]], _ failure: Event.Name,
    unknown: CredentialError, wrong: CredentialError
  ) throws -> PasswordProof {
    // One way for both, so that time does not tell them apart: even another place on the stack shows by a few percent.
    let hash = account?.passwordHash ?? .unmatchable(configuration.passwordScheme)
    let match = try hashing { hash.match(password, secrets: $0.secrets) }
    guard let account, let match else {
      log(failure, account?.accountid)
      throw account == nil ? unknown : wrong
    }
    effects.provenAccount = account.accountid
    let isCurrent =
      match.fingerprint == secrets.fingerprint
      && account.passwordHash.isMade(by: configuration.passwordScheme)
    return PasswordProof(
      account: account, attempt: attempt, refusal: wrong, usernameHashes: hashes, isHashCurrent: isCurrent)
  }

  /// The error, or what may be told where CONCEAL_ACCOUNTS hides whether a username exists.
  func concealed(_ error: CredentialError) -> CredentialError {
    configuration.concealsAccounts ? .concealed : error
  }

  /// A new hash of a password.
  mutating func passwordHash(_ password: Bytes) throws -> PasswordHash {
    try hashing { context in
      try PasswordHash(
        password, context.configuration.passwordScheme, secrets: context.secrets, random: context.random)
    }
  }

  /// Changes something as the account whose password was proven.
  ///
  /// - Parameter body: gets the account as it is in the transaction.
  /// - Throws: the proof's error if username or password changed meanwhile.
  func write<Result>(
    proving proof: PasswordProof,
    _ body: (borrowing Change, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    try settling(proof) {
      try write { change in
        let now = moment
        return try body(change, proof.confirm(change, now), now)
      }
    }
  }
}

extension Bytes {
  /// The number of Unicode scalars in bytes that are UTF-8.
  package var scalarCount: Int { count { $0 & 0xC0 != 0x80 } }
}
