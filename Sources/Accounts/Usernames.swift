import DashboardCrypto
package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum UsernameError: RuleError {
  /// It has characters that people can't see or type.
  case characters
  case length(ClosedRange<Int>)
  case taken

  package var identifier: String {
    switch self {
    case .characters: "username-characters"
    case .length: "username-length"
    case .taken: "username-taken"
    }
  }

  package var allowedLength: ClosedRange<Int>? {
    if case .length(let allowed) = self { allowed } else { nil }
  }
}

/// Rules of usernames.
package enum UsernameRules {
  /// - Throws: `UsernameError.characters`.
  static func checkCharacters(_ username: TypedUsername) throws {
    guard username.isWellFormed else { throw UsernameError.characters }
  }

  /// - Throws: `UsernameError.length`.
  static func checkLength(_ username: TypedUsername, _ context: Context) throws {
    let allowed = context.configuration.usernameLength
    guard allowed.contains(username.stored.scalarCount) else { throw UsernameError.length(allowed) }
  }

  /// Changes the username of the caller's account. Its other sessions end.
  ///
  /// - Parameter password: returns the account's password. Called after the username was checked. May throw.
  /// - Throws: `UsernameError`, `AttemptError`, `CredentialError`; `VerificationError.sessionNotFresh` for an account with a second
  ///   factor.
  package static func change(
    _ caller: Caller, _ context: inout Context, to username: Bytes, password: () throws -> Bytes
  ) throws -> Account {
    let username = TypedUsername(username, context.configuration)
    try checkCharacters(username)
    try checkLength(username, context)
    let password = try password()
    try context.countUsername(caller)
    let proof = try context.proveOwn(caller, password: password)
    let session = try caller.requireSignedIn().session
    let changed = try context.changeOwn(caller, proving: proof) { [context] change, account, now in
      try rename(account, to: username, by: caller, context, change, now, except: session)
    }
    context.log(.usernameChanged, changed.accountid)
    return changed
  }

  /// Changes the username of any account, as an operator. Its sessions end.
  ///
  /// - Throws: `UsernameError`, `AccountError`.
  package static func change(
    _ caller: Caller, _ context: inout Context, of id: AccountID, to username: Bytes
  ) throws -> Account {
    let username = TypedUsername(username, context.configuration)
    try checkCharacters(username)
    try checkLength(username, context)
    let account = try context.changeAny(caller, id) { [context] change, actor, account, now in
      try AdministratorAction.setCredentials.check(actor, account, now: now)
      return try rename(account, to: username, by: caller, context, change, now)
    }
    context.log(.usernameChanged, account.accountid)
    return account
  }

  /// - Parameter survivor: a session that goes on.
  private static func rename(
    _ account: Account, to username: TypedUsername, by caller: Caller, _ context: Context,
    _ change: borrowing Change, _ now: Timestamp, except survivor: Session? = nil
  ) throws -> Account {
    if try change.current.account(usernameHashes: username.hashes(context.secrets)) != nil {
      throw UsernameError.taken
    }
    var account = account
    account.usernameHash = context.secrets.hash(username.stored)
    account.keep(username: username.stored, context)
    account.usernameLastChangedAt = now
    try change.endSessions(of: &account, at: now, except: survivor)
    try change.update(account)
    try change.keep(.usernameChanged, of: account, by: caller, context, at: now)
    return account
  }
}

extension Change {
  /// The form of a username by which an account is stored after its holder signed in with it: the prepared form if it is free,
  /// otherwise the bytes as typed.
  func settledForm(of username: TypedUsername, for account: Account, _ secrets: Secrets) throws -> Bytes {
    guard username.isWellFormed, username.stored != username.typed else { return username.typed }
    let holder = try current.account(usernameHashes: secrets.hashes(username.stored))
    let isFree = holder.map { $0.accountid == account.accountid } ?? true
    return isFree ? username.stored : username.typed
  }
}
