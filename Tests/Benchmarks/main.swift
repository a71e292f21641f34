import Glibc

/// What is measured, in the order in which it runs. Arguments name subjects; without any, all of them run.
let subjects: [(name: String, run: (Effort) throws -> Void)] = [
  ("session-checks", SessionChecks.run),
  ("instructions", Instructions.run),
  ("latency", Latency.run),
  ("memory", Memory.run),
  ("cgi", CGIStart.run),
  ("lists", Lists.run),
]

let names = CommandLine.arguments.dropFirst().filter { $0 != "--short" }
if let unknown = names.first(where: { name in !subjects.contains { $0.name == name } }) {
  print("\(unknown): no such subject; there are \(subjects.map(\.name).joined(separator: ", ")), and --short")
  exit(64)
}
let effort: Effort = CommandLine.arguments.contains("--short") ? .short : .full
do {
  for subject in subjects where names.isEmpty || names.contains(subject.name) { try subject.run(effort) }
} catch {
  // Not left to the runtime, which would end the process before what was started is stopped.
  print("failed: \(error)")
  exit(70)
}
// A short run tells only what is far off.
exit(effort == .short && Goal.hasGrossMiss ? 1 : 0)
