package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum VerificationError: String, RuleError {
  /// The caller proved the password, and the second factor of its account, too long ago.
  case sessionNotFresh = "session-not-fresh"
  /// Only the caller's own session can be verified.
  case notCurrentSession = "not-current-session"
  /// The account lacks a second factor, or the caller has not signed in with one.
  case factorMissing = "second-factor-missing"
}

/// Rules of verification: a caller proves the password again to get a fresh session.
package enum Verification {
  /// Checks that a session is the caller's own.
  ///
  /// - Throws: `VerificationError.notCurrentSession`.
  package static func check(_ session: Session, isCurrentOf caller: Caller) throws {
    guard try session.sessionid == caller.requireSignedIn().session.sessionid else {
      throw VerificationError.notCurrentSession
    }
  }

  /// Verifies the caller's session with the username and the password of its account, and its second factor if it has one.
  ///
  /// - Throws: `AttemptError`, `CredentialError`, `FactorError`. Another account's username counts as unknown.
  package static func verify(
    _ caller: Caller, _ context: inout Context, username: Bytes, password: Bytes, factor: FactorClaim? = nil
  ) throws -> Session {
    let own = try caller.requireSignedIn().account.accountid
    let proof = try context.prove(caller, username: username, password: password, own: own)
    return try verify(caller, &context, proof, factor)
  }

  /// Verifies the caller's session with the password of its account, and its second factor if it has one.
  ///
  /// - Throws: `AttemptError`, `CredentialError.wrongPassword`, `FactorError`.
  package static func verify(
    _ caller: Caller, _ context: inout Context, password: Bytes, factor: FactorClaim? = nil
  ) throws -> Session {
    let proof = try context.proveOwn(caller, password: password, isVerification: true)
    return try verify(caller, &context, proof, factor)
  }

  private static func verify(
    _ caller: Caller, _ context: inout Context, _ proof: PasswordProof, _ factor: FactorClaim?
  ) throws -> Session {
    let verified = try context.write(
      proving: proof, and: factor, own: caller,
      done: { [context] change, _, _ in try change.current.verifiedMeanwhile(caller, context) }
    ) { [context] change, account, methods, now in
      try change.verify(caller, of: account, by: methods, context, at: now)
    }
    return context.note(verified, of: caller)
  }
}

/// A session, and whether this request has verified it.
typealias VerifiedSession = (session: Session, isNew: Bool)

extension Context {
  /// Logs a verification that is new. Otherwise the request repeats another one.
  mutating func note(_ verified: VerifiedSession, of caller: Caller) -> Session {
    effects.isRepeated = !verified.isNew
    if verified.isNew { log(.verified, verified.session.accountid) }
    return verified.session.seen(by: caller, in: app)
  }
}

extension Change {
  /// Makes the caller's session fresh.
  func verify(
    _ caller: Caller, of account: Account, by methods: AuthenticationMethods, _ context: Context,
    at now: Timestamp
  ) throws -> VerifiedSession {
    guard var session: Session = try current.record(caller.requireSignedIn().session.sessionid) else {
      throw AccessRefusal.signInRequired
    }
    session.lastVerifiedAt = now
    session.updatedAt = now
    session.methods.formUnion(methods)
    try update(session)
    try keep(.verified, of: account, by: caller, context, at: now)
    return (session, isNew: true)
  }
}
