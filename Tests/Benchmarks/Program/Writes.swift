import DashboardEndpoints
import DashboardRouting
import DashboardStore
import Glibc
import TestSupport

/// Durable writes in process by one client and by concurrent clients. The baseline is a C program that writes the same keys to
/// a copy of the data. The directories are in TMPDIR, which should be on a disk.
enum Writes {
  enum Operation: String, CaseIterable {
    case ending = "set-session-ended"
    case signIn = "create-session"
    case registration = "create-account"

    /// The name in the table.
    var name: String {
      switch self {
      case .ending: "set-session-ended"
      case .signIn: "create-session without bcrypt: two transactions"
      case .registration: "create-account, bcrypt 4"
      }
    }

    var transactions: Int { self == .signIn ? 2 : 1 }
  }

  static func run(_ effort: Effort) throws {
    let keys = try ChildProcess.run([Baselines.program("writes"), "keys"]).output
    print(
      "\nThe writes of an operation\n\n| operation | transaction | | table | bytes of the key | of the value |"
    )
    print("|---|---|---|---|---|---|\n\(keys)")
    let rounds = effort.rounds(9)
    let counts = [(clients: 1, each: 100), (clients: 16, each: 50), (clients: 64, each: 30)]
    let endings = counts.reduce(0) { $0 + $1.clients * $1.each * (rounds + 1) }
    let (site, full, same) = (
      try WriteSite(sessions: endings), try TemporaryDirectory(), try TemporaryDirectory()
    )
    for copy in [full, same] { try Files.write(Files.read(site.data("data.mdb")), to: copy.path("data.mdb")) }

    print(
      "Durable writes in process; C with the largest possible commits, and with commits of dashboard's mean size\n"
    )
    print(
      "| operation, clients | C, a second | dashboard, a second | ratio | goal | | CPU of an operation, µs: C | dashboard "
        + "| transactions in a commit | C with the same number, a second | ratio | goal | |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for operation in Operation.allCases {
      var first = 0
      for (clients, each) in counts {
        // The first round warms up.
        var measured: [Round] = []
        for _ in 0...rounds {
          measured.append(
            try Round(operation, site, (full: full.path, same: same.path), clients, each, first: first))
          first += clients * each
        }
        print(Round.row("\(operation.name), \(clients)", measured.dropFirst()))
      }
    }
    for copy in [full, same] { try check(site, copy) }
    try measureOther(site, effort)
  }

  /// One round: C with the largest commits, then dashboard, then C with commits of dashboard's mean size.
  private struct Round {
    let (full, ours, same): (Run, Run, Run)
    /// The mean number of transactions in a commit of dashboard.
    let batch: Double

    init(
      _ operation: Operation, _ site: WriteSite, _ copies: (full: String, same: String), _ clients: Int,
      _ each: Int,
      first: Int
    ) throws {
      func theirs(_ directory: String, batch: Int) throws -> Run {
        try Run(ofC: operation.rawValue, in: directory, clients, batch: batch, clients * each, first)
      }
      // A commit of dashboard contains at most 64 transactions.
      full = try theirs(copies.full, batch: min(clients, 64))
      let before = try site.commits()
      ours = try Run(clients, each) { try site.perform(operation, first + $0) }
      let commits = try site.commits() - before
      batch = Double(clients * each * operation.transactions) / Double(commits)
      same = try theirs(copies.same, batch: max(1, Int(batch.rounded())))
    }

    static func row(_ name: String, _ rounds: ArraySlice<Round>) -> String {
      let (goal, rates) = (Goal.atLeast(0.8), rounds.map(\.ours.rate))
      let toFull = Measurement(name, baseline: rounds.map(\.full.rate), measured: rates)
      let toSame = Measurement(name, baseline: rounds.map(\.same.rate), measured: rates)
      let figures = [rounds.map(\.full.cpu), rounds.map(\.ours.cpu), rounds.map(\.batch)]
        .map { "\(decimal($0.median)) |" }
      return "\(toFull.row(goal)) \(figures.joined(separator: " ")) \(toSame.cells(goal))"
    }
  }

  /// Operations of concurrent clients.
  private struct Run {
    /// Operations a second.
    let rate: Double
    /// Processor time of an operation, in microseconds.
    let cpu: Double

    /// Measures without the start of the threads, because the C program starts none for its clients.
    init(_ clients: Int, _ each: Int, _ perform: @escaping @Sendable (Int) throws -> Void) throws {
      let count = Double(clients * each)
      let spans = try Threads.run(clients) { client in
        let begun = Moment()
        for number in 0..<each { try perform(number * clients + client) }
        return (begun: begun, ended: Moment())
      }
      let (begun, ended) = (spans.map(\.begun), spans.map(\.ended))
      func between(_ clock: KeyPath<Moment, Double>) -> Double {
        (ended.map { $0[keyPath: clock] }.max() ?? .nan) - (begun.map { $0[keyPath: clock] }.min() ?? .nan)
      }
      (rate, cpu) = (count / between(\.time) * 1e6, between(\.processorTime) / count)
    }

    init(ofC operation: String, in directory: String, _ clients: Int, batch: Int, _ count: Int, _ first: Int)
      throws
    {
      let ending = try ChildProcess.run([
        Baselines.program("writes"), directory, operation, "\(clients)", "\(batch)", "\(count)", "\(first)",
      ])
      let figures = ending.output.split { " \n".contains($0) }.compactMap { Double($0) }
      guard ending.status == 0, figures.count == 2 else { throw TestFailure("writes: \(ending)") }
      (rate, cpu) = (Double(count) / figures[0], figures[1] / Double(count))
    }

    /// The readings of two clocks, in microseconds.
    private struct Moment {
      let time = Self.microseconds(CLOCK_MONOTONIC)
      /// The processor time of the process.
      let processorTime = Self.microseconds(CLOCK_PROCESS_CPUTIME_ID)

      private static func microseconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
      }
    }
  }

  /// Throws unless dashboard and C wrote the same number of keys and bytes.
  private static func check(_ site: WriteSite, _ baseline: TemporaryDirectory) throws {
    let sizes = try [site.data(""), baseline.path].map { directory in
      try ChildProcess.run([Baselines.program("writes"), directory, "sizes"]).output
    }
    guard sizes[0] == sizes[1], !sizes[0].isEmpty else {
      throw TestFailure(
        "different writes (table, keys, bytes of keys, bytes of values):\n\(sizes[0])\n\(sizes[1])")
    }
  }

  /// Measures how long a second process waits to write.
  private static func measureOther(_ site: WriteSite, _ effort: Effort) throws {
    print("\nSingle writes of a second process during sign-ins of dashboard, ms\n")
    print(
      "| sign-in clients | writes | wait for the lock: p50 | p99 | longest | goal | | wait until durable: p50 | p99 |"
    )
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
}
