import CDashboardFastCGI
import DashboardWireFormat
import Glibc

/// One FastCGI request after another: libfcgi's request and the buffers for its response.
///
/// One thread at a time uses it.
///
/// - Warning: `FCGX_Request` holds its own address. It therefore lives on the heap and never moves.
@safe final class FastCGIRequest: @unchecked Sendable {
  private let slot: UnsafeMutablePointer<FCGX_Request>
  private(set) var content = Request()
  private var scratch = [UInt8](repeating: 0, count: 16 * 1024)
  private var head: [UInt8] = []
  /// The number of body bytes received, kept or not.
  private var received = 0

  /// How reading a body ended.
  enum BodyEnd {
    /// The end of the stream was seen, so the connection can serve another request.
    case reached
    /// The body is longer than any client should send, and its rest is unread.
    case abandoned
    /// The peer left, was too slow, or broke the protocol. It gets no response.
    case lost
  }

  /// Bytes that are read and discarded beyond the limit, so that a client that sends too much still reads its response.
  static let drainedBytes = 16 * 1024 * 1024

  init() {
    unsafe slot = .allocate(capacity: 1)
    unsafe slot.initialize(to: FCGX_Request())
    unsafe FCGX_InitRequest(slot, -1, 0)
  }

  deinit { unsafe slot.deallocate() }

  /// Lets libfcgi read the parameters from a connection. Waits if they have not arrived.
  ///
  /// The corresponding C function is `FCGX_Accept_r`. With `ipcFd` set it reads from there and accepts nothing.
  ///
  /// - Returns: false if the bytes are not a request to a responder. libfcgi has closed the descriptor then.
  func receive(from connection: Int32) -> Bool {
    unsafe slot.pointee.ipcFd = connection
    unsafe slot.pointee.keepConnection = 1
    // The event loop closes connections. libfcgi would wait for the peer first.
    unsafe FCGX_Detach(slot)
    guard unsafe FCGX_Accept_r(slot) == 0 else {
      unsafe slot.pointee.ipcFd = -1
      return false
    }
    content.reset()
    received = 0
    if let environment = unsafe slot.pointee.envp {
      unsafe content.variables.append(environment: environment)
    }
    return true
  }

  /// Lets libfcgi read parameters from memory. The response goes to `connection`.
  ///
  /// - Parameters:
  ///   - parameters: valid name-value pairs of at most `RecordHeader.longestContent` bytes; `nil` if they were too long.
  ///   - isKept: true if the connection goes on after the response.
  /// - Returns: false for a system error.
  func receive(parameters: [UInt8]?, id: UInt16, isKept: Bool, answeringOn connection: Int32) -> Bool {
    // libfcgi reads from descriptors only. The socket pair's buffer takes all the records at once.
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { return false }
    let records =
      record(RecordType.beginRequest, id: id, [0, 1, isKept ? 1 : 0, 0, 0, 0, 0, 0])
      + (parameters.map { $0.isEmpty ? [] : record(RecordType.parameters, id: id, $0) } ?? [])
      + record(RecordType.parameters, id: id) + record(RecordType.standardInput, id: id)
    let isSent = unsafe send(ends[1], records, records.count, Int32(MSG_DONTWAIT)) == records.count
    close(ends[1])
    guard isSent else {
      close(ends[0])
      return false
    }
    // If this fails, libfcgi has closed the descriptor.
    guard receive(from: ends[0]) else { return false }
    _ = readBody(limit: 0)
    content.bodyState = .complete
    content.areParametersTooLong = parameters == nil
    close(ends[0])
    unsafe slot.pointee.ipcFd = connection
    return true
  }

  /// Reads STDIN to the end of the stream, not just the announced length: libfcgi would take unread bytes for new requests.
  ///
  /// - Parameter limit: the number of bytes to keep. A longer body is discarded.
  func readBody(limit: Int) -> BodyEnd {
    guard let input = unsafe slot.pointee.in else { return .lost }
    while true {
      let count = unsafe scratch.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
          Int(unsafe FCGX_GetStr(characters.baseAddress, Int32(characters.count), input))
        }
      }
      guard count > 0 else { break }
      guard append(scratch[..<count], limit: limit) else { return .abandoned }
      if count < scratch.count { break }
    }
    guard unsafe FCGX_GetError(input) == 0, unsafe FCGX_HasSeenEOF(input) != 0 else { return .lost }
    endBody()
    return .reached
  }

  /// Appends bytes to the body, or discards it beyond `limit` bytes.
  ///
  /// - Returns: false if the body is longer than any client should send.
  func append(_ bytes: Bytes, limit: Int) -> Bool {
    received += bytes.count
    if received <= limit {
      content.body.append(contentsOf: bytes)
    } else {
      content.bodyState = .tooLong
      content.body = []
    }
    return received <= limit + Self.drainedBytes
  }

  /// Notes that the whole body has arrived, and compares its length with the announced one.
  func endBody() {
    let announced = content.variables.contentLength
    if content.bodyState == .complete, let announced, announced != received { content.bodyState = .cutShort }
  }

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
    let isToBeKept = unsafe slot.pointee.keepConnection != 0
    let isErrorClosed = unsafe FCGX_FClose(slot.pointee.err) == 0
    let isOutputClosed = unsafe FCGX_FClose(slot.pointee.out) == 0
    abandon()
    return isToBeKept && isWritten && isErrorClosed && isOutputClosed
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
    content.reset()
  }
}
