public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// PATCH /api/administrator/reset-account-deleted.
  public enum ResetAccountDeleted: Endpoint {
    public static var route: String { "/api/administrator/reset-account-deleted" }
    public static let declaration = Declaration(
      .patch, route,
      "Cancels the deletion of an account.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions + [Protection.owner, Protection.notDeleted],
      settings: [.verificationDelay])

    public static var example: Account { .userExample() }

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      let result = try call.changeAny(id) { change, asker, account, now in
        try Protection.checkOwner(account, asker: asker)
        return try DashboardEndpoints.ResetAccountDeleted.cancel(account, Protection.notDeleted, change, now)
      }
      call.note(.deletionCancelled, result.accountid)
      return result
    }
  }
}
