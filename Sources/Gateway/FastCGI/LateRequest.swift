import DashboardWireFormat
import Glibc

/// Receives a request whose body is late or long, on a thread that may wait for it.
///
/// libfcgi gets only the records before the body, since it must not see what a peer puts between the records of a body. A
/// FCGI_GET_VALUES record overruns libfcgi's stack, and it reads parameters without a limit.
struct LateRequest {
  private let connection: Int32
  private var records: RecordReader

  /// In bytes. Longer than the parameters that an event thread has seen before it passes a request on.
  private static let longestHead = 128 * 1024

  init(connection: Int32) {
    self.connection = connection
    records = RecordReader(descriptor: connection)
  }

  mutating func receive(into request: FastCGIRequest, limit: Int) -> FastCGIRequest.BodyEnd {
    guard let head = receiveHead(), request.receive(head: head.bytes, answeringOn: connection) else {
      return .lost
    }
    while let record = records.next(), record.type == RecordType.standardInput, record.id == head.id {
      if record.content.isEmpty {
        request.endBody()
        // A web server sends its next request after this response, so bytes beyond the request belong to none.
        return records.isDrained ? .reached : .abandoned
      }
      guard request.append(records[record.content], limit: limit) else { return .abandoned }
    }
    return .lost
  }

  /// The records up to the end of the parameters, and the request's id; `nil` if they are malformed or too long.
  private mutating func receiveHead() -> (bytes: [UInt8], id: UInt16)? {
    guard let begin = records.next(), begin.type == RecordType.beginRequest, begin.id != 0 else { return nil }
    var bytes = Array(records[begin.whole])
    var parameters = ParameterCheck()
    while let record = records.next(), record.type == RecordType.parameters, record.id == begin.id {
      bytes += records[record.whole]
      if record.content.isEmpty { return parameters.isComplete ? (bytes, begin.id) : nil }
      guard parameters.take(records[record.content].span) else { return nil }
      guard bytes.count <= Self.longestHead else { return nil }
    }
    return nil
  }
}
