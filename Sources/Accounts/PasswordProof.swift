import DashboardCrypto
import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// The username or the password is wrong.
package enum CredentialError: String, RuleError {
  case unknownUsername = "unknown-username"
  case wrongPassword = "wrong-password"
  /// One of these two, if CONCEAL_ACCOUNTS hides which.
  case concealed = "wrong-credentials"
}

/// The proof that the caller knows the password of an account.
struct PasswordProof {
  let account: Account
  /// Who proved it.
  let caller: Caller
  /// The counted attempt; `nil` for a trusted client.
  let attempt: Attempt?
  /// The error for a wrong password.
  let refusal: CredentialError
  /// The hashes by which the posted username was looked up; `nil` if no username was posted.
  let usernameHashes: [[UInt8]]?
  /// True if the stored hash is of the prepared form, with the current secrets, scheme and cost.
  let isHashCurrent: Bool

  /// Checks the proof again inside a transaction.
  ///
  /// - Returns: the account as it is in the transaction.
  /// - Throws: `refusal` if the password, or a username that was posted, has changed.
  func confirm(_ change: borrowing Change) throws -> Account {
    // A concurrent sign-in may have moved the account to the prepared form of its username, or to new secrets.
    guard let current = try change.current.account(account.accountid),
      current.passwordLastChangedAt == account.passwordLastChangedAt,
      usernameHashes?.contains(current.usernameHash) ?? true
    else { throw refusal }
    return current
  }

  /// Takes the counted attempt back. Call it once no second factor is owed.
  func forgive(_ change: borrowing Change, of account: Account, _ now: Timestamp) throws {
    try attempt?.forgive(change, of: account, now: now)
  }
}

extension Context {
  /// Proves an account by its username and password.
  ///
  /// - Parameters:
  ///   - failure: the event that is logged if they are wrong.
  ///   - own: the account that it must be; another one's username counts as unknown. `nil` for any.
  /// - Throws: `AttemptError.tooManyPasswords`; `CredentialError`. An unknown username takes as long as a
  ///   wrong password.
  mutating func prove(
    _ caller: Caller, username: Bytes, password: Bytes, failure: Event.Name = .proofFailed,
    own: AccountID? = nil
  ) throws -> PasswordProof {
    let username = TypedUsername(username, configuration)
    let hashes = username.hashes(secrets)
    let attempt = try countAttempt(caller, on: username, isVerification: own != nil)
    let account = try read { try $0.account(usernameHashes: hashes) }
    let isAccepted = own == nil || account?.accountid == own
    return try prove(
      caller, isAccepted ? account : nil, password, attempt, hashes, failure,
      unknown: concealed(.unknownUsername), wrong: concealed(.wrongPassword))
  }

  /// Proves the caller's own account by its password.
  ///
  /// - Parameter isVerification: true to make the session fresh. Otherwise an account with a second factor needs a fresh one, so that
  ///   the password alone changes nothing.
  /// - Throws: `VerificationError.sessionNotFresh`, `AttemptError.tooManyPasswords`, `CredentialError.wrongPassword`.
  mutating func proveOwn(_ caller: Caller, password: Bytes, isVerification: Bool = false) throws
    -> PasswordProof
  {
    let signedIn = try caller.requireSignedIn()
    let account = signedIn.account
    if !isVerification, account.hasSecondFactor, !signedIn.session.isFresh(at: now, configuration) {
      throw VerificationError.sessionNotFresh
    }
    let attempt = try countAttempt(caller, onOwn: account)
    return try prove(
      caller, account, password, attempt, nil, .proofFailed, unknown: .wrongPassword, wrong: .wrongPassword)
  }

  /// - Parameter account: `nil` if no account has the username.
  private mutating func prove(
    _ caller: Caller, _ account: Account?, _ password: Bytes, _ attempt: Attempt?, _ hashes: [[UInt8]]?,
    _ failure: Event.Name, unknown: CredentialError, wrong: CredentialError
  ) throws -> PasswordProof {
    // One path for both, so that time does not reveal which it is. Even a different stack depth is
    // measurable.
    let hash = account?.passwordHash ?? .unmatchable(configuration.passwordScheme)
    let password = TypedPassword(password, configuration)
    let match = try hashing(for: attempt) { hash.match(password, $0.secrets) }
    guard let account, let match else {
      try logFailure(failure, of: account?.accountid, by: caller)
      throw account == nil ? unknown : wrong
    }
    effects.provenAccount = account.accountid
    let isCurrent =
      match.form == password.prepared && match.secrets.fingerprint == secrets.fingerprint
      && account.passwordHash.isMade(by: configuration.passwordScheme)
    return PasswordProof(
      account: account, caller: caller, attempt: attempt, refusal: wrong, usernameHashes: hashes,
      isHashCurrent: isCurrent)
  }

  /// The error; `.concealed` if CONCEAL_ACCOUNTS hides whether a username exists.
  func concealed(_ error: CredentialError) -> CredentialError {
    configuration.concealsAccounts ? .concealed : error
  }

  /// A new hash of a password's prepared form.
  ///
  /// - Parameter attempt: the attempt that was counted for this call, if any.
  /// - Throws: `HashingError.busy`, `HashingFailure`.
  mutating func passwordHash(_ password: Bytes, for attempt: Attempt? = nil) throws -> PasswordHash {
    let password = TypedPassword(password, configuration).prepared
    return try hashing(for: attempt) { context in
      try PasswordHash(
        password, context.configuration.passwordScheme, secrets: context.secrets, random: context.random)
    }
  }
}

extension PasswordHash {
  /// The form and the secrets with which this hash was made; `nil` if the password is wrong. All wrong passwords
  /// with as many forms take the same time.
  fileprivate func match(_ password: TypedPassword, _ secrets: Secrets) -> (form: Bytes, secrets: Secrets)? {
    for form in password.forms {
      if let matching = match(form, secrets: secrets) { return (form, matching) }
    }
    return nil
  }
}

extension Bytes {
  /// The number of Unicode scalars. The bytes must be UTF-8.
  package var scalarCount: Int { count { $0 & 0xC0 != 0x80 } }
}
