public import DashboardRecords
public import DashboardRouting

/// GET /api/user/reset-code: one reset code of the asker's account.
public enum ReadResetCode: Endpoint {
  public static var route: String { "/api/user/reset-code" }
  public static let declaration = Declaration(
    .get, route, "Returns a reset code of the asker's account.",
    access: .session,
    takes: [Named.resetCode.ownParameter],
    exceptions: Named.resetCode.ownExceptions)

  public static func answer(_ call: inout Call) throws -> ResetCode { try Named.resetCode.own(call) }
}
