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
  /// The invitation code is wrong, or its invitation does not count.
  case wrongInvitationCode = "invitation-code-wrong"
}

/// Rules of registration.
package enum Registration {
  /// The right to register, as the app was when it was given. The transaction asks again.
  package struct Admission: Sendable {
    /// True if the caller gave the setup code of an app without accounts.
    fileprivate let hasSetupCode: Bool
    /// `nil` if the caller gave no invitation code.
    fileprivate let claim: InvitationClaim?
  }

  /// Lets a caller register.
  ///
  /// While an app has no account, only the setup code lets a caller in, also if registration is closed. An operator
  /// needs none. An invitation code lets a caller in if registration is closed. A code that does not count is refused
  /// also if registration is open: the account would lack the groups that the invitation promises.
  ///
  /// - Parameters:
  ///   - setupCode: as the caller gave it; `nil` if it is missing, which is no attempt.
  ///   - invitationCode: the same.
  /// - Throws: `RegistrationError`; `AttemptError.tooManyPasswords`.
  package static func admit(
    _ caller: Caller, _ context: inout Context, setupCode: Bytes?, invitationCode: Bytes? = nil
  ) throws -> Admission {
    var hasSetupCode = false
    if !caller.isOperator, let own = context.configuration.setupCode, try wantsSetupCode(context) {
      guard let setupCode else { throw RegistrationError.wrongSetupCode }
      try check(caller, &context, RegistrationError.wrongSetupCode) {
        // Compares hashes, so that the time reveals neither the length nor the first bytes.
        Hash.areEqual(Hash.sha512(Array(setupCode)), Hash.sha512(Array(own.utf8)))
      }
      hasSetupCode = true
    }
    guard let invitationCode else {
      if !hasSetupCode { try checkOpen(caller, context) }
      return Admission(hasSetupCode: hasSetupCode, claim: nil)
    }
    let claim = InvitationClaim(invitationCode, context)
    try check(caller, &context, RegistrationError.wrongInvitationCode) { [context] in
      guard let claim else { return false }
      return try context.read { try $0.invitation(of: claim, at: context.now) } != nil
    }
    return Admission(hasSetupCode: hasSetupCode, claim: claim)
  }

  /// Checks a code that belongs to no account. Wrong codes are counted by address and logged.
  private static func check(
    _ caller: Caller, _ context: inout Context, _ refusal: RegistrationError, _ isRight: () throws -> Bool
  ) throws {
    if try context.countingByAddress(caller, isRight) { return }
    context.log(.proofFailed, nil)
    throw refusal
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
    // An operator makes an account for another person, and knows no profile.
    let asksForProfile = context.configuration.profileIsRequired && !caller.isOperator
    let profile = asksForProfile ? try ProfileRules.values(context, profile) : nil
    try context.countUsername(caller)

    let hashes = username.hashes(context.secrets)
    let stored = context.secrets.hash(username.stored)
    // Refuses a taken username before the costly hash. The transaction below checks again.
    if try context.read({ try $0.account(usernameHashes: hashes) }) != nil { throw UsernameError.taken }
    let passwordHash = try context.passwordHash(password)
    let sessionSalt = Account.newSessionSalt(context.random)
    let app = context.app.name
    let (account, invitation) = try context.write { change in
      let invitation = try confirm(admission, of: caller, context, change)
      if try change.current.account(usernameHashes: hashes) != nil { throw UsernameError.taken }
      let now = context.moment
      var account = Account(
        appid: app, usernameHash: stored, passwordHash: passwordHash, sessionSalt: sessionSalt,
        createdAt: now)
      if try change.claimOwnership() {
        account.ownerSince = now
        account.administratorSince = now
      }
      if let invitation { try change.use(invitation, for: &account, at: now) }
      account = try change.insert(account) { $0.keep(username: username.stored, context) }
      try context.remember(caller, of: account, change, at: account.createdAt)
      try change.keep(.accountCreated, of: account, by: caller.asClient, context, at: now)
      // The client is not the maker's.
      if let maker = try invitation.flatMap({ try change.current.account($0.accountid) }) {
        try change.keep(.invitationUsed, of: maker, by: nil, context, at: now)
      }
      try change.count(.accountsCreated, at: now)
      if let profile {
        account.profileid = try change.insert(
          Profile(appid: app, accountid: account.accountid, values: profile, createdAt: now), of: account
        ).profileid
        try change.update(account)
      }
      return (account, invitation)
    }
    context.log(.accountCreated, account.accountid)
    // Of the maker's account. The line before it has the new one's, and the same request.
    if let invitation { context.log(.invitationUsed, invitation.accountid) }
    return account
  }

  /// Checks an admission again, in the transaction of the registration.
  ///
  /// Another caller may have been first with the setup code or with the last use of the invitation, or the last account
  /// may be gone.
  ///
  /// - Returns: the invitation to use; `nil` if the caller gave no code.
  /// - Throws: `RegistrationError`.
  private static func confirm(
    _ admission: Admission, of caller: Caller, _ context: Context, _ change: borrowing Change
  ) throws -> Invitation? {
    let isSetUp = try change.current.count(.all) > 0
    if !isSetUp, !caller.isOperator, context.configuration.setupCode != nil, !admission.hasSetupCode {
      throw RegistrationError.wrongSetupCode
    }
    guard let claim = admission.claim else {
      if isSetUp { try checkOpen(caller, context) }
      return nil
    }
    guard let invitation = try change.current.invitation(of: claim, at: context.moment) else {
      throw RegistrationError.wrongInvitationCode
    }
    return invitation
  }

  /// - Throws: `RegistrationError.closed` if DISABLE_REGISTRATION is set and the caller is not an operator.
  private static func checkOpen(_ caller: Caller, _ context: Context) throws {
    if context.configuration.registrationIsClosed, !caller.isOperator { throw RegistrationError.closed }
  }
}
