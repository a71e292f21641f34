import DashboardCrypto
package import DashboardRecords
import DashboardSettings
import DashboardStore
package import DashboardWireFormat

/// Accounts that administrators make for others.
///
/// Such an account has no password at first. A code sets the first one, like a reset code. The code ends at
/// `passwordDueAt`, and counts only while its maker acts for others. The account stays if no password is chosen.
extension Registration {
  /// For how many days the code counts.
  package static let allowedDays = 1...90
  package static let usualDays = 7

  /// Makes an account without a password, as an administrator or an operator, also if registration is closed.
  ///
  /// - Parameter days: how long the code counts.
  /// - Returns: the account with `secretCode`, which is not stored.
  /// - Throws: `UsernameError`, `AttemptError`, `AccessRefusal`; `RegistrationError.notSetUp`.
  package static func registerForAnother(
    _ caller: Caller, _ context: inout Context, username: Bytes, groups: [String], days: Int
  ) throws -> Account {
    let username = TypedUsername(username, context.configuration)
    try UsernameRules.checkCharacters(username)
    try UsernameRules.checkLength(username, context)
    let hashes = username.hashes(context.secrets)
    let stored = context.secrets.hash(username.stored)
    let secret =
      context.formCode.map { InvitationCode.derived(from: $0, for: stored) }
      ?? InvitationCode.new(context.random)
    let draft = ResetCodeRules.Draft(Array(secret.utf8)[...], context)
    /// The account that the same form has made before.
    func made(_ snapshot: borrowing Snapshot, by actor: Account?, _ context: Context) throws -> Account? {
      guard context.formCode != nil, let account = try snapshot.account(usernameHashes: hashes),
        try draft.made(for: account, by: actor ?? account, snapshot, context) != nil
      else { return nil }
      return account
    }
    let isMade = try context.read { try made($0, by: caller.signedIn?.account, context) != nil }
    if !isMade { try context.countResetCode(caller) }
    let passwordHash = PasswordHash.unmatchable(context.configuration.passwordScheme)
    let sessionSalt = Account.newSessionSalt(context.random)
    let app = context.app.name
    var (account, isNew) = try context.changeAsAdministrator(caller) { [context] change, actor, now in
      // The first account becomes the owner's, and only its holder makes it.
      guard try change.current.count(.all) > 0 else { throw RegistrationError.notSetUp }
      if let account = try made(change.current, by: actor.account, context) { return (account, false) }
      if try change.current.account(usernameHashes: hashes) != nil { throw UsernameError.taken }
      var account = Account(
        appid: app, usernameHash: stored, passwordHash: passwordHash, sessionSalt: sessionSalt,
        createdAt: now)
      account.changeMembership {
        $0.groups = groups
        $0.passwordDueAt = now.adding(days: days)
      }
      account = try change.insert(account) { $0.keep(username: username.stored, context) }
      try change.count(.accountsCreated, at: now)
      account = try draft.insert(for: account, by: actor.account ?? account, change, now).owner
      for name in [Event.Name.accountCreated, .codeCreated] {
        try change.keep(name, of: account, by: caller, context, at: now)
      }
      return (account, true)
    }
    context.effects.isRepeated = !isNew
    if isNew {
      context.log(.accountCreated, account.accountid)
      context.log(.codeCreated, account.accountid)
    }
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
    changeMembership { $0.passwordDueAt = now.adding(days: lifetime > 0 ? lifetime : Registration.usualDays) }
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
