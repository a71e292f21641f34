import DashboardRouting

/// Finds the command that words name, and runs it.
enum Commands {
  /// - Parameter words: the arguments of the program.
  /// - Returns: the exit status.
  static func run(_ words: [String]) -> Int32 {
    do {
      switch words.first {
      case "help"?: return try CommandHelp.show(Array(words.dropFirst()))
      case "version"? where words.count == 1:
        try Output.write("dashboard \(Version.text)\n")
        return ExitStatus.success
      case let first? where words.count == 2 && ["--help", "-h"].contains(words[1]) && isGroup(first):
        return try CommandHelp.show([first])
      default: break
      }
      let (command, rest) = try find(words)
      let invocation = try Invocation(command, rest)
      if invocation.asksForHelp {
        try Output.write(CommandHelp.text(command))
        return ExitStatus.success
      }
      // A server ends by the signal, which its supervisor sees.
      if command.name != Command.serve.name { ProcessState.explainDamage() }
      return try command.run(invocation)
    } catch {
      let error = CommandError(error)
      StandardError.write("dashboard: \(Output.safe(error.text))")
      return error.status
    }
  }

  /// True for the first word of commands with two, such as `account`.
  static func isGroup(_ word: String) -> Bool { Command.all.contains { $0.name.hasPrefix("\(word) ") } }

  /// - Throws: `CommandError` that names the nearest commands.
  static func find(_ words: [String]) throws(CommandError) -> (Command, ArraySlice<String>) {
    let all = Command.all
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = all.first(where: { $0.name == name }) { return (command, words.dropFirst(count)) }
    }
    let first = words.first ?? ""
    let subcommands = all.map(\.name).filter { $0.hasPrefix("\(first) ") }
    let name = first.drop { $0 == "-" }.split(separator: "=").first.map(String.init) ?? ""
    if first.hasPrefix("-"), name != Command.Option.help.name, all.contains(where: { $0.takes(name) }) {
      throw .usage(
        "'\(first)' comes after the command: dashboard COMMAND \(first); all commands: dashboard --help")
    }
    if subcommands.isEmpty {
      let known = Set(all.compactMap { $0.name.split(separator: " ").first.map(String.init) } + ["help"])
      // As in `suspend bob` and in `list account`.
      let inner = all.map(\.name).filter { $0.hasSuffix(" \(first)") }
      let nearest = NearestWords.question(
        inner.isEmpty ? NearestWords.of(first, among: known.sorted()) : inner)
      throw .usage(
        "there is no command '\(first)'\(nearest)\(nearest.isEmpty ? ";" : "") all commands: dashboard --help"
      )
    }
    let list = subcommands.map { "'\($0)'" }.joined(separator: ", ")
    guard words.count > 1, !words[1].hasPrefix("-") else {
      throw .usage("'\(first)' needs one more word: \(list)")
    }
    let nearest = NearestWords.of(words[1], among: subcommands.map { String($0.dropFirst(first.count + 1)) })
    let question = NearestWords.question(nearest.map { "\(first) \($0)" })
    throw .usage(
      "there is no command '\(first) \(words[1])'\(question.isEmpty ? ": there are \(list)" : question)")
  }
}
