import Glibc

/// What is measured, in the order in which it runs. Arguments name subjects; without any, all of them run. `--short` finds
/// what is far off; `--large` lets `growth` go to 10 million sessions. `--plot RESULTS` prints an SVG of what a run found.
let subjects: [(name: String, run: (Effort) throws -> Void)] = [
  ("session-checks", SessionChecks.run),
  ("instructions", Instructions.run),
  ("latency", Latency.run),
  ("memory", Memory.run),
  ("cgi", CGIStart.run),
  ("writes", Writes.run),
  ("sign-ins", SignIns.run),
  ("lists", Lists.run),
  ("decoding", Decoding.run),
  ("upgrades", Upgrades.run),
  ("growth", { try Growth.run($0, isLarge: CommandLine.arguments.contains("--large")) }),
]

if CommandLine.arguments.dropFirst().first == "--plot", let results = CommandLine.arguments.last {
  print(try Plot.svg(ofResults: results))
  exit(0)
}
let names = CommandLine.arguments.dropFirst().filter { !["--short", "--large"].contains($0) }
if let unknown = names.first(where: { name in !subjects.contains { $0.name == name } }) {
  print(
    "\(unknown): no such subject; there are \(subjects.map(\.name).joined(separator: ", ")), --short and --large"
  )
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
