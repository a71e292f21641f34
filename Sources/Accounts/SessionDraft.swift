import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// A session that is not in the store yet.
struct SessionDraft {
  typealias Begun = (session: Session, ended: [AccountID])

  private let token: String
  private let csrfToken: [UInt8]
  private var duration: Int64

  init(_ context: Context, _ duration: Int64) {
    token = Hexadecimal.text(context.random.bytes(32))
    csrfToken = context.random.bytes(64)
    self.duration = duration
  }

  /// - Parameter duration: in seconds.
  func lasting(_ duration: Int64) -> SessionDraft {
    var draft = self
    draft.duration = duration
    return draft
  }

  /// Inserts the session, and ends the sessions that the client holds.
  ///
  /// - Parameter account: is stored, with what changed before.
  func insert(
    into account: Account, by caller: Caller, _ methods: AuthenticationMethods, _ context: Context,
    _ change: borrowing Change, _ now: Timestamp
  ) throws -> Begun {
    let ended = try change.endClientSessions(of: caller, context, at: now)
    var session = Session(
      appid: account.appid, accountid: account.accountid, duration: duration, csrfToken: csrfToken,
      tokenHash: context.secrets.tokenHash(
        accountid: account.accountid, token: Array(token.utf8)[...], sessionSalt: account.sessionSalt),
      epoch: account.sessionEpoch, idleTimeout: Int64(context.configuration.idleTimeout),
      details: context.app.keepsSessionDetails ? ClientDetails(of: caller.client) : nil, createdAt: now)
    session.methods = methods
    session = try change.insert(session, of: account)
    try change.makeRoom(beyond: context.configuration.maximumRecords, of: account) { (old: Session) in
      old.hasEnded(at: now, account: account)
    }
    try change.count(.sessionsCreated, at: now)
    try change.count(.activeSessions, at: now, unlessIn: account.lastSignedInAt)
    var account = account
    account.lastSignedInAt = now
    account.updatedAt = now
    try change.update(account)
    try change.keep(.signedIn, of: account, by: caller.asClient, proving: methods, context, at: now)
    return (session, ended)
  }

  /// Logs the sign-in, and gives the session its token.
  func finish(_ begun: Begun, _ context: inout Context) -> Session {
    for account in begun.ended { context.log(.sessionEnded, account) }
    context.log(.signedIn, begun.session.accountid)
    var session = begun.session
    session.token = token
    session.showsDetails = session.details != nil
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
