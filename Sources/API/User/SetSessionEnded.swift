public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/set-session-ended: ends a session of the asker's account.
public enum SetSessionEnded: Endpoint {
  static let alreadyEnded = Exception(
    "invalid-session", 409, "querystring sessionid is already ended", field: "sessionid")

  public static var route: String { "/api/user/set-session-ended" }
  public static let declaration = Declaration(
    .patch, route,
    "Ends a session of the asker's account. Ending the one that asks clears its cookies.",
    access: .session,
    takes: [Named.session.ownParameter],
    exceptions: Named.session.ownExceptions + [alreadyEnded])

  public static var example: Session { .endedExample }

  public static func answer(_ call: inout Call) throws -> Session {
    let session = try Named.session.own(call)
    let ended = try call.changeOwn { change, account, now in
      try end(session, of: account, change, now)
    }
    call.note(.sessionEnded, ended.accountid)
    if try session.sessionid == call.asker.session.sessionid { call.cookieEffect = .clear }
    return ended
  }

  /// Ends a session of the account, as it is in the transaction.
  static func end(_ session: Session, of account: Account, _ change: borrowing Change, _ now: Timestamp)
    throws
    -> Session
  {
    guard var session: Session = try change.record(session.sessionid),
      !session.hasEnded(at: now, account: account)
    else { throw alreadyEnded }
    session.endedAt = now
    session.updatedAt = now
    try change.update(session)
    return try change.seen(session, at: now)
  }
}
