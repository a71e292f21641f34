public import Accounts
public import Routing
import Store

/// POST /api/user/create-account: registers somebody.
public enum CreateAccount: Endpoint {
  static let registrationDisabled = Exception(
    "registration-disabled", 403, "registration is closed (DISABLE_REGISTRATION)")
  static let usernameLength = Exception(
    "invalid-username-length", 400, "posted username is too short or too long", field: "username")
  static let passwordLength = Exception(
    "invalid-password-length", 400, "posted password is too short or too long", field: "password")
  static let duplicateUsername = Exception(
    "duplicate-username", 409, "posted username is taken", field: "username")

  public static let declaration = Declaration(
    .post, "/api/user/create-account",
    "Registers an account. The first account of an app becomes its owner and administrator.",
    access: .open,
    takes: [
      .required(.posted, "username", "3 to 100 characters"),
      .required(.posted, "password", "8 to 128 characters"),
    ],
    exceptions: [
      registrationDisabled, PostedCredentials.missingUsername, PostedCredentials.missingPassword,
      usernameLength, passwordLength, duplicateUsername,
    ],
    returns: "account",
    example: Example.account,
    isHashing: true)

  public static func answer(_ call: inout Call) throws -> Account {
    let (dashboard, configuration) = (call.dashboard, call.configuration)
    if configuration.registrationIsClosed { throw registrationDisabled }
    guard let username = call.posted["username"] else { throw PostedCredentials.missingUsername }
    guard let password = call.posted["password"] else { throw PostedCredentials.missingPassword }
    try username.checkLength(configuration.usernameLength, usernameLength)
    try password.checkLength(configuration.passwordLength, passwordLength)

    let usernameHash = dashboard.keys.hash(username)
    // Spares the hashing; the transaction below decides.
    let isTaken = try call.read { try $0.account(usernameHash: usernameHash) } != nil
    if isTaken { throw duplicateUsername }
    let passwordHash = try PasswordHash(
      password, cost: configuration.bcryptCost, keys: dashboard.keys, random: dashboard.random)
    let id = AccountID(rawValue: dashboard.random.number())
    let sessionKey = Hexadecimal.text(dashboard.random.bytes(32))
    let app = call.app
    return try call.write { change in
      if try change.account(usernameHash: usernameHash) != nil { throw duplicateUsername }
      return try change.register(
        Account(
          accountid: id, appid: app, sequence: change.nextSequence(), usernameHash: usernameHash,
          passwordHash: passwordHash, sessionKey: sessionKey, createdAt: dashboard.clock.now()))
    }
  }
}
