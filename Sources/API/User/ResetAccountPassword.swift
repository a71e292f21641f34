import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

/// PATCH /api/user/reset-account-password: a new password by a reset code.
public enum ResetAccountPassword: Endpoint {
  static let missingCode = Exception(
    "invalid-secret-code", 400, "missing posted secret-code", field: "secret-code")
  static let invalidUsername = Exception(
    "invalid-username", 400, "posted username is missing or too short", field: "username")
  static let missingPassword = Exception(
    "invalid-password", 400, "missing posted new-password", field: "new-password")
  static let newPassword = NewPassword(field: "new-password", lengthCode: "invalid-password-length")
  static let deleted = Exception(
    "invalid-account", 409, "the account is scheduled for deletion", field: "username")
  static let unknownCode = Exception(
    "invalid-reset-code", 401, "posted secret-code is no code of the account that can be used",
    field: "secret-code")

  public static var route: String { "/api/user/reset-account-password" }
  public static let declaration = Declaration(
    .patch, route,
    "Sets a new password by a reset code, which it uses up. Every session of the account ends.",
    access: .open,
    takes: [
      PostedCredentials.username, newPassword.parameter,
      .required(.posted, "secret-code", "a reset code of the account"),
    ],
    exceptions: [
      missingCode, invalidUsername, missingPassword, newPassword.length, newPassword.common,
      PostedCredentials.unknownUsername,
      deleted, unknownCode,
    ] + Guesses.exceptions,
    settings: [.minimumUsername, .resetCodeLifetime] + NewPassword.settings + Guesses.settings,
    isHashing: true)

  public static func answer(_ call: inout Call) throws -> Bool {
    let configuration = call.configuration
    guard let code = call.posted["secret-code"] else { throw missingCode }
    guard let username = call.posted["username"],
      username.scalarCount >= configuration.usernameLength.lowerBound
    else { throw invalidUsername }
    guard let password = call.posted["new-password"] else { throw missingPassword }
    try newPassword.check(password, call)

    let (usernameHashes, codeHashes) = (call.keys.hashes(username), call.keys.hashes(code))
    let lifetime = configuration.resetCodeLifetime
    let guess = try call.count(guessOf: usernameHashes)
    do {
      // Spares the hashing; the transaction below decides who of several uses the code up.
      _ = try call.read { try $0.find(usernameHashes, codeHashes, lifetime, call.now) }
      let hash = try call.passwordHash(password)
      let accountid = try call.write { change in
        var account = try change.find(usernameHashes, codeHashes, lifetime, call.moment)
        let now = call.moment
        if let guess { try change.forgive(guess, of: account, now: now) }
        try change.removeResetCodes(of: account, hashes: codeHashes)
        account.passwordHash = hash
        account.passwordLastChangedAt = now
        account.resetCodeLastUsedAt = now
        try change.endSessions(of: &account, at: now)
        try change.update(account)
        try change.count(.resetCodesUsed, at: now)
        return account.accountid
      }
      call.note(.codeUsed, accountid)
      call.clearCookies(ifOf: accountid)
    } catch let exception as Exception {
      call.note(.proofFailed, try call.read { try $0.account(usernameHashes: usernameHashes)?.accountid })
      throw call.concealed(exception)
    }
    return true
  }
}

extension View where Underlying: ~Copyable {
  /// The account of that username, which has a code of its own with that hash.
  ///
  /// - Parameter lifetime: days.
  fileprivate func find(
    _ usernameHashes: [[UInt8]], _ codeHashes: [[UInt8]], _ lifetime: Int, _ now: Timestamp
  ) throws -> Account {
    let account = try account(usernameHashes: usernameHashes)
    // Looked for whether there is an account or not, so that the time does not tell.
    let code = try resetCode(of: account, hashes: codeHashes)
    guard let account else { throw PostedCredentials.unknownUsername }
    if account.deletedAt != nil { throw ResetAccountPassword.deleted }
    guard let code, !code.hasExpired(at: now, lifetime: lifetime) else {
      throw ResetAccountPassword.unknownCode
    }
    return account
  }
}
