package import DashboardRecords
import DashboardStore

extension SignIn {
  private enum Outcome {
    case tooMany(TooManyAttempts)
    case refused(AccountID?)
    case denied(AccountID, any Error)
    case begun(SessionDraft.Begun)
  }

  /// Creates a session by a passkey alone, whose authenticator has verified its holder, and ends the sessions that the client holds.
  ///
  /// Answers that are not right are counted by the client's address.
  ///
  /// - Returns: the session with its token.
  /// - Throws: `PasskeyError.refused`, `AttemptError.tooManyPasswords`, `SuspensionError.suspended`, `SignInError`.
  package static func begin(
    _ caller: Caller, _ context: inout Context, _ answer: PasskeyAnswer, remember: Remember
  ) throws -> Session {
    let draft = SessionDraft(context, remember.duration)
    let outcome: Outcome = try context.write { [context] change in
      let now = context.moment
      let count = try context.countAddress(caller, change, now)
      if let refusal = count?.refusal { return .tooMany(refusal) }
      guard let account = try change.use(answer, for: .signIn, of: nil, context, at: now) else {
        let known: Passkey? = try change.current.record(hash: Passkey.lookupHash(of: answer.credentialID))
        let account = try known.flatMap { try change.current.account($0.accountid) }
        if let account {
          try change.keep(.passkeyRefused, of: account, by: caller.asClient, context, at: now)
        }
        return .refused(account?.accountid)
      }
      try count?.takeBack(change, now)
      try context.remember(caller, of: account, change, at: now)
      do { try check(account) } catch {
        try change.keep(.proven, of: account, by: caller.asClient, context, at: now)
        return .denied(account.accountid, error)
      }
      return .begun(try draft.insert(into: account, by: caller, .passkey, context, change, now))
    }
    switch outcome {
    case .tooMany(let refusal):
      throw AttemptError.tooManyPasswords(retryAfter: context.refuse(refusal, nil))
    case .refused(let account):
      context.log(.passkeyRefused, account)
      throw PasskeyError.refused
    case .denied(let account, let error):
      context.effects.provenAccount = account
      throw error
    case .begun(let begun):
      if caller.pendingSignIn != nil { context.effects.pendingSignIn = .ended }
      return draft.finish(begun, &context)
    }
  }
}

extension Verification {
  /// Verifies the caller's session by a passkey of its account alone, whose authenticator has verified its holder.
  ///
  /// - Throws: `PasskeyError.refused`, `AttemptError.tooManyPasswords`.
  package static func verify(_ caller: Caller, _ context: inout Context, _ answer: PasskeyAnswer) throws
    -> Session
  {
    let own = try caller.requireSignedIn()
    let outcome: VerificationOutcome = try context.changeOwn(caller) { [context] change, account, now in
      if let verified = try change.current.verifiedMeanwhile(caller, context) { return .verified(verified) }
      // Not by the account: a client with a session alone must not use up the holder's second factors.
      let count = try context.countAddress(caller, change, now)
      if let refusal = count?.refusal { return .tooMany(refusal) }
      guard try change.use(answer, for: .verify, of: account, context, at: now) != nil else {
        try change.keep(.passkeyRefused, of: account, by: caller, context, at: now)
        return .refused
      }
      try count?.takeBack(change, now)
      try context.remember(caller, of: account, change, at: now)
      return .verified(try change.verify(caller, of: account, by: .passkey, context, at: now))
    }
    switch outcome {
    case .tooMany(let refusal):
      throw AttemptError.tooManyPasswords(retryAfter: context.refuse(refusal, own.account.accountid))
    case .refused:
      context.log(.passkeyRefused, own.account.accountid)
      throw PasskeyError.refused
    case .verified(let verified): return context.note(verified, of: caller)
    }
  }

  private enum VerificationOutcome {
    case tooMany(TooManyAttempts)
    case refused
    case verified(VerifiedSession)
  }
}
