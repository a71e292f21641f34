public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/set-account-deleted: asks for the deletion of the asker's account.
public enum SetAccountDeleted: Endpoint {
  public static var route: String { "/api/user/set-account-deleted" }
  public static let declaration = Declaration(
    .patch, route,
    "Schedules the deletion of the asker's account, and ends its sessions. reset-account-deleted cancels it.",
    access: .session,
    takes: [NamedAccount.ownParameter, PostedCredentials.ownPassword],
    exceptions: NamedAccount.ownExceptions + [
      PostedCredentials.missingPassword, PostedCredentials.wrongPassword, Guesses.tooMany,
    ],
    settings: [.deleteDelay, .maximumAttempts, .attemptWindow],
    isHashing: true)

  public static var example: Account { .deletedExample }

  public static func answer(_ call: inout Call) throws -> Account {
    let account = try NamedAccount.own(call)
    let proof = try PostedCredentials.verifyPassword(of: account, &call)
    let delay = call.deleteDelay
    let deleted = try call.changeOwn(proving: proof) { change, account, now in
      try change.scheduleDeletion(of: account, at: now.adding(seconds: delay), now: now)
    }
    call.note(.deletionScheduled, deleted.accountid)
    call.cookieEffect = .clear
    return deleted
  }
}
