import API
import Accounts
import Glibc
import Routing
import Store
import TestSupport

/// Durable writes by one client and by many at once, in process, against a C program that puts the same keys into a copy of
/// the data. The directories are made where TMPDIR says, which should be a disk.
enum Writes {
  private enum Operation: String, CaseIterable {
    case ending = "set-session-ended"
    case signIn = "create-session"
    case registration = "create-account"

    /// What is compared of it.
    var name: String {
      switch self {
      case .ending: "set-session-ended"
      case .signIn: "create-session without bcrypt: two transactions"
      case .registration: "create-account, bcrypt 4"
      }
    }
  }

  static func run(_ effort: Effort) throws {
    let keys = try ChildProcess.run([Baselines.program("writes"), "keys"]).output
    print(
      "\nWhat an operation writes\n\n| operation | transaction | | table | bytes of the key | of the value |"
    )
    print("|---|---|---|---|---|---|\n\(keys)")
    let rounds = effort.rounds(9)
    let counts = [(clients: 1, each: 100), (clients: 16, each: 50), (clients: 64, each: 30)]
    let endings = counts.reduce(0) { $0 + $1.clients * $1.each * (rounds + 1) }
    let (site, baseline) = (try Site(sessions: endings), try TemporaryDirectory())
    try Files.write(Files.read(site.data("data.mdb")), to: baseline.path("data.mdb"))

    print("Durable writes in process\n")
    print(
      "| what, clients | C, a second | dashboard, a second | ratio | goal | | CPU of one, µs: C | dashboard |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for operation in Operation.allCases {
      var first = 0
      for (clients, each) in counts {
        var (theirs, ours): ([Run], [Run]) = ([], [])
        for _ in 0...rounds {
          theirs.append(try Run(ofC: operation.rawValue, in: baseline.path, clients, each, first))
          ours.append(try Run(clients, each) { [first] in try site.perform(operation, first + $0) })
          first += clients * each
        }
        // The first of each is to warm up.
        let figures = [theirs, ours].map { $0.dropFirst() }
        let row = Measurement(
          "\(operation.name), \(clients)", baseline: figures[0].map(\.rate), measured: figures[1].map(\.rate)
        ).row(.atLeast(0.8))
        print("\(row) " + figures.map { "\(decimal($0.map(\.cpu).median)) |" }.joined(separator: " "))
      }
    }
    try check(site, baseline)
    try measureOther(site, effort)
  }

  /// Some operations, by so many clients at once.
  private struct Run {
    /// A second.
    let rate: Double
    /// Processor time of one, in microseconds.
    let cpu: Double

    init(_ clients: Int, _ each: Int, _ perform: @escaping @Sendable (Int) throws -> Void) throws {
      let count = Double(clients * each)
      let before = Self.processorMicroseconds
      let time = try Measurement.time(1) {
        _ = try Threads.run(clients) { client in
          for number in 0..<each { try perform(number * clients + client) }
        }
      }
      (rate, cpu) = (count / time * 1e6, (Self.processorMicroseconds - before) / count)
    }

    init(ofC operation: String, in directory: String, _ clients: Int, _ each: Int, _ first: Int) throws {
      let count = clients * each
      let ending = try ChildProcess.run([
        Baselines.program("writes"), directory, operation, "\(clients)", "\(count)", "\(first)",
      ])
      let figures = ending.output.split { " \n".contains($0) }.compactMap { Double($0) }
      guard ending.status == 0, figures.count == 2 else { throw TestFailure("writes: \(ending)") }
      (rate, cpu) = (Double(count) / figures[0], figures[1] / Double(count))
    }

    private static var processorMicroseconds: Double {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
  }

  /// What is compared must have written the same.
  private static func check(_ site: Site, _ baseline: TemporaryDirectory) throws {
    let sizes = try [site.data(""), baseline.path].map { directory in
      try ChildProcess.run([Baselines.program("writes"), directory, "sizes"]).output
    }
    guard sizes[0] == sizes[1], !sizes[0].isEmpty else {
      throw TestFailure(
        "different writes: tables, keys, bytes of keys and of values\n\(sizes[0])\n\(sizes[1])")
    }
  }

