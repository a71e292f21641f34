package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum SignInError: String, RuleError {
  case scheduledForDeletion = "sign-in-account-scheduled-for-deletion"
}

/// Rules of signing in.
package enum SignIn {
  /// Creates a session for a username and its password, and ends the sessions that the client holds.
  ///
  /// If the account has a second factor and the claim is missing, the sign-in waits for `complete`.
  ///
  /// - Returns: the session with its token.
  /// - Throws: `AttemptError`, `CredentialError`, `FactorError`, `SuspensionError.suspended`, `SignInError`, `HashingError`.
  package static func begin(
    _ caller: Caller, _ context: inout Context, username: Bytes, password: Bytes, remember: Remember,
    factor: FactorClaim? = nil
  ) throws -> Session {
    let proof = try context.prove(caller, username: username, password: password, failure: .signInFailed)
    let rehashed = proof.isHashCurrent ? nil : try context.passwordHash(password, for: proof.attempt)
    let (draft, pending) = (SessionDraft(context, remember.duration), PendingDraft(caller, context, remember))
    let username = TypedUsername(username, context.configuration)
    func refreshed(_ account: Account, _ change: borrowing Change, _ context: Context) throws -> Account {
      var account = account
      if let rehashed { account.passwordHash = rehashed }
      let form = try change.settledForm(of: username, for: account, context.secrets)
      account.usernameHash = context.secrets.hash(form)
      account.keep(username: form, context)
      return account
    }
    do {
      let begun = try context.write(proving: proof, and: factor) { [context] change, account, now in
        var account = try refreshed(account, change, context)
        pending.insert(into: &account, by: caller, attempt: proof.attempt, context.secrets, at: now)
        try change.update(account)
      } _: { [context] change, account, methods, now in
        try check(account)
        return try draft.insert(
          into: refreshed(account, change, context), by: caller, methods, context, change, now)
      }
      if caller.pendingSignIn != nil { context.effects.pendingSignIn = .ended }
      return draft.finish(begun, &context)
    } catch FactorError.required(let kinds) {
      context.effects.pendingSignIn = .began(pending.cookie(of: proof.account.accountid))
      throw FactorError.required(kinds)
    }
  }

  /// Completes the sign-in of the client that waits for a second factor.
  ///
  /// - Returns: the session with its token.
  /// - Throws: `FactorError`, `AttemptError.tooManyFactors`, `SuspensionError.suspended`, `SignInError`.
  package static func complete(_ caller: Caller, _ context: inout Context, factor: FactorClaim) throws
    -> Session
  {
    guard let credential = caller.pendingSignIn else { throw FactorError.expired }
    // Its duration is known below.
    let draft = SessionDraft(context, 0)
    var proven: AuthenticationMethods = []
    let outcome: Passage<Completion> = try context.write { [context] change in
      let now = context.moment
      guard var account = try change.current.account(credential.accountid),
        let place = account.factors?.place(of: credential, in: account, context.secrets),
        let waiting = account.factors?.pending[place], !waiting.hasEnded(at: now, account: account)
      else { return .passed(.expired) }
      switch try change.pass(factor, of: &account, after: .password, by: caller, context, at: now) {
      case .refused(let refusal):
        if case .wrong = refusal {
          account.changeFactors { $0.pending[place].wrongCodeAt = now }
          try change.update(account)
        }
        return .refused(refusal)
      case .denied(let error): return .denied(error)
      case .passed(let methods):
        proven = methods
        account.changeFactors { factors in
          (factors.pending[place].usedAt, factors.pending[place].methods) = (now, methods)
        }
        if let end = waiting.attemptEnd {
          try context.attempt(caller, on: account, end: end).forgive(change, of: account, now: now)
        }
        do {
          try check(account)
        } catch {
          try change.update(account)
          try change.keep(.proven, of: account, by: caller.asClient, context, at: now)
          return .passed(.denied(error))
        }
        return .passed(
          .begun(
            try draft.lasting(waiting.duration).insert(
              into: account, by: caller, methods, context, change, now)))
      }
    }
    switch try context.result(of: outcome, credential.accountid, proven) {
    case .expired:
      context.effects.pendingSignIn = .ended
      throw FactorError.expired
    case .denied(let error):
      context.effects.provenAccount = credential.accountid
      context.effects.pendingSignIn = .ended
      throw error
    case .begun(let begun):
      context.effects.pendingSignIn = .ended
      return draft.finish(begun, &context)
    }
  }

  /// The kinds of second factors for which a sign-in waits; `nil` if none waits.
  package static func awaited(by credential: PendingCredential?, _ context: Context) throws -> [FactorKind]? {
    guard let credential else { return nil }
    return try context.read { try $0.waitingAccount(credential, context)?.factors?.kinds }
  }

  /// What has just completed the client's sign-in; `nil` if nothing has.
  package static func completed(_ caller: Caller, _ context: Context) throws -> AuthenticationMethods? {
    guard let credential = caller.pendingSignIn else { return nil }
    return try context.read { snapshot in
      guard let account = try snapshot.account(credential.accountid), let factors = account.factors,
        let place = factors.place(of: credential, in: account, context.secrets),
        context.isRecent(factors.pending[place].usedAt)
      else { return nil }
      return factors.pending[place].methods
    }
  }

  private enum Completion {
    case expired
    case denied(any Error)
    case begun(SessionDraft.Begun)
  }

  static func check(_ account: Account) throws {
    if account.suspendedAt != nil { throw SuspensionError.suspended }
    if account.deletedAt != nil { throw SignInError.scheduledForDeletion }
  }
}
