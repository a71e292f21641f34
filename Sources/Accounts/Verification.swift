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
    let proof = try context.prove(caller, username: username, password: password) { $0.accountid == own }
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
    let signedIn = try caller.requireSignedIn()
    let verified = try context.write(proving: proof, and: factor, own: caller) {
      [context] change, account, methods, now in
      guard var session: Session = try change.current.record(signedIn.session.sessionid) else {
        throw AccessRefusal.signInRequired
      }
      session.lastVerifiedAt = now
      session.updatedAt = now
      session.methods.formUnion(methods)
      try change.update(session)
      try change.keep(.verified, of: account, by: caller, context, at: now)
      return session
    }
    context.log(.verified, verified.accountid)
    return verified.seen(by: caller, in: context.app)
  }
}
