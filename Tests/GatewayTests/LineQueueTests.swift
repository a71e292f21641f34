import DashboardSystem
import Synchronization
import TestSupport
import Testing

/// The queue of lines for a log whose reader may stall.
@Suite("lines that wait for a log")
struct LineQueueTests {
  /// A log whose reader takes no line until it is released.
  private final class StalledLog: Sendable {
    private let lines = Mutex<[String]>([])
    private let isReading = Atomic<Bool>(false)

    var text: [String] { lines.withLock { $0 } }

    func release() { isReading.store(true, ordering: .releasing) }

    func write(_ line: LineQueue.Line, _ deadline: Int64?) -> Bool {
      while !isReading.load(ordering: .acquiring) {
        if let deadline, monotonicMilliseconds() >= deadline { return false }
        Threads.yield()
      }
      lines.withLock { $0.append(line.text) }
      return true
    }
  }

  private let log = StalledLog()

  private func queue() -> LineQueue {
    LineQueue(lossReport: { "\($1) of \($0)" }, write: log.write)
  }

  @Test("no line waits for the reader, and all arrive in order")
  func order() {
    let queue = queue()
    queue.start()
    let lines = (1...1000).map { "line \($0)" }
    for (place, line) in lines.enumerated() {
      queue.append(line, LineQueue.Kind.allCases[place % 3])
    }
    #expect(log.text.isEmpty)
    log.release()
    queue.drain(within: 10_000)
    #expect(log.text == lines)
  }

  @Test("each kind loses only its own lines, and its next line is preceded by their number")
  func overflow() {
    let queue = queue()
    queue.start()
    let line = String(repeating: "x", count: 1024)
    func fill(_ kind: LineQueue.Kind, _ count: Int) { for _ in 0..<count { queue.append(line, kind) } }
    fill(.request, 256 + 7)
    fill(.event, 4096 + 3)
    queue.append("a message", .message)
    log.release()
    queue.drain(within: 10_000)
    #expect(log.text.count { $0 == line } == 256 + 4096)
    #expect(log.text.last == "a message")
    for (kind, text) in [(LineQueue.Kind.event, "an event"), (.request, "a request"), (.request, "another")] {
      queue.append(text, kind)
    }
    queue.drain(within: 10_000)
    #expect(log.text.suffix(5) == ["3 of event", "an event", "7 of request", "a request", "another"])
  }

  @Test("a line that is longer than the limit counts as lost")
  func tooLong() {
    let queue = queue()
    log.release()
    queue.append(String(repeating: "x", count: (256 << 10) + 1), .message)
    queue.append("next", .message)
    queue.drain(within: 1000)
    #expect(log.text == ["1 of message", "next"])
  }

  @Test("a drain counts all lost lines of the event log, with the lines that an earlier report counted")
  func losses() {
    let line = String(repeating: "x", count: 1024)
    for hasThread in [true, false] {
      let queue = queue()
      if hasThread { queue.start() }
      #expect(queue.drain(within: 10_000) == 0)
      queue.append("message", .message)
      for _ in 0..<4096 + 3 { queue.append(line, .event) }
      #expect(queue.drain(within: 20) == 4096 + 3)
    }
    log.release()
    let other = StalledLog()
    let queue = LineQueue(lossReport: { "\($1) of \($0)" }, write: other.write)
    queue.start()
    for _ in 0..<4096 + 3 { queue.append(line, .event) }
    other.release()
    #expect(queue.drain(within: 10_000) == 3)
    // The report counts for the lines that it reports.
    queue.append("next", .event)
    #expect(queue.drain(within: 10_000) == 0)
    #expect(other.text.suffix(2) == ["3 of event", "next"])
  }

  @Test("a drain writes the lines itself without a thread, and gives up after its time")
  func draining() {
    let (stalled, threaded) = (queue(), queue())
    threaded.start()
    for queue in [stalled, threaded] {
      queue.append("line", .event)
      queue.drain(within: 50)
    }
    #expect(log.text.isEmpty)
    log.release()
    threaded.drain(within: 10_000)
    let later = queue()
    later.append("later", .event)
    later.drain(within: 1000)
    #expect(log.text == ["line", "later"])
  }
}
