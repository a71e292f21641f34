import DashboardSettings
import DashboardStore
import DashboardSystem

/// `--check-config`
extension Program {
  static func checkConfiguration() -> Int32 {
    do {
      let configuration = try DashboardService.configuration()
      print(try SettingsReport.text(configuration), terminator: "")
      let unopened = try DataDirectory.check(configuration, dataFile: Storage.fileName)
      if let unopened { print("\n\(unopened)") }
      // Another user would create files that the owner can't open.
      let warnings =
        unopened == nil
        ? try DashboardService(configuration, isTrial: true).check()
        : try configuration.warnings + DashboardService.memoryWarnings(configuration)
          + configuration.warningsOfApps()
      warnings.forEach(DashboardService.warn)
      return warnings.contains(where: \.isMistake) ? ExitStatus.configuration : ExitStatus.success
    } catch {
      StandardError.write("dashboard: \(error)")
      return ExitStatus.configuration
    }
  }
}
