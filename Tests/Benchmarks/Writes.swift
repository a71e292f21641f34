import API
import Accounts
import Routing
import Store
import TestSupport

/// Durable writes, by one and by many at once.
enum Writes {
  static func run(_ effort: Effort) throws {
    for threads in [1, 16, 64] {
      let site = try Site(sessions: 4000)
      let per = max(1, min(400, 4000 / threads))
      let clock = ContinuousClock()
      let duration = try clock.measure {
        _ = try Threads.run(threads) { thread in
          for number in 0..<per { try site.end(thread * per + number) }
        }
      }
      let rate =
        Double(threads * per)
        / (Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds))
      print("set-session-ended", threads, Int(rate))
    }
  }

  private struct Site: Sendable {
    private let directory: TemporaryDirectory
    private let dashboard: Dashboard
    private let sessions: [Session]

    init(sessions count: Int) throws {
      directory = try TemporaryDirectory()
      let dashboard = try Dashboard(
        dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
      self.dashboard = dashboard
      let form = ["username": "owner", "password": "password of the owner"]
      let account = try dashboard.call(CreateAccount.self, posted: form)
      let now = dashboard.clock.now()
      sessions = try dashboard.store.write(account.appid) { change in
        try (0..<count).map { _ in
          let session = Session(
            sessionid: SessionID(rawValue: dashboard.random.number()), appid: account.appid,
            accountid: account.accountid,
            sequence: try change.nextSequence(), duration: 86_400, csrfToken: dashboard.random.bytes(64),
            tokenHash: dashboard.random.bytes(64), epoch: 1, createdAt: now)
          try change.add(session, to: account)
          return session
        }
      }
    }

    func end(_ number: Int) throws {
      let session = sessions[number]
      _ = try dashboard.call(
        SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: session)
    }
  }
}
