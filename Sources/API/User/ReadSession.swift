public import DashboardRecords
public import DashboardRouting

/// GET /api/user/session: one session of the asker's account.
public enum ReadSession: Endpoint {
  public static var route: String { "/api/user/session" }
  public static let declaration = Declaration(
    .get, route, "Returns a session of the asker's account.",
    access: .session,
    takes: [Named.session.ownParameter],
    exceptions: Named.session.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Session { try call.seen(Named.session.own(call)) }
}
