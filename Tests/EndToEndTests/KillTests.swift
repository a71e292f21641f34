import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import Glibc
import Synchronization
import TestSupport
import Testing

/// Whatever was answered is on disk, whole, whenever the program ends.
@Suite("killed at any moment")
struct KillTests {
  private static let settings = [
    "BCRYPT_WORKLOAD_FACTOR": "4", "MAXIMUM_ATTEMPTS": "1000000", "MAXIMUM_REGISTRATIONS": "1000000",
    "HASHING_THREADS": "8",
  ]

  /// Somebody, and the step that was asked for when the program was killed, which was done or was not.
  private struct Life: Sendable {
    var visitor: Visitor
    var open: (step: Visitor.Step, asker: String?)?
  }

  @Test("SIGKILL under load, again and again: every answered write is there, and nothing is half done")
  func killing() throws {
    let data = try TemporaryDirectory()
    let environment = Self.settings.merging(["DATA_DIR": data.path("data")]) { $1 }
    var lives = [[Life]](repeating: [], count: 8)
    // After so many answers, since a time would be another moment on each machine.
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
        // Where the load ended otherwise, the number of answers tells.
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
    if isFirst { #expect(try ask(client, visitor.request(.signUp), nil, thread: 99).status == 200) }
    let session = try ask(client, visitor.request(.signIn), nil, thread: 99).json
    return try (session.id("sessionid"), session.id("token"))
  }

  /// Lets people do one thing after the other until the program is gone.
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
      let asker = if case .remove = step { owner } else { visitor.session }
      lives[index].open = (step, asker?.id)
      let answer: HTTPResponse
      do {
        answer = try ask(client, visitor.request(step), asker, thread: number / 10_000)
      } catch is TestFailure {
        return lives
      }
      lives[index].open = nil
      // Busy: it was not done.
      if answer.status == 503 { continue }
      guard answer.status == 200 else { throw Site.Unexpected("\(step): \(answer.text)") }
      let json = try answer.json
      let id = ["sessionid", "codeid", "profileid", "accountid"].lazy.compactMap { json[$0]?.string }.first
      lives[index].visitor.take(step, id: id, token: json["token"]?.string, asker: asker?.id)
      answered()
    }
  }

  private static func ask(
    _ client: FastCGIClient,
    _ request: (verb: String, target: String, form: [(key: String, value: String)]),
    _ asker: (id: String, token: String)?, thread: Int
  ) throws -> HTTPResponse {
    let body = Array(Site.urlEncoded(request.form).utf8)
    var parameters = [
      ("REQUEST_METHOD", request.verb), ("REQUEST_URI", request.target),
      ("REMOTE_ADDR", "192.0.2.\(thread)"), ("CONTENT_LENGTH", "\(body.count)"),
    ]
    if !body.isEmpty { parameters.append(("CONTENT_TYPE", "application/x-www-form-urlencoded")) }
    if let asker { parameters.append(("HTTP_AUTHORIZATION", "Bearer \(asker.id).\(asker.token)")) }
    return try client.ask(parameters, body: body).http
  }

  // MARK: What is left of it

  /// The visitor as stored: as the last answer left them, or with the open step done, whole.
  private static func settled(_ life: Life, _ dashboard: Dashboard) throws -> Visitor {
    let app = try dashboard.app()
    let now = dashboard.services.clock.now()
    return try dashboard.services.store.read(app.name) { snapshot in
      let before = Stored(life.visitor)
      let found = try Stored(in: snapshot, life.visitor, app.secrets, now)
      if let (step, asker) = life.open {
        var after = life.visitor
        let new = found.identifiers.subtracting(before.identifiers).first
        after.take(step, id: new, asker: asker)
        // The name and the password that the step sets are looked for in turn.
        if try Stored(in: snapshot, after, app.secrets, now) == Stored(after) { return after }
      }
      try #require(found == before, "open: \(String(describing: life.open))")
      return life.visitor
    }
  }
}

/// What can be compared of a visitor as expected and as found.
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

  /// As it should be.
  init(_ visitor: Visitor) {
    guard let id = visitor.accountid, !visitor.isGone else { return }
    (account, hasUsername, hasPassword, isLeaving) = (id, true, true, visitor.isLeaving)
    (sessions, endedSessions) = (Set(visitor.sessions.keys), visitor.endedSessions)
    (profiles, codes) = (visitor.profiles, Set(visitor.codes.keys))
  }

  /// As it is.
  init(in snapshot: borrowing Snapshot, _ visitor: Visitor, _ secrets: Secrets, _ now: Timestamp) throws {
    let named = try snapshot.account(usernameHash: secrets.hash(visitor.username.utf8))
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
