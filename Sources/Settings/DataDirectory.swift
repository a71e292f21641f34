import DashboardSystem
import Glibc

/// The directory of the data file and the keys.
package enum DataDirectory {
  /// Creates the directory with mode 0700 if it does not exist. Its parent must exist.
  package static func prepare(_ path: String) throws(ConfigurationError) {
    if unsafe path.withCString({ unsafe mkdir($0, 0o700) }) == 0 {
      // So that a crash can't take the directory away. If its parent is not readable, the system syncs it in time.
      try? File.syncDirectory("\(path)/..")
      return
    }
    guard errno == EEXIST else { throw error(path, "can't be created: \(Errno.current)") }
    var status = stat()
    guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR
    else {
      throw error(path, "is not a directory")
    }
  }

  /// Checks that this user can use the directory, or that a first start can create it.
  ///
  /// - Parameter dataFile: the name of the data file.
  /// - Returns: in sentences, why this user can't open the data file; `nil` if it exists and is this user's.
  /// - Throws: if neither this user nor a first start can use the directory, or if data or keys are lost.
  package static func check(
    _ configuration: Configuration, dataFile: String
  ) throws(ConfigurationError) -> String? {
    let path = configuration.dataDirectory
    var status = stat()
    if unsafe lstat(path, &status) != 0, Errno.current == .noSuchFileOrDirectory {
      return try checkFirstStart(path)
    }
    guard unsafe stat("\(path)/", &status) == 0, unsafe access(path, R_OK | W_OK | X_OK) == 0 else {
      throw error(path, "can't be used: \(Errno.current)")
    }
    let file = "\(path)/\(dataFile)"
    switch try FirstStart(configuration, dataFile: dataFile).settledProgress() {
    case .none: return notYet(file)
    case .interrupted: return "A first start in \(path) was interrupted. The next start completes it."
    case .unmarked, .complete: break
    }
    guard unsafe stat(file, &status) == 0, status.st_uid == geteuid() else {
      return
        "\(file) belongs to another user. To check data, keys and event log too, run this command as that user."
    }
    return nil
  }

  /// Checks that the directory, which does not exist, can be created.
  private static func checkFirstStart(_ path: String) throws(ConfigurationError) -> String {
    let directory = File.withoutTrailingSlashes(path)
    let parent = directory.lastIndex(of: "/").map { String(directory[...$0]) } ?? "./"
    if unsafe access(parent, W_OK | X_OK) == 0 { return notYet(path) }
    // The unit's StateDirectory= makes the directory as root. A start without systemd fails with this reason.
    guard Errno.current == .permissionDenied else {
      throw error(path, "can't be created: \(Errno.current)")
    }
    return
      "\(notYet(path)) This user can't create it: leave that to systemd (StateDirectory=), or create it as root."
  }

  private static func notYet(_ path: String) -> String {
    "\(path) does not exist yet. The first start creates it without accounts, and makes keys unless they are given."
  }

  /// Warnings about a data directory or files that other users own or can access.
  ///
  /// - Parameter dataFile: the name of the data file.
  package static func warnings(_ path: String, dataFile: String) -> [Warning] {
    ["", "/\(FirstStart.secretsName)", "/\(dataFile)"].compactMap { name in
      var status = stat()
      guard unsafe stat(path + name, &status) == 0 else { return nil }
      if status.st_uid != geteuid() {
        return Warning("\(path)\(name) belongs to another user; change its owner (chown)")
      }
      return status.st_mode & 0o077 == 0
        ? nil : Warning("\(path)\(name) is accessible to other users; restrict it (chmod go-rwx)")
    }
  }

  private static func error(_ path: String, _ reason: String) -> ConfigurationError {
    ConfigurationError(description: "\(Setting.dataDirectory.name) is '\(path)', which \(reason)")
  }
}
