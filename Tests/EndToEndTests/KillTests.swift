import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import Glibc
import Synchronization
import TestSupport
import Testing

/// Every answered write is on disk, whenever the program is killed.
@Suite("killed at any moment")
struct KillTests {
  private static let settings = [
    "BCRYPT_WORKLOAD_FACTOR": "4", "MAXIMUM_ATTEMPTS": "1000000", "MAXIMUM_REGISTRATIONS": "1000000",
    "HASHING_THREADS": "8",
  ]

  /// A visitor, and the step without an answer. The program did it whole or not at all.
  private struct Life: Sendable {
    var visitor: Visitor
    var open: (step: Visitor.Step, caller: String?)?
  }

  @Test("after SIGKILL under load every answered write is there, and every other write is whole or absent")
  func killing() throws {
    let data = try TemporaryDirectory()
    let environment = Self.settings.merging(["DATA_DIR": data.path("data")]) { $1 }
    var lives = [[Life]](repeating: [], count: 8)
    // A number of answers is the same moment on each machine. A time is not.
    for (round, answers) in [40, 61, 82, 103, 60, 20].enumerated() {
      do {
        let responder = try ResponderProcess(environment: environment)
        let owner = try Self.owner(responder, isFirst: round == 0)
        let answered = Atomic(0)
        let before = lives
        lives = try Threads.run(8) { thread in
          let random = SeededRandom(seed: UInt64(round * 8 + thread))
          return try Self.live(
            before[thread], number: (round * 8 + thread) * 10_000, random, responder, owner
          ) {
            if answered.add(1, ordering: .relaxed).newValue == answers { responder.process.signal(SIGKILL) }
          }
        }
        // The number of answers shows whether the load ended too early.
        responder.process.signal(SIGKILL)
        #expect(responder.process.wait().status == 128 + SIGKILL)
        #expect(answered.load(ordering: .relaxed) >= answers)
      }
      let dashboard = try Dashboard(dataDirectory: data.path("data"), settings: Self.settings)
      #expect(try dashboard.services.store.problems() == [])
      lives = try lives.map { try $0.map { Life(visitor: try Self.settled($0, dashboard)) } }
      let accounts = lives.joined().filter { $0.visitor.accountid != nil && !$0.visitor.isGone }.count
      let name = try dashboard.app().name
      #expect(try dashboard.services.store.read(name) { try $0.count(.all) } == accounts + 1)
    }
  }

  // MARK: The load

