import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// A copy of all that a data directory holds, as of one moment and while it is in use.
enum Backup {
  /// Makes `directory` (mode 0700) with `data.mdb`, `secrets` if keys are kept there, and the apps' settings in `apps`: a
  /// data directory; and beside them the settings, which may hold keys. It is under another name until it is complete.
  ///
  /// - Throws: if it is there already and not empty, if there is no data, or what the system reports.
  static func make(_ configuration: Configuration, in directory: String) throws {
    let source = configuration.dataDirectory
    guard unsafe access("\(source)/data.mdb", R_OK) == 0 else { throw SystemError("open \(source)/data.mdb") }
    let partial = "\(directory).partial-\(getpid())"
    try makeDirectory(partial)
    do {
      try Store.copyData(of: source, to: partial, mapSize: configuration.mapSize)
      if unsafe access("\(source)/secrets", F_OK) == 0 {
        try copy("\(source)/secrets", to: "\(partial)/secrets")
      }
      if let settings = configuration.file {
        try File.create("\(partial)/\(settingsName)", contents: settings)
      }
      let apps = try configuration.appsWithFiles()
      if !apps.isEmpty { try makeDirectory("\(partial)/apps") }
      for app in apps { try copy(configuration.path(of: app), to: "\(partial)/apps/\(app).conf") }
      if !apps.isEmpty { try File.syncDirectory("\(partial)/apps") }
      try File.syncDirectory(partial)
      guard unsafe rename(partial, directory) == 0 else { throw SystemError("rename to \(directory)") }
      try File.syncDirectory("\(directory)/..")
    } catch {
      remove(partial, (try? configuration.appsWithFiles()) ?? [])
      throw error
    }
  }

  private static let settingsName = "dashboard.conf"

  private static func makeDirectory(_ path: String) throws(SystemError) {
    guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError("create \(path)") }
  }

  /// Copies a small file.
  private static func copy(_ source: String, to path: String) throws(SystemError) {
    try File.create(path, contents: File.read(source))
  }

  private static func remove(_ directory: String, _ apps: [AppName]) {
    for app in apps { unsafe unlink("\(directory)/apps/\(app).conf") }
    unsafe rmdir("\(directory)/apps")
    for name in ["data.mdb", "secrets", settingsName] { unsafe unlink("\(directory)/\(name)") }
    unsafe rmdir(directory)
  }
}
