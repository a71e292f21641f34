import DashboardCrypto
package import DashboardRecords
import DashboardStore
import DashboardUnicode
package import DashboardWireFormat

package enum PasswordError: RuleError {
  /// It has controls or unassigned characters.
  case characters
  case length(ClosedRange<Int>)
  case common

  package var identifier: String {
    switch self {
    case .characters: "password-characters"
    case .length: "password-length"
    case .common: "password-common"
    }
  }

  package var allowedLength: ClosedRange<Int>? {
    if case .length(let allowed) = self { allowed } else { nil }
  }
}

/// Rules for new passwords: a length and the list of common passwords, but no rules of composition.
package enum PasswordRules {
  /// - Throws: `PasswordError`.
  package static func check(new password: Bytes, _ context: Context) throws {
    try checkCharacters(password, context)
    try checkStrength(password, context)
  }

  /// - Throws: `PasswordError.characters`.
  static func checkCharacters(_ password: Bytes, _ context: Context) throws {
    // Its length refuses a long one, whose characters would take several times its memory.
    guard isPreparable(password, context.configuration.passwordLength.upperBound) else { return }
    guard Preparation.isPassword(password) else { throw PasswordError.characters }
  }

  /// - Throws: `PasswordError.length`, `.common`.
  static func checkStrength(_ password: Bytes, _ context: Context) throws {
    let configuration = context.configuration
    let prepared = TypedPassword(password, configuration).prepared
    guard configuration.passwordLength.contains(prepared.scalarCount) else {
      throw PasswordError.length(configuration.passwordLength)
    }
    if configuration.refusesCommonPasswords, CommonPasswords.contain(prepared) { throw PasswordError.common }
  }

  /// Changes the password of the caller's account. Its other sessions end.
  ///
  /// - Parameter password: returns the account's current password. Called after the new one was checked. May
  ///   throw.
  /// - Throws: `PasswordError`, `AttemptError`, `CredentialError`, `HashingError`; `VerificationError.sessionNotFresh` for an
  ///   account with a second factor.
  package static func change(
    _ caller: Caller, _ context: inout Context, to new: Bytes, password: () throws -> Bytes
  ) throws -> Account {
    try check(new: new, context)
    let proof = try context.proveOwn(caller, password: password())
    let session = try caller.requireSignedIn().session
    let hash = try context.passwordHash(new, for: proof.attempt)
    let changed = try context.changeOwn(caller, proving: proof) { change, account, now in
      var account = account
      account.set(hash, at: now)
      try change.endSessions(of: &account, at: now, except: session)
      try change.update(account)
      try change.keep(.passwordChanged, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.passwordChanged, changed.accountid)
    return changed
  }

  /// Sets the password of any account, as an operator. All of its sessions end.
  ///
  /// - Throws: `PasswordError`, `AccountError`, `HashingError`.
  package static func set(
    _ caller: Caller, _ context: inout Context, of id: AccountID, to new: Bytes
  ) throws -> Account {
    try check(new: new, context)
    let hash = try context.passwordHash(new)
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.setCredentials.check(actor, account, now: now)
      var account = account
      account.set(hash, at: now)
      try change.endSessions(of: &account, at: now)
      try change.update(account)
      try change.keep(.passwordChanged, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.passwordChanged, account.accountid)
    return account
  }
}

extension Account {
  /// Gives the account a new password. Wrong codes that followed the former one say nothing of it.
  mutating func set(_ hash: PasswordHash, at now: Timestamp) {
    passwordHash = hash
    passwordLastChangedAt = now
    changeMembership { $0.passwordDueAt = nil }
    changeFactors { $0.takeNoteOfWrongCodes() }
  }
}
