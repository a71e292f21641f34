/// How long one client, alone, waits for a session check: wrk with one connection, which it keeps.
enum Latency {
  static func run(_ effort: Effort) throws {
    let roads = [Road.dashboard, .session, .hello, .fixed]
    let responders = try Responders(roads)
    var medians: [Road: [Double]] = [:]
    for road in roads { _ = try Load(responders, road, clients: 1) }
    for _ in 0..<effort.rounds(9) {
      for road in roads { medians[road, default: []].append(try Load(responders, road, clients: 1).median) }
    }
    let fixed = medians[.fixed] ?? []

    print("\nOne client's session checks through nginx: the median latency of each round, in µs\n")
    print("| what answers | median | more than `return 200` (quartiles) | goal | |\n|---|---|---|---|---|")
    for road in roads {
      let more = zip(medians[road] ?? [], fixed).map { $0 - $1 }
      let goal = road == .dashboard ? Goal.atMost(20) : .informative
      let spread = [1, 3].map { decimal(more.quantile($0, of: 4)) }.joined(separator: "–")
      print(
        "| \(road.rawValue) | \(decimal((medians[road] ?? []).median)) | \(decimal(more.median)) (\(spread)) | "
          + "\(goal.cells(more.median)) |")
    }
  }
}
