import DashboardCrypto
package import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// Rules of setting up second factors and taking them away. The holder needs a fresh session.
package enum FactorChanges {
  /// Seconds for which a new secret of an authenticator app waits for its first code.
  private static let patience: Int64 = 3600

  /// The second factors of an account.
  package static func shown(_ account: Account, _ context: Context) -> SecondFactors {
    SecondFactors(of: account, isRequired: context.requiresFactor(of: account))
  }

  /// Proposes a secret for an authenticator app, which signs in once `confirm` has seen a right code. A repeated call within an hour
  /// returns the same.
  package static func propose(_ caller: Caller, _ context: inout Context) throws -> AuthenticatorSecret {
    let secret = try context.changeOwn(caller) { [context] change, account, now in
      if let secret = proposed(of: account, context, label: nil) { return Optional(secret) }
      var account = account
      let new = AuthenticatorApps.new(of: account.accountid, context.app, context.random, at: now)
      account.changeFactors { $0.proposed = new.authenticator }
      account.updatedAt = now
      try change.update(account)
      return proposed(of: account, context, label: nil)
    }
    guard let secret else { throw FactorError.notProposed }
    return secret
  }

  /// The secret of the authenticator app that waits for its first code; `nil` if none does.
  ///
  /// - Parameter label: the account's name in the app, if the site keeps no usernames; `nil` for its identifier.
  package static func proposed(of account: Account, _ context: Context, label: String?)
    -> AuthenticatorSecret?
  {
    guard let (proposed, secret) = context.app.proposal(of: account, at: context.moment, within: patience)
    else { return nil }
    let label = context.app.username(of: account) ?? label ?? "\(account.accountid)"
    let issuer = context.configuration.site.name ?? "\(context.app.name)"
    return AuthenticatorSecret(
      accountid: account.accountid, secret: Base32.text(secret),
      uri: AuthenticatorApps.uri(secret: secret, issuer: issuer, label: label), createdAt: proposed.createdAt)
  }

  /// Sets up the proposed authenticator app, in place of a former one. The caller's other sessions end. The first second factor comes
  /// with recovery codes.
  ///
  /// - Throws: `FactorError.malformed`, `.notProposed`, `.wrong`.
  package static func confirm(_ caller: Caller, _ context: inout Context, code: FactorClaim) throws
    -> SecondFactors
  {
    guard case .code(.authenticator(let code)) = code else { throw FactorError.malformed }
    let (result, isNew) = try context.changeOwn(caller) { [context] change, account, now in
      guard let proposed = context.app.proposal(of: account, at: now, within: patience)?.authenticator else {
        if let repeated = account.repeated(context, at: now) { return (repeated, false) }
        throw FactorError.notProposed
      }
      guard
        let used = context.app.use(
          code: code, of: proposed, account.accountid, at: now, context.random)
      else { throw FactorError.wrong }
      var account = account
      account.changeFactors { ($0.authenticator, $0.proposed) = (used, nil) }
      let codes = account.factors?.recoveryCodes.isEmpty == false ? [] : account.renewCodes(context)
      try change.finish(&account, of: caller, proving: .totp, .authenticatorAdded, context, now)
      var shown = shown(account, context)
      shown.recoveryCodes = codes
      return (shown, true)
    }
    context.effects.isRepeated = !isNew
    if isNew { context.log(.authenticatorAdded, result.accountid) }
    return result
  }

  /// Takes the authenticator app away. The caller's other sessions end.
  ///
  /// - Throws: `FactorError.noAuthenticator`, `.lastOne`.
  package static func removeAuthenticator(_ caller: Caller, _ context: inout Context) throws -> SecondFactors
  {
    let result = try context.changeOwn(caller) { [context] change, account, now in
      guard account.factors?.authenticator != nil else { throw FactorError.noAuthenticator }
      var account = account
      account.changeFactors { ($0.authenticator, $0.proposed) = (nil, nil) }
      try account.settleFactors(context)
      try change.finish(&account, of: caller, proving: [], .authenticatorRemoved, context, now)
      return shown(account, context)
    }
    context.log(.authenticatorRemoved, result.accountid)
    return result
  }

  /// Makes ten recovery codes in place of the former ones.
  ///
  /// - Throws: `FactorError.notEnrolled`.
  package static func renewRecoveryCodes(_ caller: Caller, _ context: inout Context) throws -> SecondFactors {
    let result = try context.changeOwn(caller) { [context] change, account, now in
      guard account.hasSecondFactor else { throw FactorError.notEnrolled }
      var account = account
      let codes = account.renewCodes(context)
      account.updatedAt = now
      try change.update(account)
      try change.keep(.recoveryCodesCreated, of: account, by: caller, context, at: now)
      var shown = shown(account, context)
      shown.recoveryCodes = codes
      return shown
    }
    context.log(.recoveryCodesCreated, result.accountid)
    return result
  }

  /// Takes all second factors of any account away, as an administrator or an operator. Its sessions end.
  ///
  /// - Throws: `AccountError`, `RoleError.notOwner`, `FactorError.notEnrolled`.
  package static func removeAll(_ caller: Caller, _ context: inout Context, of id: AccountID) throws
    -> SecondFactors
  {
    let account = try context.changeAny(caller, id) { [context] change, actor, account, now in
      try AdministratorAction.removeFactors.check(actor, account, now: now)
      var account = account
      account.changeFactors { $0 = Factors() }
      try change.endSessions(of: &account, at: now)
      try change.update(account)
      try change.keep(.factorsRemoved, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.factorsRemoved, id)
    try context.clearCookies(of: caller, ifHolderOf: id)
    return shown(account, context)
  }

  /// Takes note of wrong codes that followed a right password.
  package static func takeNote(_ caller: Caller, _ context: Context) throws {
    try context.changeOwn(caller) { change, account, now in
      guard account.factors?.unnoticedWrongCode != nil else { return }
      var account = account
      account.changeFactors { $0.takeNoteOfWrongCodes() }
      try change.update(account)
    }
  }
}

extension Context {
  /// True if SECOND_FACTOR asks an account for a second factor.
  package func requiresFactor(of account: Account) -> Bool {
    app.secondFactor.requires(isAdministrator: account.isAdministrator)
  }
}

extension App {
  /// The authenticator app that waits for its first code, with its secret; `nil` if none does.
  fileprivate func proposal(of account: Account, at now: Timestamp, within patience: Int64) -> (
    authenticator: Factors.Authenticator, secret: [UInt8]
  )? {
    guard let proposed = account.factors?.proposed,
      now < proposed.createdAt.adding(seconds: patience), !proposed.createdAt.isAhead(of: now),
      let secret = secret(of: proposed, account.accountid)
    else { return nil }
    return (proposed, secret)
  }
}

extension Account {
  /// - Returns: the codes, as people type them.
  fileprivate mutating func renewCodes(_ context: Context) -> [String] {
    let new =
      context.formCode.map { RecoveryCodes.made(of: accountid, byForm: $0, context.secrets) }
      ?? RecoveryCodes.new(of: accountid, context.random)
    changeFactors { $0.recoveryCodes = new.hashes }
    return new.codes
  }

  /// What a form that was sent before, as by a double click, has set up; `nil` if none has.
  fileprivate func repeated(_ context: Context, at now: Timestamp) -> SecondFactors? {
    guard context.mayRepeat, let factors, let step = factors.authenticator?.lastStep,
      OneTimePassword.step(at: now.seconds) <= step.addingReportingOverflow(3).partialValue
    else { return nil }
    var shown = FactorChanges.shown(self, context)
    let made = context.formCode.map { RecoveryCodes.made(of: accountid, byForm: $0, context.secrets) }
    if let made, made.hashes == factors.recoveryCodes { shown.recoveryCodes = made.codes }
    return shown
  }

  /// Checks that the account keeps a factor where it must, and forgets what serves no factor.
  ///
  /// - Throws: `FactorError.lastOne`.
  fileprivate mutating func settleFactors(_ context: Context) throws {
    if hasSecondFactor { return }
    if context.requiresFactor(of: self) { throw FactorError.lastOne }
    changeFactors { ($0.recoveryCodes, $0.pending) = ([], []) }
  }
}

extension Change {
  /// Stores a change of the caller's factors, and ends its other sessions.
  ///
  /// - Parameter method: what the caller has proven by the change.
  fileprivate func finish(
    _ account: inout Account, of caller: Caller, proving method: AuthenticationMethods, _ name: Event.Name,
    _ context: Context, _ now: Timestamp
  ) throws {
    let session = try caller.requireSignedIn().session
    try endSessions(of: &account, at: now, except: session)
    try update(account)
    if var own: Session = try current.record(session.sessionid) {
      own.methods.formUnion(method)
      try update(own)
    }
    try keep(name, of: account, by: caller, context, at: now)
  }
}
