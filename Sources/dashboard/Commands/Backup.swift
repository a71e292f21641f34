import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// `--backup`
extension Program {
  static func backUp(to directory: String) -> Int32 {
    let configuration: Configuration
    do {
      configuration = try DashboardService.configuration()
    } catch {
      StandardError.write("dashboard: \(error)")
      return ExitStatus.configuration
    }
    do {
      try Backup.make(configuration, in: directory)
      return ExitStatus.success
    } catch {
      StandardError.write("dashboard: the backup failed: \(error)")
      return ExitStatus.cantCreate
    }
  }
}

/// A backup: a copy of a data directory as of one moment, while other processes use it.
struct Backup {
  private let directory: String
  /// The created paths, which are removed if the backup fails.
  private var created: (files: [String], directories: [String]) = ([], [])

  private static let settingsName = "dashboard.conf"

  /// Creates `directory` with mode 0700.
  ///
  /// It holds the data file, `secrets` if that file exists, the apps' files in `apps`, and the file that
  /// DASHBOARD_CONFIG names as `dashboard.conf`. The directory has a temporary name until it is complete.
  ///
  /// - Throws: if the directory exists and is not empty, if there is no data, or for a system error.
  static func make(_ configuration: Configuration, in directory: String) throws {
    let source = configuration.dataDirectory
    try FirstStart(configuration, dataFile: Storage.fileName).checkCompleted()
    let data = "\(source)/\(Storage.fileName)"
    guard unsafe access(data, R_OK) == 0 else { throw SystemError("open \(data)") }
    var backup = Backup(directory: "\(directory).partial-\(getpid())")
    do {
      try backup.fill(from: configuration)
      guard unsafe rename(backup.directory, directory) == 0 else {
        throw SystemError("rename to \(directory)")
      }
      try File.syncDirectory("\(directory)/..")
    } catch {
      backup.remove()
      throw error
    }
  }

  private init(directory: String) { self.directory = directory }

  private mutating func fill(from configuration: Configuration) throws {
    try makeDirectory(directory)
    created.files.append("\(directory)/\(Storage.fileName)")
    try Store.copy(configuration.storage, to: directory)
    for name in FirstStart.markNames {
      let path = "\(configuration.dataDirectory)/\(name)"
      if unsafe access(path, F_OK) == 0 { try create(name, contents: File.read(path)) }
    }
    if let settings = configuration.file { try create(Self.settingsName, contents: settings) }
    let apps = try configuration.appsWithFiles()
    if !apps.isEmpty { try makeDirectory("\(directory)/apps") }
    for app in apps { try create("apps/\(app).conf", contents: File.read(configuration.path(of: app))) }
    if !apps.isEmpty { try File.syncDirectory("\(directory)/apps") }
    try File.syncDirectory(directory)
  }

  private mutating func makeDirectory(_ path: String) throws(SystemError) {
    guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError("create \(path)") }
    created.directories.append(path)
  }

  private mutating func create(_ name: String, contents: [UInt8]) throws(SystemError) {
    let path = "\(directory)/\(name)"
    created.files.append(path)
    try File.create(path, contents: contents)
  }

  private func remove() {
    for file in created.files { unsafe unlink(file) }
    for directory in created.directories.reversed() { unsafe rmdir(directory) }
  }
}
