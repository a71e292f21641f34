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
    case .request: "dashboard: \(count) lines of requests were lost, because the log was not read"
    case .message: "dashboard: \(count) messages were lost, because the log was not read"
    }
  }
}
