import DashboardCrypto
import DashboardRecords
import DashboardWireFormat
import TestSupport
import Testing

@Suite("stored second factors")
struct FactorsTests {
  private let now = Timestamp(milliseconds: 1_700_000_000_000)

  private var account: Account {
    get throws {
      Account(
        accountid: AccountID(rawValue: 7), appid: try #require(AppName("club")), sequence: 3,
        usernameHash: Array(repeating: 1, count: 64), passwordHash: PasswordHash(bytes: [2]),
        sessionSalt: Array(repeating: 3, count: 64), createdAt: Timestamp(milliseconds: 4))
    }
  }

  /// Factors with everything that they can hold.
  private var all: Factors {
    var factors = Factors()
    factors.authenticator = .init(secret: [1, 2, 3], createdAt: now, lastStep: .max)
    factors.proposed = .init(secret: [4], createdAt: now)
    factors.recoveryCodes = (0..<10).map { Array(repeating: $0, count: 32) }
    (factors.passkeys, factors.userHandle) = (300, Array(repeating: 8, count: 32))
    factors.pending = [true, false].map { isCounted in
      var pending = PendingSignIn(
        tokenHash: Array(repeating: 9, count: 64), epoch: 5, duration: 1200,
        attemptEnd: isCounted ? now : nil, createdAt: now)
      if isCounted { (pending.wrongCodeAt, pending.usedAt) = (now, now) }
      return pending
    }
    factors.wrongCodeAt = now
    return factors
  }

  private func bytes(_ value: some ByteCodable) -> [UInt8] {
    var writer = ByteWriter()
    value.encode(into: &writer)
    return writer.bytes
  }

  private func decoded<Value: ByteCodable>(_: Value.Type, _ bytes: [UInt8]) -> Value? {
    ByteReader.reading(bytes) { reader in
      let value = try? Value(decoding: &reader)
      return reader.isAtEnd ? value : nil
    }
  }

  @Test(
    "an account keeps its factors, with and without a membership, and loses the form with the last of them")
  func stored() throws {
    for groups in [[], ["editors"]] {
      var account = try account
      account.changeMembership { $0.groups = groups }
      let former = bytes(account)
      account.changeFactors { $0 = all }
      #expect(bytes(account).first == 4)
      #expect(account.hasSecondFactor)
      let read = try #require(decoded(Account.self, bytes(account)))
      #expect(read == account && read.factors == all && read.groups == groups)
      account.changeFactors { $0.pending[1].network = [5, 6] }
      #expect(bytes(account).first == 5)
      #expect(decoded(Account.self, bytes(account)) == account)
      account.changeFactors { ($0.pending[1].network, $0.pending[1].methods) = ([], [.password, .totp]) }
      #expect(bytes(account).first == 5)
      #expect(decoded(Account.self, bytes(account)) == account)
      account.changeFactors { $0 = Factors() }
      #expect(account.factors == nil && !account.hasSecondFactor)
      #expect(bytes(account) == former)
    }
  }

  @Test("only an authenticator app that was confirmed is a second factor")
  func proposed() throws {
    var account = try account
    account.changeFactors { $0.proposed = .init(secret: [4], createdAt: now) }
    #expect(!account.hasSecondFactor)
    account.changeFactors { $0.recoveryCodes = [Array(repeating: 1, count: 32)] }
    #expect(!account.hasSecondFactor)
    account.changeFactors { $0.authenticator = .init(secret: [4], createdAt: now) }
    #expect(account.hasSecondFactor)
  }

  @Test("factors that are cut short anywhere can't be read")
  func cut() {
    let whole = bytes(all)
    #expect(decoded(Factors.self, whole) == all)
    for count in 0..<whole.count { #expect(decoded(Factors.self, Array(whole.prefix(count))) == nil) }
  }

  @Test("a sign-in waits for five minutes, for one session key and one password")
  func waiting() throws {
    let (account, waiting) = (try account, all.pending[1])
    var same = account
    same.sessionEpoch = 5
    for (seconds, hasEnded) in [(-3600, true), (0, false), (299, false), (300, true)] as [(Int64, Bool)] {
      #expect(waiting.hasEnded(at: now.adding(seconds: seconds), account: same) == hasEnded)
    }
    #expect(waiting.hasEnded(at: now, account: account))
    let used = all.pending[0]
    #expect(used.hasEnded(at: now, account: same) && !used.isOver(at: now, account: same))
  }

  @Test("a session keeps how it was proven, with and without details of the client")
  func methods() throws {
    for details in [nil, .unknown, ClientDetails(of: .address("192.0.2.1", userAgent: "Browser"))]
      as [ClientDetails?]
    {
      var session = Session(
        sessionid: SessionID(rawValue: 8), appid: try #require(AppName("club")),
        accountid: AccountID(rawValue: 7), duration: 60, csrfToken: Array(repeating: 1, count: 64),
        tokenHash: Array(repeating: 2, count: 64), epoch: 1, details: details, createdAt: now)
      #expect(bytes(session).first == (details == nil ? 1 : 2))
      session.methods = [.password, .totp]
      #expect(bytes(session).first == 3)
      let read = try #require(decoded(Session.self, bytes(session)))
      #expect(read == session && read.methods == [.password, .totp] && read.details == details)
    }
  }
}
