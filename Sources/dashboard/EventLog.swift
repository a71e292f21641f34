import DashboardSettings
import DashboardSystem

/// Where events go: EVENT_LOG or descriptor 2.
///
/// A regular file takes a line at once, so an event is in the file before the answer. The reader of a pipe may stall, so lines
/// wait for it in a queue.
struct EventLog: Sendable {
  /// `nil` for descriptor 2.
  private let file: LogFile?
  /// `nil` unless the file is a pipe.
  private let queue: LineQueue?

  /// - Parameter path: `nil` for descriptor 2.
  init(_ path: String?) throws(ConfigurationError) {
    let file = if let path { try LogFile(path) } else { nil as LogFile? }
    self.file = file
    queue =
      if let file, !file.isRegular {
        LineQueue(lossReport: LossReport.line) { file.pass($0, deadline: $1) }
      } else { nil }
  }

  func write(_ line: String) {
    if let queue {
      queue.append(line, .event)
    } else if let file {
      file.write(LineQueue.Line(.event, line))
    } else {
      StandardError.write(line, .event)
    }
  }

  /// Starts the thread that writes to a pipe. Without it, `flush` does.
  func startQueue() { queue?.start() }

  /// Waits up to a second for a pipe's reader to take what waits. Tells on descriptor 2 what is lost. Call it before the process
  /// exits.
  func flush() {
    let lost = (queue?.drain(within: 1000) ?? 0) + (file?.lost ?? 0)
    if lost > 0 {
      StandardError.write(
        "dashboard: \(lost) events were lost, because \(Setting.eventLog.name) was not read or written")
    }
  }

  /// Opens the file again, because it may have been moved (logrotate(8)).
  ///
  /// - Returns: false if it can't be opened. The log then stays in the old file.
  func reopen() -> Bool { file?.reopen() ?? true }
}
