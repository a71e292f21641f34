import DashboardCrypto
import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardWireFormat
import TestSupport

/// Administrators' pages, by the responder's processor time: charts against the same page without, and a list of many accounts
/// against one of few.
enum AdministratorPages {
  private static let index = "/administrator"
  private static let accounts = "/administrator/accounts"

  static func run(_ effort: Effort) throws {
    let few = try Data(accounts: 1000)
    let (site, off) = (try Responder(few), try Responder(few, ["DISABLE_METRICS": "true"]))
    print(
      "\nThe index with charts, to the same page without metrics: processor time of the responder, µs a request\n"
    )
    print("| charts of | without charts | with charts | ratio | goal | |\n|---|---|---|---|---|---|")
    for (name, path) in [("90 days", index), ("365 days", "\(index)?days=365")] {
      let (old, new) = try compare(effort, { try off.time(index) }, { try site.time(path) })
      print(Measurement(name, baseline: old, measured: new).row(.atMost(2)))
    }

    let count = effort == .full ? 1_000_000 : 20_000
    let many = try Data(accounts: count)
    print(
      "\nParts of the list of accounts, with \(few.count) and with \(count) accounts: processor time of the responder, µs a request\n"
    )
    print("| part | \(few.count) | \(count) | ratio | goal | |\n|---|---|---|---|---|---|")
    let large = try Responder(many)
    for path in [accounts, "/api\(accounts)"] {
      for (name, isMiddle) in [("newest", false), ("`after` one in the middle", true)] {
        func target(_ data: Data) -> String { isMiddle ? "\(path)?after=\(data.middle)" : path }
        let (old, new) = try compare(
          effort, { try site.time(target(few)) }, { try large.time(target(many)) })
        print(Measurement("`\(path)`, \(name)", baseline: old, measured: new).row(.atMost(1.3)))
      }
    }
  }

  /// Two figures a round, in turns.
  private static func compare(
    _ effort: Effort, _ baseline: () throws -> Double, _ measured: () throws -> Double
  ) rethrows -> ([Double], [Double]) {
    var (old, new): ([Double], [Double]) = ([], [])
    for _ in 0..<effort.rounds(15) {
      old.append(try baseline())
      new.append(try measured())
    }
    return (old, new)
  }

  /// A responder, and a client that has signed in as the owner.
  private struct Responder {
    private let process: ResponderProcess
    private let client: FastCGIClient
    private let cookie: String

    init(_ data: Data, _ settings: [String: String] = [:]) throws {
      process = try ResponderProcess(
        environment: ["DATA_DIR": data.path, "EVENT_THREADS": "1"].merging(settings) { $1 })
      client = try FastCGIClient(Address.unix(process.socketPath), timeout: 60_000)
      cookie = data.cookie
    }

    /// The processor time of a request, in microseconds.
    func time(_ target: String) throws -> Double {
      let query = target.drop { $0 != "?" }.dropFirst()
      let parameters = [
        ("GATEWAY_INTERFACE", "CGI/1.1"), ("REQUEST_METHOD", "GET"), ("REQUEST_URI", target),
        ("QUERY_STRING", String(query)), ("CONTENT_TYPE", ""), ("CONTENT_LENGTH", ""),
        ("REMOTE_ADDR", "127.0.0.1"), ("HTTP_HOST", "dashboard.test"), ("SERVER_NAME", "dashboard.test"),
        ("REQUEST_SCHEME", "http"), ("HTTP_ACCEPT_LANGUAGE", "de-DE,de;q=0.9,en;q=0.8"),
        ("HTTP_COOKIE", cookie),
      ]
      let count = 300
      let before = process.process.processorMicroseconds
      for _ in 0..<count {
        let answer = try client.ask(parameters).http
        guard answer.status == 200 else { throw TestFailure("\(answer.status) \(answer.text)") }
      }
      return (process.process.processorMicroseconds - before) / Double(count)
    }
  }

  /// A data directory with accounts and a year of metrics. The first account is the owner's, and has signed in.
  private struct Data {
    let count: Int
    private let directory: TemporaryDirectory
    /// Of the owner's session.
    let cookie: String
    private(set) var middle = AccountID.unassigned

    /// DATA_DIR.
    var path: String { directory.path("data") }

    /// LMDB limits the changed pages of a transaction.
    private static let batch = 40_000

    init(accounts count: Int) throws {
      self.count = count
      directory = try TemporaryDirectory()
      let dashboard = try Dashboard(dataDirectory: directory.path("data"))
      let (app, random) = (try dashboard.app(), dashboard.services.random)
      let now = dashboard.services.clock.now()
      let hash = PasswordHash(text: "$2b$10$" + String(repeating: "a", count: 53))
      func account(isOwner: Bool = false) -> Account {
        var account = Account(
          appid: app.name, usernameHash: random.bytes(64), passwordHash: hash,
          sessionSalt: Account.newSessionSalt(random), createdAt: now)
        if isOwner { (account.ownerSince, account.administratorSince) = (now, now) }
        return account
      }
      cookie = try dashboard.services.store.write(app.name) { change in
        guard try change.claimOwnership() else { throw TestFailure("an owner is there already") }
        let owner = try change.insert(account(isOwner: true))
        let token = Hexadecimal.text(random.bytes(32))
        let session = try change.insert(
          Session(
            appid: app.name, accountid: owner.accountid, duration: Remember.days.duration,
            csrfToken: random.bytes(64),
            tokenHash: app.secrets.tokenHash(
              accountid: owner.accountid, token: Array(token.utf8)[...], sessionSalt: owner.sessionSalt),
            epoch: owner.sessionEpoch, createdAt: now), of: owner)
        for day in 0..<365 {
          for name in [
            Metric.Name.accountsCreated, .activeSessions, .sessionsCreated, .resetCodesCreated,
          ] {
            for _ in 0...(day * 7 % 11) {
              try change.count(name, at: now.adding(seconds: -86_400 * Int64(day)))
            }
          }
        }
        return "dashboard_session=\(session.sessionid).\(token)"
      }
      for start in stride(from: 1, to: count, by: Self.batch) {
        let numbers = start..<min(count, start + Self.batch)
        let half = count / 2
        let found = try dashboard.services.store.write(app.name) { change in
          var found: AccountID?
          for number in numbers {
            let id = try change.insert(account()).accountid
            if number == half { found = id }
          }
          return found
        }
        middle = found ?? middle
      }
    }
  }
}
