import DashboardAccounts
public import DashboardRouting
public import DashboardWireFormat

/// PATCH /api/user/reset-account-password: sets a new password with a reset code.
public enum ResetAccountPassword: Endpoint {
  static let missingCode = Exception(
    "invalid-secret-code", 400, "missing posted secret-code", field: "secret-code")
  static let invalidUsername = Exception(
    "invalid-username", 400, "posted username is missing or too short", field: "username")
  static let missingPassword = Exception(
    "invalid-password", 400, "missing posted new-password", field: "new-password")
  static let newPassword = NewPassword(field: "new-password", code: "invalid-password")
  static let deleted = Exception(
    "invalid-account", 409, "the account is scheduled for deletion", field: "username"
  ).answering(ResetCodeError.scheduledForDeletion)
  static let unknownCode = Exception(
    "invalid-reset-code", 401, "posted secret-code is not a valid reset code of the account",
    field: "secret-code"
  ).answering(ResetCodeError.unusable)

  static let suspended = Protection.provenSuspended(SuspensionError.suspended)

  public static var route: String { "/api/user/reset-account-password" }
  public static let declaration = Declaration(
    .patch, route,
    "Sets a new password with a reset code, which is used up, and the second factor if the account has one. All sessions of the account end.",
    access: .open,
    parameters: [
      PostedCredentials.usernameOfLeastLength, newPassword.parameter,
      .required(.posted, "secret-code", "a reset code of the account"),
    ] + PostedFactor.parameters,
    exceptions: [
      missingCode, invalidUsername, missingPassword, PostedFactor.malformed, PostedPasskey.malformed,
      newPassword.characters,
      newPassword.length, newPassword.common,
      PostedCredentials.unknownUsername, deleted, unknownCode,
    ] + PostedFactor.exceptions + [suspended] + Attempts.exceptions,
    settings: [.minimumUsername, .resetCodeLifetime, .maximumFactorAttempts] + NewPassword.settings
      + Attempts.settings,
    isHashing: true)

  public static func answer(_ call: inout Call) throws -> Bool {
    guard let secret = call.posted["secret-code"] else { throw missingCode }
    guard let username = call.posted["username"], UsernameRules.isLongEnough(username, call.context) else {
      throw invalidUsername
    }
    guard let password = call.posted["new-password"] else { throw missingPassword }
    let factor = try PostedFactor.claim(call)
    try ResetCodeRules.use(
      call.caller, &call.context, username: username, secret: secret, newPassword: password, factor: factor)
    return true
  }
}
