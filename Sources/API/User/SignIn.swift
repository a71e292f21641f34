import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

/// POST /api/user/create-session: signs in.
public enum CreateSession: Endpoint {
  static let invalidRemember = Exception(
    "invalid-remember", 400, "posted remember is not hours, days, minutes, or the value of a checkbox",
    field: "remember")
  static let accountDeleted = Exception(
    "account-deleted", 409, "the account is scheduled for deletion", field: "username"
  ).answering(SignInError.scheduledForDeletion)

  static let accountSuspended = Protection.provenSuspended(SuspensionError.suspended)
  static let expired = Exception(
    "second-factor-expired", 401,
    "no sign-in of this client waits for a second factor: post username and password again"
  ).answering(FactorError.expired)

  public static var route: String { "/api/user/create-session" }
  public static let declaration = Declaration(
    .post, route,
    "Signs in: creates a session, returns its token, and sets the session cookie. Ends the sessions of the request's cookies. If the account has a second factor, `code` or `credential` comes with the password, or alone in a second request with the cookie APPID_pending of the first one. A passkey signs in alone by `credential`.",
    access: .open,
    parameters: [
      PostedCredentials.username, PostedCredentials.password,
      .optional(
        .posted, "remember",
        "hours (8 hours), days (30 days, as are on, true, yes and 1) or minutes (20 minutes, the default)"),
    ] + PostedFactor.parameters,
    exceptions: [
      PostedCredentials.missingUsername, PostedCredentials.missingPassword, invalidRemember,
      PostedFactor.malformed, PostedPasskey.malformed, PostedCredentials.unknownUsername,
      PostedCredentials.wrongPassword, expired,
    ] + PostedFactor.exceptions + [accountSuspended, accountDeleted] + Attempts.exceptions,
    settings: [.passwordHash, .bcryptCost, .idleTimeout, .maximumRecords, .maximumFactorAttempts]
      + Attempts.settings,
    isHashing: true)

  public static var example: Session { .newExample }

  public static func answer(_ call: inout Call) throws -> Session {
    let remember = call.posted["remember"].map(Remember.init) ?? .minutes
    if call.posted["username"] == nil, call.posted["password"] == nil,
      let factor = try PostedFactor.claim(call)
    {
      guard let remember else { throw invalidRemember }
      if case .passkey(let answer) = factor, !answer.is(for: .secondFactor, call.caller, call.context) {
        return try SignIn.begin(call.caller, &call.context, answer, remember: remember)
      }
      return try SignIn.complete(call.caller, &call.context, factor: factor)
    }
    let (username, password) = try PostedCredentials.both(call)
    guard let remember else { throw invalidRemember }
    let factor = try PostedFactor.claim(call)
    return try SignIn.begin(
      call.caller, &call.context, username: username, password: password, remember: remember, factor: factor)
  }
}

/// PATCH /api/user/set-session-verified: proves the password again.
public enum SetSessionVerified: Endpoint {
  static let notCurrent = Exception(
    "invalid-session", 403, "querystring sessionid is not the caller's session", field: "sessionid"
  ).answering(VerificationError.notCurrentSession)

  public static var route: String { "/api/user/set-session-verified" }
  public static let declaration = Declaration(
    .patch, route,
    "Proves the password again, and the second factor if the account has one, for routes that need a fresh session. A passkey that verifies its holder proves both, by `credential` alone.",
    access: .session.withoutFactor,
    parameters: [Named.session.ownParameter] + PostedCredentials.ofLeastLength + PostedFactor.parameters,
    exceptions: Named.session.ownExceptions + [
      notCurrent, PostedCredentials.missingUsername, PostedCredentials.missingPassword,
      PostedCredentials.shortUsername, PostedCredentials.shortPassword, PostedFactor.malformed,
      PostedPasskey.malformed,
      PostedCredentials.unknownUsername, PostedCredentials.wrongPassword,
    ] + PostedFactor.exceptions + Attempts.exceptions,
    settings: [.verificationDelay, .minimumUsername, .minimumPassword, .maximumFactorAttempts]
      + Attempts.settings,
    isHashing: true)

  public static func answer(_ call: inout Call) throws -> Session {
    try Verification.check(Named.session.own(call), isCurrentOf: call.caller)
    if call.posted["username"] == nil, call.posted["password"] == nil,
      let answer = try PostedPasskey.answer(call)
    {
      return try Verification.verify(call.caller, &call.context, answer)
    }
    let (username, password) = try PostedCredentials.both(call)
    try PostedCredentials.checkLength(username: username, call)
    try PostedCredentials.checkLength(password: password, call)
    let factor = try PostedFactor.claim(call)
    return try Verification.verify(
      call.caller, &call.context, username: username, password: password, factor: factor)
  }
}
