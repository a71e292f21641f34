import DashboardRecords
import DashboardSystem
import DashboardWireFormat

/// The line of a log that says how many lines its reader missed.
enum LossReport {
  private struct LostEvents: JSONEncodable {
    let count: Int

    static var schema: JSONSchema { .object("event") }

    func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.member("time", SystemClock().now())
        object.member("event", "events-lost")
        object.member("count", count)
      }
    }
  }

  static func line(_ kind: LineQueue.Kind, _ count: Int) -> String {
    switch kind {
    case .event: String(decoding: JSONWriter.ascii(LostEvents(count: count)), as: UTF8.self)
    case .request: "dashboard: \(count) lines of requests were lost, because the log was not read or written"
    case .message: "dashboard: \(count) messages were lost, because the log was not read or written"
    }
  }
}

/// The bytes of a line of a log, after the report of lines of its kind that were lost before it.
struct ReportedLine {
  let bytes: [UInt8]
  private let line: LineQueue.Line
  /// The number of lines that were lost before.
  private let lost: Int
  /// Where the report ends in the bytes.
  private let reportEnd: Int

  /// - Parameter isMidLine: true if the log does not end with a newline.
  init(_ line: LineQueue.Line, afterLosing lost: Int, isMidLine: Bool = false) {
    (self.line, self.lost) = (line, lost)
    var text = isMidLine ? "\n" : ""
    if lost > 0 { text += LossReport.line(line.kind, lost) + "\n" }
    reportEnd = text.utf8.count
    text += line.text
    if !line.text.hasSuffix("\n") { text += "\n" }
    bytes = Array(text.utf8)
  }

  /// The number of lost lines that no report has counted, if the log took so many of the bytes.
  func lost(afterWriting count: Int) -> Int {
    if count >= bytes.count { return 0 }
    return (count >= reportEnd ? 0 : lost) + line.count
  }
}
