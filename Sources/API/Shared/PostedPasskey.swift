import DashboardAccounts
import DashboardRouting

/// The posted answer of a browser about a passkey.
enum PostedPasskey {
  static let credential = Declaration.Parameter.optional(
    .posted, "credential",
    "the answer of a passkey to create-passkey-challenge, as JSON (`PublicKeyCredential.toJSON()`)")
  static let requiredCredential = Declaration.Parameter.required(
    .posted, "credential", "the answer of the browser, as JSON (`PublicKeyCredential.toJSON()`)")

  static let missing = Exception(
    "invalid-credential", 400, "missing posted credential", field: "credential")
  static let malformed = Exception(
    "invalid-credential", 400, "posted credential is not the JSON of a passkey's answer", field: "credential"
  ).answering(PasskeyError.malformed)
  static let refused = Exception(
    "invalid-credential", 401,
    "posted credential is wrong, was used, is older than five minutes, or answers another challenge",
    field: "credential"
  ).answering(PasskeyError.refused)
  static let unavailable = Exception(
    "passkeys-unavailable", 409,
    "browsers allow passkeys only with HTTPS, or at localhost, and at a host name within PASSKEY_RP_ID"
  ).answering(PasskeyError.unavailable)

  /// - Returns: `nil` if none was posted.
  /// - Throws: `PasskeyError.malformed`.
  static func answer(_ call: Call) throws(PasskeyError) -> PasskeyAnswer? {
    guard let text = call.posted["credential"] else { return nil }
    return try PasskeyAnswer(text, call.caller.browser)
  }
}
