import DashboardSettings
import DashboardStore
import DashboardSystem

/// `--check-config`
extension Program {
  static func checkConfiguration() -> Int32 {
    do {
      let configuration = try DashboardService.configuration()
      print(try SettingsReport.text(configuration), terminator: "")
      try DataDirectory.check(configuration.dataDirectory)
      // Another user would create files that the owner can't open.
      let warnings =
        DataDirectory.isOwn(configuration.dataDirectory, files: Storage.fileNames)
        ? try DashboardService(configuration, isTrial: true).check()
        : try configuration.warnings + configuration.warningsOfApps()
      warnings.forEach(DashboardService.warn)
      return warnings.contains(where: \.isMistake) ? ExitStatus.configuration : ExitStatus.success
    } catch {
      StandardError.write("dashboard: \(error)")
      return ExitStatus.configuration
    }
  }
}
