import DashboardRouting
import DashboardSystem
import Synchronization

/// Descriptor 2.
///
/// Its reader may stall. While requests are answered, lines therefore wait in a queue, unless descriptor 2 is a regular file. It
/// never gets O_NONBLOCK, because other processes share the open file.
enum StandardError {
  private static let isQueued = Atomic<Bool>(false)
  private static let queue = LineQueue(lossReport: LossReport.line) { line, deadline in
    if deadline != nil, !FileDescriptor.standardError.waitUntilWritable(deadline: deadline) { return false }
    put(line)
    return true
  }

  /// The lines of each kind that could not be written, and were not reported yet.
  private static let lost = InlineArray<3, Atomic<Int>> { _ in Atomic(0) }

  /// Writes the text, followed by a line end if it has none. A line that can't be written is lost, and the next one of its kind
  /// follows the number of such lines.
  static func write(_ text: String, _ kind: LineQueue.Kind = .message) {
    if isQueued.load(ordering: .relaxed) { queue.append(text, kind) } else { put(LineQueue.Line(kind, text)) }
  }

  /// Writes a question, after which a person types on the same line.
  static func prompt(_ text: String) { try? FileDescriptor.standardError.writeAll(Array(text.utf8).span) }

  /// From here on no call of `write` waits for the reader.
  ///
  /// - Parameter hasThread: false in a process that answers one request. `flush` then writes the lines.
  static func startQueue(hasThread: Bool) {
    guard !FileDescriptor.standardError.isRegularFile else { return }
    if hasThread { queue.start() }
    isQueued.store(true, ordering: .relaxed)
  }

  /// Waits up to a second for the reader to take what waits. Call it before the process exits.
  static func flush() {
    if isQueued.load(ordering: .relaxed) { queue.drain(within: 1000) }
  }

  /// Each line is one write(2), so that lines of several threads and processes do not mix.
  private static func put(_ line: LineQueue.Line) {
    let place = line.kind.rawValue
    let before = lost[place].load(ordering: .relaxed) == 0 ? 0 : lost[place].exchange(0, ordering: .relaxed)
    let reported = ReportedLine(line, afterLosing: before)
    var rest = reported.bytes[...]
    while !rest.isEmpty {
      do throws(Errno) {
        rest = rest.dropFirst(try FileDescriptor.standardError.write(rest.span))
      } catch {
        // Another process has set O_NONBLOCK.
        guard error == .wouldBlock, FileDescriptor.standardError.waitUntilWritable(deadline: nil) else {
          let count = reported.lost(afterWriting: reported.bytes.count - rest.count)
          lost[place].wrappingAdd(count, ordering: .relaxed)
          return
        }
      }
    }
  }
}
