/// What the program and its commands say about themselves.
enum CommandHelp {
  /// - Parameter words: the name of a command; none for the list of all.
  static func show(_ words: [String]) throws -> Int32 {
    switch words {
    // For the package and for the documentation.
    case ["--manual"]: try Output.write(manual)
    case ["--reference"]: try Output.write(reference)
    case []: try Output.write(overview)
    case _ where words.count == 1 && Commands.isGroup(words[0]):
      try Output.write(summaries(Command.all.filter { $0.name.hasPrefix("\(words[0]) ") }))
    default: try Output.write(text(Commands.find(words).0))
    }
    return ExitStatus.success
  }

  /// All commands, each with its summary.
  static var overview: String {
    """
    usage: dashboard COMMAND [WORDS] [OPTIONS]
           dashboard --listen unix:PATH | --listen 127.0.0.1:PORT

    Dashboard keeps accounts and sessions. It serves them over FastCGI, and answers one request if a web server starts it as a CGI
    program. Its commands work on the data while it is served.

    Commands:

    \(summaries(Command.all))
    What one of them takes: dashboard COMMAND --help. The version: dashboard --version.

    Settings come from the environment or from the file that DASHBOARD_CONFIG names. Commands without both read
    \(SettingsPlace.usual). Root runs a command as the user who owns the data.

    """
  }

  private static func summaries(_ commands: [Command]) -> String {
    let width = commands.map(\.name.count).max() ?? 0
    return commands.map { "  \(padded($0.name, width))  \($0.summary)\n" }.joined()
  }

  static func text(_ command: Command) -> String {
    var text = "usage: \(command.synopsis)\n\n\(command.summary)\n"
    if !command.details.isEmpty { text += "\n\(command.details)\n" }
    let operands = command.operands.map { ($0.name, $0.meaning) }
    let options = command.options.map { ($0.written, $0.meaning) }
    let width = (operands + options).map(\.0.count).max() ?? 0
    for list in [operands, options] where !list.isEmpty {
      text += "\n" + list.map { "  \(padded($0.0, width))  \($0.1)\n" }.joined()
    }
    return text
  }

  /// The section COMMANDS of the manual page dashboard(8), in the language of man(7).
  static var manual: String {
    Command.all.map { command in
      let head = ".SS \"\(roff(command.synopsis))\"\n\(roff(command.summary))\n"
      let details = command.details.isEmpty ? "" : "\(roff(command.details))\n"
      return head + details + command.words.map { ".TP\n.B \"\(roff($0.0))\"\n\(roff($0.1))\n" }.joined()
    }.joined()
  }

  /// Text that man(7) shows as it is. A line must not begin with one of its control characters.
  private static func roff(_ text: String) -> String {
    // Not `replacing(_:with:)`, which brings a megabyte of regular expressions into the program.
    let escapes: [Character: String] = ["\\": "\\e", "-": "\\-", "\"": "\\(dq"]
    let escaped = text.map { escapes[$0] ?? String($0) }.joined()
    return escaped.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : String(line)
    }.joined(separator: "\n")
  }

  /// The commands in Markdown, for `docs/reference/commands.md`.
  static var reference: String {
    Command.all.map { command in
      var text = "\n## \(command.name)\n\n```\n\(command.synopsis)\n```\n\n\(command.summary)\n"
      if !command.details.isEmpty { text += "\n\(command.details)\n" }
      if !command.words.isEmpty { text += "\n| Word | Meaning |\n|---|---|\n" }
      return text + command.words.map { "| `\($0.0)` | \($0.1) |\n" }.joined()
    }.joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
