import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardWireFormat
import Glibc
import TestSupport

/// A data directory whose sessions are spread evenly over its accounts, and requests to it.
final class SampleData {
  let sessionCount: Int
  private let directory: TemporaryDirectory
  private let dashboard: Dashboard
  private let router: Router
  private let now: Timestamp
  private var random = SeededRandom(seed: 5)
  private var members: [(id: AccountID, sequence: UInt64)] = []
  private(set) var owner: Session?
  /// The number of sessions that requests take in turn.
  static let requestedCount = 10_000
  private var requested: [(session: Session, request: Request)] = []
  private var next = 0
  private var bytes: (accounts: Int, all: Int) = (0, 0)
  private var duration = 0.0

  /// The maximum of records in a transaction. LMDB limits the changed pages of a transaction. Pages that it frees stay in the file,
  /// so a small directory uses small transactions.
  private var batch: Int { min(40_000, sessionCount / 100) }
  // Both are as long as real values.
  private static let passwordHash = PasswordHash(text: "$2b$10$" + String(repeating: "a", count: 53))
  private static let sessionSalt = [UInt8](repeating: UInt8(ascii: "5"), count: 64)
  /// The seconds from the oldest record to now.
  private static let span: Int64 = 30 * 86_400
  static let token = String(repeating: "0123456789abcdef", count: 4)

  init(sessions: Int) throws {
    sessionCount = sessions
    directory = try TemporaryDirectory()
    dashboard = try Dashboard(
      dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
    now = dashboard.services.clock.now()
    router = Router(dashboard, Routes.all, log: { print($0) })
    let time = try ContinuousClock().measure {
      try register(sessions / 10)
      bytes.accounts = try fileBytes()
      try signIn(sessions)
    }
    duration = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    bytes.all = try fileBytes()
  }

  /// A row of a Markdown table.
  var row: String {
    let rate = Int(Double(sessionCount + members.count) / duration)
    return
      "| \(sessionCount) | \(members.count) | \(bytes.all / 1_000_000) | \(bytes.accounts / members.count) "
      + "| \((bytes.all - bytes.accounts) / sessionCount) | \(rate) |"
  }

  private func fileBytes() throws -> Int {
    var status = stat()
    guard stat(directory.path("data/data.mdb"), &status) == 0 else {
      throw TestFailure(system: "stat data.mdb")
    }
    return Int(status.st_blocks) * 512
  }

  // MARK: Creating records

  private func inBatches(of count: Int, _ body: (borrowing Change, _ number: Int) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: batch) {
      try dashboard.services.store.write(dashboard.app().name) { change in
        for number in start..<min(count, start + batch) { try body(change, number) }
      }
    }
  }

  private func randomBytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// An account that is not stored yet, or the fields of a stored account that its sessions need.
  private func account(
    _ id: AccountID = .unassigned, _ sequence: UInt64 = 0, at moment: Timestamp, usernameHash: [UInt8] = []
  ) throws -> Account {
    Account(
      accountid: id, appid: try dashboard.app().name, sequence: sequence, usernameHash: usernameHash,
      passwordHash: Self.passwordHash, sessionSalt: Self.sessionSalt, createdAt: moment)
  }

  /// The creation time of record `number` of `count`.
  private func moment(_ number: Int, of count: Int) -> Timestamp {
    now.adding(seconds: Int64(number - count) * Self.span / Int64(count))
  }

  private func register(_ count: Int) throws {
    try inBatches(of: count) { change, number in
      let moment = moment(number, of: count)
      var account = try account(at: moment, usernameHash: randomBytes(64))
      if try change.claimOwnership() { (account.ownerSince, account.administratorSince) = (moment, moment) }
      account = try change.insert(account)
      members.append((account.accountid, account.sequence))
    }
  }

