public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/profiles: the profiles of the asker's account, newest first.
public enum Profiles: Endpoint {
  public static var route: String { "/api/user/profiles" }
  public static let declaration = Declaration(
    .get, route, "Lists the profiles of the asker's account, newest first.",
    access: .session,
    takes: [NamedAccount.ownParameter] + Paging.parameters,
    exceptions: NamedAccount.ownExceptions + Paging.exceptions,
    settings: [.pageSize])

  public static func answer(_ call: inout Call) throws -> [Profile] {
    try call.list(.profile, of: NamedAccount.own(call))
  }
}
