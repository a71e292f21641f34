import DashboardGateway
import DashboardSettings
import DashboardSystem

/// A backup that is served, to see that it works. The server changes what it serves, so it gets a copy of its own.
struct Rehearsal {
  private var copy: PartialDirectory
  private let configuration: Configuration

  /// The files that a server makes in a data directory.
  private static let ofServer = ["lock.mdb"] + FirstStart.markNames + FirstStart.markNames.map { "\($0).new" }

  /// Copies the backup to TMPDIR, or else to /var/tmp.
  ///
  /// - Parameter settings: the path of a settings file; `nil` for that of the backup, or else that of the environment.
  init(of backup: String, settings: String?) throws {
    // So that root does not open what another user has written.
    try DataOwner.become(of: backup)
    let folder = try BackupFolder(backup)
    defer { folder.close() }
    let verified = try VerifiedBackup(backup, Self.configuration(folder, settings, folder.path))
    guard verified.findings.isEmpty else {
      throw CommandError(
        ExitStatus.findings, "the backup is damaged. See how: dashboard verify \(Shell.quoted(backup))")
    }
    let place = try ProcessState.setting("TMPDIR") ?? "/var/tmp"
    copy = try PartialDirectory(
      for: "\(File.withoutTrailingSlashes(place))/dashboard-rehearsal",
      names: BackupFolder.names + Self.ofServer)
    do {
      try copy.makeDirectory(BackupFolder.appsName)
      let names = try folder.files().filter(BackupFolder.isOfData)
      var progress = ByteProgress("Copying", total: folder.length(of: names))
      defer { progress.finish() }
      for name in names {
        let source = try folder.open(name)
        defer { source.close() }
        _ = try copy.copy(name, from: source) { progress.advance(by: $0) }
      }
      configuration = try Self.configuration(folder, settings, copy.path)
    } catch {
      copy.remove()
      throw error
    }
    for name in Self.ofServer { copy.note(name) }
  }

  private static func configuration(
    _ folder: BackupFolder, _ settings: String?, _ directory: String
  ) throws -> Configuration {
    let own = try folder.contents(BackupFolder.settingsName)
    let path = try settings ?? (own == nil ? ProcessState.setting("DASHBOARD_CONFIG") : nil)
    let file = try path.map(SettingsFile.read) ?? own ?? []
    var environment = try DashboardService.environment()
    environment.add(Setting.dataDirectory.name, directory)
    environment.add(Setting.appsDirectory.name, "\(directory)/\(BackupFolder.appsName)")
    // An empty value is none. Events of the rehearsal must not be in the log of the site.
    environment.add(Setting.eventLog.name, "")
    return try Configuration(
      file: file + Array("\n\(Setting.eventLog.name)=\n".utf8), cores: processorCount(),
      environment: environment)
  }

  func serve(on address: ListenAddress) -> Int32 {
    defer { copy.remove() }
    StandardError.write("dashboard: a rehearsal in \(copy.path), which is removed at the end")
    return Program.serve(configuration) { () throws(SystemError) in try Listener.listen(on: address) }
  }
}
