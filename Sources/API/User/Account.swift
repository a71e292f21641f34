import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

/// GET /api/user/account: the caller's account.
public enum ReadAccount: Endpoint {
  public static var route: String { "/api/user/account" }
  public static let declaration = Declaration(
    .get, route, "Returns the caller's account.",
    access: .session,
    parameters: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Account { try NamedAccount.own(call) }
}

/// PATCH /api/user/set-account-username: changes the username.
public enum SetAccountUsername: Endpoint {
  static let missing = Exception(
    "invalid-new-username", 400, "missing posted new-username", field: "new-username")
  static let characters = Exception(
    "invalid-new-username", 400,
    "posted new-username has a control character, such as a line break, or an invisible one",
    field: "new-username"
  ).answering(UsernameError.characters)
  static let length = Exception(
    "invalid-new-username-length", 400, "posted new-username is too short or too long", field: "new-username"
  ).answering(UsernameError.length(0...0))
  static let duplicate = Exception(
    "duplicate-username", 409, "posted new-username is taken", field: "new-username"
  ).answering(UsernameError.taken)

  public static var route: String { "/api/user/set-account-username" }
  public static let declaration = Declaration(
    .patch, route,
    "Changes the username of the caller's account. Its other sessions end. An account with a second factor needs a fresh session.",
    access: .session,
    parameters: [
      NamedAccount.ownParameter, NewUsername.parameter(field: "new-username"),
      PostedCredentials.password,
    ],
    exceptions: NamedAccount.ownExceptions + [
      missing, characters, length, Attempts.tooManyUsernames, PostedCredentials.missingPassword,
      .unverifiedSession, PostedCredentials.wrongPassword, duplicate, Attempts.tooMany,
    ],
    settings: [
      .verificationDelay,
      .usernames, .minimumUsername, .maximumUsername, .maximumRegistrations, .maximumAttempts, .attemptWindow,
    ],
    isHashing: true)

  public static var example: Account { .example { $0.usernameLastChangedAt = $1 } }

  public static func answer(_ call: inout Call) throws -> Account {
    try NamedAccount.own(call)
    guard let username = call.posted["new-username"] else { throw missing }
    let posted = call.posted
    return try UsernameRules.change(call.caller, &call.context, to: username) {
      try PostedCredentials.password(posted)
    }
  }
}

/// PATCH /api/user/set-account-password: changes the password.
public enum SetAccountPassword: Endpoint {
  static let missing = Exception(
    "invalid-new-password", 400, "missing posted new-password", field: "new-password")
  static let newPassword = NewPassword(field: "new-password", code: "invalid-new-password")

  public static var route: String { "/api/user/set-account-password" }
  public static let declaration = Declaration(
    .patch, route,
    "Changes the password of the caller's account. Its other sessions end. An account with a second factor needs a fresh session.",
    access: .session,
    parameters: [NamedAccount.ownParameter, newPassword.parameter, PostedCredentials.password],
    exceptions: NamedAccount.ownExceptions + [
      missing, newPassword.characters, newPassword.length, newPassword.common,
      PostedCredentials.missingPassword, .unverifiedSession,
      PostedCredentials.wrongPassword, Attempts.tooMany,
    ],
    settings: NewPassword.settings + [.verificationDelay, .maximumAttempts, .attemptWindow],
    isHashing: true)

  public static var example: Account { .example { $0.passwordLastChangedAt = $1 } }

  public static func answer(_ call: inout Call) throws -> Account {
    try NamedAccount.own(call)
    guard let new = call.posted["new-password"] else { throw missing }
    let posted = call.posted
    return try PasswordRules.change(call.caller, &call.context, to: new) {
      try PostedCredentials.password(posted)
    }
  }
}
