import DashboardSystem
import DashboardWireFormat
import Glibc

/// Receives the requests of one connection from the bytes that arrive on it, and answers the records that belong to none.
///
/// Only the event thread uses it.
struct RequestReceiver {
  enum Progress {
    /// More bytes are needed.
    case incomplete
    /// The request is ready for libfcgi. If records that break the protocol follow it, or its body has no end, it is not kept.
    case request(FastCGIRequest)
    /// The web server wants the connection closed, and no request is left.
    case over
    /// The peer left, was too slow, broke the protocol, or does not read the replies.
    case lost
  }

  private let socket: FileDescriptor
  /// The longest body to keep, in bytes.
  private let limit: Int
  private let memory: BodyMemory
  private var stream = RecordStream()
  /// The beginning of the next record. After a request that is not kept, records that stay unread.
  private var unread: [UInt8] = []
  private var share = BodyMemory.Share()
  /// The request that is arriving; after an abort, one to use again.
  private var request: FastCGIRequest?

  init(descriptor: Int32, limit: Int, memory: BodyMemory) {
    socket = FileDescriptor(rawValue: descriptor)
    (self.limit, self.memory) = (limit, memory)
  }

  /// True if received bytes belong to no record that was taken.
  var hasUnread: Bool { !unread.isEmpty }

  /// True between two requests.
  var isIdle: Bool { stream.isIdle && unread.isEmpty }

  /// True if the parameters have arrived completely, but not the body.
  var isInBody: Bool { stream.isInBody }

  /// Takes the bytes that arrived next, up to the end of a request.
  ///
  /// - Parameter spares: has requests to use again.
  mutating func take(_ bytes: Span<UInt8>, spares: inout [FastCGIRequest]) -> Progress {
    let progress = takeAll(bytes, spares: &spares)
    // The response to a whole request comes first. What follows it is at most what one call of recv(2) gets.
    if !share.adjust(to: unread.count, of: memory), case .incomplete = progress { return .lost }
    return progress
  }

  /// Gives back the memory of bytes that stay unread. Call it at the end of the connection.
  mutating func discardUnread() {
    unread = []
    _ = share.adjust(to: 0, of: memory)
  }

  private mutating func takeAll(_ bytes: Span<UInt8>, spares: inout [FastCGIRequest]) -> Progress {
    var position = 0
    guard hasUnread else {
      let progress = takeRecords(of: bytes, from: &position, spares: &spares)
      if position < bytes.count { unread.append(bytes.extracting(droppingFirst: position)) }
      return progress
    }
    var all: [UInt8] = []
    swap(&all, &unread)
    all.append(bytes)
    let progress = takeRecords(of: all.span, from: &position, spares: &spares)
    if position < all.count {
      all.removeSubrange(..<position)
      unread = all
    }
    return progress
  }

  /// Takes whole records from `position` on. Stops before a record that ends the connection.
  private mutating func takeRecords(
    of bytes: Span<UInt8>, from position: inout Int, spares: inout [FastCGIRequest]
  ) -> Progress {
    while bytes.count - position >= RecordHeader.length {
      guard let header = RecordHeader(bytes, at: position) else { return endBroken() }
      let start = position + RecordHeader.length
      guard bytes.count - position >= header.recordLength else { break }
      let content = bytes.extracting(start..<start + header.contentLength)
      switch stream.take(header, content) {
      case .begin:
        request = request ?? spares.popLast() ?? FastCGIRequest(memory: memory)
        request?.begin(id: stream.id, isKept: stream.isKept)
      case .parameters:
        if !stream.areParametersTooLong, request?.append(parameters: content) == false { return .lost }
      case .parametersEnd:
        if stream.areParametersTooLong { request?.discardParameters() }
      case .body:
        guard request?.append(content, limit: limit) == true else { return complete(isKept: false) }
      case .bodyEnd:
        break
      case .abort:
        request?.abandon()
        guard send(Reply.toAbort(of: stream.id)) else { return .lost }
      case .other:
        if let reply = Reply.to(header, content, in: stream), !send(reply) { return .lost }
      case .malformed:
        return endBroken()
      }
      position += header.recordLength
    }
    if stream.isWhole { return complete(isKept: true) }
    return stream.isIdle && !stream.isKept ? .over : .incomplete
  }

  /// A whole request gets its response even if the next record breaks the protocol.
  private mutating func endBroken() -> Progress { stream.isWhole ? complete(isKept: false) : .lost }

  private mutating func complete(isKept: Bool) -> Progress {
    guard let request else { return .lost }
    if !isKept { request.isKept = false }
    self.request = nil
    stream.end()
    return .request(request)
  }

  /// Sends a reply without waiting.
  ///
  /// - Returns: false if the peer has left too many replies unread.
  private func send(_ reply: [UInt8]) -> Bool { socket.sendAtOnce(reply.span) }
}

extension [UInt8] {
  mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

extension FileDescriptor {
  /// Sends all bytes, or as many as the socket takes without waiting (send(2), MSG_DONTWAIT).
  ///
  /// - Returns: false if it did not take all.
  func sendAtOnce(_ bytes: Span<UInt8>) -> Bool {
    unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(rawValue, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        == $0.count
    }
  }
}
