import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

/// POST /api/user/create-account: registers an account.
public enum CreateAccount: Endpoint {
  static let registrationDisabled = Exception("registration-disabled", 403, "registration is closed")
    .answering(RegistrationError.closed)
  static let usernameCharacters = Exception(
    "invalid-username", 400,
    "posted username has a control character, such as a line break, or an invisible one",
    field: "username"
  ).answering(UsernameError.characters)
  static let usernameLength = Exception(
    "invalid-username-length", 400, "posted username is too short or too long", field: "username"
  ).answering(UsernameError.length(0...0))
  static let newPassword = NewPassword(field: "password", code: "invalid-password")
  static let duplicateUsername = Exception(
    "duplicate-username", 409, "posted username is taken", field: "username"
  ).answering(UsernameError.taken)

  public static var route: String { "/api/user/create-account" }
  public static let declaration = Declaration(
    .post, route,
    "Registers an account. The first account of an app becomes its owner and administrator.",
    access: .open,
    parameters: [NewUsername.parameter(field: "username"), newPassword.parameter]
      + ProfileForm.parameters,
    exceptions: [
      registrationDisabled, PostedCredentials.missingUsername, PostedCredentials.missingPassword,
      usernameCharacters, newPassword.characters, usernameLength, newPassword.length, newPassword.common,
    ] + ProfileForm.exceptions + [Attempts.tooManyUsernames, duplicateUsername],
    settings: [
      .registrationIsClosed, .usernames, .minimumUsername, .maximumUsername,
      .profileIsRequired, .maximumRegistrations, .attemptWindow,
    ] + NewPassword.settings + ProfileForm.settings,
    isHashing: true)

  public static var example: Account { .newExample }

  public static func answer(_ call: inout Call) throws -> Account {
    try Registration.checkOpen(call.caller, call.context)
    let (username, password) = try PostedCredentials.both(call)
    let posted = call.posted
    return try Registration.register(call.caller, &call.context, username: username, password: password) {
      posted[$0.name]
    }
  }
}
