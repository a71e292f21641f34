package import DashboardRecords
import DashboardSettings
import DashboardStore
package import DashboardWireFormat

/// Setting a new password with a reset code.
extension ResetCodeRules {
  /// Sets a new password with a reset code, which is used up. All sessions of the account end.
  ///
  /// The right code of a suspended account is not used up, and counts as no attempt. Nor is it used up while the account's second
  /// factor is owed.
  ///
  /// - Throws: `PasswordError`, `AttemptError`, `CredentialError`, `ResetCodeError`, `FactorError`,
  ///   `SuspensionError.suspended`, `HashingError`.
  package static func use(
    _ caller: Caller, _ context: inout Context, username: Bytes, secret: Bytes, newPassword: Bytes,
    factor: FactorClaim? = nil
  ) throws {
    try PasswordRules.check(new: newPassword, context)
    let username = TypedUsername(username, context.configuration)
    let claim = Claim(username, secret, context)
    let attempt = try context.countAttempt(caller, on: username)
    let accountid: AccountID
    let passage: Passage<Bool>
    var proven: AuthenticationMethods = []
    do {
      // Saves the hashing for an invalid code, for a suspended account, and while a second factor is owed. The transaction below
      // decides which of several callers uses the code.
      let now = context.now
      let found = try context.read { try claim.account(in: $0, now) }
      accountid = found.accountid
      let isInVain = found.suspendedAt != nil || found.hasSecondFactor && factor == nil
      let hash = isInVain ? nil : try context.passwordHash(newPassword, for: attempt)
      passage = try context.write { [context] change in
        let now = context.moment
        var account = try claim.account(in: change.current, now)
        switch try change.pass(factor, of: &account, after: [], by: caller, context, at: now) {
        case .passed(let methods): proven = methods
        case .refused(let refusal):
          if case .wrong = refusal {
            account.changeFactors { $0.wrongCodeAt = now }
            try change.update(account)
          }
          return .refused(refusal)
        case .denied(let error): return .denied(error)
        }
        try attempt?.forgive(change, of: account, now: now)
        guard account.suspendedAt == nil, let hash else {
          try change.keep(.proven, of: account, by: caller.asClient, context, at: now)
          return .passed(false)
        }
        try change.removeResetCodes(of: account, hashes: claim.secretHashes)
        account.set(hash, at: now)
        account.resetCodeLastUsedAt = now
        try change.endSessions(of: &account, at: now)
        try change.update(account)
        try change.count(.resetCodesUsed, at: now)
        try change.keep(.codeUsed, of: account, by: caller.asClient, context, at: now)
        return .passed(true)
      }
    } catch let error as any RuleError where !(error is HashingError) {
      let account = try context.read { try $0.account(usernameHashes: claim.usernameHashes)?.accountid }
      try context.logFailure(.proofFailed, of: account, by: caller)
      throw context.configuration.concealsAccounts ? CredentialError.concealed : error
    }
    context.effects.provenAccount = accountid
    guard try context.result(of: passage, accountid, proven) else { throw SuspensionError.suspended }
    context.log(.codeUsed, accountid)
    try context.clearCookies(of: caller, ifHolderOf: accountid)
  }

  /// A posted username and a posted secret, before they are checked.
  private struct Claim {
    let usernameHashes: [[UInt8]]
    let secretHashes: [[UInt8]]
    private let configuration: AppConfiguration

    init(_ username: TypedUsername, _ secret: Bytes, _ context: Context) {
      usernameHashes = username.hashes(context.secrets)
      secretHashes = context.secrets.hashes(secret)
      configuration = context.configuration
    }

    /// The account of the username, if it has a valid code with the secret.
    ///
    /// - Throws: `CredentialError.unknownUsername`, `ResetCodeError.scheduledForDeletion`, `.unusable`.
    func account(in snapshot: borrowing Snapshot, _ now: Timestamp) throws -> Account {
      let account = try snapshot.account(usernameHashes: usernameHashes)
      // The lookup happens with and without an account, so that time does not reveal which.
      var code: ResetCode?
      for hash in secretHashes where code == nil {
        code = try snapshot.usableResetCode(of: account, hash: hash)
      }
      guard let account else { throw CredentialError.unknownUsername }
      if account.deletedAt != nil { throw ResetCodeError.scheduledForDeletion }
      guard let code, !code.hasExpired(for: account, at: now, configuration) else {
        throw ResetCodeError.unusable
      }
      return account
    }
  }
}

extension Snapshot {
  /// The reset code of an account with the hash; `nil` if there is none or it is not valid.
  ///
  /// A code is valid if it is not older than `oldestCode` of its account and of its creator. The creator must
  /// be the account itself, or an administrator who acts for others (`actsForOthers`).
  func usableResetCode(of account: Account?, hash: [UInt8]) throws -> ResetCode? {
    guard let code: ResetCode = try record(of: account, hash: hash), let account,
      code.sequence >= account.oldestCode
    else { return nil }
    if code.creator == account.accountid { return code }
    guard let creator = try self.account(code.creator), creator.actsForOthers,
      code.sequence >= creator.oldestCode
    else { return nil }
    return code
  }
}
