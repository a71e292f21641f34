import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import DashboardWireFormat

extension Command {
  static let verify = Command(
    "verify", "Compares a backup with its manifest, checks its data, and says what it holds.",
    details: "It changes nothing in the backup. The status is 1 if the backup is damaged.",
    operands: [.backup], isOfApp: false
  ) { invocation in
    let configuration = try SettingsPlace.configuration(invocation)
    let verified = try VerifiedBackup(invocation.subject, configuration)
    if !verified.findings.isEmpty { return try verified.tell(invocation.output) }
    try invocation.output.show(verified, verified.lines)
    return ExitStatus.success
  }
}

extension Command.Operand {
  static let backup = Self(name: "BACKUP", meaning: "The directory of a backup.")
}

/// A backup that was compared with its manifest, and whose data was checked.
struct VerifiedBackup {
  let folder: BackupFolder
  let manifest: Manifest?
  private(set) var findings = Findings()
  /// As they were read.
  private(set) var files: [Manifest.File] = []
  let facts: DataFacts?
  let keys: KeyPlaces?

  /// - Parameter configuration: the settings of this machine, which may have the keys.
  /// - Throws: `CommandError` if this is no backup, or can't be read.
  init(_ path: String, _ configuration: Configuration) throws {
    folder = try BackupFolder(path)
    var findings = Findings()
    (manifest, files) = try Self.compare(folder, &findings)
    // The file is read as it is: a lock file would be a change, and a copy needs as much room again.
    if files.contains(where: { $0.name == Storage.fileName }) {
      let checked = try CheckedData(folder.storage, isReadOnly: true)
      for finding in checked.findings.shown { findings.add(finding) }
      facts = checked.facts
    } else {
      facts = nil
    }
    keys = try facts.map { [folder] in try KeyPlaces(folder, $0, configuration) }
    for finding in keys?.findings ?? [] { findings.add(finding) }
    if let manifest, let facts { Self.compare(facts, manifest, &findings) }
    self.findings = findings
  }

  /// Compares the files with the manifest, if there is one.
  private static func compare(
    _ folder: BackupFolder, _ findings: inout Findings
  ) throws -> (Manifest?, [Manifest.File]) {
    var manifest: Manifest?
    do {
      manifest = try folder.contents(Manifest.name).map { try Manifest($0) }
    } catch let error as Manifest.Malformed {
      findings.add(Manifest.name, "line \(error.line) is damaged")
    } catch let error as SystemError {
      findings.add(Manifest.name, "can't be read: \(error.errno)")
    }
    var files: [Manifest.File] = []
    let names = try folder.files().filter { $0 != Manifest.name }
    var progress = ByteProgress("Reading", total: folder.length(of: names))
    defer { progress.finish() }
    for name in names {
      do throws(Errno) {
        let file = try folder.open(name)
        defer { file.close() }
        files.append(try Manifest.File(name, file) { progress.advance(by: $0.count) })
      } catch {
        findings.add(name, "can't be read: \(error)")
      }
    }
    guard let manifest else {
      for file in files where !BackupFolder.names.contains(file.name) && !BackupFolder.isOfData(file.name) {
        findings.add(file.name, "is no file of a backup")
      }
      return (nil, files)
    }
    for wanted in manifest.files {
      guard let file = files.first(where: { $0.name == wanted.name }) else {
        if !names.contains(wanted.name) { findings.add(wanted.name, "is missing") }
        continue
      }
      if let length = wanted.length, let own = file.length, length != own {
        findings.add(
          wanted.name,
          own < length
            ? "was cut short: \(own) of \(length) bytes" : "has grown: \(own) in place of \(length) bytes")
      } else if file.hash != wanted.hash {
        findings.add(wanted.name, "was altered")
      }
    }
    for file in files where !manifest.files.contains(where: { $0.name == file.name }) {
      findings.add(file.name, "is not of the backup: the manifest does not have it")
    }
    return (manifest, files)
  }

  private static func compare(_ facts: DataFacts, _ manifest: Manifest, _ findings: inout Findings) {
    for (name, count) in facts.counts + [("schema", Int(clamping: facts.schema))] {
      guard let stored = manifest[name], stored != "\(count)" else { continue }
      findings.add(Manifest.name, "it says \(stored) for \(name), and the data has \(count)")
    }
  }

  /// What the backup is, for people.
  var lines: [(name: String, value: String?)] {
    var lines: [(name: String, value: String?)] = [
      ("Backup", folder.path),
      (
        "Made",
        manifest.map { "\($0["made"] ?? "-"), by version \($0["program"] ?? "-")" }
          ?? "unknown: it has no manifest"
      ),
    ]
    guard let facts else { return lines }
    lines.append(("Schema", "\(facts.schema)" + (facts.isMigrating ? ", being migrated" : "")))
    lines += facts.counts.map { ($0.name.prefix(1).uppercased() + $0.name.dropFirst(), "\($0.count)") }
    lines.append(("Newest record", Output.time(facts.newest)))
    lines.append(
      (
        "State",
        manifest == nil
          ? "the data is sound; nothing was compared, since there is no manifest"
          : "the data is sound, and every file is as it was made"
      ))
    lines += (keys?.lines ?? []).map { ($0.name.prefix(1).uppercased() + $0.name.dropFirst(), $0.place) }
    return lines
  }

  /// Writes the findings.
  ///
  /// - Returns: the exit status.
  func tell(_ output: Output) throws(Errno) -> Int32 {
    try output.tell(findings, "", mend: "The backup is damaged. Use another one.")
  }
}

extension VerifiedBackup: JSONEncodable {
  static var schema: JSONSchema { .object("backup") }

  func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("backup")
      object.member("path", folder.path)
      if let made = manifest?["made"] { object.member("made", made) }
      if let program = manifest?["program"] { object.member("program", program) }
      if let facts {
        object.member("schema", Int(clamping: facts.schema))
        object.member("counts", facts.counts.map(Count.init))
        if let newest = facts.newest { object.member("newest", newest) }
      }
      object.member("keys", (keys?.lines ?? []).map { "\($0.name): \($0.place)" })
    }
  }

  private struct Count: JSONEncodable {
    let name: String
    let count: Int

    static var schema: JSONSchema { .object("count") }

    func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.kind("count")
        object.member("name", name)
        object.member("count", count)
      }
    }
  }
}
