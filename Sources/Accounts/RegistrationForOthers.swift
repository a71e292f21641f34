package import DashboardCrypto
package import DashboardRecords
import DashboardSettings
import DashboardStore
package import DashboardWireFormat

package enum DayCountError: String, RuleError {
  case malformed = "days-malformed"
}

/// For how many days something that an administrator makes for others can be used.
package enum DayCount {
  package static let allowed = 1...90
  package static let usual = 7

  /// - Parameter text: decimal digits; `nil` for the usual number.
  /// - Throws: `DayCountError.malformed`, also for numbers that are not allowed.
  package static func parse(_ text: Bytes?) throws(DayCountError) -> Int {
    guard let text else { return usual }
    guard let days = Int(decimal: text), allowed.contains(days) else { throw .malformed }
    return days
  }
}

/// Accounts that administrators make for others.
///
/// Such an account has no password at first. A code sets the first one, like a reset code. The code ends at
/// `passwordDueAt`, and counts only while its maker acts for others. The account stays if no password is chosen.
extension Registration {
  /// Makes an account without a password, as an administrator or an operator, also if registration is closed.
  ///
  /// - Parameters:
  ///   - groups: names, separated by commas; `nil` for none.
  ///   - days: how long the code counts, in decimal digits; `nil` for `DayCount.usual`.
  /// - Returns: the account with `secretCode`, which is not stored.
  /// - Throws: `UsernameError`, `GroupError`, `DayCountError`, `AttemptError`, `AccessRefusal`;
  ///   `RegistrationError.notSetUp`.
  package static func registerForAnother(
    _ caller: Caller, _ context: inout Context, username: Bytes, groups: Bytes?, days: Bytes?
  ) throws -> Account {
    let username = TypedUsername(username, context.configuration)
    try UsernameRules.checkCharacters(username)
    try UsernameRules.checkLength(username, context)
    let groups = try GroupNames.parse(groups ?? [])
    let days = try DayCount.parse(days)
    try context.countResetCode(caller)

    let hashes = username.hashes(context.secrets)
    let stored = context.secrets.hash(username.stored)
    let passwordHash = PasswordHash.unmatchable(context.configuration.passwordScheme)
    let sessionSalt = Account.newSessionSalt(context.random)
    let secret = context.random.secretCode()
    let draft = ResetCodeRules.Draft(Array(secret.utf8)[...], context)
    let app = context.app.name
    var account = try context.changeAsAdministrator(caller) { change, actor, now in
      // The first account becomes the owner's, and only its holder makes it.
      guard try change.current.count(.all) > 0 else { throw RegistrationError.notSetUp }
      if try change.current.account(usernameHashes: hashes) != nil { throw UsernameError.taken }
      var account = Account(
        appid: app, usernameHash: stored, passwordHash: passwordHash, sessionSalt: sessionSalt,
        createdAt: now)
      account.changeMembership {
        $0.groups = groups
        $0.passwordDueAt = now.adding(days: days)
      }
      account = try change.insert(account)
      try change.count(.accountsCreated, at: now)
      return try draft.insert(for: account, by: actor.account ?? account, change, now).owner
    }
    context.log(.accountCreated, account.accountid)
    context.log(.codeCreated, account.accountid)
    account.changeMembership { $0.secretCode = secret }
    return account
  }
}

extension Account {
  /// Gives the holder of an account without a password new time to choose one. Earlier codes end.
  ///
  /// - Parameter place: the next place in the order of creation.
  mutating func renewFirstPassword(from place: UInt64, at now: Timestamp, _ context: Context) {
    let lifetime = context.configuration.resetCodeLifetime
    oldestCode = place
    changeMembership { $0.passwordDueAt = now.adding(days: lifetime > 0 ? lifetime : DayCount.usual) }
  }
}

extension ResetCode {
  /// True if it is too old for its account.
  func hasExpired(for account: Account, at now: Timestamp, _ configuration: AppConfiguration) -> Bool {
    guard let due = account.membership?.passwordDueAt else {
      return hasExpired(at: now, lifetime: configuration.resetCodeLifetime)
    }
    return now >= due || createdAt.isAhead(of: now)
  }
}

extension Timestamp {
  fileprivate func adding(days: Int) -> Timestamp { adding(seconds: Int64(days) * 86_400) }
}

extension RandomSource {
  /// A new code of 100 bits: 20 letters and digits that people do not mistake for others.
  package func secretCode() -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    return String(bytes(20).map { alphabet[Int($0) % alphabet.count] })
  }
}
