/// Tells from peeked bytes whether a whole FastCGI request has arrived.
///
/// An event thread must not wait. It lets libfcgi read a connection only after this check, since libfcgi will not wait then.
///
/// Source: FastCGI Specification 1.0, sections 3.3 (records), 5.1 (BEGIN_REQUEST), 5.2 (PARAMS), 5.3 (STDIN).
enum RecordScanner {
  enum Finding: Equatable {
    /// More bytes are needed. `hasParameters` is true if the PARAMS stream has ended and only the body is incomplete.
    case incomplete(hasParameters: Bool)
    /// One whole request of `length` bytes. More bytes may follow it.
    case whole(length: Int)
    /// The bytes do not begin a request to a responder.
    case malformed
  }

  private enum Stage { case begin, parameters, body }

  private static let headerLength = 8
  private static let responderRole = 1

  /// Walks the records from the start of `bytes`. Reads their headers, the content of BEGIN_REQUEST, and the lengths of the
  /// parameters.
  static func examine(_ bytes: Span<UInt8>) -> Finding {
    var stage = Stage.begin
    var requestID = 0
    var parameters = ParameterCheck()
    var position = 0

    func integer(at index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }

    while bytes.count - position >= headerLength {
      guard bytes[position] == 1 else { return .malformed }
      let type = bytes[position + 1]
      let id = integer(at: position + 2)
      let contentLength = integer(at: position + 4)
      let end = position + headerLength + contentLength + Int(bytes[position + 6])

      switch stage {
      case .begin:
        // No web server sends management records (request id 0), and libfcgi's reply to them overruns its stack.
        guard type == RecordType.beginRequest, id != 0, contentLength == 8 else { return .malformed }
        guard end <= bytes.count else { return .incomplete(hasParameters: false) }
        guard integer(at: position + headerLength) == responderRole else { return .malformed }
        requestID = id
        stage = .parameters
      case .parameters:
        guard type == RecordType.parameters, id == requestID else { return .malformed }
        guard end <= bytes.count else { return .incomplete(hasParameters: false) }
        let start = position + headerLength
        guard parameters.take(bytes.extracting(start..<start + contentLength)) else { return .malformed }
        if contentLength == 0 {
          guard parameters.isComplete else { return .malformed }
          stage = .body
        }
      case .body:
        guard type == RecordType.standardInput, id == requestID else { return .malformed }
        guard end <= bytes.count else { return .incomplete(hasParameters: true) }
        if contentLength == 0 { return .whole(length: end) }
      }
      position = end
    }
    return .incomplete(hasParameters: stage == .body)
  }
}

/// The types of records (FastCGI Specification 1.0, section 8).
enum RecordType {
  static let beginRequest: UInt8 = 1
  static let parameters: UInt8 = 4
  static let standardInput: UInt8 = 5
}
