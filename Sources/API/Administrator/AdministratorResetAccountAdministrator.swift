public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// PATCH /api/administrator/reset-account-administrator.
  public enum ResetAccountAdministrator: Endpoint {
    static let isOwner = Exception(
      "invalid-account", 403, "the owner is always an administrator", field: NamedAccount.name)
    static let notAdministrator = Exception(
      "invalid-account", 409, "the account is no administrator's", field: NamedAccount.name)

    public static var route: String { "/api/administrator/reset-account-administrator" }
    public static let declaration = Declaration(
      .patch, route,
      "Takes an account the administrator's rights, and ends its sessions. Only the owner can.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions + [
        Protection.onlyOwner, isOwner, notAdministrator, Protection.deleted,
      ],
      settings: [.verificationDelay])

    public static var example: Account { .userExample() }

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      let result = try call.changeAny(id) { change, asker, account, now in
        guard asker.isOwner else { throw Protection.onlyOwner }
        if account.isOwner { throw isOwner }
        guard account.isAdministrator else { throw notAdministrator }
        if account.deletedAt != nil { throw Protection.deleted }
        var account = account
        account.administratorSince = nil
        // Nor do the codes made for others come back with the right.
        account.oldestCode = try change.nextSequence()
        try change.endSessions(of: &account, at: now)
        try change.update(account)
        return account
      }
      call.note(.administratorReset, result.accountid)
      return result
    }
  }
}
