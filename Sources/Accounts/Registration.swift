import DashboardCrypto
package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum RegistrationError: String, RuleError {
  case closed = "registration-closed"
  /// The app has no account, and the setup code is missing or wrong.
  case wrongSetupCode = "setup-code-wrong"
  /// The app has no account yet, so no account can be made for another person.
  case notSetUp = "registration-not-set-up"
}

/// Rules of registration.
package enum Registration {
  /// The right to register, as the app was when it was given. The transaction asks again.
  package struct Admission: Sendable {
    /// True if the caller gave the setup code of an app without accounts.
    fileprivate let hasSetupCode: Bool
  }

  /// Lets a caller register.
  ///
  /// While an app has no account, only the setup code lets a caller in, also if registration is closed. An operator
  /// needs none.
  ///
  /// - Parameter setupCode: as the caller gave it; `nil` if it is missing, which is no attempt.
  /// - Throws: `RegistrationError`; `AttemptError.tooManyPasswords`.
  package static func admit(_ caller: Caller, _ context: inout Context, setupCode: Bytes?) throws -> Admission
  {
    guard !caller.isOperator, let own = context.configuration.setupCode, try wantsSetupCode(context) else {
      try checkOpen(caller, context)
      return Admission(hasSetupCode: false)
    }
    guard let setupCode else { throw RegistrationError.wrongSetupCode }
    let isRight = try context.countingByAddress(caller) {
      // Compares hashes, so that the time reveals neither the length nor the first bytes.
      Hash.areEqual(Hash.sha512(Array(setupCode)), Hash.sha512(Array(own.utf8)))
    }
    guard isRight else {
      context.log(.proofFailed, nil)
      throw RegistrationError.wrongSetupCode
    }
    return Admission(hasSetupCode: true)
  }

  /// True if SETUP_CODE is set and the app has no account, so that its next one becomes the owner's.
  package static func wantsSetupCode(_ context: Context) throws -> Bool {
    try context.configuration.setupCode != nil && context.read { try $0.count(.all) } == 0
  }

  /// Registers an account.
  ///
  /// The first account of an app becomes its owner and administrator. Registration never assigns ownership
  /// again, even if the owner's account is deleted.
  ///
  /// - Parameters:
  ///   - admission: of this call.
  ///   - profile: returns the value of a profile field; `nil` if it is missing. Called only if REQUIRE_PROFILE is
  ///     set.
  /// - Throws: `UsernameError`, `PasswordError`, `ProfileError`, `AttemptError`, `HashingError`,
  ///   `RegistrationError`.
  package static func register(
    _ caller: Caller, _ context: inout Context, _ admission: Admission, username: Bytes, password: Bytes,
    profile: (ProfileField) -> Bytes?
  ) throws -> Account {
    let username = TypedUsername(username, context.configuration)
    try UsernameRules.checkCharacters(username)
    try PasswordRules.checkCharacters(password, context)
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
      try confirm(admission, of: caller, context, isSetUp: try change.current.count(.all) > 0)
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

  /// Checks an admission again, in the transaction of the registration.
  ///
  /// - Parameter isSetUp: true if the app has an account. Another caller may have been first with the setup code, or
  ///   the last account may be gone.
  /// - Throws: `RegistrationError`.
  private static func confirm(
    _ admission: Admission, of caller: Caller, _ context: Context, isSetUp: Bool
  ) throws {
    if caller.isOperator { return }
    if isSetUp {
      try checkOpen(caller, context)
    } else if context.configuration.setupCode != nil, !admission.hasSetupCode {
      throw RegistrationError.wrongSetupCode
    }
  }

  /// - Throws: `RegistrationError.closed` if DISABLE_REGISTRATION is set and the caller is not an operator.
  private static func checkOpen(_ caller: Caller, _ context: Context) throws {
    if context.configuration.registrationIsClosed, !caller.isOperator { throw RegistrationError.closed }
  }
}
