import DashboardAccounts
import DashboardRouting

/// Exceptions because of an account's state or role.
enum Protection {
  static let owner = Exception(
    "invalid-account", 403, "the account is the owner's", field: NamedAccount.name
  ).answering(AccountError.protected)
  static let onlyOwner = Exception("invalid-account", 403, "the caller is not the owner")
    .answering(RoleError.notOwner)
  static let deleted = Exception(
    "invalid-account", 409, "the account is scheduled for deletion", field: NamedAccount.name
  ).answering(AccountError.scheduledForDeletion)
  static let notDeleted = Exception(
    "invalid-account", 409, "the account is not scheduled for deletion, or its deletion is due",
    field: NamedAccount.name
  ).answering(AccountError.notScheduledForDeletion)
  static let suspended = Exception(
    "invalid-account", 409, "the account is suspended", field: NamedAccount.name
  ).answering(AccountError.suspended)
  static let withoutPassword = Exception(
    "invalid-account", 409, "the account has no password yet", field: NamedAccount.name
  ).answering(AccountError.withoutPassword)

  /// For a caller who has proven the account.
  static func provenSuspended(_ error: any RuleError) -> Exception {
    Exception("account-suspended", 403, "an administrator has suspended the account", field: "username")
      .answering(error)
  }
}
