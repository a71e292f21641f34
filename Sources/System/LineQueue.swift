/// Lines on their way to a log whose reader may stall: a pipe, a terminal or a service manager's socket. A thread of its own
/// writes them, so that no answer waits for the reader. Each kind of line has a limit of its own, beyond which its lines are
/// lost.
///
/// Safe to share: stored properties that change are only touched while `monitor` is held.
package final class LineQueue: @unchecked Sendable {
  package enum Kind: Int, CaseIterable, Sendable {
    /// Of the request log.
    case request
    /// For the operator.
    case message
    /// Of the event log.
    case event

    /// The most bytes that wait.
    fileprivate var limit: Int { self == .event ? 4 << 20 : 256 << 10 }
  }

  private typealias Line = (kind: Kind, text: String)

  private let write: @Sendable (_ line: String, _ deadline: Int64?) -> Bool
  private let lossReport: @Sendable (Kind, _ count: Int) -> String
  private let monitor = Monitor()
  private let drained = Monitor()
  private var waiting: [Line] = []
  /// The bytes of each kind that are not written yet.
  private var sizes = [0, 0, 0]
  /// The lines of each kind that were lost and not reported yet.
  private var lost = [0, 0, 0]
  private var hasThread = false
  private var isWriting = false

  /// - Parameters:
  ///   - lossReport: the line that says how many lines of a kind were lost. It precedes the next line of the kind.
  ///   - write: writes a line, and waits for its reader until `deadline` (monotonic milliseconds; `nil` for no end). Returns false
  ///     if the time is up.
  package init(
    lossReport: @escaping @Sendable (Kind, _ count: Int) -> String,
    write: @escaping @Sendable (_ line: String, _ deadline: Int64?) -> Bool
  ) {
    self.lossReport = lossReport
    self.write = write
  }

  /// Starts the thread that writes. Without it, lines wait for `drain`.
  package func start() {
    monitor.withLock { hasThread = Thread.start(name: "log") { [self] in run() } }
  }

  package func append(_ text: String, _ kind: Kind) {
    monitor.withLock {
      let place = kind.rawValue
      guard sizes[place] + text.utf8.count <= kind.limit else { return lost[place] += 1 }
      if lost[place] > 0 { add((kind, lossReport(kind, lost[place]))) }
      lost[place] = 0
      add((kind, text))
    }
    monitor.signal()
  }

  /// Waits until all lines are written, or writes them if there is no thread. Call it before the process exits.
  ///
  /// - Parameter milliseconds: the longest wait for the reader.
  package func drain(within milliseconds: Int64) {
    let deadline = monotonicMilliseconds() + milliseconds
    if monitor.withLock({ hasThread }) {
      _ = drained.waitUntil(deadline: deadline) { monitor.withLock { waiting.isEmpty && !isWriting } }
    } else {
      for line in monitor.withLock({ take() }) where !write(line.text, deadline) { return }
    }
  }

  private func add(_ line: Line) {
    waiting.append(line)
    sizes[line.kind.rawValue] += line.text.utf8.count
  }

  private func take() -> [Line] {
    defer { waiting = [] }
    return waiting
  }

  private func run() {
    while true {
      monitor.lock()
      while waiting.isEmpty { monitor.wait() }
      let lines = take()
      isWriting = true
      monitor.unlock()
      for line in lines { _ = write(line.text, nil) }
      monitor.withLock {
        for line in lines { sizes[line.kind.rawValue] -= line.text.utf8.count }
        isWriting = false
      }
      drained.signal()
    }
  }
}
