import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
import DashboardWireFormat

extension Administrator {
  /// POST /api/administrator/create-account: an account for another person.
  public enum CreateAccount: Endpoint {
    private typealias Own = DashboardEndpoints.CreateAccount
    private static let days = WholeNumber(
      "days", "days until its code ends", Registration.allowedDays, usual: Registration.usualDays)

    public static var route: String { "/api/administrator/create-account" }
    public static let declaration = Declaration(
      .post, route,
      "Makes an account for another person, who chooses the password with secretCode and reset-account-password.",
      access: .freshAdministrator,
      parameters: [NewUsername.parameter(field: "username"), PostedGroups.parameter, days.parameter],
      exceptions: [
        PostedCredentials.missingUsername, PostedGroups.invalid, days.invalid, Own.usernameCharacters,
        Own.usernameLength, Attempts.tooManyCodes, Own.duplicateUsername,
      ],
      settings: [
        .usernames, .minimumUsername, .maximumUsername, .maximumRegistrations, .attemptWindow,
        .verificationDelay,
      ])

    public static var example: Account { .madeExample }

    public static func answer(_ call: inout Call) throws -> Account {
      guard let username = call.posted["username"] else { throw PostedCredentials.missingUsername }
      return try Registration.registerForAnother(
        call.caller, &call.context, username: username, groups: PostedGroups.names(call),
        days: days.value(call))
    }
  }
}
