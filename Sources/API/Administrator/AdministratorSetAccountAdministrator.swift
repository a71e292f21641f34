public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// PATCH /api/administrator/set-account-administrator.
  public enum SetAccountAdministrator: Endpoint {
    static let already = Exception(
      "invalid-account", 409, "the account is an administrator's already", field: NamedAccount.name)

    public static var route: String { "/api/administrator/set-account-administrator" }
    public static let declaration = Declaration(
      .patch, route,
      "Makes an account an administrator's. Only the owner can.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions + [Protection.onlyOwner, already, Protection.deleted],
      settings: [.verificationDelay])

    public static var example: Account { .userExample { $0.administratorSince = $1 } }

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      let result = try call.changeAny(id) { change, asker, account, now in
        guard asker.isOwner else { throw Protection.onlyOwner }
        if account.isAdministrator { throw already }
        if account.deletedAt != nil { throw Protection.deleted }
        var account = account
        account.administratorSince = now
        account.updatedAt = now
        try change.update(account)
        return account
      }
      call.note(.administratorSet, result.accountid)
      return result
    }
  }
}
