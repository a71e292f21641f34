import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// DELETE /api/administrator/delete-reset-code: removes a reset code of any account.
  public enum DeleteResetCode: Endpoint {
    static let owner = Exception(
      "invalid-account", 403, "the reset code is of the owner's account", field: "codeid")

    public static var route: String { "/api/administrator/delete-reset-code" }
    public static let declaration = Declaration(
      .delete, route, "Removes a reset code of any account.",
      access: .freshAdministrator,
      takes: [Named.resetCode.parameter],
      exceptions: Named.resetCode.exceptions + [owner],
      settings: [.verificationDelay])

    public static func answer(_ call: inout Call) throws -> Bool {
      let code = try Named.resetCode.any(call)
      try call.changeAny(code.accountid, unknown: Named.resetCode.unknown) { change, asker, account, _ in
        if account.isOwner, account.accountid != asker.accountid { throw owner }
        guard let code: ResetCode = try change.record(code.codeid) else { throw Named.resetCode.unknown }
        try change.remove(code, of: account)
      }
      call.note(.codeDeleted, code.accountid)
      return true
    }
  }
}
