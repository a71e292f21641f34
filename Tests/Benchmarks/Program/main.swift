import Glibc

/// The subjects in the order in which they run. Arguments name subjects; the default is all. `--short` finds gross differences
/// only. `--large` lets `growth` make 10 million sessions. `--plot RESULTS` prints an SVG of a file of results.
let subjects: [(name: String, run: (Effort) throws -> Void)] = [
  ("session-checks", SessionChecks.run),
  ("instructions", Instructions.run),
  ("latency", Latency.run),
  ("memory", Memory.run),
  ("pages", Pages.run),
  ("administrator", AdministratorPages.run),
  ("cgi", CGIStart.run),
  ("writes", Writes.run),
  ("sign-ins", SignIns.run),
  ("second-factors", SecondFactors.run),
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
    "unknown subject '\(unknown)'; the subjects are \(subjects.map(\.name).joined(separator: ", ")) (options: --short, --large)"
  )
  exit(64)
}
let effort: Effort = CommandLine.arguments.contains("--short") ? .short : .full
do {
  for subject in subjects where names.isEmpty || names.contains(subject.name) { try subject.run(effort) }
} catch {
  // An uncaught error would end the process before it stops its child processes.
  print("failed: \(error)")
  exit(70)
}
// A short run fails only for gross misses.
exit(effort == .short && Goal.hasGrossMiss ? 1 : 0)
