/// A command with the words that the caller gave.
struct Invocation: Sendable {
  let command: Command
  private let operands: [String]
  private let values: [String: String]

  /// - Parameter words: after the words of the command.
  /// - Throws: `CommandError` for words that the command does not take.
  init(_ command: Command, _ words: ArraySlice<String>) throws(CommandError) {
    var (operands, values, isOperand): ([String], [String: String], Bool) = ([], [:], false)
    var rest = words
    while let word = rest.popFirst() {
      if isOperand || !word.hasPrefix("-") || word == "-" {
        operands.append(word)
      } else if word == "--" {
        isOperand = true
      } else {
        let (name, given) = Self.parts(of: word == "-h" ? "--help" : word)
        guard let option = command.options.first(where: { $0.name == name }) else {
          throw Self.unknown(word, command)
        }
        guard values[name] == nil else { throw .usage("--\(name) is there twice") }
        if option.value == nil {
          guard given == nil else { throw .usage("--\(name) takes no value") }
          values[name] = ""
        } else {
          guard let value = given ?? rest.popFirst() else {
            throw .usage("--\(name) needs a value: \(option.written)")
          }
          values[name] = value
        }
      }
    }
    self.command = command
    (self.operands, self.values) = (operands, values)
    if asksForHelp { return }
    let least = command.operands.count { !$0.isOptional }
    guard (least...command.operands.count).contains(operands.count) else {
      throw .usage(
        operands.count < least
          ? "\(command.operands[operands.count].name) is missing"
          : "there is a word too many: '\(operands[command.operands.count])'"
      )
    }
  }

  /// The name of an option, and the value after `=`; `nil` if there is none.
  private static func parts(of word: String) -> (name: String, value: String?) {
    let parts = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : nil)
  }

  private static func unknown(_ word: String, _ command: Command) -> CommandError {
    let nearest = NearestWords.of(parts(of: word).name, among: command.options.map(\.name)).map { "--\($0)" }
    return .usage(
      "\(command.name) has no option '\(word)'" + NearestWords.question(nearest)
        + "; its options: dashboard \(command.name) --help")
  }

  var asksForHelp: Bool { has(.help) }
  var isJSON: Bool { has(.json) }
  var isDryRun: Bool { has(.dryRun) }

  func has(_ option: Command.Option) -> Bool { has(option.name) }
  func has(_ option: String) -> Bool { values[option] != nil }

  /// An operand by its place; `nil` if it is optional and missing.
  func operand(_ place: Int) -> String? { operands.indices.contains(place) ? operands[place] : nil }

  /// The first operand of a command that needs one.
  var subject: String { operand(0) ?? "" }

  func value(_ option: String) -> String? { values[option] }

  /// - Throws: `CommandError` if the value is no number of the range.
  func number(_ option: String, in range: ClosedRange<Int>) throws(CommandError) -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "--\(option) takes a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
    }
    return number
  }
}
