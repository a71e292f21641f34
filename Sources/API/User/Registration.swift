import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

/// POST /api/user/create-account: registers an account.
public enum CreateAccount: Endpoint {
  static let setupCode = Declaration.Parameter.optional(
    .posted, "setup-code", "SETUP_CODE; required while the app has no account, if it is set")
  static let wrongSetupCode = Exception(
    "invalid-setup-code", 403, "the app has no account, and posted setup-code is missing or wrong",
    field: "setup-code"
  ).answering(RegistrationError.wrongSetupCode)
  static let invitationCode = Declaration.Parameter.optional(
    .posted, "invitation-code", "the code of an invitation; required while registration is closed")
  static let wrongInvitationCode = Exception(
    "invalid-invitation-code", 403,
    "posted invitation-code is not the code of an invitation, or it has expired, is used up or counts no more",
    field: "invitation-code"
  ).answering(RegistrationError.wrongInvitationCode)
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
    parameters: [NewUsername.parameter(field: "username"), newPassword.parameter, setupCode, invitationCode]
      + ProfileForm.parameters,
    exceptions: [
      wrongSetupCode, wrongInvitationCode, registrationDisabled, PostedCredentials.missingUsername,
      PostedCredentials.missingPassword,
      usernameCharacters, newPassword.characters, usernameLength, newPassword.length, newPassword.common,
    ] + ProfileForm.exceptions + [
      Attempts.tooManyUsernames, duplicateUsername, Attempts.tooMany,
    ],
    settings: [
      .registrationIsClosed, .setupCode, .usernames, .minimumUsername, .maximumUsername,
      .profileIsRequired, .maximumRegistrations, .maximumAttempts, .attemptWindow,
    ] + NewPassword.settings + ProfileForm.settings,
    isHashing: true)

  public static var example: Account { .newExample }

  public static func answer(_ call: inout Call) throws -> Account {
    let posted = call.posted
    let admission = try Registration.admit(
      call.caller, &call.context, setupCode: posted[setupCode.name],
      invitationCode: posted[invitationCode.name])
    let (username, password) = try PostedCredentials.both(call)
    return try Registration.register(
      call.caller, &call.context, admission, username: username, password: password
    ) { posted[$0.name] }
  }
}
