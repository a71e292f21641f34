/// Finds the command that words name, and runs it.
enum Commands {
  /// - Parameter words: the arguments of the program.
  /// - Returns: the exit status.
  static func run(_ words: [String]) -> Int32 {
    do {
      if words.first == "help" { return try CommandHelp.show(Array(words.dropFirst())) }
      let (command, rest) = try find(words)
      let invocation = try Invocation(command, rest)
      if invocation.asksForHelp {
        try Output.write(CommandHelp.text(command))
        return ExitStatus.success
      }
      return try command.run(invocation)
    } catch {
      let error = CommandError(error)
      StandardError.write("dashboard: \(Output.safe(error.text))")
      return error.status
    }
  }

  /// - Throws: `CommandError` that names the nearest commands.
  static func find(_ words: [String]) throws(CommandError) -> (Command, ArraySlice<String>) {
    let all = Command.all
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = all.first(where: { $0.name == name }) { return (command, words.dropFirst(count)) }
    }
    let first = words.first ?? ""
    let subcommands = all.map(\.name).filter { $0.hasPrefix("\(first) ") }
    if subcommands.isEmpty {
      let known = Set(all.compactMap { $0.name.split(separator: " ").first.map(String.init) } + ["help"])
      let nearest = NearestWords.question(NearestWords.of(first, among: known.sorted()))
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
