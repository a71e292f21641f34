import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// A copy of a data directory, as of one moment and while it is in use.
struct Backup {
  private let directory: String
  /// What was made so far, to be removed if the backup fails.
  private var made: (files: [String], directories: [String]) = ([], [])

  private static let settingsName = "dashboard.conf"

  /// Makes `directory` (mode 0700) with the data, `secrets` if keys are kept there, the apps' settings in `apps`, and the settings, which
  /// may hold keys. It has another name until it is complete.
  ///
  /// - Throws: if the directory exists and is not empty, if there is no data, or an error of the system.
  static func make(_ configuration: Configuration, in directory: String) throws {
    let source = configuration.dataDirectory
    for name in Storage.fileNames {
      guard unsafe access("\(source)/\(name)", R_OK) == 0 else { throw SystemError("open \(source)/\(name)") }
    }
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
    made.files += Storage.fileNames.map { "\(directory)/\($0)" }
    try Store.copy(configuration.storage, to: directory)
    let secrets = "\(configuration.dataDirectory)/secrets"
    if unsafe access(secrets, F_OK) == 0 { try create("secrets", contents: File.read(secrets)) }
    if let settings = configuration.file { try create(Self.settingsName, contents: settings) }
    let apps = try configuration.appsWithFiles()
    if !apps.isEmpty { try makeDirectory("\(directory)/apps") }
    for app in apps { try create("apps/\(app).conf", contents: File.read(configuration.path(of: app))) }
    if !apps.isEmpty { try File.syncDirectory("\(directory)/apps") }
    try File.syncDirectory(directory)
  }

  private mutating func makeDirectory(_ path: String) throws(SystemError) {
    guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError("create \(path)") }
    made.directories.append(path)
  }

  private mutating func create(_ name: String, contents: [UInt8]) throws(SystemError) {
    let path = "\(directory)/\(name)"
    made.files.append(path)
    try File.create(path, contents: contents)
  }

  private func remove() {
    for file in made.files { unsafe unlink(file) }
    for directory in made.directories.reversed() { unsafe rmdir(directory) }
  }
}
