import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// Settings that are wrong, or that can't have been meant.
enum SettingsExamination {
  /// - Parameter opensData: false if that could end this process.
  static func findings(_ configuration: Configuration, opensData: Bool) -> [Ailment] {
    var findings: [Ailment] = []
    do {
      findings += try CheckedSettings.warnings(configuration, opensData: opensData).map {
        .mend("settings", "\($0)")
      }
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
    if let domain = app.passkeyDomain, !domain.contains("."), domain != "localhost" {
      findings.append(
        .mend(
          "settings",
          "PASSKEY_RP_ID is '\(domain)', for which browsers make no passkey: name the site's domain, such as example.org"
        ))
    }
    if let log = configuration.eventLog, !log.hasPrefix("/") {
      findings.append(
        .mend(
          "settings",
          "EVENT_LOG is '\(log)', a file in whichever directory the program is started: write the whole path")
      )
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
  private static let patience: Int64 = 50 * 3600

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
    let folders = names.filter { !PartialDirectory.isPartial($0) }.map { "\(path)/\($0)" }
    let incomplete = folders.filter { unsafe access("\($0)/\(Manifest.name)", F_OK) == 0 }.filter {
      unsafe access("\($0)/\(Storage.fileName)", F_OK) != 0
    }
    let damaged =
      incomplete.map {
        Ailment.mend(
          "backups", "\($0) has no \(Storage.fileName) any more: see what it lacks (dashboard verify)")
      }
      + names.filter(PartialDirectory.isPartial).map {
        Ailment.note(
          "backups",
          "\(path)/\($0) is left by a backup that was ended, and can have keys. The next backup removes it")
      }
    guard let newest = folders.compactMap(time).max() else {
      return damaged + [
        .mend("backups", "\(path) has no backup. Make one (dashboard backup DIRECTORY), and every night one")
      ]
    }
    let patient = "\(SystemClock().now().adding(seconds: -patience))"
    guard newest < patient else { return damaged }
    return damaged + [
      .mend(
        "backups",
        "the newest backup in \(path) is from \(newest.prefix(10)). See why (systemctl status dashboard-backup.timer dashboard-backup)"
      )
    ]
  }

  /// When a backup was made, as text that sorts by time: what its manifest says, or else when its data file was written. `nil` if it
  /// has no data file.
  private static func time(of backup: String) -> String? {
    var status = stat()
    guard unsafe stat("\(backup)/\(Storage.fileName)", &status) == 0 else { return nil }
    let manifest = (try? File.read("\(backup)/\(Manifest.name)")).flatMap { try? Manifest($0) }
    if let made = manifest?["made"], made.utf8.count == Timestamp.length { return made }
    return "\(Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1000))"
  }
}
