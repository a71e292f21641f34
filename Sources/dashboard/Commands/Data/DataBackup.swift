import DashboardAccounts
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

extension Command {
  static let backup = Command(
    "backup", "Copies the data, keys and settings to a new directory, while the server runs.",
    details: "The file \"manifest\" in it has the SHA-256 of each file. \"dashboard verify\" compares them.",
    operands: [Operand(name: "DIRECTORY", meaning: "A new directory, or an empty one.")], isOfApp: false
  ) { invocation in
    let configuration = try SettingsPlace.configuration(invocation)
    try DataOwner.become(of: configuration.dataDirectory)
    try DataOwner.requireAccess(to: configuration.dataDirectory)
    do {
      try Backup.make(configuration, in: invocation.subject)
    } catch {
      throw CommandError(
        ExitStatus.cantCreate, "the backup failed: \((error as? CommandError)?.text ?? "\(error)")")
    }
    try invocation.output.say(invocation.subject, "The backup is in \(invocation.subject).")
    return ExitStatus.success
  }
}

/// A backup: a copy of a data directory as of one moment, while other processes use it.
enum Backup {
  /// Creates `directory` with mode 0700.
  ///
  /// It holds the data file, `secrets` and `begun` if they exist, the apps' files in `apps`, the file that
  /// DASHBOARD_CONFIG names as `dashboard.conf`, and `manifest`. The directory has a temporary name until it is complete.
  /// Removes what killed backups left next to it.
  ///
  /// - Throws: if the directory exists and is not empty, if there is no data, or for a system error.
  static func make(_ configuration: Configuration, in directory: String) throws {
    let directory = File.withoutTrailingSlashes(directory)
    if PartialDirectory.isPartial(directory) {
      throw CommandError(
        ExitStatus.cantCreate, "'\(directory)' is the name of a backup that is not complete; choose another")
    }
    try FirstStart(configuration, dataFile: Storage.fileName).checkCompleted()
    let data = "\(configuration.dataDirectory)/\(Storage.fileName)"
    guard unsafe access(data, R_OK) == 0 else { throw SystemError("open \(data)") }
    // What would be refused at the end is refused before the copy.
    if unsafe access(directory, F_OK) == 0, try !File.names(in: directory).isEmpty {
      throw SystemError("rename to \(directory)", .notEmpty)
    }
    var backup = try PartialDirectory(for: directory)
    do {
      try fill(&backup, from: configuration)
      try backup.install()
    } catch {
      backup.remove()
      throw error
    }
  }

  private static func fill(_ backup: inout PartialDirectory, from configuration: Configuration) throws {
    let made = SystemClock().now()
    let copy = backup.note(Storage.fileName)
    let data = "\(configuration.dataDirectory)/\(Storage.fileName)"
    try Progress.watching(copy, of: data) { try copyData(configuration.storage, to: backup.path) }
    let storage = Storage.dataFile(directory: backup.path, maximumSize: configuration.maximumDataSize)
    guard let found = try Store.facts(storage) else {
      throw CommandError(ExitStatus.data, "the data file holds no data. See more: dashboard check")
    }
    var manifest = Manifest(facts: facts(found, made: made))
    let file = try FileDescriptor.open(copy)
    defer { file.close() }
    var progress = ByteProgress("Hashing", total: file.length)
    manifest.add(try Manifest.File(Storage.fileName, file) { progress.advance(by: $0.count) })
    progress.finish()

    var contents: [(name: String, bytes: [UInt8])] = []
    for name in FirstStart.markNames {
      let path = "\(configuration.dataDirectory)/\(name)"
      if unsafe access(path, F_OK) == 0 { contents.append((name, try File.read(path))) }
    }
    if let settings = configuration.file { contents.append((BackupFolder.settingsName, settings)) }
    let apps = try configuration.appsWithFiles()
    if !apps.isEmpty { try backup.makeDirectory(BackupFolder.appsName) }
    for (name, bytes) in contents {
      try backup.create(name, contents: bytes)
      manifest.add(Manifest.File(name, bytes))
    }
    for app in apps {
      let (name, bytes) = ("\(BackupFolder.appsName)/\(app).conf", try File.read(configuration.path(of: app)))
      try backup.create(name, contents: bytes)
      manifest.add(Manifest.File(name, bytes))
    }
    try backup.create(Manifest.name, contents: Array(manifest.text.utf8))
  }

  /// Copies the data file.
  private static func copyData(_ storage: Storage, to target: String) throws {
    let ending = try DataProcess.run(.copy, storage, File.resolved(target) ?? target)
    if case .signal(let name) = ending {
      throw CommandError(
        ExitStatus.data,
        "the data file is damaged: reading it ended the copy (\(name)). See how: dashboard check")
    }
  }

  private static func facts(_ facts: DataFacts, made: Timestamp) -> [(name: String, value: String)] {
    var lines = [("made", "\(made)"), ("program", Version.text)]
    lines.append(("schema", "\(facts.schema)"))
    lines += facts.counts.map { ($0.name, "\($0.count)") }
    if let newest = facts.newest { lines.append(("newest record", "\(newest)")) }
    return lines
  }
}
