public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/reset-codes: the reset codes of the asker's account, newest first.
public enum ResetCodes: Endpoint {
  public static var route: String { "/api/user/reset-codes" }
  public static let declaration = Declaration(
    .get, route, "Lists the reset codes of the asker's account, newest first.",
    access: .session,
    takes: [NamedAccount.ownParameter] + Paging.parameters,
    exceptions: NamedAccount.ownExceptions + Paging.exceptions,
    settings: [.pageSize])

  public static func answer(_ call: inout Call) throws -> [ResetCode] {
    try call.list(.resetCode, of: NamedAccount.own(call))
  }
}
