import API
import Accounts
import Glibc
import Routing
import Store
import TestSupport
import WireFormat

/// Whether things are done as fast in a large directory as in a small one: 10 thousand sessions, and 1 million (100
/// thousand in short, 10 million if large), of a tenth as many accounts each.
///
/// The directories are made where TMPDIR says.
enum Growth {
  static func run(_ effort: Effort, isLarge: Bool) throws {
    let few = try Community(sessions: 10_000)
    let many = try Community(sessions: isLarge ? 10_000_000 : effort == .short ? 100_000 : 1_000_000)
    print("\nMade directly in the store, durably, as if evenly over the 30 days before\n")
    print("| sessions | accounts | file, MB | bytes an account | bytes a session | a second |")
    print("|---|---|---|---|---|---|")
    for community in [few, many] { print(community.row) }

    print(
      "\nThe same in both\n\n| what | \(few.sessionCount): µs | \(many.sessionCount): µs | ratio | goal | |\n|---|---|---|---|---|---|"
    )
    try compareChecks(few, many, effort)
    func compare(_ name: String, _ goal: Goal, times: Int, _ work: (Community) throws -> Void) throws {
      // What the directories were made with is no longer in the way, and both are in memory.
      for community in [few, many] { for _ in 0..<times { try work(community) } }
      let measurement = try Measurement(
        name, rounds: effort.rounds(15), times: times, baseline: { try work(few) },
        measured: { try work(many) })
      print(measurement.row(goal))
    }
    try compare("the same in process, without FastCGI", .atMost(1.3), times: 5_000) {
      try $0.check()
    }
    try compare("in process, 1,000 different sessions", .atMost(1.3), times: 5_000) {
      try $0.check(among: 1_000)
    }
    try compare("create-session's two transactions, of any account", .atMost(1.5), times: 100) {
      try $0.signIn()
    }
    try compare("the same as one that is not made durable", .atMost(1.5), times: 1_000) {
      try $0.signInInVain()
    }
    try compare("sessions of an account, page 1", .atMost(1.3), times: 1_000) { try $0.sessionsOfAccount() }
    try compare("sessions of the app, page 1", .atMost(1.3), times: 1_000) { try $0.sessions() }
    try compare("sessions of the app, `after` any", .atMost(1.3), times: 1_000) { try $0.sessionsAfter() }
    try compare("accounts, page 1", .atMost(1.3), times: 1_000) { try $0.accounts() }
    try compare("accounts, `after` any", .atMost(1.3), times: 1_000) { try $0.accountsAfter() }
    try compare("sessions-count of the app", .atMost(1.3), times: 1_000) { try $0.sessionsCount() }
    try compare("CGI program, spawn to exit", .informative, times: 10) { try $0.askProgram() }
    try compare("responder, spawn to its first answer", .informative, times: 5) { try $0.startResponder() }
  }

  /// As `session-checks` has it: the processor's time that a responder takes for a request through nginx.
  private static func compareChecks(_ few: Community, _ many: Community, _ effort: Effort) throws {
    let roads = [Road.session, .dashboard]
    let responders = try [few, many].map { try Responders(roads, signedIn: $0.signedIn()) }
    var times: [Road: [[Double]]] = [:]
    for road in roads {
      for one in responders { _ = try Load(one, road) }
    }
    for _ in 0..<effort.rounds(9) {
      for road in roads {
        times[road, default: []].append(try responders.map { try Load($0, road).cpu })
      }
    }
    for road in roads {
      let (few, many) = (times[road, default: []].map { $0[0] }, times[road, default: []].map { $0[1] })
      let name = "10,000 different session checks through nginx, CPU of a request: \(road.rawValue)"
      print(
        Measurement(name, baseline: few, measured: many).row(road == .dashboard ? .atMost(1.3) : .informative)
      )
    }
  }
}

/// A data directory in which sessions are spread evenly over accounts, and what is asked of it.
private final class Community {
  let sessionCount: Int
  private let directory: TemporaryDirectory
  private let dashboard: Dashboard
  private let router: Router
  private let now: Timestamp
  private var random = SeededRandom(seed: 5)
  private var members: [(id: AccountID, sequence: UInt64)] = []
  private var owner: Session?
  private var asked: [(session: Session, request: Request)] = []
  private var next = 0
  private var bytes: (accounts: Int, all: Int) = (0, 0)
  private var duration = 0.0

  /// Records of one transaction, at most: more would not fit into the pages that LMDB lets one hold in memory. The pages that
  /// a transaction leaves behind are in the file, so that of a small directory takes fewer.
  private var batch: Int { min(40_000, sessionCount / 100) }
  // As long as real ones.
  private static let passwordHash = PasswordHash(text: "$2b$10$" + String(repeating: "a", count: 53))
  private static let sessionKey = [UInt8](repeating: UInt8(ascii: "5"), count: 64)
  /// Seconds over which it was made.
  private static let span: Int64 = 30 * 86_400
  private static let token = String(repeating: "0123456789abcdef", count: 4)

