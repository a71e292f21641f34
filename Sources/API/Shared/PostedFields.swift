import DashboardRecords
import DashboardAccounts
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// The posted username and password.
enum PostedCredentials {
  static let username = Declaration.Parameter.required(.posted, "username", "a username")
  static let password = Declaration.Parameter.required(.posted, "password", "the account's password")
  /// The username of a route that calls `checkLength(username:)` or does the same.
  static let usernameOfLeastLength = username.limited(to: { $0.usernameLength.lowerBound...Int.max })
  /// Both fields of a route that calls `checkLength` for both.
  static let ofLeastLength = [
    usernameOfLeastLength, password.limited(to: { $0.passwordLength.lowerBound...Int.max }),
  ]

  static let missingUsername = Exception(
    "invalid-username", 400, "missing posted username", field: "username")
  static let missingPassword = Exception(
    "invalid-password", 400, "missing posted password", field: "password")
  static let shortUsername = Exception(
    "invalid-username-length", 400, "posted username is too short", field: "username")
  static let shortPassword = Exception(
    "invalid-password-length", 400, "posted password is too short", field: "password")
  static let unknownUsername = Exception(
    "invalid-username", 401, "unknown username", field: "username"
  ).answering(CredentialError.unknownUsername)
  static let wrongPassword = Exception("invalid-password", 401, "wrong password", field: "password")
    .answering(CredentialError.wrongPassword)

  /// - Throws: `missingUsername`, `missingPassword`.
  static func both(_ call: Call) throws(Exception) -> (username: Bytes, password: Bytes) {
    guard let username = call.posted["username"] else { throw missingUsername }
    return (username, try password(call.posted))
  }

  /// - Throws: `missingPassword`.
  static func password(_ posted: Form) throws(Exception) -> Bytes {
    guard let password = posted["password"] else { throw missingPassword }
    return password
  }

  /// - Throws: `shortUsername` if both of its forms are shorter than MINIMUM_USERNAME_LENGTH.
  static func checkLength(username: Bytes, _ call: Call) throws(Exception) {
    guard UsernameRules.isLongEnough(username, call.context) else {
      throw shortUsername.explained(call.configuration.usernameLength.lowerBound...Int.max)
    }
  }

  /// - Throws: `shortPassword` if both of its forms are shorter than MINIMUM_PASSWORD_LENGTH.
  static func checkLength(password: Bytes, _ call: Call) throws(Exception) {
    guard PasswordRules.isLongEnough(password, call.context) else {
      throw shortPassword.explained(call.configuration.passwordLength.lowerBound...Int.max)
    }
  }
}

/// The posted names of groups.
enum PostedGroups {
  static let parameter = Declaration.Parameter.optional(
    .posted, "groups",
    "names of groups, separated by commas: a to z, digits and -, at most 32 characters each, at most 64 names"
  )
  static let invalid = Exception(
    "invalid-groups", 400, "posted groups has a malformed name, or more than 64", field: "groups"
  ).answering(GroupError.malformed)

  /// - Throws: `invalid`.
  static func names(_ call: Call) throws(Exception) -> [String] {
    guard let names = try? GroupNames.parse(call.posted[parameter.name] ?? []) else { throw invalid }
    return names
  }
}

/// A posted whole number with a usual value.
struct WholeNumber: Sendable {
  let parameter: Declaration.Parameter
  let invalid: Exception
  private let allowed: ClosedRange<Int>
  private let usual: Int

  init(_ name: String, _ meaning: String, _ allowed: ClosedRange<Int>, usual: Int) {
    let range = "\(allowed.lowerBound) to \(allowed.upperBound)"
    parameter = .optional(.posted, name, "\(meaning): \(range); \(usual) by default")
    invalid = Exception(
      "invalid-\(name)", 400, "posted \(name) is not a whole number from \(range)", field: name)
    self.allowed = allowed
    self.usual = usual
  }

  func value(_ call: Call) throws(Exception) -> Int {
    guard let text = call.posted[parameter.name] else { return usual }
    guard let number = Int(decimal: text), allowed.contains(number) else { throw invalid }
    return number
  }
}

/// The posted field of a new username.
enum NewUsername {
  static func parameter(field: String) -> Declaration.Parameter {
    .required(.posted, field, "a new username").limited(to: { $0.usernameLength })
  }
}

/// The posted field of a new password.
struct NewPassword: Sendable {
  /// The field's name.
  let field: String
  let characters: Exception
  let length: Exception
  let common: Exception
  static let settings: [Setting] = [
    .minimumPassword, .maximumPassword, .refusesCommonPasswords, .passwordHash, .bcryptCost,
  ]

  init(field: String, code: String) {
    self.field = field
    characters = Exception(
      code, 400, "posted \(field) has a control character, such as a line break, or an unassigned one",
      field: field
    ).answering(PasswordError.characters)
    length = Exception("\(code)-length", 400, "posted \(field) is too short or too long", field: field)
      .answering(PasswordError.length(0...0))
    common = Exception(
      "invalid-password-common", 400, "posted \(field) is among the most common passwords", field: field
    ).answering(PasswordError.common)
  }

  var parameter: Declaration.Parameter {
    .required(.posted, field, "a new password").limited(to: { $0.passwordLength })
  }
}

/// The posted fields of a profile.
enum ProfileForm {
  static let parameters = ProfileField.allCases.map { field in
    let parameter = Declaration.Parameter.optional(
      .posted, field.name, "\(words(field)); required if USER_PROFILE_FIELDS lists it")
    return field.form == .date ? parameter : parameter.limited(to: { $0.length(of: field) })
  }

  static let exceptions = ProfileField.allCases.flatMap { [invalid($0), invalidLength($0)] }

  static let settings: [Setting] = [
    .profileFields, .minimumFullName, .maximumFullName, .minimumDisplayName, .maximumDisplayName,
    .minimumCompanyName, .maximumCompanyName,
  ]

  private static func words(_ field: ProfileField) -> String {
    switch field.form {
    case .text: "text"
    case .address: "an e-mail address"
    case .date: "a date that is not in the future, as YYYY-MM-DD"
    }
  }

  private static func invalid(_ field: ProfileField) -> Exception {
    let circumstances =
      switch field.form {
      case .text: "missing posted \(field.name)"
      case .address: "posted \(field.name) is missing or not an address"
      case .date: "posted \(field.name) is missing, not a date, or in the future"
      }
    return Exception("invalid-\(field.name)", 400, circumstances, field: field.name)
      .answering(ProfileError.missing(field))
  }

  private static func invalidLength(_ field: ProfileField) -> Exception {
    Exception(
      "invalid-\(field.name)-length", 400, "posted \(field.name) is too short or too long", field: field.name
    ).answering(ProfileError.length(field, 0...0))
  }

  /// - Throws: `ProfileError`.
  static func values(_ call: Call) throws -> [ProfileField: String] {
    try ProfileRules.values(call.context) { call.posted[$0.name] }
  }
}
