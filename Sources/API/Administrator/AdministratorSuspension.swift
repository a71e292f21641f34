import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
import DashboardWireFormat

extension Administrator {
  /// PATCH /api/administrator/set-account-suspended.
  public enum SetAccountSuspended: Endpoint {
    static let reason = Declaration.Parameter.optional(
      .posted, "reason", "why; only administrators see it"
    ).limited(to: { _ in Suspensions.reasonLength })
    static let reasonLength = Exception(
      "invalid-reason-length", 400, "posted reason is too long", field: reason.name
    ).answering(SuspensionError.reasonLength(0...0))
    static let isOwner = Exception(
      "invalid-account", 403, "the owner can't be suspended", field: NamedAccount.name
    ).answering(SuspensionError.isOwner)
    static let isOwn = Exception(
      "invalid-account", 403, "the account is the caller's own", field: NamedAccount.name
    ).answering(SuspensionError.isOwn)
    static let isAdministrator = Exception(
      "invalid-account", 403, "the account is an administrator's, and the caller is not the owner",
      field: NamedAccount.name
    ).answering(SuspensionError.isAdministrator)
    static let already = Exception(
      "invalid-account", 409, "the account is already suspended", field: NamedAccount.name
    ).answering(SuspensionError.already)

    public static var route: String { "/api/administrator/set-account-suspended" }
    public static let declaration = accountChange(
      .patch, route,
      "Suspends an account and ends its sessions. Until reset-account-suspended its holder can't sign in.",
      parameters: [reason],
      exceptions: [reasonLength, isOwner, isOwn, isAdministrator, already])

    public static var example: Account { .suspendedExample }

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      return try Suspensions.suspend(call.caller, &call.context, id, reason: call.posted[reason.name])
    }
  }

  /// PATCH /api/administrator/reset-account-suspended.
  public enum ResetAccountSuspended: Endpoint {
    static let notSuspended = Exception(
      "invalid-account", 409, "the account is not suspended", field: NamedAccount.name
    ).answering(SuspensionError.notSuspended)

    public static var route: String { "/api/administrator/reset-account-suspended" }
    public static let declaration = accountChange(
      .patch, route, "Ends the suspension of an account. Its former sessions stay ended.",
      exceptions: [SetAccountSuspended.isAdministrator, notSuspended])

    public static var example: Account { .userExample() }

    public static func answer(_ call: inout Call) throws -> Account {
      try Suspensions.resume(call.caller, &call.context, NamedAccount.any(call).accountid)
    }
  }
}
