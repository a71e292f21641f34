import DashboardCrypto
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// A password that somebody chooses: byte for byte, without rules of composition.
struct NewPassword: Sendable {
  /// The parameter.
  let field: String
  let length: Exception
  let common: Exception
  var exceptions: [Exception] { [length, common] }
  static let settings: [Setting] = [
    .minimumPassword, .maximumPassword, .refusesCommonPasswords, .passwordHash, .bcryptCost,
  ]

  init(field: String, lengthCode: String) {
    self.field = field
    length = Exception(lengthCode, 400, "posted \(field) is too short or too long", field: field)
    common = Exception(
      "invalid-password-common", 400, "posted \(field) is one of the commonest passwords", field: field)
  }

  var parameter: Declaration.Parameter { .required(.posted, field, "8 to 128 characters") }

  /// - Throws: `length`, `common`.
  func check(_ password: Bytes, _ call: Call) throws {
    try password.checkLength(call.configuration.passwordLength, length)
    if call.configuration.refusesCommonPasswords, CommonPasswords.contain(password) { throw common }
  }
}
