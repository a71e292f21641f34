import DashboardSettings
import DashboardStore
import DashboardSystem
import DashboardWireFormat

extension Command {
  static let settings = Command(
    "settings", "Prints every setting with its value, source and meaning, and checks them.",
    details: "As the owner of the data, or as root, it also checks the data, its keys and the event log.",
    isOfApp: false
  ) { invocation in
    let configuration = try SettingsPlace.configuration(invocation)
    try DataOwner.become(of: configuration.dataDirectory)
    return try CheckedSettings.show(configuration, invocation.output)
  }
}

/// The settings with the warnings about them: `settings`, and `--check-config`.
enum CheckedSettings {
  /// - Returns: the exit status.
  /// - Throws: `ConfigurationError`, `Store.OpeningError`.
  static func show(_ configuration: Configuration, _ output: Output) throws -> Int32 {
    if output.isJSON {
      try Output.write(Output.json(SettingsReport.values(configuration)) + "\n")
    } else {
      try Output.write(SettingsReport.text(configuration))
    }
    let unopened = try DataDirectory.check(configuration, dataFile: Storage.fileName)
    if let unopened { output.isJSON ? StandardError.write(unopened) : try Output.write("\n\(unopened)\n") }
    let warnings = try warnings(configuration)
    warnings.forEach(DashboardService.warn)
    return warnings.contains(where: \.isMistake) ? ExitStatus.configuration : ExitStatus.success
  }

  /// The warnings about the settings. The owner of the data also checks the data, its keys and the event log.
  static func warnings(_ configuration: Configuration, opensData: Bool = true) throws -> [Warning] {
    // Another user would create files that the owner can't open.
    try opensData && DataDirectory.check(configuration, dataFile: Storage.fileName) == nil
      ? DashboardService(configuration, isTrial: true).check()
      : configuration.warnings + DashboardService.memoryWarnings(configuration)
        + configuration.warningsOfApps()
  }
}