  /// How long another process waits that writes now and then.
  private static func measureOther(_ site: Site, _ effort: Effort) throws {
    print("\nAnother process's single writes while this one signs in, ms\n")
    print("| clients here | writes | until it may write: p50 | p99 | longest | goal | | durable: p50 | p99 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for clients in [0, 1, 64] {
      let seconds = effort == .full ? 10 : 2
      let other = try ChildProcess([
        Baselines.program("writes"), site.data(""), "other", "\(seconds * 1000)",
      ])
      var number = 0
      while other.isRunning {
        if clients == 0 { usleep(10_000) }
        let first = number
        _ = try Threads.run(clients) { client in
          for each in 0..<10 { try site.perform(.signIn, first + each * clients + client) }
        }
        number += clients * 10
      }
      let lines = other.wait().output.split(separator: "\n")
        .map { $0.split(separator: " ").compactMap { Double($0) } }.filter { $0.count == 2 }
      guard !lines.isEmpty else { throw TestFailure("writes: \(other.wait())") }
      let (begun, durable) = (lines.map { $0[0] / 1000 }, lines.map { $0[1] / 1000 })
      let longest = begun.max() ?? .nan
      let cells = [
        "\(clients)", "\(lines.count)", decimal(begun.median), decimal(begun.quantile(99, of: 100)),
        decimal(longest), (clients == 64 ? Goal.atMost(50) : .informative).cells(longest),
        decimal(durable.median), decimal(durable.quantile(99, of: 100)),
      ]
      print("| \(cells.joined(separator: " | ")) |")
    }
  }

  /// A data directory with an owner, whose sessions are ended, and with accounts that sign in, not for the first time today.
  private struct Site: Sendable {
    private let directory: TemporaryDirectory
    private let dashboard: Dashboard
    private let sessions: [Session]
    private let accounts: [AccountID]

    init(sessions count: Int) throws {
      directory = try TemporaryDirectory()
      let dashboard = try Dashboard(
        dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
      let form = ["username": "owner", "password": "password of the owner"]
      let (owner, now, random) = (
        try dashboard.call(CreateAccount.self, posted: form), dashboard.clock.now(), dashboard.random
      )
      (sessions, accounts) = try dashboard.store.write(owner.appid) { change in
        let sessions = try (0..<count).map { _ in
          let session = Session(
            sessionid: SessionID(rawValue: random.number()), appid: owner.appid, accountid: owner.accountid,
            sequence: try change.nextSequence(), duration: 86_400, csrfToken: random.bytes(64),
            tokenHash: random.bytes(64), epoch: owner.sessionEpoch, createdAt: now)
          try change.add(session, to: owner)
          return session
        }
        let accounts = try (0..<100).map { _ in
          try change.register(
            Account(
              accountid: AccountID(rawValue: random.number()), appid: owner.appid,
              sequence: change.nextSequence(), usernameHash: random.bytes(64),
              passwordHash: PasswordHash(text: String(repeating: "$", count: 60)),
              sessionKey: Account.newSessionKey(random), createdAt: now)
          ).accountid
        }
        return (sessions, accounts)
      }
      self.dashboard = dashboard
      for account in accounts { try dashboard.signIn(account) }
    }

    func data(_ name: String) -> String { directory.path("data/\(name)") }

    /// - Parameter number: of the operation, a new one for each.
    func perform(_ operation: Operation, _ number: Int) throws {
      switch operation {
      case .ending:
        let session = sessions[number]
        _ = try dashboard.call(
          SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: session)
      case .signIn:
        try dashboard.signIn(accounts[number % accounts.count])
      case .registration:
        _ = try dashboard.call(
          CreateAccount.self, posted: ["username": "user \(number)", "password": "a long password"])
      }
    }
  }
}
