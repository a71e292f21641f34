import DashboardSystem
import DashboardWireFormat

/// Receives a request whose body is late or long, or whose records libfcgi must not see, on a thread that may wait for it.
///
/// libfcgi gets only the parameters, in one record, since it must not see what a peer puts between the records.
struct LateRequest {
  /// How receiving ended.
  enum End {
    case request(FastCGIRequest.BodyEnd)
    /// No request is left: the records were answered or ignored.
    case noRequest(isKept: Bool)
  }

  private let connection: Int32
  private let request: FastCGIRequest
  private let limit: Int
  private var reader: RecordReader
  private var stream = RecordStream()
  private var parameters: [UInt8] = []

  /// - Parameter limit: the longest body to keep, in bytes.
  init(connection: Int32, into request: FastCGIRequest, limit: Int) {
    self.connection = connection
    self.request = request
    self.limit = limit
    reader = RecordReader(descriptor: connection)
  }

  mutating func receive() -> End {
    while let (header, content) = reader.next() {
      switch stream.take(header, content.span) {
      case .begin: break
      case .parameters:
        if !stream.areParametersTooLong { parameters += content }
      case .parametersEnd:
        let isReceived = request.receive(
          parameters: stream.areParametersTooLong ? nil : parameters, id: stream.id, isKept: stream.isKept,
          answeringOn: connection)
        guard isReceived else { return .request(.lost) }
      case .body:
        guard request.append(content, limit: limit) else { return .request(.abandoned) }
      case .bodyEnd:
        request.endBody()
        return .request(answerOthers() ? .reached : .abandoned)
      case .abort:
        request.abandon()
        parameters = []
        guard send(Reply.toAbort(of: stream.id)) else { return .request(.lost) }
      case .other:
        guard answer(header, content) else { return .request(.lost) }
      case .malformed:
        return .request(.lost)
      }
      if stream.isIdle, reader.isDrained { return .noRequest(isKept: stream.isKept) }
    }
    return .request(.lost)
  }

  /// Answers the records that came after the request.
  ///
  /// - Returns: true if the connection can serve another request.
  private mutating func answerOthers() -> Bool {
    while reader.holdsRecord, let (header, content) = reader.next() {
      guard case .other = stream.take(header, content.span), answer(header, content) else { return false }
    }
    return reader.isDrained
  }

  private func answer(_ header: RecordHeader, _ content: Bytes) -> Bool {
    Reply.to(header, content, in: stream).map(send) ?? true
  }

  private func send(_ reply: [UInt8]) -> Bool {
    (try? FileDescriptor(rawValue: connection).writeAll(reply.span)) != nil
  }
}
