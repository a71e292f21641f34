public import DashboardRecords
public import DashboardRouting

/// GET /api/user/account: the asker's account.
public enum ReadAccount: Endpoint {
  public static var route: String { "/api/user/account" }
  public static let declaration = Declaration(
    .get, route, "Returns the asker's account.",
    access: .session,
    takes: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Account { try NamedAccount.own(call) }
}
