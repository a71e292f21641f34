import CDashboardLinux
import Glibc
import Synchronization

/// The address of a server.
package enum Address: Sendable, Hashable {
  case unix(String)
  /// A port of 127.0.0.1.
  case port(UInt16)

  /// Waits until a server accepts connections.
  ///
  /// - Parameter isAlive: returns false if the server can't start any more.
  package func waitUntilAnswered(while isAlive: () -> Bool = { true }) throws {
    let isAnswered = eventually(timeout: 20_000) { (try? StreamSocket(self)) != nil || !isAlive() }
    guard isAnswered, isAlive() else { throw TestFailure("no server answers on \(self)") }
  }

  /// A port of 127.0.0.1 that was free a moment ago. It is given once in this process: otherwise a test could take
  /// another test's server for its own.
  package static func freePort() throws -> UInt16 {
    for _ in 0..<1_000 {
      let port = try ListeningPort().number
      if given.withLock({ $0.insert(port).inserted }) { return port }
    }
    throw TestFailure("no port is free")
  }

  private static let given = Mutex<Set<UInt16>>([])
}

/// A listening socket on a port of 127.0.0.1 that the system chooses, to pass to a server as descriptor 0.
package final class ListeningPort: Sendable {
  package let number: UInt16
  package let descriptor: Int32

  package init() throws {
    descriptor = socket(AF_INET, StreamSocket.type, 0)
    guard descriptor >= 0 else { throw TestFailure(system: "socket") }
    var name = StreamSocket.loopback(port: 0)
    let descriptor = descriptor
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard StreamSocket.withAddress(&name, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 128) == 0,
      StreamSocket.withAddress(
        &name, { address, _ in getsockname(descriptor, UnsafeMutablePointer(mutating: address), &length) })
        == 0
    else {
      let failure = TestFailure(system: "listen on a port")
      close(descriptor)
      throw failure
    }
    number = UInt16(bigEndian: name.sin_port)
  }

  deinit { close(descriptor) }
}

/// A listening unix socket, to pass to a server as descriptor 0. Its file is not removed.
package final class ListeningSocket: Sendable {
  package let path: String
  package let descriptor: Int32

  package init(_ path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, StreamSocket.type, 0)
    var name = try StreamSocket.unixName(path)
    guard StreamSocket.withAddress(&name, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 128) == 0
    else {
      throw TestFailure(system: "listen on \(path)")
    }
  }

  deinit { close(descriptor) }
}

/// A connected stream socket. Its reads and writes fail instead of waiting without end.
package final class StreamSocket: Sendable {
  private let descriptor: Int32

  static let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

  /// - Parameters:
  ///   - host: for a port, the last number of the client's own address, from 127.0.0.1 on.
  ///   - timeout: of each read and write, in milliseconds.
  package init(_ address: Address, from host: UInt8 = 1, timeout: Int = 20_000) throws {
    let family = if case .unix = address { AF_UNIX } else { AF_INET }
    descriptor = socket(family, Self.type, 0)
    guard descriptor >= 0 else { throw TestFailure(system: "socket") }
    var time = timeval(tv_sec: timeout / 1000, tv_usec: timeout % 1000 * 1000)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
    let result: Int32
    switch address {
    case .unix(let path):
      var name = try Self.unixName(path)
      result = Self.withAddress(&name) { connect(descriptor, $0, $1) }
    case .port(let port):
      var own = Self.loopback(port: 0, host: host)
      guard host == 1 || Self.withAddress(&own, { bind(descriptor, $0, $1) }) == 0 else {
        throw TestFailure(system: "bind")
      }
      var name = Self.loopback(port: port)
      result = Self.withAddress(&name) { connect(descriptor, $0, $1) }
    }
    guard result == 0 else { throw TestFailure(system: "connect to \(address)") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Sends all bytes.
  package func send(_ bytes: some Collection<UInt8>) throws {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(
          descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw TestFailure(system: "send") }
      sent += count
    }
  }

  /// The next bytes; none at the end of the stream.
  ///
  /// - Throws: if the time is up or the connection was reset.
  package func receive(atMost limit: Int = 64 * 1024) throws -> [UInt8] {
    while true {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initializedCount in
        count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        initializedCount = max(0, count)
      }
      if count >= 0 { return bytes }
      if errno != EINTR { throw TestFailure(system: "recv") }
    }
  }

  /// True if the peer ends the connection, by closing or resetting it, before the time is up. Discards received bytes.
  package func isEnded() -> Bool {
    while true {
      do {
        if try receive().isEmpty { return true }
      } catch {
        return (error as? TestFailure)?.code == ECONNRESET
      }
    }
  }

  /// Tells the peer that no more bytes follow.
  package func halfClose() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// - Parameter host: the last number of the address.
  static func loopback(port: UInt16, host: UInt8 = 1) -> sockaddr_in {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = (INADDR_LOOPBACK - 1 + UInt32(host)).bigEndian
    return name
  }

  static func unixName(_ path: String) throws -> sockaddr_un {
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: name.sun_path) else {
      throw TestFailure("too long for a socket: \(path)")
    }
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
    return name
  }

  static func withAddress<Name>(
    _ name: inout Name, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<Name>.size))
      }
    }
  }
}
