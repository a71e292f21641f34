import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport

/// A data directory for the operations of `Writes`: an owner with sessions to end, and accounts that have signed in today.
struct WriteSite: Sendable {
  private let directory: TemporaryDirectory
  private let dashboard: Dashboard
  private let sessions: [Session]
  private let accounts: [AccountID]

  init(sessions count: Int) throws {
    directory = try TemporaryDirectory()
    let dashboard = try Dashboard(
      dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
    let form = ["username": "owner", "password": "password of the owner"]
    let (owner, now, random) = (
      try dashboard.call(CreateAccount.self, posted: form), dashboard.services.clock.now(),
      dashboard.services.random
    )
    (sessions, accounts) = try dashboard.services.store.write(owner.appid) { change in
      let sessions = try (0...count).map { _ in
        let session = try change.insert(
          Session(
            appid: owner.appid, accountid: owner.accountid, duration: 86_400, csrfToken: random.bytes(64),
            tokenHash: random.bytes(64), epoch: owner.sessionEpoch, createdAt: now), of: owner)
        return session
      }
      let accounts = try (0..<100).map { _ in
        try change.insert(
          Account(
            appid: owner.appid, usernameHash: random.bytes(64),
            passwordHash: PasswordHash(text: String(repeating: "$", count: 60)),
            sessionSalt: Account.newSessionSalt(random), createdAt: now)
        ).accountid
      }
      return (sessions, accounts)
    }
    self.dashboard = dashboard
    for account in accounts { try dashboard.signIn(account) }
    // Ends of an account's sessions within an hour are one event, so the measured ones change an event that exists.
    try perform(.ending, count)
  }

  func data(_ name: String) -> String { directory.path("data/\(name)") }

  /// The number of commits so far.
  func commits() throws -> Int {
    let ending = try ChildProcess.run([Baselines.program("writes"), data(""), "commits"])
    guard let count = Int(ending.output.filter { $0 != "\n" }) else { throw TestFailure("writes: \(ending)") }
    return count
  }

  /// - Parameter number: a number that no other call has.
  func perform(_ operation: Writes.Operation, _ number: Int) throws {
    switch operation {
    case .ending:
      let session = sessions[number]
      _ = try dashboard.call(
        SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: session)
    case .signIn:
      try dashboard.signIn(accounts[number % accounts.count])
    case .registration:
      _ = try dashboard.call(
        CreateAccount.self, posted: ["username": "user \(number)", "password": "a long password"])
    }
  }
}
