import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import TestSupport

/// What create-session writes, apart from looking at the password: a guess is counted, then taken back together with the
/// session's beginning.
extension Dashboard {
  func signIn(_ id: AccountID) throws {
    let (name, guess, secrets) = (try app().name, newGuess(), newSecrets())
    try store.write(name, isMetered: true) { try count(guess, id, $0) }
    try store.write(name, isMetered: true) { try complete(guess, id, secrets, $0) }
  }

  /// The same in one transaction, undone at its end: what it costs apart from the disk.
  func signInInVain(_ id: AccountID) throws {
    struct Undone: Error {}
    let (guess, secrets) = (newGuess(), newSecrets())
    do {
      try store.write(app().name, isMetered: true) { change in
        try count(guess, id, change)
        try complete(guess, id, secrets, change)
        throw Undone()
      }
    } catch is Undone {}
  }

  /// From an address that nobody has signed in from, of a username that nobody has tried.
  private func newGuess() -> Change.Guess {
    let marks = random.bytes(48)
    return Change.Guess(
      pair: Array(marks[..<16]), addresses: [Array(marks[16..<32])], username: Array(marks[32...]),
      end: clock.now().adding(seconds: 900))
  }

  /// What a session is known by, drawn before the transaction.
  private typealias Secrets = (id: SessionID, csrfToken: [UInt8], tokenHash: [UInt8])

  private func newSecrets() -> Secrets {
    (SessionID(madeAt: clock.now(), random), random.bytes(64), random.bytes(64))
  }

  private func count(_ guess: Change.Guess, _ id: AccountID, _ change: borrowing Change) throws {
    let account = try change.account(id)
    _ = try change.count(guess, of: account, maximum: 10, now: clock.now())
  }

  private func complete(
    _ guess: Change.Guess, _ id: AccountID, _ secrets: Secrets, _ change: borrowing Change
  ) throws {
    guard let account = try change.account(id) else { throw TestFailure("an account is gone") }
    let now = clock.now()
    try change.forgive(guess, of: account, now: now)
    let session = Session(
      sessionid: try change.unused(secrets.id), appid: account.appid, accountid: id,
      sequence: try change.nextSequence(), duration: Remember.duration(.days),
      csrfToken: secrets.csrfToken, tokenHash: secrets.tokenHash, epoch: account.sessionEpoch, createdAt: now)
    try change.signIn(account, session, atMost: 1000)
  }
}
