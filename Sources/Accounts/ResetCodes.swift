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
  func removeResetCodes(of account: Account, hashes: [[UInt8]]) throws {
    for hash in hashes {
      if let code: ResetCode = try current.record(of: account, hash: hash) { try remove(code, of: account) }
    }
  }
}
