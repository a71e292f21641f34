import DashboardAccounts

extension Command {
  static let accountPromote = changingAccount(
    "account promote", "Makes an account an administrator's.", done: "An administrator's since now:"
  ) { caller, context, id, _ in try Roles.promote(caller, &context, id) }

  static let accountDemote = changingAccount(
    "account demote", "Takes the administrator role from an account. Its sessions end.",
    done: "No administrator's any more:"
  ) { caller, context, id, _ in try Roles.demote(caller, &context, id) }

  static let accountSetOwner = changingAccount(
    "account set-owner", "Makes an account the owner's, also if the owner has left. Its sessions end.",
    details: "A former owner stays an administrator. \"dashboard account demote\" takes that role too.",
    done: "The owner's since now:"
  ) { caller, context, id, _ in try Roles.transferOwnership(caller, &context, to: id) }
}
