import DashboardRecords
import DashboardWireFormat

/// A line of the request log. It leaves out the query, which can hold personal data.
struct RequestLine: JSONEncodable {
  let variables: MetaVariables
  /// The X-Request-Id of the response.
  let id: RequestID
  let time: Timestamp
  let status: Int
  let nanoseconds: Int64
  let observation: Observation

  static var schema: JSONSchema { .object("request") }

  func encode(into writer: inout JSONWriter) {
    func text(_ bytes: Bytes?) -> String? { bytes.map { String(decoding: $0.prefix(256), as: UTF8.self) } }
    func microseconds(_ nanoseconds: Int64) -> Int { Int(clamping: nanoseconds / 1000) }
    writer.object { object in
      object.member("time", time)
      object.member("request", id.description)
      object.member("client", text(variables.nonEmpty(.remoteAddress)))
      object.member("method", text(variables.method))
      object.member("path", text(variables.path))
      object.member("status", status)
      object.member("microseconds", microseconds(nanoseconds))
      object.member("hashingWaitMicroseconds", observation.hashingWait.map(microseconds))
      object.member("hashingMicroseconds", observation.hashing.map(microseconds))
    }
  }
}
