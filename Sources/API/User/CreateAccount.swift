public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// POST /api/user/create-account: registers somebody.
public enum CreateAccount: Endpoint {
  static let registrationDisabled = Exception("registration-disabled", 403, "registration is closed")
  static let usernameLength = Exception(
    "invalid-username-length", 400, "posted username is too short or too long", field: "username")
  static let newPassword = NewPassword(field: "password", lengthCode: "invalid-password-length")
  static let duplicateUsername = Exception(
    "duplicate-username", 409, "posted username is taken", field: "username")

  public static var route: String { "/api/user/create-account" }
  public static let declaration = Declaration(
    .post, route,
    "Registers an account. The first account of an app becomes its owner and administrator.",
    access: .open,
    takes: [
      .required(.posted, "username", "3 to 100 characters"),
      newPassword.parameter,
    ] + ProfileForm.parameters,
    exceptions: [
      registrationDisabled, PostedCredentials.missingUsername, PostedCredentials.missingPassword,
      usernameLength,
    ] + newPassword.exceptions + ProfileForm.exceptions + [Guesses.tooManyUsernames, duplicateUsername],
    settings: [
      .registrationIsClosed, .minimumUsername, .maximumUsername,
      .profileIsRequired, .maximumRegistrations, .attemptWindow,
    ] + NewPassword.settings + ProfileForm.settings,
    isHashing: true)

  public static var example: Account { .newExample }

  public static func answer(_ call: inout Call) throws -> Account {
    let configuration = call.configuration
    if configuration.registrationIsClosed { throw registrationDisabled }
    let (username, password) = try PostedCredentials.fields(call)
    try username.checkLength(configuration.usernameLength, usernameLength)
    try newPassword.check(password, call)
    let profile = configuration.profileIsRequired ? try ProfileForm.values(call) : nil
    try call.countUsername()

    let hashes = call.keys.hashes(username)
    // Spares the hashing; the transaction below decides.
    let isTaken = try call.read { try $0.account(usernameHashes: hashes) } != nil
    if isTaken { throw duplicateUsername }
    let passwordHash = try call.passwordHash(password)
    let id = AccountID(madeAt: call.moment, call.random)
    let profileid = ProfileID(madeAt: call.moment, call.random)
    let sessionKey = Account.newSessionKey(call.random)
    let app = call.app.name
    let account = try call.write { change in
      if try change.account(usernameHashes: hashes) != nil { throw duplicateUsername }
      let now = call.moment
      var account = Account(
        accountid: try change.unused(id), appid: app, sequence: try change.nextSequence(),
        usernameHash: hashes[0],
        passwordHash: passwordHash, sessionKey: sessionKey, createdAt: now)
      let profileid = try profile.map { _ in try change.unused(profileid) }
      account.profileid = profileid
      account = try change.register(account)
      if let profile, let profileid {
        try change.add(
          Profile(
            profileid: profileid, appid: app, accountid: account.accountid, sequence: change.nextSequence(),
            values: profile, createdAt: now), to: account)
      }
      return account
    }
    call.note(.accountCreated, account.accountid)
    return account
  }
}
