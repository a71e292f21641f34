package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum RegistrationError: String, RuleError {
  case closed = "registration-closed"
}

/// Rules of registration.
package enum Registration {
  /// Registers an account.
  ///
  /// The first account of an app becomes its owner and administrator. Registration never assigns ownership
  /// again, even if the owner's account is deleted.
  ///
  /// - Parameter profile: returns the value of a profile field; `nil` if it is missing. Called only if
  ///   REQUIRE_PROFILE is set.
  /// - Throws: `UsernameError`, `PasswordError`, `ProfileError`, `AttemptError`, `HashingError`.
  package static func register(
    _ caller: Caller, _ context: inout Context, username: Bytes, password: Bytes,
    profile: (ProfileField) -> Bytes?
  ) throws -> Account {
    let username = TypedUsername(username, context.configuration)
    try UsernameRules.checkCharacters(username)
    try PasswordRules.checkCharacters(password)
    try UsernameRules.checkLength(username, context)
    try PasswordRules.checkStrength(password, context)
    let profile = context.configuration.profileIsRequired ? try ProfileRules.values(context, profile) : nil
    try context.countUsername(caller)

    let hashes = username.hashes(context.secrets)
    let stored = context.secrets.hash(username.stored)
    // Refuses a taken username before the costly hash. The transaction below checks again.
    if try context.read({ try $0.account(usernameHashes: hashes) }) != nil { throw UsernameError.taken }
    let passwordHash = try context.passwordHash(password)
    let sessionSalt = Account.newSessionSalt(context.random)
    let app = context.app.name
    let account = try context.write { change in
      if try change.current.account(usernameHashes: hashes) != nil { throw UsernameError.taken }
      let now = context.moment
      var account = Account(
        appid: app, usernameHash: stored, passwordHash: passwordHash, sessionSalt: sessionSalt,
        createdAt: now)
      if try change.claimOwnership() {
        account.ownerSince = now
        account.administratorSince = now
      }
      account = try change.insert(account)
      try remember(caller, context, account, change)
      try change.count(.accountsCreated, at: now)
      if let profile {
        account.profileid = try change.insert(
          Profile(appid: app, accountid: account.accountid, values: profile, createdAt: now), of: account
        ).profileid
        try change.update(account)
      }
      return account
    }
    context.log(.accountCreated, account.accountid)
    return account
  }

  /// - Throws: `RegistrationError.closed` if DISABLE_REGISTRATION is set and the caller is not an operator.
  package static func checkOpen(_ caller: Caller, _ context: Context) throws {
    if context.configuration.registrationIsClosed, !caller.isOperator { throw RegistrationError.closed }
  }
}