  private func signIn(_ count: Int) throws {
    let secrets = try dashboard.app().secrets
    try inBatches(of: count) { change, number in
      // The first account is the owner.
      let member = number == 0 ? members[0] : members[Int(random.next() % UInt64(members.count))]
      let moment = moment(number, of: count)
      let account = try account(member.id, member.sequence, at: moment)
      let isRequested = number % (count / Self.requestedCount) == 0
      let hash =
        isRequested
        ? secrets.tokenHash(
          accountid: member.id, token: Array(Self.token.utf8)[...], sessionSalt: account.sessionSalt) : nil
      let session = try change.insert(
        Session(
          appid: account.appid, accountid: account.accountid, duration: 2 * Self.span,
          csrfToken: randomBytes(64), tokenHash: hash ?? randomBytes(64), epoch: 1, createdAt: moment),
        of: account)
      if number == 0 { owner = session }
      if isRequested { requested.append((session, Self.request(session))) }
    }
    requested.shuffle(using: &random)
  }

  // MARK: Requests

  private static func parameters(_ session: Session) -> [(String, String)] {
    [
      ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/user/session?sessionid=\(session.sessionid)"),
      ("QUERY_STRING", "sessionid=\(session.sessionid)"), ("REMOTE_ADDR", "192.0.2.1"),
      ("SERVER_PROTOCOL", "HTTP/1.1"), ("HTTP_HOST", "localhost"),
      ("HTTP_COOKIE", "dashboard_session=\(session.sessionid).\(token)"),
    ]
  }

  private static func request(_ session: Session) -> Request {
    var request = Request()
    for (name, value) in parameters(session) {
      request.variables.append(Array("\(name)=\(value)".utf8).span)
    }
    return request
  }

  func nextRequested(among count: Int = .max) -> (session: Session, request: Request) {
    next = (next + 1) % min(count, requested.count)
    return requested[next]
  }

  func check(among count: Int = .max) throws {
    let status = router.respond(to: nextRequested(among: count).request).status
    guard status == 200 else { throw TestFailure("the status of a session check is \(status)") }
  }

  func signedIn() throws -> SignedIn {
    try SignedIn(
      requested.map { SignedIn.Session(id: "\($0.session.sessionid)", token: Self.token) },
      of: directory.path("data"))
  }

  private var anyMember: AccountID { members[Int(random.next() % UInt64(members.count))].id }

  func signIn() throws { try dashboard.signIn(anyMember) }
  func signInAndRollBack() throws { try dashboard.signInAndRollBack(anyMember) }

  func sessionsOfAccount() throws {
    let session = nextRequested().session
    _ = try dashboard.call(Sessions.self, query: ["accountid": "\(session.accountid)"], as: session)
  }
  func sessions() throws { _ = try dashboard.call(Administrator.Sessions.self, as: owner) }
  func sessionsAfter() throws {
    let query = ["after": "\(nextRequested().session.sessionid)"]
    _ = try dashboard.call(Administrator.Sessions.self, query: query, as: owner)
  }
  func accounts() throws { _ = try dashboard.call(Administrator.Accounts.self, as: owner) }
  func accountsAfter() throws {
    let query = ["after": "\(nextRequested().session.accountid)"]
    _ = try dashboard.call(Administrator.Accounts.self, query: query, as: owner)
  }
  func sessionsCount() throws { _ = try dashboard.call(Administrator.SessionsCount.self, as: owner) }

  // MARK: Processes

  private var environment: [String: String] { ["DATA_DIR": directory.path("data")] }

  func runProgram() throws {
    let parameters = Dictionary(Self.parameters(nextRequested().session)) { $1 }
    let process = try ChildProcess(
      [Programs.dashboard],
      environment: environment.merging(parameters.merging(["GATEWAY_INTERFACE": "CGI/1.1"]) { $1 }) { $1 })
    let ending = process.wait()
    guard ending.output.starts(with: "Status: 200") else { throw TestFailure("\(ending)") }
  }

  func startResponder() throws {
    let socket = directory.path("socket")
    let process = try ChildProcess(
      [Programs.dashboard, "--listen", "unix:\(socket)"], environment: environment)
    var client: FastCGIClient?
    while client == nil, process.isRunning {
      client = try? FastCGIClient(.unix(socket))
      if client == nil { usleep(100) }
    }
    guard let answer = try client?.ask(Self.parameters(nextRequested().session)).http, answer.status == 200
    else {
      throw TestFailure("\(process.wait())")
    }
    process.signal(SIGKILL)
    _ = process.wait()
  }
}
