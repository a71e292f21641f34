public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/reset-account-deleted: cancels a deletion.
public enum ResetAccountDeleted: Endpoint {
  static let notDeleted = Exception(
    "invalid-account", 409, "the account is not scheduled for deletion, or its time has come",
    field: "username")

  public static var route: String { "/api/user/reset-account-deleted" }
  public static let declaration = Declaration(
    .patch, route,
    "Cancels the deletion of an account, whose password proves it.",
    access: .open,
    takes: [PostedCredentials.username, PostedCredentials.password],
    exceptions: [
      PostedCredentials.missingUsername, PostedCredentials.shortUsername, PostedCredentials.missingPassword,
      PostedCredentials.shortPassword, PostedCredentials.unknownUsername, PostedCredentials.wrongPassword,
      notDeleted,
    ] + Guesses.exceptions,
    settings: [.minimumUsername, .minimumPassword] + Guesses.settings,
    isHashing: true)

  public static var example: Account { .userExample() }

  public static func answer(_ call: inout Call) throws -> Account {
    guard let username = call.posted["username"] else { throw PostedCredentials.missingUsername }
    try PostedCredentials.checkLength(username: username, call)
    let fields = try PostedCredentials.fields(call)
    try PostedCredentials.checkLength(password: fields.password, call)
    let proof = try PostedCredentials.verify(fields, &call)
    let account = try call.write(proving: proof) { change, account, now in
      try cancel(account, notDeleted, change, now)
    }
    call.note(.deletionCancelled, account.accountid)
    return account
  }

  static func cancel(
    _ account: Account, _ notDeleted: Exception, _ change: borrowing Change, _ now: Timestamp
  ) throws -> Account {
    guard account.deletedAt != nil, !account.isDue(at: now) else { throw notDeleted }
    var account = account
    account.deletedAt = nil
    account.updatedAt = now
    try change.update(account)
    return account
  }
}
