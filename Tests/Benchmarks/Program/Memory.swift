import TestSupport

/// The responder's RssAnon before its first request, and its maximum during session checks.
enum Memory {
  static func run(_ effort: Effort) throws {
    let responders = try Responders([.dashboard, .session])
    func mebibytes(_ bytes: Int) -> Double { Double(bytes) / 1_048_576 }

    print("\nRssAnon of the responder, MiB\n\n| responder | when | RssAnon | goal | |\n|---|---|---|---|---|")
    for backend in [Backend.dashboard, .session] {
      guard let process = responders.process(backend) else { continue }
      func print(_ when: String, _ bytes: Int, _ goal: Double) {
        let goal = backend == .dashboard ? Goal.atMost(goal) : .informative
        Swift.print(
          "| \(backend.rawValue) | \(when) | \(decimal(mebibytes(bytes))) | \(goal.cells(mebibytes(bytes))) |"
        )
      }
      print("idle", try process.anonymousBytes, 3)
      for (clients, isKept) in [(64, true), (256, true), (64, false)] {
        var most = 0
        _ = try Load(
          responders, backend, clients: clients, seconds: effort == .full ? 3 : 1, isKept: isKept
        ) { most = max(most, try process.anonymousBytes) }
        print("\(clients) clients, connections \(isKept ? "kept" : "not kept")", most, 16)
      }
    }
  }
}
