import DashboardCrypto
import DashboardWireFormat
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport

/// A data directory with live sessions, and a file that lists them.
struct SignedIn {
  struct Session {
    let id: String
    let token: String
  }

  private let directory: TemporaryDirectory
  let sessions: [Session]
  /// DATA_DIR.
  let dataDirectory: String

  /// A file of lines SESSIONID TOKEN. For new sessions, each line also has ACCOUNTID CSRFTOKEN.
  var listing: String { directory.path("sessions") }

  /// Creates `count` sessions in a new data directory. Each account has ten.
  init(_ count: Int) throws {
    let directory = try TemporaryDirectory()
    let dashboard = try Dashboard(dataDirectory: directory.path("data"))
    try self.init(Self.fill(dashboard, count), of: directory.path("data"), in: directory)
  }

  /// Lists sessions of an existing data directory.
  init(_ sessions: [Session], of dataDirectory: String) throws {
    try self.init(sessions.map { [$0.id, $0.token] }, of: dataDirectory, in: TemporaryDirectory())
  }

  private init(_ lines: [[String]], of dataDirectory: String, in directory: TemporaryDirectory) throws {
    self.directory = directory
    self.dataDirectory = dataDirectory
    sessions = lines.map { Session(id: $0[0], token: $0[1]) }
    let text = lines.map { $0.joined(separator: " ") + "\n" }.joined()
    try Files.write(text, to: listing)
  }

  private static func fill(_ dashboard: Dashboard, _ count: Int) throws -> [[String]] {
    let (secrets, now, random) = (
      try dashboard.app().secrets, dashboard.services.clock.now(), dashboard.services.random
    )
    let app = try dashboard.app().name
    let userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    let details = ClientDetails(of: .address("192.0.2.44", userAgent: userAgent))
    return try dashboard.services.store.write(app) { change in
      var lines: [[String]] = []
      while lines.count < count {
        let account = try change.insert(
          Account(
            appid: app, usernameHash: random.bytes(64),
            passwordHash: PasswordHash(text: String(repeating: "$", count: 60)),
            sessionSalt: Account.newSessionSalt(random), createdAt: now))
        for _ in 0..<10 {
          let token = Hexadecimal.text(random.bytes(32))
          let session = try change.insert(
            DashboardRecords.Session(
              appid: app, accountid: account.accountid, duration: Remember.days.duration,
              csrfToken: random.bytes(64),
              tokenHash: secrets.tokenHash(
                accountid: account.accountid, token: Array(token.utf8)[...], sessionSalt: account.sessionSalt),
              epoch: account.sessionEpoch, details: details, createdAt: now), of: account)
          lines.append([
            "\(session.sessionid)", token, "\(account.accountid)", Hexadecimal.text(session.csrfToken),
          ])
        }
      }
      return lines
    }
  }
}
