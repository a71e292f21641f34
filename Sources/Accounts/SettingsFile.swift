internal import Glibc

/// The file that DASHBOARD_CONFIG names.
package enum SettingsFile {
  /// Its contents, at most 64 KiB.
  package static func read(_ path: String) throws(ConfigurationError) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error(path) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024 + 1)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw error(path) }
    guard count < bytes.count else {
      throw ConfigurationError(description: "DASHBOARD_CONFIG: \(path) is longer than 64 KiB")
    }
    guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
      throw ConfigurationError(description: "DASHBOARD_CONFIG: \(path) is not UTF-8")
    }
    return text
  }

  private static func error(_ path: String) -> ConfigurationError {
    ConfigurationError(description: "DASHBOARD_CONFIG: \(path): \(unsafe String(cString: strerror(errno)))")
  }
}
