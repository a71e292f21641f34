import DashboardCrypto
import DashboardEndpoints
import DashboardRouting
import DashboardRecords
import DashboardStore
import TestSupport

/// The cost of lists and counts in a data directory with 100,000 records of each kind, compared with 10.
enum Lists {
  private static let small = 10
  private static let large = 100_000

  static func run(_ effort: Effort) throws {
    let large = effort == .full ? large : large / 10
    let few = try Directory(small)
    let many = try Directory(large)
    print("\nPages of 10, with \(small) and with \(large) accounts of the app and sessions of the account\n")
    print("| what | \(small): µs | \(large): µs | ratio |\n|---|---|---|---|")
    let works: [(String, (Directory) throws -> Void)] = [
      ("sessions of the account, newest", { try $0.sessions() }),
      ("sessions of the account, `after` one in the middle", { try $0.sessionsAfterTheMiddle() }),
      ("sessions-count", { try $0.sessionsCount() }),
      ("all sessions of the app, newest", { try $0.allSessions() }),
      ("accounts, newest", { try $0.accounts() }),
      ("accounts, `after` one in the middle", { try $0.accountsAfterTheMiddle() }),
      ("accounts-count", { try $0.accountsCount() }),
      ("administrator-accounts", { try $0.administrators() }),
    ]
    for (name, work) in works {
      print(
        try Measurement(
          name, rounds: effort.rounds(15), baseline: { try work(few) }, measured: { try work(many) }
        ).row)
    }
  }

  /// A data directory with `count` accounts. The first account owns `count` sessions.
  private struct Directory {
    private let directory: TemporaryDirectory
    private let dashboard: Dashboard
    private let owner: Session
    private let middleSession: SessionID
    private let middleAccount: AccountID

    init(_ count: Int) throws {
      directory = try TemporaryDirectory()
      let dashboard = try Dashboard(
        dataDirectory: directory.path("data"),
        settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "SESSION_VERIFICATION_DELAY": "0"])
      self.dashboard = dashboard
      let form = ["username": "owner", "password": "password of the owner"]
      let account = try dashboard.call(CreateAccount.self, posted: form)
      owner = try dashboard.call(CreateSession.self, posted: form)
      (middleSession, middleAccount) = try Self.fill(dashboard, account, count - 1)
    }

    private static func fill(_ dashboard: Dashboard, _ owner: Account, _ count: Int) throws -> (
      SessionID, AccountID
    ) {
      let (name, now) = (owner.appid, dashboard.services.clock.now())
      return try dashboard.services.store.write(name) { change in
        var middle = (SessionID(rawValue: 0), AccountID(rawValue: 0))
        for number in 0..<count {
          let account = try change.insert(
            Account(
              appid: name, usernameHash: dashboard.services.random.bytes(64),
              passwordHash: PasswordHash(text: ""), sessionSalt: [], createdAt: now))
          let session = try change.insert(
            Session(
              appid: name, accountid: owner.accountid, duration: 1200,
              csrfToken: dashboard.services.random.bytes(64),
              tokenHash: dashboard.services.random.bytes(64), epoch: 1, createdAt: now), of: owner)
          if number == count / 2 { middle = (session.sessionid, account.accountid) }
        }
        return middle
      }
    }

    private var ofOwner: [String: String] { ["accountid": "\(owner.accountid)"] }

    func sessions() throws { _ = try dashboard.call(Sessions.self, query: ofOwner, as: owner) }
    func sessionsAfterTheMiddle() throws {
      let query = ofOwner.merging(["after": "\(middleSession)", "limit": "4"]) { $1 }
      _ = try dashboard.call(Sessions.self, query: query, as: owner)
    }
    func sessionsCount() throws { _ = try dashboard.call(SessionsCount.self, query: ofOwner, as: owner) }
    func allSessions() throws { _ = try dashboard.call(Administrator.Sessions.self, as: owner) }
    func accounts() throws { _ = try dashboard.call(Administrator.Accounts.self, as: owner) }
    func accountsAfterTheMiddle() throws {
      let query = ["after": "\(middleAccount)", "limit": "4"]
      _ = try dashboard.call(Administrator.Accounts.self, query: query, as: owner)
    }
    func accountsCount() throws { _ = try dashboard.call(Administrator.AccountsCount.self, as: owner) }
    func administrators() throws {
      _ = try dashboard.call(Administrator.AdministratorAccounts.self, as: owner)
    }
  }
}
