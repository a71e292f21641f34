/// A command on the machine: its words, what it takes, and what it does. Its help and its manual page are made from it.
struct Command: Sendable {
  /// A word that the caller gives by its place.
  struct Operand: Sendable {
    let name: String
    let meaning: String
    var isOptional = false
  }

  /// A word that begins with `--`.
  struct Option: Hashable, Sendable {
    let name: String
    /// What follows the option, such as `NUMBER`; `nil` if nothing does.
    let value: String?
    let meaning: String

    init(_ name: String, _ value: String? = nil, _ meaning: String) {
      (self.name, self.value, self.meaning) = (name, value, meaning)
    }
  }

  /// One or two words, such as `account show`.
  let name: String
  /// A sentence.
  let summary: String
  /// More sentences, in paragraphs; empty if the summary says it all.
  let details: String
  let operands: [Operand]
  /// The options, with those of all commands.
  let options: [Option]
  /// - Returns: the exit status.
  /// - Throws: `CommandError`, errors of rules, of settings and of the store.
  let run: @Sendable (Invocation) throws -> Int32

  /// - Parameters:
  ///   - changes: true if it changes the data, so that it can be tried with `--dry-run`.
  ///   - isOfApp: true if it works on one app's data.
  ///   - answers: true if it prints an answer, which can be JSON.
  init(
    _ name: String, _ summary: String, details: String = "", operands: [Operand] = [], options: [Option] = [],
    changes: Bool = false, isOfApp: Bool = true, answers: Bool = true,
    run: @escaping @Sendable (Invocation) throws -> Int32
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.operands = operands
    self.options =
      options + (changes ? [.dryRun] : []) + (isOfApp ? [.app] : []) + (answers ? [.json] : []) + [
        .config, .help,
      ]
    self.run = run
  }

  /// The operands, and the options that not every command has, with their meanings.
  var words: [(written: String, meaning: String)] {
    let own = options.filter { !Self.commonOptions.contains($0) }
    return operands.map { ($0.name, $0.meaning) } + own.map { ($0.written, $0.meaning) }
  }

  func takes(_ option: String) -> Bool { options.contains { $0.name == option } }

  static let commonOptions: [Option] = [.app, .json, .config, .help]

  /// The words, options and operands in one line.
  var synopsis: String {
    let operands = operands.map { $0.isOptional ? " [\($0.name)]" : " \($0.name)" }.joined()
    return "dashboard \(name)\(operands) [OPTIONS]"
  }
}

extension Command.Option {
  static let dryRun = Self("dry-run", "Check everything and say what would happen, but change nothing.")
  static let app = Self("app", "NAME", "The app; by default that of the setting APPID.")
  static let json = Self("json", "Print JSON, as the API answers it, in place of text for people.")
  static let config = Self(
    "config", "FILE", "The settings file; by default DASHBOARD_CONFIG, or else \(SettingsPlace.usual).")
  static let help = Self("help", "Print what the command does and takes.")

  private init(_ name: String, _ meaning: String) { self.init(name, nil, meaning) }

  /// The option as it is written, such as `--days NUMBER`.
  var written: String { "--\(name)" + (value.map { " \($0)" } ?? "") }
}

extension Command.Operand {
  static let account = Self(name: "ACCOUNT", meaning: "A username, or an identifier of an account.")
}

/// All commands, in the order of the help.
extension Command {
  static var all: [Command] {
    [
      .serve, .settings, .doctor,
      .accountCreate, .accountShow, .accountList, .accountRename, .accountSetPassword, .accountSuspend,
      .accountResume, .accountPromote, .accountDemote, .accountSetOwner, .accountGroups, .accountDelete,
      .accountRestore, .accountRemoveFactors,
      .sessionList, .sessionEnd, .sessionEndAll,
      .resetCodeCreate,
      .invitationCreate, .invitationList, .invitationDelete,
      .events, .stats, .sweep,
      .check, .backup, .verify, .restore,
    ]
  }
}
