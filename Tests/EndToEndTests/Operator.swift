import TestSupport
import Testing

/// An operator, who gives commands on the machine while the site serves.
struct Operator {
  let data: String
  var settings: [String: String] = [:]

  init(of site: Site, settings: [String: String] = [:]) {
    data = site.data.path("data")
    self.settings = settings
  }

  func run(_ arguments: [String], input: String = "") throws -> ChildProcess.Ending {
    let environment = ["DATA_DIR": data, "BCRYPT_WORKLOAD_FACTOR": "4", "LOGNAME": "grace"]
    return try ChildProcess.run(
      [Programs.dashboard] + arguments, environment: environment.merging(settings) { $1 }, input: input)
  }

  /// The text of a command that must succeed.
  func text(_ arguments: String..., input: String = "") throws -> String {
    let ending = try run(arguments, input: input)
    #expect(ending.status == 0, "\(arguments)")
    #expect(!ending.errors.contains("dashboard: "), "\(arguments): \(ending.errors)")
    return ending.output
  }

  /// The JSON of a command that must succeed.
  func answer(_ arguments: String..., input: String = "") throws -> JSON {
    let ending = try run(arguments + ["--json"], input: input)
    #expect(ending.status == 0, "\(arguments): \(ending)")
    return try JSON(Array(ending.output.utf8.dropLast()))
  }

  /// Expects that a command is refused with a sentence, and prints nothing else.
  func expectRefusal(
    _ arguments: [String], _ status: Int32, _ sentence: String, input: String = "",
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let ending = try run(arguments, input: input)
    #expect(ending.status == status, "\(arguments)", sourceLocation: location)
    #expect(ending.output.isEmpty, sourceLocation: location)
    let lines = ending.errors.split(separator: "\n").filter { !$0.contains("BCRYPT_WORKLOAD_FACTOR") }
    #expect(lines == ["dashboard: \(sentence)"], sourceLocation: location)
  }
}
