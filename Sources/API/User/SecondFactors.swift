import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

/// GET /api/user/second-factors: the second factors of the caller's account.
public enum ReadSecondFactors: Endpoint {
  public static var route: String { "/api/user/second-factors" }
  public static let declaration = Declaration(
    .get, route, "Returns which second factors the caller's account has.",
    access: .session.withoutFactor,
    parameters: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions,
    settings: [.secondFactor])

  public static func answer(_ call: inout Call) throws -> SecondFactors {
    FactorChanges.shown(try NamedAccount.own(call), call.context)
  }
}

/// POST /api/user/create-totp: proposes a secret for an authenticator app.
public enum CreateTOTP: Endpoint {
  public static var route: String { "/api/user/create-totp" }
  public static let declaration = Declaration(
    .post, route,
    "Returns a secret for an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds). It signs in after set-totp-confirmed. Within an hour the same session gets the same secret again.",
    access: .freshSession.withoutFactor,
    parameters: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions,
    settings: [.siteName, .verificationDelay])

  public static func answer(_ call: inout Call) throws -> AuthenticatorSecret {
    try NamedAccount.own(call)
    return try FactorChanges.propose(call.caller, &call.context)
  }
}

/// PATCH /api/user/set-totp-confirmed: sets up the authenticator app.
public enum SetTOTPConfirmed: Endpoint {
  static let notProposed = Exception(
    "invalid-totp", 409, "no authenticator app waits for its first code: call create-totp"
  ).answering(FactorError.notProposed)
  static let malformed = Exception("invalid-code", 400, "posted code is not six digits", field: "code")
    .answering(FactorError.notDigits)

  public static var route: String { "/api/user/set-totp-confirmed" }
  public static let declaration = Declaration(
    .patch, route,
    "Sets up the authenticator app of create-totp by a code of it, in place of a former app. The account's other sessions end. The first second factor comes with ten recovery codes, which are shown once.",
    access: .freshSession.withoutFactor,
    parameters: [NamedAccount.ownParameter, PostedFactor.requiredCode],
    exceptions: NamedAccount.ownExceptions + [
      PostedFactor.missing, malformed, notProposed, PostedFactor.wrong,
    ],
    settings: [.verificationDelay])

  public static var example: SecondFactors { .newExample }

  public static func answer(_ call: inout Call) throws -> SecondFactors {
    try NamedAccount.own(call)
    guard let code = call.posted[PostedFactor.code.name] else { throw PostedFactor.missing }
    return try FactorChanges.confirm(call.caller, &call.context, code: code)
  }
}

/// DELETE /api/user/delete-totp: takes the authenticator app away.
public enum DeleteTOTP: Endpoint {
  static let noAuthenticator = Exception("invalid-totp", 409, "the account has no authenticator app")
    .answering(FactorError.noAuthenticator)
  static let lastOne = Exception(
    "invalid-totp", 409, "the account must have a second factor (SECOND_FACTOR), and this is the last one"
  ).answering(FactorError.lastOne)

  public static var route: String { "/api/user/delete-totp" }
  public static let declaration = Declaration(
    .delete, route,
    "Takes the authenticator app away. The account's other sessions end. With the last second factor the recovery codes go too.",
    access: .freshSession,
    parameters: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions + [noAuthenticator, lastOne],
    settings: [.secondFactor, .verificationDelay])

  public static var example: SecondFactors { .noneExample }

  public static func answer(_ call: inout Call) throws -> SecondFactors {
    try NamedAccount.own(call)
    return try FactorChanges.removeAuthenticator(call.caller, &call.context)
  }
}

/// POST /api/user/create-recovery-codes: makes new recovery codes.
public enum CreateRecoveryCodes: Endpoint {
  static let notEnrolled = Exception("invalid-account", 409, "the account has no second factor")
    .answering(FactorError.notEnrolled)

  public static var route: String { "/api/user/create-recovery-codes" }
  public static let declaration = Declaration(
    .post, route,
    "Makes ten recovery codes, which are shown once. Each replaces a second factor once. Former ones no longer work.",
    access: .freshSession,
    parameters: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions + [notEnrolled],
    settings: [.verificationDelay])

  public static var example: SecondFactors { .newExample }

  public static func answer(_ call: inout Call) throws -> SecondFactors {
    try NamedAccount.own(call)
    return try FactorChanges.renewRecoveryCodes(call.caller, &call.context)
  }
}
