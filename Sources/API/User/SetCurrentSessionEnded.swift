public import DashboardRecords
public import DashboardRouting

/// PATCH /api/user/set-current-session-ended: signs out.
public enum SetCurrentSessionEnded: Endpoint {
  public static var route: String { "/api/user/set-current-session-ended" }
  public static let declaration = Declaration(
    .patch, route,
    "Signs out: ends the session that asks and clears its cookies.",
    access: .session)

  public static var example: Session { .endedExample }

  public static func answer(_ call: inout Call) throws -> Session {
    let session = try call.asker.session
    let ended = try call.changeOwn { change, account, now in
      try SetSessionEnded.end(session, of: account, change, now)
    }
    call.note(.sessionEnded, ended.accountid)
    call.cookieEffect = .clear
    return ended
  }
}
