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

  /// Checks that this user can use the directory, or can create it.
  ///
  /// - Throws: with the reason if the user can't.
  package static func check(_ path: String) throws(ConfigurationError) {
    if unsafe access(path, F_OK) == 0 {
      guard unsafe access(path, R_OK | W_OK | X_OK) == 0 else {
        throw error(path, "can't be used: \(Errno.current)")
      }
      return
    }
    var parent = path[...]
    while parent.count > 1, parent.last == "/" { parent.removeLast() }
    parent = parent.lastIndex(of: "/").map { parent[...$0] } ?? "./"
    guard unsafe access(String(parent), W_OK | X_OK) == 0 else {
      throw error(path, "can't be created: \(Errno.current)")
    }
  }

  /// True if all data files exist and belong to this user.
  ///
  /// - Parameter files: the names of the data files.
  package static func isOwn(_ path: String, files: [String]) -> Bool {
    files.allSatisfy { name in
      var status = stat()
      return unsafe stat("\(path)/\(name)", &status) == 0 && status.st_uid == geteuid()
    }
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
