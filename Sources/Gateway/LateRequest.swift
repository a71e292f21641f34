import DashboardWireFormat
import Glibc

/// Receives a request whose body is late or long, in a thread that may wait for it.
///
/// libfcgi is given the records before the body only, and the body is taken apart here: libfcgi follows whatever a peer
/// puts between the records of a body (a question about the program's abilities overruns its stack, FCGI_GET_VALUES),
/// and reads parameters without a bound.
struct LateRequest {
  private let connection: Int32
  private var records: RecordReader

  /// More than the event thread has seen of parameters before it passed the request on.
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
        // Bytes beyond the request are nobody's: a web server sends its next one after our answer.
        return records.isDrained ? .reached : .abandoned
      }
      guard request.append(records[record.content], limit: limit) else { return .abandoned }
    }
    return .lost
  }

  /// The records up to the end of the parameters.
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
