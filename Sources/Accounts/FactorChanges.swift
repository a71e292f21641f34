import DashboardCrypto
package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

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
    let session = try caller.requireSignedIn().session
    let secret = try context.changeOwn(caller) { [context] change, account, now in
      if let secret = proposed(of: account, by: session, context, label: nil) { return Optional(secret) }
      var account = account
      let new = AuthenticatorApps.new(of: account.accountid, context.app, context.random, at: now)
      let proposer = account.mark(of: session)
      account.changeFactors { ($0.proposed, $0.proposer) = (new.authenticator, proposer) }
      account.updatedAt = now
      try change.update(account)
      return proposed(of: account, by: session, context, label: nil)
    }
    guard let secret else { throw FactorError.notProposed }
    return secret
  }

  /// The secret of the authenticator app that waits for its first code; `nil` if none does.
  ///
  /// - Parameter label: the account's name in the app, if the site keeps no usernames; `nil` for its identifier.
  package static func proposed(of account: Account, by session: Session, _ context: Context, label: String?)
    -> AuthenticatorSecret?
  {
    guard
      let (proposed, secret) = context.app.proposal(
        of: account, by: session, at: context.moment, within: patience)
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
  /// - Throws: `FactorError.notDigits`, `.notProposed`, `.wrong`.
  package static func confirm(_ caller: Caller, _ context: inout Context, code: Bytes) throws
    -> SecondFactors
  {
    guard case .authenticator(let code) = TypedFactorCode(code) else { throw FactorError.notDigits }
    let codes = RecoveryCodes.draft(of: try caller.requireSignedIn().account.accountid, context)
    let session = try caller.requireSignedIn().session
    let (result, isNew) = try context.changeOwn(caller) { [context] change, account, now in
      guard
        let proposed = context.app.proposal(of: account, by: session, at: now, within: patience)?
          .authenticator
      else {
        guard account.hasJustUsed(code, context, at: now) else { throw FactorError.notProposed }
        return (account.shown(with: codes, context), false)
      }
      guard
        let used = context.app.use(code: code, of: proposed, account.accountid, at: now, context.random)
      else { throw FactorError.wrong }
      var account = account
      account.changeFactors { ($0.authenticator, $0.proposed, $0.proposer) = (used, nil, 0) }
      let made = try account.addRecoveryCodes(codes, context, change, at: now)
      try change.finish(&account, of: caller, proving: .totp, .authenticatorAdded, context, now)
      return (account.shown(with: made, context), true)
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
      account.changeFactors { ($0.authenticator, $0.proposed, $0.proposer) = (nil, nil, 0) }
      try account.settleFactors(context)
      try change.finish(&account, of: caller, proving: [], .authenticatorRemoved, context, now)
      return shown(account, context)
    }
    context.log(.authenticatorRemoved, result.accountid)
    return result
  }

  /// Makes ten recovery codes in place of the former ones.
  ///
  /// - Returns: with the codes, unless the form that asks for them made them before and others have replaced them.
  /// - Throws: `FactorError.notEnrolled`.
  package static func renewRecoveryCodes(_ caller: Caller, _ context: inout Context) throws -> SecondFactors {
    let (result, isNew) = try context.changeOwn(caller) { [context] change, account, now in
      guard account.hasSecondFactor else { throw FactorError.notEnrolled }
      var account = account
      let codes = RecoveryCodes.draft(of: account.accountid, context)
      // A form that is sent again shows its codes, and brings no used one back.
      guard !account.has(codes), let made = try RecoveryCodes.made(from: codes, context, change, at: now)
      else { return (account.shown(with: codes, context), false) }
      account.changeFactors { $0.recoveryCodes = made.hashes }
      account.updatedAt = now
      try change.update(account)
      try change.keep(.recoveryCodesCreated, of: account, by: caller, context, at: now)
      return (account.shown(with: made, context), true)
    }
    context.effects.isRepeated = !isNew
    if isNew { context.log(.recoveryCodesCreated, result.accountid) }
    return result
  }

  /// Takes all second factors of any account away, as an administrator or an operator. Its sessions end.
  ///
  /// - Throws: `AccountError`, `RoleError.notOwner`, `FactorError.notEnrolled`.
  package static func removeAll(_ caller: Caller, _ context: inout Context, of id: AccountID) throws
    -> Account
  {
    let account = try context.changeAny(caller, id) { [context] change, actor, account, now in
      try AdministratorAction.removeFactors.check(actor, account, now: now)
      var account = account
      for passkey in try change.current.passkeys(of: account) { try change.remove(passkey, of: account) }
      // Its holder still learns that another person knows the password.
      let wrong = account.factors?.unnoticedWrongCode
      account.changeFactors {
        $0 = Factors()
        $0.wrongCodeAt = wrong
      }
      try context.forgetFactorCounts(account, change)
      try change.endSessions(of: &account, at: now)
      try change.update(account)
      try change.keep(.factorsRemoved, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.factorsRemoved, id)
    try context.clearCookies(of: caller, ifHolderOf: id)
    return account
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
  ///
  /// - Parameter session: the session that proposed it. Another one could be a thief's, who knows the secret that it proposed.
  fileprivate func proposal(
    of account: Account, by session: Session, at now: Timestamp, within patience: Int64
  )
    -> (authenticator: Factors.Authenticator, secret: [UInt8])?
  {
    guard let proposed = account.factors?.proposed, account.factors?.proposer == account.mark(of: session),
      now < proposed.createdAt.adding(seconds: patience), !proposed.createdAt.isAhead(of: now),
      let secret = secret(of: proposed, account.accountid)
    else { return nil }
    return (proposed, secret)
  }
}

extension Account {
  /// A number for a session of the account, which changes when other sessions end.
  fileprivate func mark(of session: Session) -> UInt32 {
    UInt32(truncatingIfNeeded: session.sessionid.rawValue) ^ sessionEpoch
  }

  /// True if a form that was sent before, as by a double click, has used this code of the authenticator app.
  fileprivate func hasJustUsed(_ code: [UInt8], _ context: Context, at now: Timestamp) -> Bool {
    guard context.mayRepeat, let authenticator = factors?.authenticator,
      let secret = context.app.secret(of: authenticator, accountid)
    else { return false }
    let step = OneTimePassword.matchingStep(code: code, secret: secret, time: now.seconds, lastStep: nil)
    return step != nil && step == authenticator.lastStep
  }

  /// Checks that the account keeps a factor where it must, and forgets what serves no factor.
  ///
  /// - Throws: `FactorError.lastOne`.
  mutating func settleFactors(_ context: Context) throws {
    if hasSecondFactor { return }
    if context.requiresFactor(of: self) { throw FactorError.lastOne }
    changeFactors { factors in
      // The holder still learns that another person knows the password.
      factors.wrongCodeAt = factors.unnoticedWrongCode
      (factors.recoveryCodes, factors.pending) = ([], [])
    }
  }
}

extension Change {
  /// Stores a change of the caller's factors, and ends its other sessions.
  ///
  /// - Parameter method: what the caller has proven by the change.
  func finish(
    _ account: inout Account, of caller: Caller, proving method: AuthenticationMethods, _ name: Event.Name,
    _ context: Context, _ now: Timestamp
  ) throws {
    let session = try caller.requireSignedIn().session
    // The caller has proven all that the account has.
    try context.forgetFactorCounts(account, self)
    try endSessions(of: &account, at: now, except: session)
    try update(account)
    if var own: Session = try current.record(session.sessionid) {
      own.methods.formUnion(method)
      try update(own)
    }
    try keep(name, of: account, by: caller, context, at: now)
  }
}
