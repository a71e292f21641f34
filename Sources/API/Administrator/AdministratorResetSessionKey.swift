public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// PATCH /api/administrator/reset-session-key.
  public enum ResetSessionKey: Endpoint {
    public static var route: String { "/api/administrator/reset-session-key" }
    public static let declaration = Declaration(
      .patch, route,
      "Gives an account a new session key, which ends every session of it.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions + [Protection.owner, Protection.deleted],
      settings: [.verificationDelay])

    public static var example: Account {
      .userExample { account, now in
        account.sessionKeyNumber = 2
        account.sessionKeyLastResetAt = now
      }
    }

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      let key = Account.newSessionKey(call.random)
      let account = try call.changeAny(id) { change, asker, account, now in
        try Protection.checkOwner(account, asker: asker)
        if account.deletedAt != nil { throw Protection.deleted }
        return try DashboardEndpoints.ResetSessionKey.reset(account, key, change, now)
      }
      call.note(.sessionKeyReset, id)
      call.clearCookies(ifOf: id)
      return account
    }
  }
}
