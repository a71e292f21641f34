import DashboardRecords
import DashboardSettings
import DashboardStore
import Glibc

/// A copy of all that a data directory holds, as of one moment and while it is in use.
enum Backup {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Makes `directory` (mode 0700) with `data.mdb`, `secrets` if keys are kept there, and the apps' settings in `apps`: a
  /// data directory; and beside them the settings, which may hold keys. It is under another name until it is complete.
  ///
  /// - Throws: if it is there already and not empty, if there is no data, or what the system reports.
  static func make(_ configuration: Configuration, in directory: String) throws {
    let source = configuration.dataDirectory
    guard unsafe access("\(source)/data.mdb", R_OK) == 0 else { throw failure("\(source)/data.mdb") }
    let partial = "\(directory).partial-\(getpid())"
    try makeDirectory(partial)
    do {
      try Store.copyData(of: source, to: partial, mapSize: configuration.mapSize)
      if unsafe access("\(source)/secrets", F_OK) == 0 {
        try copy("\(source)/secrets", to: "\(partial)/secrets")
      }
      if let settings = configuration.file {
        try write(settings, to: "\(partial)/\(settingsName)")
      }
      let apps = try configuration.appsWithFiles()
      if !apps.isEmpty { try makeDirectory("\(partial)/apps") }
      for app in apps { try copy(configuration.path(of: app), to: "\(partial)/apps/\(app).conf") }
      if !apps.isEmpty { try sync("\(partial)/apps") }
      try sync(partial)
      guard unsafe rename(partial, directory) == 0 else { throw failure(directory) }
      try sync("\(directory)/..")
    } catch {
      remove(partial, (try? configuration.appsWithFiles()) ?? [])
      throw error
    }
  }

  private static let settingsName = "dashboard.conf"

  private static func makeDirectory(_ path: String) throws(Failure) {
    guard unsafe mkdir(path, 0o700) == 0 else { throw failure(path) }
  }

  /// A small file.
  private static func copy(_ source: String, to path: String) throws(Failure) {
    let original = unsafe open(source, O_RDONLY | O_CLOEXEC)
    guard original >= 0 else { throw failure(source) }
    defer { close(original) }
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 64 * 1024))
    while true {
      let count = unsafe read(original, &buffer, buffer.count)
      guard count >= 0 else { throw failure(source) }
      if count == 0 { break }
      bytes += buffer.prefix(count)
    }
    try write(bytes, to: path)
  }

  /// Makes a file, for its owner alone (mode 0600), which is on the disk when this returns.
  private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let made = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard made >= 0 else { throw failure(path) }
    defer { close(made) }
    guard unsafe Glibc.write(made, bytes, bytes.count) == bytes.count, fsync(made) == 0 else {
      throw failure(path)
    }
  }

  /// Makes the names in a directory durable.
  private static func sync(_ path: String) throws(Failure) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func remove(_ directory: String, _ apps: [AppName]) {
    for app in apps { unsafe unlink("\(directory)/apps/\(app).conf") }
    unsafe rmdir("\(directory)/apps")
    for name in ["data.mdb", "secrets", settingsName] { unsafe unlink("\(directory)/\(name)") }
    unsafe rmdir(directory)
  }

  private static func failure(_ path: String) -> Failure {
    let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return Failure(description: "\(path): \(reason)")
  }
}
