import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

/// DELETE /api/user/delete-reset-code: removes a reset code of the asker's account.
public enum DeleteResetCode: Endpoint {
  public static var route: String { "/api/user/delete-reset-code" }
  public static let declaration = Declaration(
    .delete, route, "Removes a reset code of the asker's account.",
    access: .session,
    takes: [Named.resetCode.ownParameter],
    exceptions: Named.resetCode.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Bool {
    let code = try Named.resetCode.own(call)
    try call.changeOwn { change, account, _ in
      guard let code: ResetCode = try change.record(code.codeid) else { throw Named.resetCode.unknown }
      try change.remove(code, of: account)
    }
    call.note(.codeDeleted, code.accountid)
    return true
  }
}
