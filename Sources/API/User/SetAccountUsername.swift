public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/set-account-username: another username.
public enum SetAccountUsername: Endpoint {
  static let missing = Exception(
    "invalid-new-username", 400, "missing posted new-username", field: "new-username")
  static let length = Exception(
    "invalid-new-username-length", 400, "posted new-username is too short or too long", field: "new-username")
  static let duplicate = Exception(
    "duplicate-username", 409, "posted new-username is taken", field: "new-username")

  public static var route: String { "/api/user/set-account-username" }
  public static let declaration = Declaration(
    .patch, route,
    "Gives the asker's account another username. Its other sessions end.",
    access: .session,
    takes: [
      NamedAccount.ownParameter, .required(.posted, "new-username", "3 to 100 characters"),
      PostedCredentials.ownPassword,
    ],
    exceptions: NamedAccount.ownExceptions + [
      missing, length, Guesses.tooManyUsernames, PostedCredentials.missingPassword,
      PostedCredentials.wrongPassword, duplicate,
      Guesses.tooMany,
    ],
    settings: [.minimumUsername, .maximumUsername, .maximumRegistrations, .maximumAttempts, .attemptWindow],
    isHashing: true)

  public static var example: Account { .example { $0.usernameLastChangedAt = $1 } }

  public static func answer(_ call: inout Call) throws -> Account {
    let account = try NamedAccount.own(call)
    guard let username = call.posted["new-username"] else { throw missing }
    try username.checkLength(call.configuration.usernameLength, length)
    guard call.posted["password"] != nil else { throw PostedCredentials.missingPassword }
    try call.countUsername()
    let proof = try PostedCredentials.verifyPassword(of: account, &call)
    let session = try call.asker.session
    let hashes = call.keys.hashes(username)
    let changed = try call.changeOwn(proving: proof) { change, account, now in
      if try change.account(usernameHashes: hashes) != nil { throw duplicate }
      var account = account
      account.usernameHash = hashes[0]
      account.usernameLastChangedAt = now
      try change.endSessions(of: &account, at: now, except: session)
      try change.update(account)
      return account
    }
    call.note(.usernameChanged, changed.accountid)
    return changed
  }
}
