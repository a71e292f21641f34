import DashboardCrypto
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport

/// The writes of create-session without hashing. One transaction counts an attempt. A second one takes it back and inserts the
/// session.
extension Dashboard {
  func signIn(_ id: AccountID) throws {
    let (name, attempt, session) = (try app().name, newAttempt(), newSession())
    try services.store.write(name, isMetered: true) { try count(attempt, id, $0) }
    try services.store.write(name, isMetered: true) { try complete(attempt, id, session, $0) }
  }

  /// The same writes in one transaction that is rolled back: their cost without the disk.
  func signInAndRollBack(_ id: AccountID) throws {
    struct RolledBack: Error {}
    let (attempt, session) = (newAttempt(), newSession())
    do {
      try services.store.write(app().name, isMetered: true) { change in
        try count(attempt, id, change)
        try complete(attempt, id, session, change)
        throw RolledBack()
      }
    } catch is RolledBack {}
  }

  /// The counters of a new username at a new address.
  private typealias Marks = (pair: AttemptKey, address: AttemptKey, username: AttemptKey)

  private func newAttempt() -> Marks {
    let marks = services.random.bytes(48)
    return (
      AttemptKey(.usernameAtAddress, Array(marks[..<16])), AttemptKey(.address, Array(marks[16..<32])),
      AttemptKey(.username, Array(marks[32...]))
    )
  }

  /// A session's random bytes. They are drawn before the transaction, as the program does.
  private typealias NewSession = (csrfToken: [UInt8], tokenHash: [UInt8])

  private func newSession() -> NewSession { (services.random.bytes(64), services.random.bytes(64)) }

  private func count(_ attempt: Marks, _ id: AccountID, _ change: borrowing Change) throws {
    let now = services.clock.now()
    _ = try change.isKnown(
      [attempt.address.mark], of: change.current.account(id), now: now,
      latest: now.adding(seconds: 30 * 86_400))
    let limits = [(key: attempt.pair, limit: UInt32(10)), (attempt.address, 100), (attempt.username, 100)]
    _ = try change.count(limits, end: now.adding(seconds: 900), now: now)
  }

  private func complete(
    _ attempt: Marks, _ id: AccountID, _ new: NewSession, _ change: borrowing Change
  ) throws {
    guard var account = try change.current.account(id) else {
      throw TestFailure("the account does not exist")
    }
    let now = services.clock.now()
    let end = now.adding(seconds: 900)
    try change.forget(attempt.pair)
    try change.takeBack(attempt.address, begunBy: end, now: now)
    try change.takeBack(attempt.username, begunBy: end, now: now)
    try change.remember(attempt.address.mark, of: account, until: now.adding(seconds: 30 * 86_400))
    _ = try change.insert(
      Session(
        appid: account.appid, accountid: id, duration: Remember.days.duration, csrfToken: new.csrfToken,
        tokenHash: new.tokenHash, epoch: account.sessionEpoch, createdAt: now), of: account)
    guard try change.current.count(Session.self, of: account) <= 1000 else {
      throw TestFailure("too many sessions")
    }
    try change.count(.sessionsCreated, at: now)
    try change.count(.activeSessions, at: now, unlessIn: account.lastSignedInAt)
    account.lastSignedInAt = now
    account.updatedAt = now
    try change.update(account)
  }
}
