public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/sessions: the sessions of the asker's account, newest first.
public enum Sessions: Endpoint {
  public static var route: String { "/api/user/sessions" }
  public static let declaration = Declaration(
    .get, route, "Lists the sessions of the asker's account, living and ended, newest first.",
    access: .session,
    takes: [NamedAccount.ownParameter] + Paging.parameters,
    exceptions: NamedAccount.ownExceptions + Paging.exceptions,
    settings: [.pageSize])

  public static func answer(_ call: inout Call) throws -> [Session] {
    try call.listSessions(of: NamedAccount.own(call))
  }
}
