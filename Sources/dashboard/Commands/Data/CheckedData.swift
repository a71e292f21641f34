import DashboardRecords
import DashboardStore
import DashboardSystem
import DashboardWireFormat

/// The result of a check of data, in a process of its own: damage can end it by a signal, which is a finding.
struct CheckedData {
  private(set) var findings = Findings()
  /// `nil` if damage hides what the data is.
  private(set) var facts: DataFacts?

  private static let readOnly = "read-only"

  /// - Parameter isReadOnly: true for a file that no process writes, such as a backup.
  /// - Throws: `CommandError` if the data can't be checked.
  init(_ storage: Storage, isReadOnly: Bool) throws {
    var message = Message()
    defer { message.progress?.finish() }
    let ending = try DataProcess.run(.check, storage, isReadOnly ? Self.readOnly : "shared") {
      message.take($0)
    }
    (findings, facts) = (message.findings, message.facts)
    if case .signal(let name) = ending {
      findings.add(Storage.fileName, "the data file is damaged: reading it ended the check (\(name))")
    }
  }

  /// Runs in the process.
  static func check(_ storage: Storage, _ mode: String) throws {
    var told: Int64 = 0
    let facts = try Store.check(storage, isReadOnly: mode == readOnly) { what, done, total in
      let now = monotonicMilliseconds()
      guard now - told >= 200 else { return }
      told = now
      DataProcess.tell("progress", what, "\(done)", "\(total)")
    } report: {
      DataProcess.tell("finding", $0.place, $0.text)
    }
    guard let facts else { return }
    for (name, count) in facts.counts { DataProcess.tell("count", name, "\(count)") }
    for (name, fingerprint) in facts.fingerprints {
      DataProcess.tell("keys", name, Hexadecimal.text(fingerprint))
    }
    if let newest = facts.newest { DataProcess.tell("newest", "\(newest.milliseconds)") }
    DataProcess.tell("schema", "\(facts.schema)", "\(facts.isMigrating)")
  }

  /// What the lines have told so far.
  private struct Message {
    var findings = Findings()
    var progress: Progress?
    private var phase = ""
    private var counts: [(name: String, count: Int)] = []
    private var newest: Timestamp?
    private var fingerprints: [(name: String, fingerprint: [UInt8])] = []
    private(set) var facts: DataFacts?

    mutating func take(_ fields: [String]) {
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
