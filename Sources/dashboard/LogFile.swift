import DashboardSettings
import DashboardSystem
import Glibc
import Synchronization

/// The file of the event log, at whose end lines are written. Each line is one write(2), so that lines of several threads and
/// processes don't mix.
final class LogFile: Sendable {
  private let path: String
  private let state = Mutex(State())

  private struct State {
    var descriptor: Int32 = -1
    /// The same file, open for reading; -1 if it is not a regular file. A pipe must not be open for reading
    /// here: after its reader exits, a write would wait instead of failing.
    var reader: Int32 = -1
    /// True if this process has written only a part of the last line.
    var isCutShort = false
    /// The lines that were lost and not reported in the file yet. The first failure is logged.
    var lost = 0

    func close() {
      for opened in [descriptor, reader] where opened >= 0 { Glibc.close(opened) }
    }
  }

  /// - Parameter path: a missing file is created with mode 0600.
  init(_ path: String) throws(ConfigurationError) {
    self.path = path
    if !reopen() {
      let reason = Errno.current
      throw ConfigurationError(
        description: "\(Setting.eventLog.name) is '\(path)', which can't be written: \(reason)")
    }
  }

  deinit { state.withLock { $0.close() } }

  /// False for a pipe, whose reader may stall.
  var isRegular: Bool { state.withLock { $0.reader >= 0 } }

  /// The number of lines that were lost and not reported in the file yet.
  var lost: Int { state.withLock { $0.lost } }

  /// Writes a line. If that fails, the line is lost. Descriptor 2 gets one message for consecutive failures, and the next line that
  /// can be written follows their number.
  func write(_ line: LineQueue.Line) { _ = isTaken(line, mayWait: false) }

  /// Writes a line to a pipe, once its reader has made room.
  ///
  /// - Returns: false if the deadline has passed.
  func pass(_ line: LineQueue.Line, deadline: Int64?) -> Bool {
    while !isTaken(line, mayWait: true) {
      let (now, patience) = (monotonicMilliseconds(), Int64(100))
      if let deadline, now >= deadline { return false }
      // Looks again shortly, since `reopen` may replace the file.
      let descriptor = FileDescriptor(rawValue: state.withLock { $0.descriptor })
      _ = descriptor.waitUntilWritable(deadline: min(deadline ?? .max, now + patience))
    }
    return true
  }

  /// Writes a line.
  ///
  /// - Parameter mayWait: true if the caller writes the line later if a pipe is full. A line of up to 4,096 bytes is not written in
  ///   part then (pipe(7), PIPE_BUF).
  /// - Returns: false in that case.
  private func isTaken(_ line: LineQueue.Line, mayWait: Bool) -> Bool {
    state.withLock { state in
      // After a partial line, of this process or another one, this line must start on a new line.
      let isMidLine = state.isCutShort || Self.endsInMidLine(state.reader)
      let reported = ReportedLine(line, afterLosing: state.lost, isMidLine: isMidLine)
      var count = 0
      do throws(Errno) {
        count = try FileDescriptor(rawValue: state.descriptor).write(reported.bytes.span)
        state.isCutShort = count < reported.bytes.count
      } catch {
        if mayWait, error == .wouldBlock { return false }
      }
      let lost = reported.lost(afterWriting: count)
      if lost > 0, state.lost == 0 {
        StandardError.write("dashboard: \(path) can't be written: events are lost")
      }
      state.lost = lost
      return true
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
    // O_NONBLOCK: opening a pipe must not wait for its reader. It has no effect on a regular file.
    let opened = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard opened >= 0 else { return false }
    let isFile = FileDescriptor(rawValue: opened).isRegularFile
    let reader = isFile ? unsafe open(path, O_RDONLY | O_CLOEXEC) : -1
    state.withLock { state in
      state.close()
      state = State(descriptor: opened, reader: reader, lost: state.lost)
    }
    return true
  }
}
