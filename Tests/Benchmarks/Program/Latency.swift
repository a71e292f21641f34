/// The latency of one client's session checks: wrk with one kept connection.
enum Latency {
  static func run(_ effort: Effort) throws {
    let backends = [Backend.dashboard, .session, .hello, .fixed]
    let responders = try Responders(backends)
    var medians: [Backend: [Double]] = [:]
    for backend in backends { _ = try Load(responders, backend, clients: 1) }
    for _ in 0..<effort.rounds(9) {
      for backend in backends {
        medians[backend, default: []].append(try Load(responders, backend, clients: 1).median)
      }
    }
    let fixed = medians[.fixed] ?? []

    print("\nOne client's session checks through nginx: the median latency of each round, in µs\n")
    print("| backend | median | more than `return 200` (quartiles) | goal | |\n|---|---|---|---|---|")
    for backend in backends {
      let more = zip(medians[backend] ?? [], fixed).map { $0 - $1 }
      let goal = backend == .dashboard ? Goal.atMost(20) : .informative
      let spread = [1, 3].map { decimal(more.quantile($0, of: 4)) }.joined(separator: "–")
      print(
        "| \(backend.rawValue) | \(decimal((medians[backend] ?? []).median)) | \(decimal(more.median)) (\(spread)) | "
          + "\(goal.cells(more.median)) |")
    }
  }
}
