import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
import DashboardSettings
public import DashboardWireFormat

/// GET /api/user/reset-code: one reset code of the caller's account.
public enum ReadResetCode: Endpoint {
  public static var route: String { "/api/user/reset-code" }
  public static let declaration = Declaration(
    .get, route, "Returns a reset code of the caller's account.",
    access: .session,
    parameters: [Named.resetCode.ownParameter],
    exceptions: Named.resetCode.ownExceptions)

  public static func answer(_ call: inout Call) throws -> ResetCode { try Named.resetCode.own(call) }
}

/// GET /api/user/reset-codes: the reset codes of the caller's account, newest first.
public enum ResetCodes: Endpoint {
  public static var route: String { "/api/user/reset-codes" }
  public static let declaration = Declaration.ownList(
    route, "Lists the reset codes of the caller's account, newest first.")

  public static func answer(_ call: inout Call) throws -> [ResetCode] {
    try call.list(.resetCode, of: NamedAccount.own(call))
  }
}

/// GET /api/user/reset-codes-count: the number of reset codes of the caller's account.
public enum ResetCodesCount: Endpoint {
  public static var route: String { "/api/user/reset-codes-count" }
  public static let declaration = Declaration.ownCount(
    route, "Counts the reset codes of the caller's account.")

  public static func answer(_ call: inout Call) throws -> Int {
    try call.count(ResetCode.self, of: NamedAccount.own(call))
  }
}

/// The posted secret of a new reset code, and its exceptions.
enum SecretCode {
  static let parameter = Declaration.Parameter.required(
    .posted, "secret-code", "letters and digits"
  ).limited(to: { $0.resetCodeLength })
  static let invalid = Exception(
    "invalid-secret-code", 400, "posted secret-code is missing or not made of letters and digits",
    field: "secret-code"
  ).answering(ResetCodeError.malformed)
  static let length = Exception(
    "invalid-secret-code-length", 400, "posted secret-code is too short or too long", field: "secret-code"
  ).answering(ResetCodeError.length(0...0))
  static let exceptions = [invalid, length, Attempts.tooManyCodes]
  static let settings: [Setting] = [
    .minimumResetCode, .maximumResetCode, .resetCodeLifetime, .maximumRecords, .maximumRegistrations,
    .attemptWindow, .verificationDelay,
  ]

  /// - Throws: `invalid` if it is missing.
  static func posted(_ form: Form) throws(Exception) -> Bytes {
    guard let secret = form["secret-code"] else { throw invalid }
    return secret
  }
}

/// POST /api/user/create-reset-code: creates a reset code for the caller's account.
public enum CreateResetCode: Endpoint {
  public static var route: String { "/api/user/create-reset-code" }
  public static let declaration = Declaration(
    .post, route,
    "Creates a reset code, which can set a new password once. It replaces a code with the same secret.",
    access: .freshSession,
    parameters: [NamedAccount.ownParameter, SecretCode.parameter],
    exceptions: NamedAccount.ownExceptions + SecretCode.exceptions,
    settings: SecretCode.settings)

  public static func answer(_ call: inout Call) throws -> ResetCode {
    try NamedAccount.own(call)
    let secret = try SecretCode.posted(call.posted)
    return try ResetCodeRules.create(call.caller, &call.context, secret: secret)
  }
}

/// DELETE /api/user/delete-reset-code: removes a reset code of the caller's account.
public enum DeleteResetCode: Endpoint {
  public static var route: String { "/api/user/delete-reset-code" }
  public static let declaration = Declaration(
    .delete, route, "Removes a reset code of the caller's account.",
    access: .session,
    parameters: [Named.resetCode.ownParameter],
    exceptions: Named.resetCode.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Bool {
    let id = try Named.resetCode.own(call).codeid
    try ResetCodeRules.delete(call.caller, &call.context, id)
    return true
  }
}