  init(sessions: Int) throws {
    sessionCount = sessions
    directory = try TemporaryDirectory()
    dashboard = try Dashboard(
      dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
    now = dashboard.clock.now()
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

  // MARK: Making it

  private func inBatches(of count: Int, _ body: (borrowing Change, _ number: Int) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: batch) {
      try dashboard.store.write(dashboard.app().name) { change in
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

  /// An account as it is before it is stored, or as much of it as its sessions need.
  private func account(
    _ id: AccountID, _ sequence: UInt64, at moment: Timestamp, usernameHash: [UInt8] = []
  ) throws -> Account {
    Account(
      accountid: id, appid: try dashboard.app().name, sequence: sequence, usernameHash: usernameHash,
      passwordHash: Self.passwordHash, sessionKey: Self.sessionKey, createdAt: moment)
  }

  /// When the one of that number, of so many, was made.
  private func moment(_ number: Int, of count: Int) -> Timestamp {
    now.adding(seconds: Int64(number - count) * Self.span / Int64(count))
  }

  private func register(_ count: Int) throws {
    try inBatches(of: count) { change, number in
      let moment = moment(number, of: count)
      let id = try change.unused(AccountID(madeAt: moment, dashboard.random))
      let account = try account(id, change.nextSequence(), at: moment, usernameHash: randomBytes(64))
      members.append((id, try change.register(account).sequence))
    }
  }

  private func signIn(_ count: Int) throws {
    let keys = try dashboard.app().keys
    try inBatches(of: count) { change, number in
      // The first account is the owner.
      let member = number == 0 ? members[0] : members[Int(random.next() % UInt64(members.count))]
      let moment = moment(number, of: count)
      let account = try account(member.id, member.sequence, at: moment)
      let isAsked = number % (count / 10_000) == 0
      let hash =
        isAsked
        ? keys.tokenHash(
          accountid: member.id, token: Array(Self.token.utf8)[...], sessionKey: account.sessionKey) : nil
      let session = Session(
        sessionid: try change.unused(SessionID(madeAt: moment, dashboard.random)), appid: account.appid,
        accountid: account.accountid, sequence: try change.nextSequence(), duration: 2 * Self.span,
        csrfToken: randomBytes(64), tokenHash: hash ?? randomBytes(64), epoch: 1, createdAt: moment)
      try change.add(session, to: account)
      if number == 0 { owner = session }
      if isAsked { asked.append((session, Self.request(session))) }
    }
    asked.shuffle(using: &random)
  }

  // MARK: What is asked of it

  private static func parameters(_ session: Session) -> [(String, String)] {
    [
      ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/user/session?sessionid=\(session.sessionid)"),
      ("QUERY_STRING", "sessionid=\(session.sessionid)"), ("REMOTE_ADDR", "192.0.2.1"),
      ("SERVER_PROTOCOL", "HTTP/1.1"), ("HTTP_HOST", "localhost"),
      ("HTTP_COOKIE", "sessionid=\(session.sessionid); token=\(token)"),
    ]
  }

  private static func request(_ session: Session) -> Request {
    var request = Request()
    for (name, value) in parameters(session) {
      request.variables.append(Array("\(name)=\(value)".utf8).span)
    }
    return request
  }

  private func nextAsked(among count: Int = .max) -> (session: Session, request: Request) {
    next = (next + 1) % min(count, asked.count)
    return asked[next]
  }

  func check(among count: Int = .max) throws {
    let status = router.respond(to: nextAsked(among: count).request).status
    guard status == 200 else { throw TestFailure("a session check was answered with \(status)") }
  }

  func signedIn() throws -> SignedIn {
    try SignedIn(
      asked.map { SignedIn.Session(id: "\($0.session.sessionid)", token: Self.token) },
      of: directory.path("data"))
  }

  private var anyMember: AccountID { members[Int(random.next() % UInt64(members.count))].id }

  func signIn() throws { try dashboard.signIn(anyMember) }
  func signInInVain() throws { try dashboard.signInInVain(anyMember) }

  func sessionsOfAccount() throws {
    let session = nextAsked().session
    _ = try dashboard.call(Sessions.self, query: ["accountid": "\(session.accountid)"], as: session)
  }
  func sessions() throws { _ = try dashboard.call(Administrator.Sessions.self, as: owner) }
  func sessionsAfter() throws {
    let query = ["after": "\(nextAsked().session.sessionid)"]
    _ = try dashboard.call(Administrator.Sessions.self, query: query, as: owner)
  }
  func accounts() throws { _ = try dashboard.call(Administrator.Accounts.self, as: owner) }
  func accountsAfter() throws {
    let query = ["after": "\(nextAsked().session.accountid)"]
    _ = try dashboard.call(Administrator.Accounts.self, query: query, as: owner)
  }
  func sessionsCount() throws { _ = try dashboard.call(Administrator.SessionsCount.self, as: owner) }

  // MARK: Starting

  private var environment: [String: String] { ["DATA_DIR": directory.path("data")] }

  func askProgram() throws {
    let parameters = Dictionary(Self.parameters(nextAsked().session)) { $1 }
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
    guard let answer = try client?.ask(Self.parameters(nextAsked().session)).http, answer.status == 200 else {
      throw TestFailure("\(process.wait())")
    }
    process.signal(SIGKILL)
    _ = process.wait()
  }
}
