package import DashboardRecords
import DashboardStore

/// Everything that is kept of an account, for its holder. It has no password, no code, no token, and no hash of them.
public struct Takeout: Sendable {
  /// When it was read.
  package let createdAt: Timestamp
  package let account: Account
  /// Newest first, like the other records.
  package let profiles: [Profile]
  package let sessions: [Session]
  package let resetCodes: [ResetCode]
  package let invitations: [Invitation]
  package let passkeys: [Passkey]
  package let events: [AccountEvent]

  package init(
    createdAt: Timestamp, account: Account, profiles: [Profile], sessions: [Session], resetCodes: [ResetCode],
    invitations: [Invitation], passkeys: [Passkey], events: [AccountEvent]
  ) {
    self.createdAt = createdAt
    self.account = account
    self.profiles = profiles
    self.sessions = sessions
    self.resetCodes = resetCodes
    self.invitations = invitations
    self.passkeys = passkeys
    self.events = events
  }

  /// Reads what is kept of the caller's account, as of one moment.
  package init(_ caller: Caller, _ context: Context) throws {
    let own = try caller.requireSignedIn().account.accountid
    self = try context.read { snapshot in
      guard let account = try snapshot.account(own) else { throw AccessRefusal.signInRequired }
      var sessions: [Session] = []
      for session: Session in try snapshot.all(of: account) {
        var shown = try snapshot.shown(session, at: context.now).seen(by: caller, in: context.app)
        // It proves the forms of a session.
        shown.csrfToken = []
        sessions.append(shown)
      }
      let events: [AccountEvent] = try snapshot.all(of: account)
      return try Takeout(
        createdAt: context.now, account: context.app.shown(account), profiles: snapshot.all(of: account),
        sessions: sessions, resetCodes: snapshot.all(of: account), invitations: snapshot.all(of: account),
        passkeys: snapshot.all(of: account),
        events: events.map { $0.seen(asAdministrator: false, in: context.app) })
    }
  }
}

extension Snapshot {
  /// All records of a kind of an account, newest first. MAXIMUM_RECORDS limits them.
  fileprivate func all<Record: OwnedRecord>(of account: Account) throws -> [Record] {
    try records(of: account, limit: .max)
  }
}
