/// The meaning of the records on a connection, one after another: which belong to a request, and which end it.
///
/// Source: FastCGI Specification 1.0, sections 3.3 (records and ids), 4 (management records), 5 (application records).
struct RecordStream {
  enum Step {
    case begin
    case parameters
    case parametersEnd
    case body
    case bodyEnd
    /// The web server gave the request up.
    case abort
    /// The record belongs to no request that is served. It may get a `reply`.
    case other
    /// The peer broke the protocol.
    case malformed
  }

  private enum Stage { case idle, parameters, body, whole }

  private var stage = Stage.idle
  private var check = ParameterCheck()
  private var parameterLength = 0
  /// The id of the request; 0 before the first.
  private(set) var id: UInt16 = 0
  /// True if the connection goes on after the request (section 5.1, FCGI_KEEP_CONN).
  private(set) var isKept = true

  private static let responder: [UInt8] = [0, 1]
  private static let keepConnection: UInt8 = 1

  /// True if no request has begun, or the last one has ended.
  var isIdle: Bool { stage == .idle }

  /// True if the parameters are longer than any request's need, or one of them is. The rest of them is unchecked then.
  private(set) var areParametersTooLong = false

  /// True if the parameters have ended, but not the body.
  var isInBody: Bool { stage == .body }

  /// True if the request has ended. Its response is due.
  var isWhole: Bool { stage == .whole }

  /// Ends the request: the next records belong to others.
  mutating func end() { stage = .idle }

  /// Takes the next record, which has this content.
  mutating func take(_ header: RecordHeader, _ content: Span<UInt8>) -> Step {
    if header.type == RecordType.beginRequest, header.id != 0 { return begin(header, content) }
    guard !isIdle, header.id == id else { return .other }
    switch (stage, header.type) {
    case (.parameters, RecordType.parameters):
      if header.contentLength > 0 { return takeParameters(content) }
      guard check.isComplete || areParametersTooLong else { return .malformed }
      stage = .body
      return .parametersEnd
    case (.body, RecordType.standardInput):
      guard header.contentLength == 0 else { return .body }
      stage = .whole
      return .bodyEnd
    case (.whole, RecordType.abortRequest):
      // Its response is on its way.
      return .other
    case (_, RecordType.abortRequest):
      stage = .idle
      return .abort
    default:
      return .malformed
    }
  }

  private mutating func begin(_ header: RecordHeader, _ content: Span<UInt8>) -> Step {
    guard content.count == 8 else { return .malformed }
    guard isIdle else { return header.id == id ? .malformed : .other }
    isKept = content[2] & Self.keepConnection != 0
    guard content[0] == Self.responder[0], content[1] == Self.responder[1] else { return .other }
    id = header.id
    stage = .parameters
    (check, parameterLength, areParametersTooLong) = (ParameterCheck(), 0, false)
    return .begin
  }

  private mutating func takeParameters(_ content: Span<UInt8>) -> Step {
    parameterLength += content.count
    if parameterLength > ParameterCheck.longest || !check.take(content) { areParametersTooLong = true }
    return .parameters
  }
}
