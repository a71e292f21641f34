import DashboardSettings
import DashboardSystem
import Glibc
import Synchronization

/// Where lines of a log go: to descriptor 2, or to the end of a file. One write a line, so that lines of several threads
/// and processes don't mix.
final class LogFile: Sendable {
  private let path: String?
  private let state = Mutex(State())

  private struct State {
    var descriptor: Int32 = 2
    /// The same file, to read; -1 for what can't be read again. A pipe must not be open for reading here: when its reader
    /// ends, writing would wait for ever instead of failing.
    var reader: Int32 = -1
    /// The last line is there in part, as far as this process knows.
    var isCutShort = false
    /// Nobody needs to be told again.
    var isFailing = false

    func close() {
      for opened in [descriptor, reader] where opened > 2 { Glibc.close(opened) }
    }
  }

  /// - Parameter path: of a file, which is made (mode 0600) if it is not there; `nil`: descriptor 2.
  init(_ path: String?) throws(ConfigurationError) {
    self.path = path
    if let path, !reopen() {
      let reason = Errno.current
      throw ConfigurationError(
        description: "\(Setting.eventLog.name) is '\(path)', which can't be written: \(reason)")
    }
  }

  deinit { state.withLock { $0.close() } }

  /// What could not be written is lost, which descriptor 2 tells once, until something can be written again.
  func write(_ line: String) {
    state.withLock { state in
      // A line that was cut short, here or by another process, must not swallow this one.
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

  /// Whether the file's last byte ends no line.
  private static func endsInMidLine(_ reader: Int32) -> Bool {
    guard reader >= 0 else { return false }
    var status = stat()
    guard unsafe fstat(reader, &status) == 0, status.st_size > 0 else { return false }
    var last: UInt8 = 0
    return unsafe pread(reader, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
  }

  /// Goes on in a new file if the old one has been moved away (logrotate(8)). False: it can't be opened; the old one
  /// stays.
  func reopen() -> Bool {
    guard let path else { return true }
    // To wait for whoever reads a pipe would hold up everything; nothing changes for a file.
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
