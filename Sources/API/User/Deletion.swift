import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

/// PATCH /api/user/set-account-deleted: schedules the deletion of the caller's account.
public enum SetAccountDeleted: Endpoint {
  static let owner = Exception(
    "invalid-account", 409, "the account is the owner's, and the app has other accounts", field: "accountid"
  ).answering(DeletionError.ownerOfOthers)

  public static var route: String { "/api/user/set-account-deleted" }
  public static let declaration = Declaration(
    .patch, route,
    "Schedules the deletion of the caller's account and ends its sessions. reset-account-deleted cancels it. An account with a second factor needs a fresh session.",
    access: .session,
    parameters: [NamedAccount.ownParameter, PostedCredentials.password],
    exceptions: NamedAccount.ownExceptions + [
      PostedCredentials.missingPassword, .unverifiedSession, PostedCredentials.wrongPassword, owner,
      Attempts.tooMany,
    ],
    settings: [.verificationDelay, .deleteDelay, .maximumAttempts, .attemptWindow],
    isHashing: true)

  public static var example: Account { .deletedExample }

  public static func answer(_ call: inout Call) throws -> Account {
    try NamedAccount.own(call)
    let password = try PostedCredentials.password(call.posted)
    return try Deletion.schedule(call.caller, &call.context, password: password)
  }
}

/// PATCH /api/user/reset-account-deleted: cancels a deletion.
public enum ResetAccountDeleted: Endpoint {
  static let notDeleted = Exception(
    "invalid-account", 409, "the account is not scheduled for deletion, or its deletion is due",
    field: "username"
  ).answering(DeletionError.notScheduled)

  static let byAnother = Exception(
    "invalid-account", 403, "an administrator scheduled the deletion", field: "username"
  ).answering(DeletionError.byAnother)

  static let suspended = Protection.provenSuspended(DeletionError.suspended)

  public static var route: String { "/api/user/reset-account-deleted" }
  public static let declaration = Declaration(
    .patch, route,
    "Cancels the deletion of the account with this username and password, and the second factor if it has one.",
    access: .open,
    parameters: PostedCredentials.ofLeastLength + PostedFactor.parameters,
    exceptions: [
      PostedCredentials.missingUsername, PostedCredentials.shortUsername, PostedCredentials.missingPassword,
      PostedCredentials.shortPassword, PostedFactor.malformed, PostedPasskey.malformed,
      PostedCredentials.unknownUsername,
      PostedCredentials.wrongPassword,
    ] + PostedFactor.exceptions + [suspended, byAnother, notDeleted] + Attempts.exceptions,
    settings: [.minimumUsername, .minimumPassword, .maximumFactorAttempts] + Attempts.settings,
    isHashing: true)

  public static var example: Account { .userExample() }

  public static func answer(_ call: inout Call) throws -> Account {
    guard let username = call.posted["username"] else { throw PostedCredentials.missingUsername }
    try PostedCredentials.checkLength(username: username, call)
    let password = try PostedCredentials.password(call.posted)
    try PostedCredentials.checkLength(password: password, call)
    let factor = try PostedFactor.claim(call)
    return try Deletion.cancel(
      call.caller, &call.context, username: username, password: password, factor: factor)
  }
}
