import DashboardCrypto
import DashboardRecords
import Testing

@Suite("sessions")
struct SessionTests {
  private let createdAt = Timestamp(milliseconds: 1_700_000_000_123)
  private let account: Account
  private var session: Session

  init() throws {
    let app = try #require(AppName("app"))
    account = Account(
      accountid: AccountID(rawValue: 1), appid: app, sequence: 1,
      usernameHash: [UInt8](repeating: 0, count: 64), passwordHash: PasswordHash(text: ""),
      sessionSalt: Array("key".utf8),
      createdAt: createdAt)
    session = Session(
      sessionid: SessionID(rawValue: 2), appid: app, accountid: account.accountid, sequence: 2,
      duration: 1200,
      csrfToken: [UInt8](repeating: 0, count: 64), tokenHash: [UInt8](repeating: 0, count: 64),
      epoch: account.sessionEpoch, createdAt: createdAt)
  }

  @Test("a new session is verified and has not ended")
  func new() {
    #expect(session.lastVerifiedAt == createdAt)
    #expect(session.updatedAt == createdAt)
    #expect(session.endedAt == nil)
    #expect(!session.hasEnded(at: createdAt, account: account))
  }

  @Test("a session ends exactly at its expiry")
  func expiry() {
    let expiry = createdAt.milliseconds + 1_200_000
    #expect(session.expiresAt == Timestamp(milliseconds: expiry))
    #expect(!session.hasEnded(at: Timestamp(milliseconds: expiry - 1), account: account))
    #expect(session.hasEnded(at: Timestamp(milliseconds: expiry), account: account))
    #expect(session.hasEnded(at: Timestamp(milliseconds: expiry + 1), account: account))
  }

  @Test("an ended session stays ended")
  mutating func ended() {
    session.endedAt = createdAt.adding(seconds: 10)
    #expect(session.hasEnded(at: createdAt, account: account))
    #expect(session.hasEnded(at: createdAt.adding(seconds: 10), account: account))
  }

  @Test("a new session key ends the session")
  func newSessionKey() {
    var account = account
    account.sessionEpoch += 1
    #expect(session.hasEnded(at: createdAt, account: account))
  }

  @Test("a session lasts 20 minutes, 8 hours or 30 days")
  func durations() {
    #expect([Remember.minutes, .hours, .days].map(\.duration) == [1200, 28_800, 2_592_000])
    func remember(_ text: String) -> Remember? { Remember(Array(text.utf8)[...]) }
    for text in ["days", "Days", "on", "ON", "true", "True", "yes", "1"] {
      #expect(remember(text) == .days, "\(text)")
    }
    for text in ["hours", "HOURS"] { #expect(remember(text) == .hours) }
    for text in ["minutes", "off", "Off", "false", "no", "0"] {
      #expect(remember(text) == .minutes, "\(text)")
    }
    for text in ["", "days ", "2", "weeks", "day", "y", "onn", "ｏｎ"] {
      #expect(remember(text) == nil, "\(text)")
    }
  }

  @Test("an account with a time for a role has that role")
  func roles() {
    var account = account
    #expect(!account.isOwner && !account.isAdministrator)
    account.ownerSince = createdAt
    #expect(account.isOwner && !account.isAdministrator)
    account.administratorSince = createdAt
    #expect(account.isAdministrator)
  }
}
