public import Accounts
public import Routing
import Store

/// PATCH /api/user/set-session-ended: ends a session of the asker's account.
public enum SetSessionEnded: Endpoint {
  static let alreadyEnded = Exception(
    "invalid-session", 409, "querystring sessionid is already ended", field: "sessionid")

  public static let declaration = Declaration(
    .patch, "/api/user/set-session-ended",
    "Ends a session of the asker's account. Ending the one that asks clears its cookies.",
    access: .session,
    takes: [OwnSession.parameter],
    exceptions: OwnSession.exceptions + [alreadyEnded],
    returns: "session",
    example: Example.endedSession)

  public static func answer(_ call: inout Call) throws -> Session {
    try end(OwnSession.find(call), &call, alreadyEnded: alreadyEnded)
  }

  /// Ends a session of the asker's.
  static func end(_ session: Session, _ call: inout Call, alreadyEnded: Exception) throws -> Session {
    let now = call.dashboard.clock.now()
    let ended = try call.write { change in
      guard var session = try change.session(session.sessionid),
        let account = try change.account(session.accountid)
      else { throw alreadyEnded }
      if session.hasEnded(at: now, account: account) { throw alreadyEnded }
      session.endedAt = now
      session.updatedAt = now
      try change.update(session)
      return session.seen(at: now, account: account)
    }
    if try session.sessionid == call.asker.session.sessionid { call.cookieEffect = .clear }
    return ended
  }
}
