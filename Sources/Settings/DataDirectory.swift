import DashboardSystem
import Glibc

/// The directory of the data file and the keys.
package enum DataDirectory {
  /// Creates the directory with mode 0700 if it does not exist. Its parent must exist.
  package static func prepare(_ path: String) throws(ConfigurationError) {
    if unsafe path.withCString({ unsafe mkdir($0, 0o700) }) == 0 { return }
    guard errno == EEXIST else { throw error(path, "can't be created: \(Errno.current)") }
    var status = stat()
    guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR
    else {
      throw error(path, "is not a directory")
    }
  }

  /// Checks that this user can use the directory, or that a first start can create it.
  ///
  /// - Parameter files: the names of the data files.
  /// - Returns: in sentences, why this user can't open the data files; `nil` if they all exist and are this user's.
  /// - Throws: if neither this user nor a first start can use the directory.
  package static func check(_ path: String, files: [String]) throws(ConfigurationError) -> String? {
    var status = stat()
    if unsafe lstat(path, &status) != 0, Errno.current == .noSuchFileOrDirectory {
      return try checkFirstStart(path)
    }
    guard unsafe stat("\(path)/", &status) == 0, unsafe access(path, R_OK | W_OK | X_OK) == 0 else {
      throw error(path, "can't be used: \(Errno.current)")
    }
    for file in files.map({ "\(path)/\($0)" }) {
      guard unsafe stat(file, &status) == 0 else {
        return notYet(file)
      }
      if status.st_uid != geteuid() {
        return
          "\(file) belongs to another user. To check data, keys and event log too, run this command as that user."
      }
    }
    return nil
  }

  /// Checks that the directory, which does not exist, can be created.
  private static func checkFirstStart(_ path: String) throws(ConfigurationError) -> String {
    var parent = path[...]
    while parent.count > 1, parent.last == "/" { parent.removeLast() }
    parent = parent.lastIndex(of: "/").map { parent[...$0] } ?? "./"
    if unsafe access(String(parent), W_OK | X_OK) == 0 { return notYet(path) }
    // The unit's StateDirectory= makes the directory as root. A start without systemd fails with this reason.
    guard Errno.current == .permissionDenied else {
      throw error(path, "can't be created: \(Errno.current)")
    }
    return
      "\(notYet(path)) This user can't create it: leave that to systemd (StateDirectory=), or create it as root."
  }

  private static func notYet(_ path: String) -> String {
    "\(path) does not exist yet. The first start creates it without accounts, and makes keys unless it finds them."
  }

  /// Warnings about a data directory or files that other users own or can access.
  ///
  /// - Parameter files: the names of the data files.
  package static func warnings(_ path: String, files: [String]) -> [Warning] {
    (["", "/secrets"] + files.map { "/\($0)" }).compactMap { name in
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
