import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardWireFormat

/// Where the keys of a backup's data are.
struct KeyPlaces {
  /// What each set of keys is, and where it is, in words.
  private(set) var lines: [(name: String, place: String)] = []
  /// True if the backup and the settings have all keys that the data needs.
  private(set) var areAllHere = true
  /// Keys in the backup that are not the data's.
  private(set) var findings: [Finding] = []

  /// - Parameter configuration: the settings of this machine.
  init(_ folder: BackupFolder, _ facts: DataFacts, _ configuration: Configuration) throws {
    let own = Self.settings(of: folder)
    for (name, fingerprint) in facts.fingerprints {
      let app = name.hasPrefix("keys of ") ? AppName(String(name.dropFirst(8))) : nil
      // The app's line has its own name. A name that no app can have is damage that the check reports.
      guard app != nil || name == "keys" else { continue }
      func fits(_ settings: Configuration?) -> Bool {
        guard let settings else { return false }
        return Self.fit(fingerprint, app, settings, in: folder.path)
      }
      let place: String
      if fits(own) {
        place = "in the backup"
      } else if fits(configuration) {
        place = "given by the settings of this machine, not in the backup"
      } else {
        areAllHere = false
        place = "neither in the backup nor in the settings of this machine"
        if app == nil, (try? folder.contents(FirstStart.secretsName)) != nil {
          findings.append(
            Finding(FirstStart.secretsName, "these are not the keys of the data: they are of another backup"))
        }
      }
      lines.append((name, "\(place) (fingerprint \(Hexadecimal.text(Array(fingerprint.prefix(8)))))"))
    }
  }

  /// The keys that the data needs and that are not there, for data in use.
  static func missing(_ facts: DataFacts, _ configuration: Configuration) -> [Finding] {
    facts.fingerprints.compactMap { name, fingerprint in
      let app = name.hasPrefix("keys of ") ? AppName(String(name.dropFirst(8))) : nil
      guard app != nil || name == "keys",
        !fit(fingerprint, app, configuration, in: configuration.dataDirectory)
      else { return nil }
      return Finding(
        FirstStart.secretsName, "the \(name) in it and in the settings are not those of the data")
    }
  }

  /// True if the keys of an app, or of the process, have the fingerprint.
  private static func fit(
    _ fingerprint: [UInt8], _ app: AppName?, _ settings: Configuration, in directory: String
  ) -> Bool {
    guard let used = try? app.map(settings.app) ?? settings.app,
      let keys = try? SecretsFile.keys(for: used, in: directory)
    else { return false }
    return keys.all.contains { $0.fingerprint == fingerprint }
  }

  /// The settings that the backup itself has; `nil` if they are not valid.
  private static func settings(of folder: BackupFolder) -> Configuration? {
    let file = try? folder.contents(BackupFolder.settingsName)
    var environment = NamedValues()
    environment.add(Setting.dataDirectory.name, folder.path)
    // The folder of the apps' files in the backup, where the settings name another one.
    let apps = "\(folder.path)/\(BackupFolder.appsName)"
    if (try? folder.files())?.contains(where: { $0.hasPrefix("\(BackupFolder.appsName)/") }) == true {
      environment.add(Setting.appsDirectory.name, apps)
    }
    return try? Configuration(file: file, cores: 1, environment: environment)
  }
}
