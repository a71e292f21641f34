public import DashboardRecords
public import DashboardRouting

/// GET /api/user/current-session: what a browser cannot read from its `HttpOnly` cookies.
public enum CurrentSession: Endpoint {
  public static var route: String { "/api/user/current-session" }
  public static let declaration = Declaration(
    .get, route, "Returns the session that asks.",
    access: .session)

  public static func answer(_ call: inout Call) throws -> Session { try call.asker.session }
}
