public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// PATCH /api/administrator/set-owner-account.
  public enum SetOwnerAccount: Endpoint {
    static let already = Exception(
      "invalid-account", 409, "the account is the owner's already", field: NamedAccount.name)

    public static var route: String { "/api/administrator/set-owner-account" }
    public static let declaration = Declaration(
      .patch, route,
      "Makes another account the owner's. Its sessions end; the old owner stays an administrator.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions + [Protection.onlyOwner, already, Protection.deleted],
      settings: [.verificationDelay])

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      let result = try call.changeAny(id) { change, asker, account, now in
        guard asker.isOwner else { throw Protection.onlyOwner }
        if account.isOwner { throw already }
        if account.deletedAt != nil { throw Protection.deleted }
        var former = asker
        former.ownerSince = nil
        former.updatedAt = now
        try change.update(former)
        var account = account
        account.ownerSince = now
        account.oldestCode = try change.nextSequence()
        account.administratorSince = account.administratorSince ?? now
        // An administrator may have signed in as this account, by a code made for it.
        try change.endSessions(of: &account, at: now)
        try change.update(account)
        return account
      }
      call.note(.ownerSet, result.accountid)
      return result
    }
  }
}
