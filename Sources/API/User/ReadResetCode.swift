public import Accounts
public import Routing

/// GET /api/user/reset-code: one reset code of the asker's account.
public enum ReadResetCode: Endpoint {
  public static let declaration = Declaration(
    .get, "/api/user/reset-code", "Returns a reset code of the asker's account.",
    access: .session,
    takes: [Named.resetCode.ownParameter],
    exceptions: Named.resetCode.ownExceptions)

  public static func answer(_ call: inout Call) throws -> ResetCode { try Named.resetCode.own(call) }
}
