import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/reset-codes-count: how many reset codes the asker's account has.
public enum ResetCodesCount: Endpoint {
  public static var route: String { "/api/user/reset-codes-count" }
  public static let declaration = Declaration(
    .get, route, "Counts the reset codes of the asker's account.",
    access: .session,
    takes: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Int {
    let account = try NamedAccount.own(call)
    return try call.read { try $0.count(ResetCode.self, of: account) }
  }
}
