package import DashboardRecords
package import DashboardSettings

/// The access that a route or page requires: a role, and possibly a fresh session.
public struct Access: Hashable, Sendable {
  public enum Role: Sendable {
    /// Every caller, signed in or not.
    case anyone
    /// A caller with a session.
    case signedIn
    /// A caller with a session of an administrator's account.
    case administrator
  }

  public let role: Role
  /// True if the session must be fresh: the caller proved the password within SESSION_VERIFICATION_DELAY.
  public let isFresh: Bool

  public init(_ role: Role, isFresh: Bool = false) {
    self.role = role
    self.isFresh = isFresh
  }

  public static let open = Access(.anyone)
  public static let session = Access(.signedIn)
  public static let freshSession = Access(.signedIn, isFresh: true)
  public static let administrator = Access(.administrator)
  public static let freshAdministrator = Access(.administrator, isFresh: true)

  package var isForAdministrators: Bool { role == .administrator }

  /// Checks access before a call. Changes check the session and the role again inside their transaction. An
  /// operator has access to everything.
  ///
  /// - Throws: `AccessRefusal`, `VerificationError.sessionNotFresh`.
  package func check(_ caller: Caller, _ configuration: AppConfiguration, now: Timestamp) throws {
    if role == .anyone || caller.isOperator { return }
    let signedIn = try caller.requireSignedIn()
    if role == .administrator, !signedIn.account.isAdministrator { throw AccessRefusal.administratorRequired }
    if isFresh, !signedIn.session.isFresh(at: now, configuration) { throw VerificationError.sessionNotFresh }
  }
}

extension Session {
  /// True if the password was proven within SESSION_VERIFICATION_DELAY.
  func isFresh(at now: Timestamp, _ configuration: AppConfiguration) -> Bool {
    let delay = Int64(configuration.verificationDelay)
    return delay <= 0 || now < lastVerifiedAt.adding(seconds: delay) && !lastVerifiedAt.isAhead(of: now)
  }
}

/// The caller may not use the route or page, whatever the parameters.
public enum AccessRefusal: String, Error, Sendable {
  case signInRequired = "Sign in required"
  case administratorRequired = "Administrator required"
}

extension Caller {
  /// The caller's session and account.
  ///
  /// - Throws: `signInRequired` for a guest and for an operator, who has no session.
  package func requireSignedIn() throws(AccessRefusal) -> SignedIn {
    guard let signedIn else { throw .signInRequired }
    return signedIn
  }
}
