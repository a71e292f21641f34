package import DashboardRecords
import DashboardSystem
import Glibc

/// The settings files of single apps: `APPID.conf`.
extension Configuration {
  /// The path of an app's file, whether the file exists or not.
  package func path(of app: AppName) -> String { "\(appsDirectory)/\(app)\(Self.suffix)" }

  private static let suffix = ".conf"

  /// True if APPS_DIR names the folder.
  package var hasOwnAppsDirectory: Bool { !ownAppsDirectory.isEmpty }
  private var appsDirectory: String { hasOwnAppsDirectory ? ownAppsDirectory : "\(dataDirectory)/apps" }

  /// The apps that have a file, sorted by name.
  ///
  /// - Throws: for a file `*.conf` whose name is not a valid app name, since no app would ever read it.
  package func appsWithFiles() throws(ConfigurationError) -> [AppName] {
    let names: [String]
    do throws(Errno) {
      names = try File.names(in: appsDirectory)
    } catch {
      if error == .noSuchFileOrDirectory, !hasOwnAppsDirectory { return [] }
      throw unreadableFolder(error)
    }
    var apps: [AppName] = []
    for name in names {
      guard name.hasSuffix(Self.suffix), !name.hasPrefix(".") else { continue }
      guard let app = AppName(String(name.dropLast(Self.suffix.count))) else {
        throw ConfigurationError(
          description: "\(appsDirectory)/\(name): an app's name is \(Setting.appName.allowed)")
      }
      apps.append(app)
    }
    return apps.sorted { $0.description < $1.description }
  }

  private func unreadableFolder(_ reason: Errno) -> ConfigurationError {
    ConfigurationError(description: "\(appsDirectory) can't be read: \(reason)")
  }

  /// The warnings about all apps' files.
  ///
  /// - Throws: if a file can't be read, or if one of its settings has an invalid value.
  package func warningsOfApps() throws(ConfigurationError) -> [Warning] {
    var warnings: [Warning] = []
    for app in try appsWithFiles() { warnings += self.warnings(of: try self.app(app), named: app) }
    return warnings
  }

  /// The warnings about an app's settings. A warning that the process's settings have too is left out.
  package func warnings(of settings: AppConfiguration, named name: AppName) -> [Warning] {
    let (path, known) = (path(of: name), app.warnings.map(\.description))
    return settings.warnings.filter { !known.contains($0.description) }.map { warning in
      let text = warning.description
      return text.hasPrefix(path) ? warning : Warning("\(path): \(text)", isMistake: warning.isMistake)
    }
  }

  /// The settings of an app. Settings that its file does not give are the process's.
  package func app(_ name: AppName) throws(ConfigurationError) -> AppConfiguration {
    try ownSettings(of: name) ?? app
  }

  /// The settings of an app; `nil` if it has no file.
  package func ownSettings(of name: AppName) throws(ConfigurationError) -> AppConfiguration? {
    guard let text = try SmallFile.readIfThere(path(of: name)) else {
      // A missing folder would hide the files of all apps.
      if hasOwnAppsDirectory, unsafe access(appsDirectory, X_OK) != 0 {
        throw unreadableFolder(.current)
      }
      return nil
    }
    let path = path(of: name)
    let values = try SettingsFile.values(text, path)
    for setting in Setting.all where !setting.isPerApp && values[setting.name] != nil {
      throw ConfigurationError(description: "\(path): \(setting.name) can't be set for a single app")
    }
    do throws(ConfigurationError) {
      let layer = SettingSource.Layer(name: path, values: values)
      return try AppConfiguration(
        source.overlaid(with: layer), warnings: SettingsFile.unknownNames(values, path))
    } catch {
      throw ConfigurationError(description: "\(path): \(error)")
    }
  }
}
