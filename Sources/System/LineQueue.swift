import Synchronization

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

  package struct Line: Sendable {
    package let kind: Kind
    package let text: String
    /// The number of lines that are lost with this one: for a report, the lines that it counts.
    package var count = 1

    package init(_ kind: Kind, _ text: String, count: Int = 1) {
      (self.kind, self.text, self.count) = (kind, text, count)
    }
  }

  private let write: @Sendable (_ line: Line, _ deadline: Int64?) -> Bool
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
  /// The lines of the event log that the thread has taken and not written yet.
  private let eventsTaken = Atomic<Int>(0)

  /// - Parameters:
  ///   - lossReport: the line that says how many lines of a kind were lost. It precedes the next line of the kind.
  ///   - write: writes a line, and waits for its reader until `deadline` (monotonic milliseconds; `nil` for no end). Returns false
  ///     if the time is up.
  package init(
    lossReport: @escaping @Sendable (Kind, _ count: Int) -> String,
    write: @escaping @Sendable (_ line: Line, _ deadline: Int64?) -> Bool
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
      if lost[place] > 0 { add(Line(kind, lossReport(kind, lost[place]), count: lost[place])) }
      lost[place] = 0
      add(Line(kind, text))
    }
    monitor.signal()
  }

  /// Waits until all lines are written, or writes them if there is no thread. Call it before the process exits.
  ///
  /// - Parameter milliseconds: the longest wait for the reader.
  /// - Returns: the number of lines of the event log that are lost if the process exits.
  @discardableResult
  package func drain(within milliseconds: Int64) -> Int {
    let deadline = monotonicMilliseconds() + milliseconds
    if monitor.withLock({ hasThread }) {
      _ = drained.waitUntil(deadline: deadline) { monitor.withLock { waiting.isEmpty && !isWriting } }
      return monitor.withLock {
        eventsTaken.load(ordering: .relaxed) + Self.events(in: waiting) + lost[Kind.event.rawValue]
      }
    }
    var lines = monitor.withLock({ take() })[...]
    while let line = lines.first, write(line, deadline) { lines.removeFirst() }
    return Self.events(in: lines) + monitor.withLock { lost[Kind.event.rawValue] }
  }

  private static func events(in lines: some Sequence<Line>) -> Int {
    lines.reduce(0) { $1.kind == .event ? $0 + $1.count : $0 }
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
      eventsTaken.store(Self.events(in: lines), ordering: .relaxed)
      monitor.unlock()
      for line in lines {
        _ = write(line, nil)
        if line.kind == .event { eventsTaken.wrappingSubtract(line.count, ordering: .relaxed) }
      }
      monitor.withLock {
        for line in lines { sizes[line.kind.rawValue] -= line.text.utf8.count }
        isWriting = false
      }
      drained.signal()
    }
  }
}
