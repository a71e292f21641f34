public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/set-account-password: another password.
public enum SetAccountPassword: Endpoint {
  static let missing = Exception(
    "invalid-new-password", 400, "missing posted new-password", field: "new-password")
  static let newPassword = NewPassword(field: "new-password", lengthCode: "invalid-new-password-length")

  public static var route: String { "/api/user/set-account-password" }
  public static let declaration = Declaration(
    .patch, route,
    "Gives the asker's account another password. Its other sessions end.",
    access: .session,
    takes: [
      NamedAccount.ownParameter, newPassword.parameter,
      PostedCredentials.ownPassword,
    ],
    exceptions: NamedAccount.ownExceptions + [
      missing, newPassword.length, newPassword.common, PostedCredentials.missingPassword,
      PostedCredentials.wrongPassword, Guesses.tooMany,
    ],
    settings: NewPassword.settings + [.maximumAttempts, .attemptWindow],
    isHashing: true)

  public static var example: Account { .example { $0.passwordLastChangedAt = $1 } }

  public static func answer(_ call: inout Call) throws -> Account {
    let account = try NamedAccount.own(call)
    guard let password = call.posted["new-password"] else { throw missing }
    try newPassword.check(password, call)
    let proof = try PostedCredentials.verifyPassword(of: account, &call)
    let session = try call.asker.session
    let hash = try call.passwordHash(password)
    let changed = try call.changeOwn(proving: proof) { change, account, now in
      var account = account
      account.passwordHash = hash
      account.passwordLastChangedAt = now
      try change.endSessions(of: &account, at: now, except: session)
      try change.update(account)
      return account
    }
    call.note(.passwordChanged, changed.accountid)
    return changed
  }
}
