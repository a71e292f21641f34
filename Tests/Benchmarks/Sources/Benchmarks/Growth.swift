import DashboardRecords
import TestSupport

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
    // In full, each session that is asked for once: its pages are then mapped, as those of a server are that runs for long.
    let warmUps = effort == .full ? Community.askedCount : 500
    func compare(
      _ name: String, _ goal: Goal, times: Int, first: Int? = nil, _ work: (Community) throws -> Void
    ) throws {
      for community in [few, many] { for _ in 0..<(first ?? times) { try work(community) } }
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
    try compare("create-session's two transactions, of any account", .atMost(1.5), times: 100) {
      try $0.signIn()
    }
    try compare("the same as one that is not made durable", .atMost(1.5), times: 1_000) {
      try $0.signInInVain()
    }
    let pages: [(String, (Community) throws -> Void)] = [
      ("sessions of an account, page 1", { try $0.sessionsOfAccount() }),
      ("sessions of the app, page 1", { try $0.sessions() }),
      ("sessions of the app, `after` any", { try $0.sessionsAfter() }),
      ("accounts, page 1", { try $0.accounts() }),
      ("accounts, `after` any", { try $0.accountsAfter() }),
      ("sessions-count of the app", { try $0.sessionsCount() }),
    ]
    for (name, work) in pages {
      try compare("\(name), in process", .atMost(1.3), times: 1_000, first: warmUps, work)
    }
    try compare("CGI program, spawn to exit", .informative, times: 10) { try $0.askProgram() }
    let start = try Measurement(
      "responder, spawn to its first answer; the goal is of the µs", times: 5,
      baseline: { try few.startResponder() }, measured: { try many.startResponder() })
    print("\(start.row) \(Goal.atMost(20_000).cells(start.measured.median)) |")
  }

  /// What a client waits for, and as `session-checks` has it the processor's time that a responder takes for a request.
  private static func compareThroughNginx(_ few: Community, _ many: Community, _ effort: Effort, warmUps: Int)
    throws
  {
    let visitors = try [few, many].map { try Visitor($0) }
    let roads = [Road.session, .dashboard]
    var loads: [Road: [[Load]]] = [:]
    for road in roads {
      for visitor in visitors { _ = try Load(visitor.responders, road) }
    }
    for _ in 0..<effort.rounds(9) {
      for road in roads {
        loads[road, default: []].append(try visitors.map { try Load($0.responders, road) })
      }
    }
    func row(_ name: String, _ road: Road, _ figure: (Load) -> Double) {
      let figures = (0...1).map { place in loads[road, default: []].map { figure($0[place]) } }
      let goal = road == .dashboard ? Goal.atMost(1.3) : .informative
      print(
        Measurement("\(name): \(road.rawValue)", baseline: figures[0], measured: figures[1]).row(goal))
    }
    for road in roads { row("10,000 different session checks through nginx, CPU of a request", road, \.cpu) }
    for road in roads { row("the same, what 64 clients wait for (median)", road, \.median) }

    func compare(_ name: String, _ visit: (Visitor) throws -> Void) throws {
      for visitor in visitors { for _ in 0..<warmUps { try visit(visitor) } }
      let measurement = try Measurement(
        "one client through nginx: \(name)", rounds: effort.rounds(15), times: 500,
        baseline: { try visit(visitors[0]) }, measured: { try visit(visitors[1]) })
      print(measurement.row(.atMost(1.3)))
    }
    try compare("session check") { try $0.check() }
    try compare("sessions of an account, page 1") { try $0.sessionsOfAccount() }
    try compare("sessions of the app, page 1") { try $0.askAsOwner("sessions") }
    try compare("sessions of the app, `after` any") { visitor in
      try visitor.askAsOwner("sessions?after=\(visitor.community.nextAsked().session.sessionid)")
    }
    try compare("accounts, page 1") { try $0.askAsOwner("accounts") }
    try compare("accounts, `after` any") { visitor in
      try visitor.askAsOwner("accounts?after=\(visitor.community.nextAsked().session.accountid)")
    }
  }
}

/// A client of a responder behind nginx that has what the community made.
private final class Visitor {
  let community: Community
  let responders: Responders
  private var client: HTTPClient?

  init(_ community: Community) throws {
    self.community = community
    responders = try Responders([.session, .dashboard], signedIn: community.signedIn())
  }

  func check() throws {
    let session = community.nextAsked().session
    try ask("user/session?sessionid=\(session.sessionid)", as: session)
  }

  func sessionsOfAccount() throws {
    let session = community.nextAsked().session
    try ask("user/sessions?accountid=\(session.accountid)", as: session)
  }

  func askAsOwner(_ route: String) throws {
    guard let owner = community.owner else { throw TestFailure("nobody owns the app") }
    try ask("administrator/\(route)", as: owner)
  }

  private func ask(_ route: String, as session: Session) throws {
    let client = try self.client ?? HTTPClient(.port(responders.port(.dashboard)))
    let cookie = "sessionid=\(session.sessionid); token=\(Community.token)"
    let answer = try client.request("GET", "/api/\(route)", headers: [("Cookie", cookie)])
    guard answer.status == 200 else { throw TestFailure("\(route): \(answer.status) \(answer.text)") }
    // nginx closes it after a thousand requests.
    self.client = answer["Connection"] == "close" ? nil : client
  }
}
