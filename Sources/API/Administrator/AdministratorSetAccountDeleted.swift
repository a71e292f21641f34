public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// PATCH /api/administrator/set-account-deleted.
  public enum SetAccountDeleted: Endpoint {
    static let isOwner = Exception(
      "invalid-account", 403, "the owner's account is deleted by the owner alone", field: NamedAccount.name)

    public static var route: String { "/api/administrator/set-account-deleted" }
    public static let declaration = Declaration(
      .patch, route,
      "Schedules the deletion of an account, and ends its sessions.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions + [Protection.deleted, isOwner],
      settings: [.deleteDelay, .verificationDelay])

    public static var example: Account { .deletedExample }

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      let delay = call.deleteDelay
      let account = try call.changeAny(id) { change, _, account, now in
        if account.deletedAt != nil { throw Protection.deleted }
        if account.isOwner { throw isOwner }
        return try change.scheduleDeletion(of: account, at: now.adding(seconds: delay), now: now)
      }
      call.note(.deletionScheduled, id)
      call.clearCookies(ifOf: id)
      return account
    }
  }
}
