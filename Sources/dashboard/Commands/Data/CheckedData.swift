import DashboardRecords
import DashboardStore
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The result of a check of data, in a process of its own: damage can end it by a signal, which is a finding.
///
/// The process writes a line for each thing that it finds. Its fields are separated by tabs, and the first says what it is.
struct CheckedData {
  private(set) var findings = Findings()
  /// `nil` if damage hides what the data is.
  private(set) var facts: DataFacts?

  /// The first argument of the process.
  static let word = "--check-data"
  private static let readOnly = "read-only"

  /// - Parameter isReadOnly: true for a file that no process writes, such as a backup.
  /// - Throws: `CommandError` if the data can't be checked.
  init(_ storage: Storage, isReadOnly: Bool) throws {
    let (directory, size) =
      switch storage {
      case .dataFile(let directory, let size): (directory, size)
      }
    let process = try OwnProcess.start([
      Self.word, isReadOnly ? Self.readOnly : "shared", "\(size)", directory,
    ])
    var message = Message()
    let failure = Result { try Self.lines(of: process.output) { message.take($0) } }
    process.output.close()
    let ending = process.wait()
    message.progress?.finish()
    findings = message.findings
    facts = message.facts
    if let error = message.error { throw error }
    switch ending {
    case .status(0): try failure.get()
    case .status(let status):
      throw CommandError(ExitStatus.software, "the check ended with status \(status)")
    case .signal(let number):
      let name = unsafe strsignal(number).map { unsafe String(cString: $0) } ?? "signal \(number)"
      guard [SIGBUS, SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGFPE].contains(number) else {
        throw CommandError(ExitStatus.temporary, "the check was ended from outside: \(name)")
      }
      findings.add(Storage.fileName, "the data file is damaged: reading it ended the check (\(name))")
    }
  }

  private static func lines(of output: FileDescriptor, _ take: (Substring) -> Void) throws(Errno) {
    var (rest, piece): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 65_536))
    while true {
      let count = try output.read(into: &piece)
      if count == 0 { return }
      rest += piece[..<count]
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
      String(decoding: rest[..<end], as: UTF8.self).split(separator: "\n").forEach(take)
      rest.removeFirst(end + 1)
    }
  }

  // MARK: In the process

  /// Runs in the process.
  ///
  /// - Parameter arguments: those of `init`.
  static func run(_ arguments: [String]) -> Int32 {
    guard arguments.count == 4, let size = Int(arguments[2]) else { return ExitStatus.usage }
    do {
      // Of a backup that root checks. Its owner may not reach it by its path.
      guard unsafe chdir(arguments[3]) == 0 else { throw SystemError("open \(arguments[3])") }
      try DataOwner.become(of: ".")
      var told: Int64 = 0
      let facts = try Store.check(
        .dataFile(directory: ".", maximumSize: size), isReadOnly: arguments[1] == readOnly
      ) { what, done, total in
        let now = monotonicMilliseconds()
        guard now - told >= 200 else { return }
        told = now
        tell("progress", what, "\(done)", "\(total)")
      } report: {
        tell("finding", $0.place, $0.text)
      }
      guard let facts else { return ExitStatus.success }
      for (name, count) in facts.counts { tell("count", name, "\(count)") }
      for (name, fingerprint) in facts.fingerprints { tell("keys", name, Hexadecimal.text(fingerprint)) }
      if let newest = facts.newest { tell("newest", "\(newest.milliseconds)") }
      tell("schema", "\(facts.schema)", "\(facts.isMigrating)")
      return ExitStatus.success
    } catch {
      let error = CommandError(error)
      let text = error.text
      tell("error", "\(error.status)", text.hasPrefix(". ") ? arguments[3] + text.dropFirst() : text)
      return error.status
    }
  }

  /// Writes a line. Ends the process if its parent has gone.
  private static func tell(_ fields: String...) {
    do throws(Errno) {
      let line = fields.map(Output.safe).joined(separator: "\t") + "\n"
      try FileDescriptor.standardOutput.writeAll(Array(line.utf8).span)
    } catch {
      exit(ExitStatus.inputOutput)
    }
  }

  /// What the lines have told so far.
  private struct Message {
    var findings = Findings()
    var error: CommandError?
    var progress: Progress?
    private var phase = ""
    private var counts: [(name: String, count: Int)] = []
    private var newest: Timestamp?
    private var fingerprints: [(name: String, fingerprint: [UInt8])] = []
    private(set) var facts: DataFacts?

    mutating func take(_ line: Substring) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      switch (fields.first, fields.count) {
      case ("finding", 3): findings.add(fields[1], fields[2])
      case ("progress", 4): advance(fields[1], fields[2], fields[3])
      case ("count", 3): counts.append((fields[1], Int(fields[2]) ?? 0))
      case ("newest", 2): newest = Int64(fields[1]).map { Timestamp(milliseconds: $0) }
      case ("keys", 3):
        fingerprints.append((fields[1], Hexadecimal.bytes(Array(fields[2].utf8)[...]) ?? []))
      case ("schema", 3):
        facts = DataFacts(
          schema: UInt64(fields[1]) ?? 0, isMigrating: fields[2] == "true", counts: counts, newest: newest,
          fingerprints: fingerprints)
      case ("error", 3): error = CommandError(Int32(fields[1]) ?? ExitStatus.software, fields[2])
      default: break
      }
    }

    private mutating func advance(_ what: String, _ done: String, _ total: String) {
      if what != phase {
        progress?.finish()
        progress = Progress("Checking", unit: what)
        phase = what
      }
      if let done = Int(done) { progress?.advance(to: done, of: Int(total)) }
    }
  }
}
