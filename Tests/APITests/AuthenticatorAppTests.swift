import DashboardAccounts
import DashboardCrypto
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Authenticator apps as an app's accounts keep them.
@Suite("authenticator apps")
struct AuthenticatorAppTests {
  private let now = Timestamp(milliseconds: 1_700_000_010_000)
  private let ada = AccountID(rawValue: 7)

  /// An app with keys of its own.
  private func app(_ settings: [String: String], in directory: TemporaryDirectory) throws -> App {
    try Dashboard(
      dataDirectory: directory.path("data"),
      settings: settings.merging(["BCRYPT_WORKLOAD_FACTOR": "4"]) { $1 }
    )
    .app()
  }

  private static let keys = ["DASHBOARD_ENCRYPTION_KEY": "first", "DASHBOARD_SESSION_KEY": "first session"]

  @Test("a code counts once, one step early or late, and none before the last used one")
  func codes() throws {
    let app = try app(Self.keys, in: TemporaryDirectory())
    let (new, secret) = AuthenticatorApps.new(of: ada, app, SystemRandom(), at: now)
    #expect(secret.count == 20 && app.secret(of: new, ada) == secret)
    func code(_ seconds: Int64) -> [UInt8] {
      OneTimePassword.code(secret: secret, step: OneTimePassword.step(at: now.seconds + seconds))
    }
    func use(_ seconds: Int64, of authenticator: Factors.Authenticator, at time: Int64 = 0) -> Factors
      .Authenticator?
    {
      app.use(code: code(seconds), of: authenticator, ada, at: now.adding(seconds: time), SystemRandom())
    }
    for seconds in [-30, 0, 30] as [Int64] {
      let used = try #require(use(seconds, of: new))
      #expect(used.createdAt == now && app.secret(of: used, ada) == secret)
      #expect(use(seconds, of: used) == nil)
    }
    for seconds in [-60, 60] as [Int64] { #expect(use(seconds, of: new) == nil) }
    let late = try #require(use(30, of: new))
    #expect(use(0, of: late) == nil && use(-30, of: late) == nil)
    #expect(use(60, of: late, at: 60) != nil)
    // The clock went back by an hour: the code of now counts, and the person need not wait.
    let ahead = try #require(use(3600, of: new, at: 3600))
    #expect(use(0, of: ahead) != nil)
    #expect(app.use(code: Array("12345".utf8), of: new, ada, at: now, SystemRandom()) == nil)
  }

  @Test("a secret opens for its account alone, and follows a change of keys when it is used")
  func sealing() throws {
    let directory = try TemporaryDirectory()
    let old = try app(Self.keys, in: directory)
    let (new, secret) = AuthenticatorApps.new(of: ada, old, SystemRandom(), at: now)
    #expect(old.secret(of: new, AccountID(rawValue: 8)) == nil)
    let moved = [
      "DASHBOARD_ENCRYPTION_KEY": "second", "DASHBOARD_SESSION_KEY": "second session",
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "first", "DASHBOARD_SESSION_KEY_PREVIOUS": "first session",
    ]
    let changed = try app(moved, in: TemporaryDirectory())
    let code = OneTimePassword.code(secret: secret, step: OneTimePassword.step(at: now.seconds))
    let used = try #require(changed.use(code: code, of: new, ada, at: now, SystemRandom()))
    let later = try app(moved.filter { !$0.key.contains("PREVIOUS") }, in: TemporaryDirectory())
    #expect(later.secret(of: new, ada) == nil)
    #expect(later.use(code: code, of: new, ada, at: now, SystemRandom()) == nil)
    #expect(later.secret(of: used, ada) == secret)
  }
}
