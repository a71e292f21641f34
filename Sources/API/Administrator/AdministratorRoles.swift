import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

extension Administrator {
  /// PATCH /api/administrator/set-account-administrator.
  public enum SetAccountAdministrator: Endpoint {
    static let already = Exception(
      "invalid-account", 409, "the account is already an administrator's", field: NamedAccount.name
    ).answering(RoleError.alreadyAdministrator)

    public static var route: String { "/api/administrator/set-account-administrator" }
    public static let declaration = accountChange(
      .patch, route, "Makes an account an administrator's. Only the owner can do this.",
      exceptions: [Protection.onlyOwner, already, Protection.deleted, Protection.suspended])

    public static var example: Account { .userExample { $0.administratorSince = $1 } }

    public static func answer(_ call: inout Call) throws -> Account {
      try Roles.promote(call.caller, &call.context, NamedAccount.any(call).accountid)
    }
  }

  /// PATCH /api/administrator/reset-account-administrator.
  public enum ResetAccountAdministrator: Endpoint {
    static let isOwner = Exception(
      "invalid-account", 403, "the owner is always an administrator", field: NamedAccount.name
    ).answering(RoleError.isOwner)
    static let notAdministrator = Exception(
      "invalid-account", 409, "the account is not an administrator's", field: NamedAccount.name
    ).answering(RoleError.notAdministrator)

    public static var route: String { "/api/administrator/reset-account-administrator" }
    public static let declaration = accountChange(
      .patch, route,
      "Takes the administrator role from an account and ends its sessions. Only the owner can do this.",
      exceptions: [Protection.onlyOwner, isOwner, notAdministrator, Protection.deleted])

    public static var example: Account { .userExample() }

    public static func answer(_ call: inout Call) throws -> Account {
      try Roles.demote(call.caller, &call.context, NamedAccount.any(call).accountid)
    }
  }

  /// PATCH /api/administrator/set-owner-account.
  public enum SetOwnerAccount: Endpoint {
    static let already = Exception(
      "invalid-account", 409, "the account is already the owner's", field: NamedAccount.name
    ).answering(RoleError.alreadyOwner)

    public static var route: String { "/api/administrator/set-owner-account" }
    public static let declaration = accountChange(
      .patch, route,
      "Makes another account the owner's and ends its sessions. The former owner stays an administrator.",
      exceptions: [
        Protection.onlyOwner, already, Protection.deleted, Protection.suspended, Protection.withoutPassword,
      ])

    public static func answer(_ call: inout Call) throws -> Account {
      try Roles.transferOwnership(call.caller, &call.context, to: NamedAccount.any(call).accountid)
    }
  }
}
