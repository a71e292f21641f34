import DashboardSettings
import DashboardStore
import DashboardSystem
import DashboardWireFormat

extension Command {
  static let doctor = Command(
    "doctor", "Looks at the machine, the settings and the data, and says what to mend.",
    details: """
      It changes nothing. As root it also reads the configuration of nginx that is in use (nginx -T), and compares nginx's
      files with the program's. Its status is 1 if something needs a mend.
      """,
    options: [
      Option(
        "nginx", "DIRECTORY", "nginx's copies of the program's files; by default \(NginxExamination.usual)."),
      Option("nginx-configuration", "FILE", "What nginx -T printed, for a user who can't run it."),
      Option("backups", "DIRECTORY", "The nightly backups; by default \(BackupExamination.usual)."),
    ], isOfApp: false
  ) { invocation in
    let findings = try Doctor.examine(invocation)
    if invocation.isJSON {
      try Output.write(Output.json(findings) + "\n")
    } else {
      let lines = findings.map { "\($0.isMend ? "MEND" : "note")  \($0.area): \(Output.safe($0.text))\n" }
      let mends = findings.count(where: \.isMend)
      let sum =
        mends == 0
        ? "Nothing needs a mend." : mends == 1 ? "One thing needs a mend." : "\(mends) things need a mend."
      try Output.write(lines.joined() + sum + "\n")
    }
    return findings.contains(where: \.isMend) ? ExitStatus.findings : ExitStatus.success
  }
}

/// What an examination has found, and what to do about it.
struct Ailment: JSONEncodable, Sendable {
  /// Such as `nginx`.
  let area: String
  /// What is wrong, and what to do.
  let text: String
  /// False if it may be meant.
  let isMend: Bool

  static func mend(_ area: String, _ text: String) -> Ailment {
    Ailment(area: area, text: text, isMend: true)
  }
  static func note(_ area: String, _ text: String) -> Ailment {
    Ailment(area: area, text: text, isMend: false)
  }

  static var schema: JSONSchema { .object("finding") }

  func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("area", area)
      object.kind("finding")
      object.member("needsMend", isMend)
      object.member("text", text)
    }
  }
}

/// All examinations. One that can't be made is a finding, and the others go on.
enum Doctor {
  static func examine(_ invocation: Invocation) throws -> [Ailment] {
    let configuration: Configuration
    do {
      configuration = try SettingsPlace.configuration(invocation)
    } catch {
      return [.mend("settings", "\(error)")]
    }
    // As root, before its rights are given up.
    let nginx = NginxExamination(
      configuration, files: invocation.value("nginx"), printed: invocation.value("nginx-configuration"))
    let access = AccessExamination(configuration, settings: try? SettingsPlace.file(invocation))
    var findings = nginx.findings + access.findings
    do {
      if !access.ownersDiffer { try DataOwner.become(of: configuration.dataDirectory) }
      let damage = access.ownersDiffer ? [] : try DataExamination.damage(configuration)
      let mayOpen = damage.isEmpty && !access.ownersDiffer
      findings += damage + SettingsExamination.findings(configuration, opensData: mayOpen)
      if mayOpen { findings += DataExamination.findings(configuration, invocation) }
      findings += BackupExamination.findings(configuration, in: invocation.value("backups"))
    } catch {
      findings.append(.mend("data", "\(error)"))
    }
    // What needs a mend comes first. What two examinations have found is told once.
    let ordered = findings.filter(\.isMend) + findings.filter { !$0.isMend }
    return ordered.enumerated().filter { place, finding in
      !ordered[..<place].contains { $0.text == finding.text }
    }.map(\.element)
  }
}
