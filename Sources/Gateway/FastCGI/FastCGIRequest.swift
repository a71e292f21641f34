import CDashboardFastCGI
import DashboardWireFormat
import Glibc

/// One FastCGI request after another: what has arrived of it, libfcgi's request, and the buffers for its response.
///
/// One thread at a time uses it.
///
/// - Warning: `FCGX_Request` holds its own address. It therefore lives on the heap and never moves.
@safe final class FastCGIRequest: @unchecked Sendable {
  private let slot: UnsafeMutablePointer<FCGX_Request>
  private(set) var content = Request()
  /// The records that libfcgi gets: FCGI_BEGIN_REQUEST, and the stream of parameters in one record.
  private var records = FastCGIRequest.beginning
  private var head: [UInt8] = []
  private let memory: BodyMemory
  /// Of `records`.
  private var share = BodyMemory.Share()
  /// The number of body bytes received, kept or not.
  private(set) var received = 0
  private var id: UInt16 = 0
  /// True if the connection can serve another request after the response (FastCGI Specification 1.0, section 5.1,
  /// FCGI_KEEP_CONN).
  var isKept = true

  /// Bytes that are read and discarded beyond the limit, so that a client that sends too much still reads its response.
  static let drainedBytes = 16 * 1024 * 1024

  /// The event thread decodes no longer bodies, in bytes.
  static let longBody = 64 * 1024

  /// A request to a responder with FCGI_KEEP_CONN, and the header of the parameters without their length. The id is 1, whatever
  /// the web server's is.
  private static let beginning: [UInt8] =
    record(RecordType.beginRequest, id: 1, [0, 1, 1, 0, 0, 0, 0, 0]) + end
  private static let end = record(RecordType.parameters, id: 1)

  init(memory: BodyMemory) {
    self.memory = memory
    unsafe slot = .allocate(capacity: 1)
    unsafe slot.initialize(to: FCGX_Request())
    unsafe FCGX_InitRequest(slot, -1, 0)
  }

  deinit {
    discardBody()
    clearParameters()
    unsafe slot.deallocate()
  }

  // MARK: Arriving

  func begin(id: UInt16, isKept: Bool) { (self.id, self.isKept) = (id, isKept) }

  /// Appends a part of the stream of parameters. The whole must be valid and at most `RecordHeader.longestContent` bytes long.
  ///
  /// - Returns: false if there is no memory for it.
  func append(parameters bytes: Span<UInt8>) -> Bool {
    guard share.adjust(to: records.count + bytes.count, of: memory) else { return false }
    records.append(bytes)
    return true
  }

  /// Notes that the parameters are too long. The application learns it.
  func discardParameters() {
    clearParameters()
    content.areParametersTooLong = true
  }

  private func clearParameters() {
    if share.isEmpty { return records.removeSubrange(Self.beginning.count...) }
    // Requests are kept for another use, and must not keep much memory.
    records = Self.beginning
    _ = share.adjust(to: 0, of: memory)
  }

  /// Ends the stream of parameters. Without any, their header ends it.
  private func endParameters() {
    let length = records.count - Self.beginning.count
    guard length > 0 else { return }
    let header = Self.beginning.count - RecordHeader.length
    records[header + 4] = UInt8(length >> 8)
    records[header + 5] = UInt8(length & 0xFF)
    records += Self.end
  }

  /// Appends bytes to the body, or discards it beyond `limit` bytes.
  ///
  /// - Returns: false if the body is longer than any client should send.
  func append(_ bytes: Span<UInt8>, limit: Int) -> Bool {
    received += bytes.count
    if received > limit {
      content.bodyState = .tooLong
    } else if content.bodyState == .complete {
      if memory.bodies.take(bytes.count) {
        content.body.append(bytes)
      } else {
        content.bodyState = .withoutRoom
      }
    }
    if content.bodyState != .complete { discardBody() }
    return received <= limit + Self.drainedBytes
  }

  /// Notes how long the request has waited for a thread, in nanoseconds.
  func noteWait(_ nanoseconds: Int64) { content.waited = nanoseconds }

  private func discardBody() {
    memory.bodies.give(content.body.count)
    content.body = []
  }

  /// Lets libfcgi read the parameters. The response goes to `connection`.
  ///
  /// The corresponding C function is `FCGX_Accept_r`. With `ipcFd` set it reads from there and accepts nothing.
  ///
  /// - Returns: false for a system error.
  func receiveParameters(through channel: ParameterChannel, answeringOn connection: Int32) -> Bool {
    endParameters()
    guard let input = channel.send(records.span) else { return false }
    unsafe slot.pointee.ipcFd = input
    unsafe slot.pointee.keepConnection = 1
    // Without this, libfcgi waits for the other end when it closes the descriptor after an error.
    unsafe FCGX_Detach(slot)
    guard unsafe FCGX_Accept_r(slot) == 0 else {
      unsafe slot.pointee.ipcFd = -1
      channel.lost()
      return false
    }
    unsafe slot.pointee.ipcFd = connection
    unsafe slot.pointee.requestId = Int32(id)
    if let environment = unsafe slot.pointee.envp {
      unsafe content.variables.append(environment: environment)
    }
    let announced = content.variables.contentLength
    if content.bodyState == .complete, let announced, announced != received { content.bodyState = .cutShort }
    return true
  }

  // MARK: Ending

  /// Writes the response and ends the request. The connection stays open and is the caller's again.
  ///
  /// Does what `FCGX_Finish_r` does, except for closing: that function closes the descriptor on any trouble, and its number may
  /// then already be another connection's.
  ///
  /// - Returns: false if the peer did not take the response, or wants the connection closed after it (FastCGI Specification 1.0,
  ///   section 3.5, FCGI_KEEP_CONN).
  func finish(with response: Response) -> Bool {
    head.removeAll(keepingCapacity: true)
    response.serializeHead(into: &head)
    let isWritten = write(head.span) && (content.variables.isHead || write(response.body.span))
    let isErrorClosed = unsafe FCGX_FClose(slot.pointee.err) == 0
    let isOutputClosed = unsafe FCGX_FClose(slot.pointee.out) == 0
    abandon()
    return isKept && isWritten && isErrorClosed && isOutputClosed
  }

  private func write(_ bytes: Span<UInt8>) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
        let length = Int32(clamping: characters.count)
        return unsafe FCGX_PutStr(characters.baseAddress, length, slot.pointee.out) == length
      }
    }
  }

  /// Ends the request without a response.
  func abandon() {
    unsafe FCGX_Free(slot, 0)
    unsafe slot.pointee.ipcFd = -1
    discardBody()
    content.reset()
    clearParameters()
    received = 0
  }
}
