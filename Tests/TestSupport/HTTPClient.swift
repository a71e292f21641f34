/// A connection that sends one request after another (RFC 9112).
package struct HTTPClient: Sendable {
  package let socket: StreamSocket
  private let reader: SocketReader

  package init(path: String) throws { try self.init(.unix(path)) }

  /// - Parameters:
  ///   - host: for a port, the last number of the client's own address, from 127.0.0.1 on.
  ///   - timeout: of each read and write, in milliseconds.
  package init(_ address: Address, from host: UInt8 = 1, timeout: Int = 20_000) throws {
    socket = try StreamSocket(address, from: host, timeout: timeout)
    reader = SocketReader(socket)
  }

  package func request(
    _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> HTTPResponse {
    try socket.send(Self.bytes(method, target, headers: headers, body: body))
    return try receive(isHead: method == "HEAD")
  }

  /// The bytes of a request.
  package static func bytes(
    _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil
  ) -> [UInt8] {
    var text = "\(method) \(target) HTTP/1.1\r\n"
    if !headers.contains(where: { $0.0.lowercased() == "host" }) { text += "Host: dashboard.test\r\n" }
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if let body { text += "Content-Length: \(body.count)\r\n" }
    return Array((text + "\r\n").utf8) + (body ?? [])
  }

  /// Reads the next response.
  package func receive(isHead: Bool = false) throws -> HTTPResponse {
    guard let head = try reader.receive(through: Array("\r\n\r\n".utf8)) else {
      throw TestFailure("the server closed the connection without an answer")
    }
    var response = HTTPResponse(head: String(decoding: head, as: UTF8.self))
    // The response has no body, whatever its headers say (RFC 9112 section 6.3).
    if isHead || response.status == 204 { return response }
    if response["Transfer-Encoding"] == "chunked" {
      while let line = try reader.receive(through: [13, 10]),
        let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16)
      {
        response.body += try reader.receive(size)
        _ = try reader.receive(2)
        if size == 0 { break }
      }
    } else if let length = response["Content-Length"].flatMap({ Int($0) }) {
      response.body = try reader.receive(length)
    } else {
      response.body = try reader.receiveAll()
    }
    return response
  }
}

/// Splits a stream into parts. One thread at a time uses it.
private final class SocketReader: @unchecked Sendable {
  private let socket: StreamSocket
  /// Bytes that were received and not yet returned.
  private var pending: [UInt8] = []

  init(_ socket: StreamSocket) { self.socket = socket }

  /// The next `count` bytes, or fewer at the end of the stream.
  func receive(_ count: Int) throws -> [UInt8] {
    while pending.count < count, try receiveMore() {}
    defer { pending.removeFirst(min(count, pending.count)) }
    return Array(pending.prefix(count))
  }

  /// All bytes to the end of the stream.
  func receiveAll() throws -> [UInt8] {
    while try receiveMore() {}
    defer { pending = [] }
    return pending
  }

  /// The bytes up to and including `end`; `nil` if the stream ends before.
  func receive(through end: [UInt8]) throws -> [UInt8]? {
    while true {
      if let range = pending.firstRange(of: end) {
        defer { pending.removeFirst(range.upperBound) }
        return Array(pending[..<range.upperBound])
      }
      guard try receiveMore() else { return nil }
    }
  }

  /// - Returns: false at the end of the stream.
  private func receiveMore() throws -> Bool {
    let bytes = try socket.receive()
    pending += bytes
    return !bytes.isEmpty
  }
}
