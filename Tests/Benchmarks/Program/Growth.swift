import DashboardRecords
import TestSupport

/// The speed in a large data directory, compared with a small one.
///
/// The small one has 10 thousand sessions. The large one has 1 million, or 100 thousand in a short run, or 10 million with
/// `--large`. Each has a tenth as many accounts. Both are in TMPDIR.
enum Growth {
  static func run(_ effort: Effort, isLarge: Bool) throws {
    let few = try SampleData(sessions: 10_000)
    let many = try SampleData(sessions: isLarge ? 10_000_000 : effort == .short ? 100_000 : 1_000_000)
    print("\nRecords that the benchmark wrote durably to the store, spread evenly over 30 days\n")
    print("| sessions | accounts | file, MB | bytes an account | bytes a session | a second |")
    print("|---|---|---|---|---|---|")
    for data in [few, many] { print(data.row) }

    print(
      "\nThe same operation in both directories\n\n| what | \(few.sessionCount): µs | \(many.sessionCount): µs | ratio | goal | |\n|---|---|---|---|---|---|"
    )
    // A full run requests each session once before it measures. The pages are then mapped, as in a server that runs for long.
    let warmUps = effort == .full ? SampleData.requestedCount : 500
    func compare(
      _ name: String, _ goal: Goal, times: Int, first: Int? = nil, _ work: (SampleData) throws -> Void
    ) throws {
      for data in [few, many] { for _ in 0..<(first ?? times) { try work(data) } }
      let measurement = try Measurement(
        name, rounds: effort.rounds(15), times: times, baseline: { try work(few) },
        measured: { try work(many) })
      print(measurement.row(goal))
    }
    try compareThroughNginx(few, many, effort, warmUps: warmUps)
    try compare("session check in process, without FastCGI", .atMost(1.3), times: 5_000, first: warmUps) {
      try $0.check()
    }
    try compare("the same, 1,000 different sessions", .atMost(1.3), times: 5_000) {
      try $0.check(among: 1_000)
    }
    try compare("create-session's two transactions, for a random account", .atMost(1.5), times: 100) {
      try $0.signIn()
    }
    try compare("the same writes in one transaction, rolled back", .atMost(1.5), times: 1_000) {
      try $0.signInAndRollBack()
    }
    let pages: [(String, (SampleData) throws -> Void)] = [
      ("sessions of an account, page 1", { try $0.sessionsOfAccount() }),
      ("sessions of the app, page 1", { try $0.sessions() }),
      ("sessions of the app, `after` a random one", { try $0.sessionsAfter() }),
      ("accounts, page 1", { try $0.accounts() }),
      ("accounts, `after` a random one", { try $0.accountsAfter() }),
      ("sessions-count of the app", { try $0.sessionsCount() }),
    ]
    for (name, work) in pages {
      try compare("\(name), in process", .atMost(1.3), times: 1_000, first: warmUps, work)
    }
    try compare("CGI program, spawn to exit", .informative, times: 10) { try $0.runProgram() }
    let start = try Measurement(
      "responder, spawn to its first response; the goal is in µs", times: 5,
      baseline: { try few.startResponder() }, measured: { try many.startResponder() })
    print("\(start.row) \(Goal.atMost(20_000).cells(start.measured.median)) |")
  }

  /// Measures clients' latencies, and the responder's processor time for a request (as `session-checks` does).
  private static func compareThroughNginx(
    _ few: SampleData, _ many: SampleData, _ effort: Effort, warmUps: Int
  )
    throws
  {
    let clients = try [few, many].map { try NginxClient($0) }
    let backends = [Backend.session, .dashboard]
    var loads: [Backend: [[Load]]] = [:]
    for backend in backends {
      for client in clients { _ = try Load(client.responders, backend) }
    }
    for _ in 0..<effort.rounds(9) {
      for backend in backends {
        loads[backend, default: []].append(try clients.map { try Load($0.responders, backend) })
      }
    }
    func row(_ name: String, _ backend: Backend, _ figure: (Load) -> Double) {
      let figures = (0...1).map { place in loads[backend, default: []].map { figure($0[place]) } }
      let goal = backend == .dashboard ? Goal.atMost(1.3) : .informative
      print(
        Measurement("\(name): \(backend.rawValue)", baseline: figures[0], measured: figures[1]).row(goal))
    }
    for backend in backends {
      row("10,000 different session checks through nginx, CPU of a request", backend, \.cpu)
    }
    for backend in backends { row("the same, the median latency of 64 clients", backend, \.median) }

    func compare(_ name: String, _ work: (NginxClient) throws -> Void) throws {
      for client in clients { for _ in 0..<warmUps { try work(client) } }
      let measurement = try Measurement(
        "one client through nginx: \(name)", rounds: effort.rounds(15), times: 500,
        baseline: { try work(clients[0]) }, measured: { try work(clients[1]) })
      print(measurement.row(.atMost(1.3)))
    }
    try compare("session check") { try $0.check() }
    try compare("sessions of an account, page 1") { try $0.sessionsOfAccount() }
    try compare("sessions of the app, page 1") { try $0.requestAsOwner("sessions") }
    try compare("sessions of the app, `after` a random one") { client in
      try client.requestAsOwner("sessions?after=\(client.data.nextRequested().session.sessionid)")
    }
    try compare("accounts, page 1") { try $0.requestAsOwner("accounts") }
    try compare("accounts, `after` a random one") { client in
      try client.requestAsOwner("accounts?after=\(client.data.nextRequested().session.accountid)")
    }
  }
}

/// A client of nginx. The responder behind nginx serves `data`.
private final class NginxClient {
  let data: SampleData
  let responders: Responders
  private var client: HTTPClient?

  init(_ data: SampleData) throws {
    self.data = data
    responders = try Responders([.session, .dashboard], signedIn: data.signedIn())
  }

  func check() throws {
    let session = data.nextRequested().session
    try request("user/session?sessionid=\(session.sessionid)", as: session)
  }

  func sessionsOfAccount() throws {
    let session = data.nextRequested().session
    try request("user/sessions?accountid=\(session.accountid)", as: session)
  }

  func requestAsOwner(_ route: String) throws {
    guard let owner = data.owner else { throw TestFailure("the app has no owner") }
    try request("administrator/\(route)", as: owner)
  }

  private func request(_ route: String, as session: Session) throws {
    let client = try self.client ?? HTTPClient(.port(responders.port(.dashboard)))
    let cookie = "dashboard_session=\(session.sessionid).\(SampleData.token)"
    let answer = try client.request("GET", "/api/\(route)", headers: [("Cookie", cookie)])
    guard answer.status == 200 else { throw TestFailure("\(route): \(answer.status) \(answer.text)") }
    // nginx closes a connection after a thousand requests.
    self.client = answer["Connection"] == "close" ? nil : client
  }
}
