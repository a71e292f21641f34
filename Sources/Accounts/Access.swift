package import DashboardRecords
import DashboardSettings

/// The access that a route or page requires: a role, possibly a fresh session, and second factors.
public struct Access: Hashable, Sendable {
  public enum Role: Sendable {
    /// Every caller, signed in or not.
    case anyone
    /// A caller with a session.
    case signedIn
    /// A caller with a session of an administrator's account.
    case administrator
  }

  /// What an access asks of second factors.
  public enum Factors: Sendable {
    /// The account has one, if SECOND_FACTOR asks for it.
    case asSet
    /// Nothing: a caller without one sets it up, or signs out.
    case waived
    /// The caller has signed in with one.
    case used
  }

  public let role: Role
  /// True if the session must be fresh: the caller proved the password, and the account's second factor, within
  /// SESSION_VERIFICATION_DELAY.
  public let isFresh: Bool
  public let factors: Factors

  public init(_ role: Role, isFresh: Bool = false, factors: Factors = .asSet) {
    self.role = role
    self.isFresh = isFresh
    self.factors = factors
  }

  public static let open = Access(.anyone)
  public static let session = Access(.signedIn)
  public static let freshSession = Access(.signedIn, isFresh: true)
  public static let administrator = Access(.administrator)
  public static let freshAdministrator = Access(.administrator, isFresh: true)

  package var isForAdministrators: Bool { role == .administrator }

  /// The same access, also for a caller who lacks a second factor that SECOND_FACTOR asks for.
  package var withoutFactor: Access { Access(role, isFresh: isFresh, factors: .waived) }

  /// The same access, with or without a fresh session.
  package func fresh(_ isFresh: Bool) -> Access { Access(role, isFresh: isFresh, factors: factors) }

  /// Checks access before a call. Changes check the session and the role again inside their transaction. An
  /// operator has access to everything.
  ///
  /// - Throws: `AccessRefusal`, `VerificationError.sessionNotFresh`.
  package func check(_ caller: Caller, _ app: App, now: Timestamp) throws {
    if role == .anyone || caller.isOperator { return }
    let signedIn = try caller.requireSignedIn()
    if role == .administrator, !signedIn.account.isAdministrator { throw AccessRefusal.administratorRequired }
    switch factors {
    case .asSet:
      if app.secondFactor.requires(isAdministrator: signedIn.account.isAdministrator),
        !signedIn.account.hasSecondFactor
      {
        throw VerificationError.factorMissing
      }
    case .waived: break
    case .used:
      if !signedIn.session.methods.includesFactor { throw VerificationError.factorMissing }
    }
    if isFresh, !signedIn.session.isFresh(at: now, app.configuration) {
      throw VerificationError.sessionNotFresh
    }
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
