import TestSupport

/// Memory of the responder that is its own alone (RssAnon), before its first request and at most while session checks
/// come.
enum Memory {
  static func run(_ effort: Effort) throws {
    let responders = try Responders([.dashboard, .session])
    func mebibytes(_ bytes: Int) -> Double { Double(bytes) / 1_048_576 }

    print("\nRssAnon of the responder, MiB\n\n| responder | when | RssAnon | goal | |\n|---|---|---|---|---|")
    for road in [Road.dashboard, .session] {
      guard let process = responders.process(road) else { continue }
      func print(_ when: String, _ bytes: Int, _ goal: Double) {
        let goal = road == .dashboard ? Goal.atMost(goal) : .informative
        Swift.print(
          "| \(road.rawValue) | \(when) | \(decimal(mebibytes(bytes))) | \(goal.cells(mebibytes(bytes))) |")
      }
      print("idle", try process.anonymousBytes, 3)
      for (clients, isKept) in [(64, true), (256, true), (64, false)] {
        var most = 0
        _ = try Load(
          responders, road, clients: clients, seconds: effort == .full ? 3 : 1, isKept: isKept
        ) { most = max(most, try process.anonymousBytes) }
        print("\(clients) clients, connections \(isKept ? "kept" : "not kept")", most, 16)
      }
    }
  }
}
