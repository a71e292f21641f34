import Accounts
public import Routing
public import WireFormat

/// GET /api/settings: what a client needs to know before it shows a form.
public enum Settings: Endpoint {
  public static let declaration = Declaration(
    .get, "/api/settings", "Tells the lengths that are allowed, and whether accounts can be created.",
    access: .open,
    exceptions: [],
    returns: "settings",
    example: """
      {
        "object": "settings",
        "minimumUsernameLength": 3,
        "maximumUsernameLength": 100,
        "minimumPasswordLength": 8,
        "maximumPasswordLength": 128,
        "registration": true
      }
      """)

  public struct Answer: JSONEncodable, Sendable {
    /// Unicode scalars.
    public let usernameLength: ClosedRange<Int>
    /// Unicode scalars.
    public let passwordLength: ClosedRange<Int>
    /// Whether accounts can be created.
    public let registration: Bool

    public func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.member("object", "settings")
        object.member("minimumUsernameLength", usernameLength.lowerBound)
        object.member("maximumUsernameLength", usernameLength.upperBound)
        object.member("minimumPasswordLength", passwordLength.lowerBound)
        object.member("maximumPasswordLength", passwordLength.upperBound)
        object.member("registration", registration)
      }
    }
  }

  public static func answer(_ call: inout Call) throws -> Answer {
    let configuration = call.configuration
    return Answer(
      usernameLength: configuration.usernameLength, passwordLength: configuration.passwordLength,
      registration: !configuration.registrationIsClosed)
  }
}
