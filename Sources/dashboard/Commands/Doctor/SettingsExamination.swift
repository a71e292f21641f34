import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// Settings that are wrong, or that can't have been meant.
enum SettingsExamination {
  static func findings(_ configuration: Configuration) -> [Ailment] {
    var findings: [Ailment] = []
    do {
      findings += try CheckedSettings.warnings(configuration).map { .mend("settings", "\($0)") }
    } catch {
      findings.append(.mend("settings", "\(error)"))
    }
    let app = configuration.app
    if app.deleteDelay == 0 {
      findings.append(
        .note("settings", "DELETE_DELAY is 0: an account that its holder deletes can't be restored"))
    }
    if app.maximumAttempts > 1000 {
      findings.append(
        .mend(
          "settings",
          "MAXIMUM_ATTEMPTS is \(app.maximumAttempts): so many passwords can be tried within ATTEMPT_WINDOW. Lower it"
        ))
    }
    if let log = configuration.eventLog,
      log.hasPrefix(File.withoutTrailingSlashes(configuration.dataDirectory) + "/")
    {
      findings.append(
        .mend("settings", "EVENT_LOG is in DATA_DIR, and no backup or restore expects it there. Move it"))
    }
    return findings
  }
}

/// The nightly backups.
enum BackupExamination {
  static let usual = "/var/backups/dashboard"
  /// Older than two nights.
  private static let patience: Int = 50 * 3600

  /// - Parameter directory: `nil` for the usual one, if it exists.
  static func findings(_ configuration: Configuration, in directory: String?) -> [Ailment] {
    let path = directory ?? usual
    guard let names = try? File.names(in: path) else {
      return directory == nil
        ? [
          .note(
            "backups",
            "there is no \(usual). If no other program makes backups, make them (docs/guide/backups.md)")
        ]
        : [.mend("backups", "\(path) can't be read: \(Errno.current)")]
    }
    let times = names.filter { !PartialDirectory.isPartial($0) }.compactMap { name -> Int? in
      var status = stat()
      return unsafe stat("\(path)/\(name)/\(Storage.fileName)", &status) == 0 ? status.st_mtim.tv_sec : nil
    }
    guard let newest = times.max() else {
      return [
        .mend("backups", "\(path) has no backup. Make one (dashboard backup DIRECTORY), and every night one")
      ]
    }
    let age = time(nil) - newest
    guard age > patience else { return [] }
    return [
      .mend(
        "backups",
        "the newest backup in \(path) is \(age / 3600) hours old. See why (systemctl status dashboard-backup.timer dashboard-backup)"
      )
    ]
  }
}
