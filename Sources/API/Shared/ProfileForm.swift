import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// The posted fields of a profile.
enum ProfileForm {
  static let parameters = ProfileField.allCases.map { field in
    Declaration.Parameter.optional(
      .posted, field.name, "\(words(field)); required if USER_PROFILE_FIELDS lists it")
  }

  static let exceptions = ProfileField.allCases.flatMap { [invalid($0), invalidLength($0)] }

  static let settings: [Setting] = [
    .profileFields, .minimumFullName, .maximumFullName, .minimumDisplayName, .maximumDisplayName,
    .minimumCompanyName, .maximumCompanyName,
  ]

  private static func words(_ field: ProfileField) -> String {
    switch field.form {
    case .text: "a text"
    case .address: "an e-mail address"
    case .date: "a date that is not in the future, as YYYY-MM-DD"
    }
  }

  private static func invalid(_ field: ProfileField) -> Exception {
    let circumstances =
      switch field.form {
      case .text: "missing posted \(field.name)"
      case .address: "posted \(field.name) is missing or no address"
      case .date: "posted \(field.name) is missing, no date, or in the future"
      }
    return Exception("invalid-\(field.name)", 400, circumstances, field: field.name)
  }

  private static func invalidLength(_ field: ProfileField) -> Exception {
    Exception(
      "invalid-\(field.name)-length", 400, "posted \(field.name) is too short or too long", field: field.name)
  }

  /// The fields that a profile needs. Others are ignored.
  ///
  /// - Throws: the first exception, in the order of the fields.
  static func values(_ call: Call) throws -> [ProfileField: String] {
    var values: [ProfileField: String] = [:]
    for field in ProfileField.allCases where call.configuration.profileFields.contains(field) {
      guard let bytes = call.posted[field.name] else { throw invalid(field) }
      try bytes.checkLength(call.configuration.length(of: field), invalidLength(field))
      let value = String(decoding: bytes, as: UTF8.self)
      guard field.isWellFormed(value, today: call.now.date) else { throw invalid(field) }
      values[field] = value
    }
    return values
  }
}
