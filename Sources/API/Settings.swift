import DashboardAccounts
import DashboardRecords
public import DashboardRouting
import DashboardSettings
public import DashboardWireFormat

/// GET /api/settings: settings that a client needs for its forms.
public enum Settings: Endpoint {
  public static var route: String { "/api/settings" }
  public static let declaration = Declaration(
    .get, route,
    "Returns the allowed lengths, the required profile fields, and whether registration is open or needs the setup code.",
    access: .open,
    settings: [
      .minimumUsername, .maximumUsername, .minimumPassword, .maximumPassword, .minimumResetCode,
      .maximumResetCode, .registrationIsClosed, .setupCode, .profileIsRequired,
    ] + ProfileForm.settings)

  /// The settings. Lengths are in Unicode scalars.
  public struct Answer: JSONEncodable, Exemplary, Sendable {
    public let usernameLength: ClosedRange<Int>
    public let passwordLength: ClosedRange<Int>
    public let resetCodeLength: ClosedRange<Int>
    public let fullNameLength: ClosedRange<Int>
    public let displayNameLength: ClosedRange<Int>
    public let companyNameLength: ClosedRange<Int>
    /// The names of the required profile fields, in the order of the checks.
    public let profileFields: [String]
    /// True if registration needs the profile fields.
    public let requireProfile: Bool
    /// True if registration is open.
    public let registration: Bool
    /// True if the app has no account and the first one needs SETUP_CODE, whatever `registration` says.
    public let setup: Bool

    init(_ configuration: AppConfiguration, wantsSetupCode: Bool) {
      usernameLength = configuration.usernameLength
      passwordLength = configuration.passwordLength
      resetCodeLength = configuration.resetCodeLength
      fullNameLength = configuration.fullNameLength
      displayNameLength = configuration.displayNameLength
      companyNameLength = configuration.companyNameLength
      profileFields = ProfileField.allCases.filter(configuration.profileFields.contains).map(\.name)
      requireProfile = configuration.profileIsRequired
      registration = !configuration.registrationIsClosed
      setup = wantsSetupCode
    }

    public static var schema: JSONSchema { .object("settings") }

    public static var example: Answer { Answer(.standard, wantsSetupCode: false) }

    public func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.kind("settings")
        object.member("minimumUsernameLength", usernameLength.lowerBound)
        object.member("maximumUsernameLength", usernameLength.upperBound)
        object.member("minimumPasswordLength", passwordLength.lowerBound)
        object.member("maximumPasswordLength", passwordLength.upperBound)
        object.member("minimumResetCodeLength", resetCodeLength.lowerBound)
        object.member("maximumResetCodeLength", resetCodeLength.upperBound)
        object.member("minimumProfileFullNameLength", fullNameLength.lowerBound)
        object.member("maximumProfileFullNameLength", fullNameLength.upperBound)
        object.member("minimumProfileDisplayNameLength", displayNameLength.lowerBound)
        object.member("maximumProfileDisplayNameLength", displayNameLength.upperBound)
        object.member("minimumProfileCompanyNameLength", companyNameLength.lowerBound)
        object.member("maximumProfileCompanyNameLength", companyNameLength.upperBound)
        object.member("profileFields", profileFields)
        object.member("requireProfile", requireProfile)
        object.member("registration", registration)
        object.member("setup", setup ? true : nil)
      }
    }
  }

  public static func answer(_ call: inout Call) throws -> Answer {
    Answer(call.configuration, wantsSetupCode: try Registration.wantsSetupCode(call.context))
  }
}
