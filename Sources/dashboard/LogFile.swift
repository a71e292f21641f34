import Accounts
import Glibc
import Synchronization

/// Where lines of a log go: to descriptor 2, or to the end of a file. One write a line, so that lines of several threads
/// and processes don't mix.
final class LogFile: Sendable {
  private let path: String?
  private let descriptor: Mutex<Int32>

  /// - Parameter path: of a file, which is made (mode 0600) if it is not there; `nil`: descriptor 2.
  init(_ path: String?) throws(ConfigurationError) {
    self.path = path
    descriptor = Mutex(2)
    if let path, !reopen() {
      let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
      throw ConfigurationError(
        description: "\(Setting.eventLog.name) is '\(path)', which can't be written: \(reason)")
    }
  }

  deinit { descriptor.withLock { if $0 != 2 { close($0) } } }

  func write(_ line: String) {
    var line = line + "\n"
    descriptor.withLock { descriptor in
      line.withUTF8 { bytes in _ = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
    }
  }

  /// Goes on in a new file if the old one has been moved away (logrotate(8)). False: it can't be opened; the old one
  /// stays.
  @discardableResult func reopen() -> Bool {
    guard let path else { return true }
    let opened = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else { return false }
    descriptor.withLock { descriptor in
      if descriptor != 2 { close(descriptor) }
      descriptor = opened
    }
    return true
  }
}
