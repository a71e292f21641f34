import CDashboardFastCGI
import DashboardWireFormat
import Glibc

/// One slot for requests on kept connections: libfcgi's request, and the buffers that it is answered with.
///
/// - Warning: `FCGX_Request` holds its own address, so it lives on the heap and never moves; only the pointer
///   changes hands. One thread at a time uses an request.
@safe final class FastCGIRequest: @unchecked Sendable {
  private let slot: UnsafeMutablePointer<FCGX_Request>
  private(set) var content = Request()
  private var scratch = [UInt8](repeating: 0, count: 16 * 1024)
  private var head: [UInt8] = []
  /// Bytes of the body so far, kept or not.
  private var received = 0

  /// How the reading of a body ended.
  enum BodyEnd {
    /// The stream's end was seen: the connection can serve another request.
    case reached
    /// There was more than anybody should send; the rest is unread.
    case abandoned
    /// The peer went away, was too slow, or broke the protocol: there is nobody to answer.
    case lost
  }

  /// Bytes read and thrown away past the limit, so that a client that sends too much still reads its answer.
  static let drainedBytes = 16 * 1024 * 1024

  init() {
    unsafe slot = .allocate(capacity: 1)
    unsafe slot.initialize(to: FCGX_Request())
    unsafe FCGX_InitRequest(slot, -1, 0)
  }

  deinit { unsafe slot.deallocate() }

  /// Lets libfcgi read the parameters from `connection`. False: they were not a request to a responder, and libfcgi
  /// has closed the descriptor. Waits if they haven't arrived.
  ///
  /// The corresponding C function is `FCGX_Accept_r`, which reads from `ipcFd` instead of accepting when it is set.
  func receive(from connection: Int32) -> Bool {
    unsafe slot.pointee.ipcFd = connection
    unsafe slot.pointee.keepConnection = 1
    // Closing is ours: libfcgi would wait for the peer.
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

  /// Lets libfcgi read the records of a request up to the end of its parameters, which are all here; its answer goes to
  /// `connection`. False: they were not a request to a responder.
  func receive(head: [UInt8], answeringOn connection: Int32) -> Bool {
    // What libfcgi reads from has to be a descriptor: one end of a pair of sockets, whose buffer takes it all at once.
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { return false }
    let id = head.prefix(4).suffix(2)
    let records = head + [1, RecordType.standardInput] + id + [0, 0, 0, 0]
    let isSent = unsafe send(ends[1], records, records.count, Int32(MSG_DONTWAIT)) == records.count
    close(ends[1])
    guard isSent else {
      close(ends[0])
      return false
    }
    // If it can't be read, libfcgi has closed it.
    guard receive(from: ends[0]) else { return false }
    _ = readBody(limit: 0)
    content.bodyState = .complete
    close(ends[0])
    unsafe slot.pointee.ipcFd = connection
    return true
  }

  /// Reads STDIN to the end of the stream, never just the announced length: what stays unread would be taken for
  /// new requests. Keeps at most `limit` bytes.
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

  /// Adds to the body, of which at most `limit` bytes are kept. False: there is more than anybody should send.
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

  /// The body is all here.
  func endBody() {
    let announced = content.variables.contentLength
    if content.bodyState == .complete, let announced, announced != received { content.bodyState = .cutShort }
  }

  /// Writes the answer and ends the request; the connection stays open and is the caller's again.
  /// False: the peer did not take it, or wants the connection closed after it (section 3.5, FCGI_KEEP_CONN).
  ///
  /// The corresponding C function is `FCGX_Finish_r`, taken apart: that one closes the descriptor on any trouble,
  /// and then its number may already be another connection's.
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

  /// Ends the request without an answer.
  func abandon() {
    unsafe FCGX_Free(slot, 0)
    unsafe slot.pointee.ipcFd = -1
    content.reset()
  }
}
