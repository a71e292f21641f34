import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

extension Command {
  static let backup = Command(
    "backup", "Copies the data, keys and settings to a new directory, while the server runs.",
    operands: [Operand(name: "DIRECTORY", meaning: "A new directory, or an empty one.")], isOfApp: false
  ) { invocation in
    let configuration = try SettingsPlace.configuration(invocation)
    try DataOwner.become(of: configuration.dataDirectory)
    do {
      try Backup.make(configuration, in: invocation.subject)
    } catch {
      throw CommandError(ExitStatus.cantCreate, "the backup failed: \(error)")
    }
    try invocation.output.say(invocation.subject, "The backup is in \(invocation.subject).")
    return ExitStatus.success
  }
}

/// A backup: a copy of a data directory as of one moment, while other processes use it.
struct Backup {
  private let directory: String
  /// The created paths, which are removed if the backup fails.
  private var created: (files: [String], directories: [String]) = ([], [])

  private static let settingsName = "dashboard.conf"
  /// Between a backup's name and the number of its process, until the backup is complete.
  static let temporary = ".partial-"

  /// Creates `directory` with mode 0700.
  ///
  /// It holds the data file, `secrets` and `begun` if they exist, the apps' files in `apps`, and the file that
  /// DASHBOARD_CONFIG names as `dashboard.conf`. The directory has a temporary name until it is complete. Removes what
  /// killed backups left next to it.
  ///
  /// - Throws: if the directory exists and is not empty, if there is no data, or for a system error.
  static func make(_ configuration: Configuration, in directory: String) throws {
    let directory = File.withoutTrailingSlashes(directory)
    let source = configuration.dataDirectory
    try FirstStart(configuration, dataFile: Storage.fileName).checkCompleted()
    let data = "\(source)/\(Storage.fileName)"
    guard unsafe access(data, R_OK) == 0 else { throw SystemError("open \(data)") }
    removeLeftovers(in: parent(of: directory))
    var backup = Backup(directory: "\(directory)\(temporary)\(getpid())")
    do {
      let lock = try backup.begin()
      defer { lock.close() }
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

  /// Creates the directory and locks it, so that the next backup sees that this process lives.
  private mutating func begin() throws -> FileDescriptor {
    try makeDirectory(directory)
    let lock = try FileDescriptor.open(directory: directory)
    // Without the lock, the process's number alone protects the backup.
    _ = lock.tryLock()
    return lock
  }

  private mutating func fill(from configuration: Configuration) throws {
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

  /// - Parameter directory: without a slash at its end.
  private static func parent(of directory: String) -> String {
    directory.lastIndex(of: "/").map { String(directory[...$0]) } ?? "."
  }

  /// Removes what killed backups left in a directory. It keeps what has other files than those of a backup.
  private static func removeLeftovers(in parent: String) {
    for name in (try? File.names(in: parent)) ?? [] {
      guard let process = name.split(separator: "-").last, name.dropLast(process.count).hasSuffix(temporary),
        Leftovers.isLeft("\(parent)/\(name)", byProcess: process)
      else { continue }
      remove(leftover: "\(parent)/\(name)")
    }
  }

  private static func remove(leftover directory: String) {
    guard let lock = try? FileDescriptor.open(directory: directory) else { return }
    defer { lock.close() }
    let own = [Storage.fileName, settingsName, "apps"] + FirstStart.markNames
    guard lock.tryLock(), let names = try? File.names(in: directory), names.allSatisfy(own.contains) else {
      return
    }
    let apps = ((try? File.names(in: "\(directory)/apps")) ?? []).filter { $0.hasSuffix(".conf") }
    for name in names + apps.map({ "apps/\($0)" }) { unsafe unlink("\(directory)/\(name)") }
    for path in ["\(directory)/apps", directory] { unsafe rmdir(path) }
  }

  private func remove() {
    for file in created.files { unsafe unlink(file) }
    for directory in created.directories.reversed() { unsafe rmdir(directory) }
  }
}
