import DashboardSettings
import DashboardSystem
import Glibc
import Synchronization

/// A log: descriptor 2, or the end of a file. Each line is one write(2), so that lines of several threads and
/// processes don't mix.
final class LogFile: Sendable {
  private let path: String?
  private let state = Mutex(State())

  private struct State {
    var descriptor: Int32 = 2
    /// The same file, open for reading; -1 if it is not a regular file. A pipe must not be open for reading
    /// here: after its reader exits, a write would block instead of failing.
    var reader: Int32 = -1
    /// True if this process has written only a part of the last line.
    var isCutShort = false
    /// True if the last write failed. The failure is logged once.
    var isFailing = false

    func close() {
      for opened in [descriptor, reader] where opened > 2 { Glibc.close(opened) }
    }
  }

  /// - Parameter path: the file's path; `nil` for descriptor 2. A missing file is created with mode 0600.
  init(_ path: String?) throws(ConfigurationError) {
    self.path = path
    if let path, !reopen() {
      let reason = Errno.current
      throw ConfigurationError(
        description: "\(Setting.eventLog.name) is '\(path)', which can't be written: \(reason)")
    }
  }

  deinit { state.withLock { $0.close() } }

  /// Writes a line. If that fails, the line is lost. Descriptor 2 gets one message for consecutive failures.
  func write(_ line: String) {
    state.withLock { state in
      // After a partial line, of this process or another one, this line must start on a new line.
      let isMidLine = state.isCutShort || Self.endsInMidLine(state.reader)
      var line = (isMidLine ? "\n" : "") + line + "\n"
      let (written, length) = line.withUTF8 { bytes in
        (unsafe Glibc.write(state.descriptor, bytes.baseAddress, bytes.count), bytes.count)
      }
      if written == length {
        state.isCutShort = false
        state.isFailing = false
        return
      }
      if written > 0 { state.isCutShort = true }
      if !state.isFailing, let path {
        StandardError.write("dashboard: \(path) can't be written: events are lost")
      }
      state.isFailing = true
    }
  }

  /// True if the file's last byte is not a newline.
  private static func endsInMidLine(_ reader: Int32) -> Bool {
    guard reader >= 0 else { return false }
    var status = stat()
    guard unsafe fstat(reader, &status) == 0, status.st_size > 0 else { return false }
    var last: UInt8 = 0
    return unsafe pread(reader, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
  }

  /// Opens the path again, because the file may have been moved (logrotate(8)).
  ///
  /// - Returns: false if it can't be opened. The log then stays in the old file.
  func reopen() -> Bool {
    guard let path else { return true }
    // O_NONBLOCK: opening a pipe must not wait for its reader. It has no effect on a regular file.
    let opened = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard opened >= 0 else { return false }
    var status = stat()
    let isFile = unsafe fstat(opened, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let reader = isFile ? unsafe open(path, O_RDONLY | O_CLOEXEC) : -1
    state.withLock { state in
      state.close()
      state = State(descriptor: opened, reader: reader)
    }
    return true
  }
}
