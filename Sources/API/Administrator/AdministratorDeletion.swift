import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// PATCH /api/administrator/set-account-deleted.
  public enum SetAccountDeleted: Endpoint {
    static let isOwner = Exception(
      "invalid-account", 403, "only the owner can delete the owner's account", field: NamedAccount.name
    ).answering(DeletionError.isOwner)

    public static var route: String { "/api/administrator/set-account-deleted" }
    public static let declaration = accountChange(
      .patch, route, "Schedules the deletion of an account and ends its sessions.",
      exceptions: [Protection.deleted, isOwner], settings: [.deleteDelay])

    public static var example: Account { .deletedExample }

    public static func answer(_ call: inout Call) throws -> Account {
      try Deletion.schedule(call.caller, &call.context, NamedAccount.any(call).accountid)
    }
  }

  /// PATCH /api/administrator/reset-account-deleted.
  public enum ResetAccountDeleted: Endpoint {
    public static var route: String { "/api/administrator/reset-account-deleted" }
    public static let declaration = accountChange(
      .patch, route, "Cancels the deletion of an account.",
      exceptions: [Protection.owner, Protection.notDeleted])

    public static var example: Account { .userExample() }

    public static func answer(_ call: inout Call) throws -> Account {
      try Deletion.cancel(call.caller, &call.context, NamedAccount.any(call).accountid)
    }
  }

  /// DELETE /api/administrator/delete-account.
  public enum DeleteAccount: Endpoint {
    static let isOwner = Exception(
      "invalid-account", 403, "the owner's account can't be removed", field: NamedAccount.name
    ).answering(DeletionError.isOwner)

    public static var route: String { "/api/administrator/delete-account" }
    public static let declaration = accountChange(
      .delete, route, "Removes an account and its records at once.",
      exceptions: [isOwner])

    public static func answer(_ call: inout Call) throws -> Bool {
      let id = try NamedAccount.any(call).accountid
      try Deletion.delete(call.caller, &call.context, id)
      return true
    }
  }
}