  private static func owner(_ responder: ResponderProcess, isFirst: Bool) throws -> (
    id: String, token: String
  ) {
    let client = try FastCGIClient(.unix(responder.socketPath))
    let visitor = Visitor(username: "owner", password: "password of owner")
    if isFirst { #expect(try send(client, visitor.request(.signUp), nil, thread: 99).status == 200) }
    let session = try send(client, visitor.request(.signIn), nil, thread: 99).json
    return try (session.id("sessionid"), session.id("token"))
  }

  /// Takes steps of visitors until the program is gone.
  private static func live(
    _ lives: [Life], number: Int, _ random: SeededRandom, _ responder: ResponderProcess,
    _ owner: (id: String, token: String), answered: () -> Void
  ) throws -> [Life] {
    var (lives, number, random) = (lives, number, random)
    let client = try FastCGIClient(.unix(responder.socketPath))
    while true {
      number += 1
      let living = lives.indices.filter { !lives[$0].visitor.isGone }
      if living.count < 4 || Int.random(in: 0..<10, using: &random) == 0 {
        lives.append(Life(visitor: Visitor(username: "name\(number)", password: "password \(number)")))
      }
      let index = living.randomElement(using: &random) ?? lives.count - 1
      let visitor = lives[index].visitor
      let step = visitor.nextStep(number: number, using: &random)
      let caller = if case .remove = step { owner } else { visitor.session }
      lives[index].open = (step, caller?.id)
      let answer: HTTPResponse
      do {
        answer = try send(client, visitor.request(step), caller, thread: number / 10_000)
      } catch is TestFailure {
        return lives
      }
      lives[index].open = nil
      // A busy server did not do the step.
      if answer.status == 503 { continue }
      guard answer.status == 200 else { throw Site.Unexpected("\(step): \(answer.text)") }
      let json = try answer.json
      let id = ["sessionid", "codeid", "profileid", "accountid"].lazy.compactMap { json[$0]?.string }.first
      lives[index].visitor.take(step, id: id, token: json["token"]?.string, caller: caller?.id)
      answered()
    }
  }

  private static func send(
    _ client: FastCGIClient,
    _ request: (verb: String, target: String, form: [(key: String, value: String)]),
    _ caller: (id: String, token: String)?, thread: Int
  ) throws -> HTTPResponse {
    let body = Array(Site.urlEncoded(request.form).utf8)
    var parameters = [
      ("REQUEST_METHOD", request.verb), ("REQUEST_URI", request.target),
      ("REMOTE_ADDR", "192.0.2.\(thread)"), ("CONTENT_LENGTH", "\(body.count)"),
    ]
    if !body.isEmpty { parameters.append(("CONTENT_TYPE", "application/x-www-form-urlencoded")) }
    if let caller { parameters.append(("HTTP_AUTHORIZATION", "Bearer \(caller.id).\(caller.token)")) }
    return try client.ask(parameters, body: body).http
  }

  // MARK: The stored data

  /// The stored visitor: after the last answer, or after the open step.
  private static func settled(_ life: Life, _ dashboard: Dashboard) throws -> Visitor {
    let app = try dashboard.app()
    let now = dashboard.services.clock.now()
    return try dashboard.services.store.read(app.name) { snapshot in
      let before = Stored(life.visitor)
      let found = try Stored(in: snapshot, life.visitor, app.secrets, now)
      if let (step, caller) = life.open {
        var after = life.visitor
        let new = found.identifiers.subtracting(before.identifiers).first
        after.take(step, id: new, caller: caller)
        // The step may have set another username and password.
        if try Stored(in: snapshot, after, app.secrets, now) == Stored(after) { return after }
      }
      try #require(found == before, "open: \(String(describing: life.open))")
      return life.visitor
    }
  }
}

/// The comparable parts of a visitor, expected or stored.
private struct Stored: Equatable {
  var account: String?
  var hasUsername = false
  var hasPassword = false
  var isLeaving = false
  var sessions: Set<String> = []
  var endedSessions: Set<String> = []
  var profiles: Set<String> = []
  var codes: Set<String> = []

  var identifiers: Set<String> {
    let all = sessions.union(endedSessions).union(profiles).union(codes)
    return account.map { all.union([$0]) } ?? all
  }

  /// The expected parts.
  init(_ visitor: Visitor) {
    guard let id = visitor.accountid, !visitor.isGone else { return }
    (account, hasUsername, hasPassword, isLeaving) = (id, true, true, visitor.isLeaving)
    (sessions, endedSessions) = (Set(visitor.sessions.keys), visitor.endedSessions)
    (profiles, codes) = (visitor.profiles, Set(visitor.codes.keys))
  }

  /// The stored parts.
  init(in snapshot: borrowing Snapshot, _ visitor: Visitor, _ secrets: Secrets, _ now: Timestamp) throws {
    let named = try snapshot.account(usernameHashes: [secrets.hash(visitor.username.utf8)])
    let id = visitor.accountid.flatMap { AccountID($0) }
    guard let account = try id.map({ try snapshot.account($0) }) ?? named else {
      hasUsername = named != nil
      return
    }
    self.account = "\(account.accountid)"
    hasUsername = named == account
    hasPassword = account.passwordHash.matches(visitor.password.utf8, secrets: secrets)
    isLeaving = account.deletedAt != nil
    for session: Session in try snapshot.records(of: account, limit: .max) {
      let id = "\(session.sessionid)"
      if session.hasEnded(at: now, account: account) {
        endedSessions.insert(id)
      } else if let token = visitor.sessions[id], !token.isEmpty {
        let hash = secrets.tokenHash(
          accountid: account.accountid, token: Array(token.utf8)[...], sessionSalt: account.sessionSalt)
        sessions.insert(hash == session.tokenHash ? id : "\(id) of another token")
      } else {
        sessions.insert(id)
      }
    }
    let profiles: [Profile] = try snapshot.records(of: account, limit: .max)
    let codes: [ResetCode] = try snapshot.records(of: account, limit: .max)
    (self.profiles, self.codes) = (Set(profiles.map { "\($0.id)" }), Set(codes.map { "\($0.id)" }))
  }
}
