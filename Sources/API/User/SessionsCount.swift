import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/sessions-count: how many sessions the asker's account has, living and ended.
public enum SessionsCount: Endpoint {
  public static var route: String { "/api/user/sessions-count" }
  public static let declaration = Declaration(
    .get, route, "Counts the sessions of the asker's account, living and ended.",
    access: .session,
    takes: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Int {
    let account = try NamedAccount.own(call)
    return try call.read { try $0.count(Session.self, of: account) }
  }
}
