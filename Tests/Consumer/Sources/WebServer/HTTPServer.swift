import DashboardAPI
import Glibc
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1. One thread reads all connections (poll(2)), so a slow client delays no other client. A
/// connection carries one request.
final class HTTPServer: Sendable {
  typealias Responder = @Sendable (Request) async -> Response

  struct Failure: Error { let call: String, code = errno }

  private struct Connection {
    let descriptor: Int32
    let client: String
    let deadline: Int
    var bytes: [UInt8] = []
  }

  private static let mostConnections = 500
  /// Seconds for a request to arrive.
  private static let patience = 5
  private static let longestRequest = 16_384

  let port: UInt16
  private let listener: Int32
  private let answering = Atomic<Int>(0)

  /// - Parameter port: 0 for any free one.
  init(port: UInt16) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var (isOn, length) = (Int32(1), socklen_t(MemoryLayout<sockaddr_in>.size))
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    guard Self.with(&address, { bind(listener, $0, length) }) == 0 else { throw Failure(call: "bind") }
    guard listen(listener, 128) == 0 else { throw Failure(call: "listen") }
    guard Self.with(&address, { getsockname(listener, $0, &length) }) == 0 else {
      throw Failure(call: "getsockname")
    }
    self.listener = listener
    self.port = UInt16(bigEndian: address.sin_port)
  }

  private static func with<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
    }
  }

  /// Reads requests on this thread for ever. Answers each in a task of its own.
  func run(_ respond: @escaping Responder) -> Never {
    var connections: [Connection] = []
    while true {
      var descriptors = connections.map { pollfd(descriptor: $0.descriptor) }
      let hasRoom = connections.count + answering.load(ordering: .relaxed) < Self.mostConnections
      if hasRoom { descriptors.append(pollfd(descriptor: listener)) }
      poll(&descriptors, nfds_t(descriptors.count), 100)
      var open: [Connection] = []
      for (connection, event) in zip(connections, descriptors) {
        var connection = connection
        if event.revents != 0, !read(&connection, respond) { continue }
        if time(nil) < connection.deadline { open.append(connection) } else { close(connection.descriptor) }
      }
      if hasRoom, let accepted = accept() { open.append(accepted) }
      connections = open
    }
  }

  private func accept() -> Connection? {
    var (address, length) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
    let descriptor = Self.with(&address) { Glibc.accept(listener, $0, &length) }
    guard descriptor >= 0 else { return nil }
    let client = String(cString: inet_ntoa(address.sin_addr))
    return Connection(descriptor: descriptor, client: client, deadline: time(nil) + Self.patience)
  }

  /// Reads what has arrived.
  ///
  /// - Returns: false if the connection needs no more reading.
  private func read(_ connection: inout Connection, _ respond: @escaping Responder) -> Bool {
    var buffer = [UInt8](repeating: 0, count: Self.longestRequest)
    let count = recv(connection.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    if count < 0, errno == EAGAIN || errno == EINTR { return true }
    guard count > 0 else {
      close(connection.descriptor)
      return false
    }
    connection.bytes += buffer[..<count]
    let request: Request?
    do {
      request = try Request(connection.bytes, Client.address(connection.client))
    } catch {
      Self.send(Response(status: 400, text: "This request is malformed."), connection.descriptor)
      return false
    }
    if let request {
      answering.add(1, ordering: .relaxed)
      Task { [descriptor = connection.descriptor] in
        Self.send(await respond(request), descriptor)
        answering.subtract(1, ordering: .relaxed)
      }
      return false
    }
    guard connection.bytes.count < Self.longestRequest else {
      Self.send(Response(status: 413, text: "This request is too long."), connection.descriptor)
      return false
    }
    return true
  }

  /// Sends a response, and closes the connection. A short response fits into the socket's empty buffer, so this does not block.
  private static func send(_ response: Response, _ descriptor: Int32) {
    let bytes = response.bytes
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    shutdown(descriptor, Int32(SHUT_WR))
    close(descriptor)
  }
}

/// Writes a line to descriptor 2.
func log(_ text: String) {
  let line = Array("\(text)\n".utf8)
  _ = write(2, line, line.count)
}

extension pollfd {
  fileprivate init(descriptor: Int32) { self.init(fd: descriptor, events: Int16(POLLIN), revents: 0) }
}
