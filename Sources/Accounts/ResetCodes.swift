package import DashboardRecords
import DashboardSettings
import DashboardStore
package import DashboardWireFormat

package enum ResetCodeError: RuleError {
  /// The secret has characters other than ASCII letters and digits.
  case malformed
  case length(ClosedRange<Int>)
  case unknown
  /// The account has no valid code with this secret.
  case unusable
  /// The account of the username is scheduled for deletion.
  case scheduledForDeletion
  /// The code belongs to the owner's account, and the actor is not the owner.
  case protected

  package var identifier: String {
    switch self {
    case .malformed: "reset-code-malformed"
    case .length: "reset-code-length"
    case .unknown: "reset-code-unknown"
    case .unusable: "reset-code-unusable"
    case .scheduledForDeletion: "reset-code-account-scheduled-for-deletion"
    case .protected: "reset-code-protected"
    }
  }

  package var allowedLength: ClosedRange<Int>? {
    if case .length(let allowed) = self { allowed } else { nil }
  }
}

/// Rules of reset codes: one-time secrets that set a new password.
package enum ResetCodeRules {
  /// A secret that is hard to guess and easy to copy: letters and digits that are not mistaken for others.
  package static func newSecret(_ context: Context) -> String {
    let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
    let allowed = context.configuration.resetCodeLength
    let length = min(max(16, allowed.lowerBound), allowed.upperBound)
    return String((0..<length).map { _ in alphabet[Int(context.random.number() % UInt64(alphabet.count))] })
  }

  /// - Throws: `ResetCodeError.malformed`, `.length`.
  package static func check(secret: Bytes, _ context: Context) throws {
    guard secret.allSatisfy(isAllowed) else { throw ResetCodeError.malformed }
    let allowed = context.configuration.resetCodeLength
    guard allowed.contains(secret.scalarCount) else { throw ResetCodeError.length(allowed) }
  }

  /// Creates a reset code for the caller's account. A code with the same secret is replaced, or is the result if the request may
  /// repeat another one.
  ///
  /// - Throws: `ResetCodeError`, `AttemptError`.
  package static func create(_ caller: Caller, _ context: inout Context, secret: Bytes) throws -> ResetCode {
    try check(secret: secret, context)
    let draft = Draft(secret, context)
    let own = try caller.requireSignedIn().account
    try draft.count(caller, for: own, &context)
    let result = try context.changeOwn(caller) { [context] change, account, now in
      if let made = try draft.made(for: account, by: account, change.current, context) {
        return (made, isNew: false)
      }
      let code = try draft.insert(for: account, by: account, change, now).code
      try change.keep(.codeCreated, of: account, by: caller, context, at: now)
      return (code, isNew: true)
    }
    return context.note(result)
  }

  /// Creates a reset code for any account, as an administrator or an operator. If the account has no password yet, its
  /// earlier codes end. A code with the same secret is replaced. If the request may repeat another one, the actor's own code is the
  /// result.
  ///
  /// - Parameter secret: returns the secret. Called after the account was checked. May throw.
  /// - Throws: `AccountError`, `ResetCodeError`, `AttemptError`.
  package static func create(
    _ caller: Caller, _ context: inout Context, for account: Account, secret: () throws -> Bytes
  ) throws -> ResetCode {
    try AdministratorAction.createResetCode.check(caller, account, now: context.now)
    let secret = try secret()
    try check(secret: secret, context)
    let draft = Draft(secret, context)
    try draft.count(caller, for: account, &context)
    let result = try context.changeAny(caller, account.accountid) { [context] change, actor, account, now in
      try AdministratorAction.createResetCode.check(actor, account, now: now)
      // A code of an operator is valid like a code of the account itself.
      let creator = actor.account ?? account
      if let made = try draft.made(for: account, by: creator, change.current, context) {
        return (made, isNew: false)
      }
      var account = account
      if !account.passwordSet {
        account.renewFirstPassword(from: try change.nextPlace(), at: now, context)
      }
      let code = try draft.insert(for: account, by: creator, change, now).code
      try change.keep(.codeCreated, of: account, by: caller, context, at: now)
      return (code, isNew: true)
    }
    return context.note(result)
  }

  /// Removes a reset code of the caller's account.
  ///
  /// - Throws: `ResetCodeError.unknown`.
  package static func delete(_ caller: Caller, _ context: inout Context, _ id: ResetCodeID) throws {
    let account = try context.changeOwn(caller) { change, account, now in
      guard let code: ResetCode = try change.current.record(id, of: account) else {
        throw ResetCodeError.unknown
      }
      try change.remove(code, of: account)
      try change.keep(.codeDeleted, of: account, by: caller, context, at: now)
      return account.accountid
    }
    context.log(.codeDeleted, account)
  }

  /// Removes a reset code of any account, as an administrator or an operator.
  ///
  /// - Throws: `ResetCodeError.unknown`, `.protected`.
  package static func delete(_ caller: Caller, _ context: inout Context, _ code: ResetCode) throws {
    try context.changeAny(caller, code.accountid, unknown: ResetCodeError.unknown) {
      change, actor, account, now in
      try AdministratorAction.deleteResetCode.check(actor, account, now: now)
      guard let code: ResetCode = try change.current.record(code.codeid, of: account) else {
        throw ResetCodeError.unknown
      }
      try change.remove(code, of: account)
      try change.keep(.codeDeleted, of: account, by: caller, context, at: now)
    }
    context.log(.codeDeleted, code.accountid)
  }

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
        case .refused(let refusal): return .refused(refusal)
        case .denied(let error): return .denied(error)
        }
        try attempt?.forgive(change, of: account, now: now)
        guard account.suspendedAt == nil, let hash else {
          try change.keep(.proven, of: account, by: caller.asClient, context, at: now)
          return .passed(false)
        }
        try change.removeResetCodes(of: account, hashes: claim.secretHashes)
        account.passwordHash = hash
        account.changeMembership { $0.passwordDueAt = nil }
        account.passwordLastChangedAt = now
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

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }

  /// A reset code that is not in the store yet.
  struct Draft {
    private let most: Int
    /// The hash of the secret by the current secrets, and the hashes by the current and the previous ones.
    private let hashes: (current: [UInt8], all: [[UInt8]])

    init(_ secret: Bytes, _ context: Context) {
      most = context.configuration.maximumRecords
      hashes = (context.secrets.hash(secret), context.secrets.hashes(secret))
    }

    /// Counts the code, unless a request before made it.
    ///
    /// - Throws: `AttemptError.tooManyResetCodes`.
    func count(_ caller: Caller, for owner: Account, _ context: inout Context) throws {
      let creator = caller.signedIn?.account ?? owner
      let isMade = try context.read { try made(for: owner, by: creator, $0, context) != nil }
      if !isMade { try context.countResetCode(caller) }
    }

    /// The valid code with this secret that a request of the creator made before; `nil` if this request repeats none.
    func made(
      for owner: Account, by creator: Account, _ snapshot: borrowing Snapshot, _ context: Context
    ) throws -> ResetCode? {
      guard context.mayRepeat else { return nil }
      for hash in hashes.all {
        if let code = try snapshot.usableResetCode(of: owner, hash: hash),
          code.creator == creator.accountid,
          !code.hasExpired(for: owner, at: context.moment, context.configuration)
        {
          return code
        }
      }
      return nil
    }

    /// Inserts the code. It replaces a code with the same secret, so that one use removes all records of a
    /// secret.
    ///
    /// - Returns: the code, and its account as it is stored.
    func insert(for owner: Account, by creator: Account, _ change: borrowing Change, _ now: Timestamp) throws
      -> (code: ResetCode, owner: Account)
    {
      try change.removeResetCodes(of: owner, hashes: hashes.all)
      let code = try change.insert(
        ResetCode(
          appid: owner.appid, accountid: owner.accountid, secretCodeHash: hashes.current,
          creator: creator.accountid, createdAt: now), of: owner)
      try change.makeRoom(beyond: most, of: owner) { (old: ResetCode) in old.sequence < owner.oldestCode }
      try change.count(.resetCodesCreated, at: now)
      var owner = owner
      owner.resetCodeLastCreatedAt = now
      owner.updatedAt = now
      try change.update(owner)
      return (code, owner)
    }
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

extension Context {
  /// Logs a code that is new. Otherwise the request repeats another one.
  fileprivate mutating func note(_ result: (code: ResetCode, isNew: Bool)) -> ResetCode {
    effects.isRepeated = !result.isNew
    if result.isNew { log(.codeCreated, result.code.accountid) }
    return result.code
  }
}

extension Change {
  /// Removes the reset codes of an account with the hashes of a secret.
  fileprivate func removeResetCodes(of account: Account, hashes: [[UInt8]]) throws {
    for hash in hashes {
      if let code: ResetCode = try current.record(of: account, hash: hash) { try remove(code, of: account) }
    }
  }
}

extension Snapshot {
  /// The reset code of an account with the hash; `nil` if there is none or it is not valid.
  ///
  /// A code is valid if it is not older than `oldestCode` of its account and of its creator. The creator must
  /// be the account itself, or an administrator who acts for others (`actsForOthers`).
  fileprivate func usableResetCode(of account: Account?, hash: [UInt8]) throws -> ResetCode? {
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
