import DashboardAccounts
import DashboardRouting
import DashboardSettings

/// The posted second factor.
enum PostedFactor {
  static let code = Declaration.Parameter.optional(
    .posted, "code", "six digits of the account's authenticator app, or one of its recovery codes")
  static let requiredCode = Declaration.Parameter.required(
    .posted, "code", "six digits of the authenticator app")

  static let required = Exception(
    "second-factor-required", 401,
    "the account has a second factor, and the request has none; `factors` has its kinds"
  ).answering(FactorError.required([]))
  static let missing = Exception("invalid-code", 400, "missing posted code", field: "code")
  static let malformed = Exception(
    "invalid-code", 400, "posted code is neither six digits nor a recovery code", field: "code"
  ).answering(FactorError.malformed)
  static let wrong = Exception("invalid-code", 401, "posted code is wrong or was used", field: "code")
    .answering(FactorError.wrong)
  static let tooMany = Exception(
    "too-many-attempts", 429, "too many wrong second factors for the account", retryAfter: 900
  ).answering(AttemptError.tooManyFactors(retryAfter: 900))

  static let parameters = [code, PostedPasskey.credential]
  /// The exceptions of every route that takes a second factor with another proof, once that is right. `malformed` comes before it.
  static let exceptions = [wrong, PostedPasskey.refused, required, tooMany]
  static let settings: [Setting] = [.maximumFactorAttempts, .attemptWindow]

  /// Both forms are checked. The code counts if both were posted.
  ///
  /// - Returns: `nil` if none was posted.
  /// - Throws: `FactorError.malformed`, `PasskeyError.malformed`.
  static func claim(_ call: Call) throws -> FactorClaim? {
    let code = try call.posted["code"].map { try FactorClaim(code: $0) }
    let answer = try PostedPasskey.answer(call)
    return code ?? answer.map(FactorClaim.passkey)
  }
}
