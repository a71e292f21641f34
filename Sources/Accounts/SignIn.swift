package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum SignInError: String, RuleError {
  case scheduledForDeletion = "sign-in-account-scheduled-for-deletion"
}

/// Rules of signing in.
package enum SignIn {
  /// Creates a session for a username and its password, and ends the sessions that the client holds.
  ///
  /// - Returns: the session with its token.
  /// - Throws: `AttemptError`, `CredentialError`, `SuspensionError.suspended`, `SignInError`, `HashingError`.
  package static func begin(
    _ caller: Caller, _ context: inout Context, username: Bytes, password: Bytes, remember: Remember
  ) throws -> Session {
    let proof = try context.prove(caller, username: username, password: password, failure: .signInFailed)
    let rehashed = proof.isHashCurrent ? nil : try context.passwordHash(password, for: proof.attempt)
    let token = Hexadecimal.text(context.random.bytes(32))
    let csrfToken = context.random.bytes(64)
    let (secrets, username) = (context.secrets, TypedUsername(username, context.configuration))
    let idleTimeout = Int64(context.configuration.idleTimeout)
    let most = context.configuration.maximumRecords
    let details = context.app.keepsSessionDetails ? ClientDetails(of: caller.client) : nil
    var (session, ended) = try context.write(proving: proof) { [context] change, account, now in
      if account.suspendedAt != nil { throw SuspensionError.suspended }
      if account.deletedAt != nil { throw SignInError.scheduledForDeletion }
      let ended = try change.endClientSessions(of: caller, context, at: now)
      let session = try change.insert(
        Session(
          appid: account.appid, accountid: account.accountid, duration: remember.duration,
          csrfToken: csrfToken,
          tokenHash: secrets.tokenHash(
            accountid: account.accountid, token: Array(token.utf8)[...], sessionSalt: account.sessionSalt),
          epoch: account.sessionEpoch, idleTimeout: idleTimeout, details: details, createdAt: now),
        of: account)
      try change.makeRoom(beyond: most, of: account) { (old: Session) in
        old.hasEnded(at: now, account: account)
      }
      try change.count(.sessionsCreated, at: now)
      try change.count(.activeSessions, at: now, unlessIn: account.lastSignedInAt)
      var account = account
      if let rehashed { account.passwordHash = rehashed }
      let form = try change.settledForm(of: username, for: account, secrets)
      account.usernameHash = secrets.hash(form)
      account.keep(username: form, context)
      account.lastSignedInAt = now
      account.updatedAt = now
      try change.update(account)
      try change.keep(.signedIn, of: account, by: caller.asClient, context, at: now)
      return (session, ended)
    }
    for account in ended { context.log(.sessionEnded, account) }
    context.log(.signedIn, session.accountid)
    session.token = token
    session.showsDetails = details != nil
    context.effects.session = .began(session)
    return session
  }
}

extension Change {
  /// Removes old records of an account if it has more than `most`.
  ///
  /// At most two records are removed in a call, so that the number falls step by step after `most` was
  /// lowered. Among the oldest, useless records go first.
  func makeRoom<Record: OwnedRecord>(
    beyond most: Int, of account: Account, first isUseless: (Record) -> Bool
  ) throws {
    let excess = min(2, try current.count(Record.self, of: account) - most)
    guard excess > 0 else { return }
    let oldest: [Record] = try current.oldest(of: account, limit: 16)
    let ordered = oldest.filter(isUseless) + oldest.filter { !isUseless($0) }
    for one in ordered.prefix(excess) { try remove(one, of: account) }
  }
}
