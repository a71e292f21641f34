import DashboardSettings
package import DashboardStore
import DashboardSystem
package import DashboardWireFormat

extension Command {
  static let check = Command(
    "check", "Checks the data: its pages, and every index and count against the records, both ways.",
    details: """
      It can't see whether the text in a record is as it was written: only a backup has sums of its files.
      It works while the server serves, and changes nothing. Damaged data is a finding: the status is then 1.
      A long check makes the data file grow if many records change meanwhile.
      """, isOfApp: false
  ) { invocation in
    let configuration = try SettingsPlace.configuration(invocation)
    try OpenedApp.requireData(configuration)
    let checked = try CheckedData(configuration.storage, isReadOnly: false)
    var findings = checked.findings
    for finding in checked.facts.map({ KeyPlaces.missing($0, configuration) }) ?? [] { findings.add(finding) }
    let facts = checked.facts?.counts.map { "\($0.name): \($0.count)" }.joined(separator: ", ") ?? ""
    return try invocation.output.tell(
      findings, "All is well. Checked: \(facts).",
      mend: "The data is damaged. Restore a backup: dashboard restore BACKUP")
  }
}

extension Output {
  /// Writes findings, or a sentence if there are none.
  ///
  /// - Parameter mend: follows the findings.
  /// - Returns: the exit status.
  func tell(_ findings: Findings, _ sentence: String, mend: String) throws(Errno) -> Int32 {
    let shown = findings.shown
    if isJSON {
      try Self.write("[" + shown.map(Self.json).joined(separator: ",\n") + "]\n")
    } else {
      let lines = shown.isEmpty ? [sentence] : shown.map(\.description) + [mend]
      try Self.write(lines.map { Self.safe($0) + "\n" }.joined())
    }
    return shown.isEmpty ? ExitStatus.success : ExitStatus.findings
  }
}

/// The first findings, and the number of the others.
struct Findings {
  private static let most = 1000
  private var first: [Finding] = []
  private var others = 0

  mutating func add(_ finding: Finding) {
    if first.count < Self.most { first.append(finding) } else { others += 1 }
  }

  mutating func add(_ place: String, _ text: String) { add(Finding(place, text)) }

  var isEmpty: Bool { first.isEmpty }

  var shown: [Finding] { first + (others > 0 ? [Finding("more", "\(others) further findings")] : []) }
}

extension Finding: JSONEncodable {
  package static var schema: JSONSchema { .object("finding") }

  package func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("finding")
      object.member("place", place)
      object.member("text", text)
    }
  }
}
