internal import Glibc

/// The directory that holds the data file and the keys.
package enum DataDirectory {
  /// Makes the directory, for its owner alone (mode 0700), if it is not there. The one above must be.
  package static func prepare(_ path: String) throws(ConfigurationError) {
    if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    let message = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    throw ConfigurationError(
      description: "\(Setting.dataDirectory.name) is '\(path)', which can't be made: \(message)")
  }
}
