import CLinux
import Glibc

/// A connection to a listening socket. What takes longer than 20 seconds fails.
package final class StreamSocket: @unchecked Sendable {
  private let descriptor: Int32
  /// Received, not yet taken.
  private var pending: [UInt8] = []

  /// Connects to a unix socket.
  package init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemFailure("socket") }
    var address = Self.address(path)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // From here on `deinit` closes, also after an error.
    guard code == 0 else { throw SystemFailure("connect to \(path)") }
    var time = timeval(tv_sec: 20, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
  }

  deinit { close(descriptor) }

  fileprivate static func address(_ path: String) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      for (index, byte) in zip(bytes.indices.dropLast(), path.utf8) { bytes[index] = byte }
    }
    return address
  }

  package func send(_ bytes: some Sequence<UInt8>) throws {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw SystemFailure("send") }
      rest = rest.dropFirst(count)
    }
  }

  /// Says that no more is sent.
  package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next bytes, as many as asked for; fewer at the end of the stream.
  package func receive(_ count: Int) throws -> [UInt8] {
    while pending.count < count, try receiveMore() {}
    defer { pending.removeFirst(min(count, pending.count)) }
    return Array(pending.prefix(count))
  }

  /// All bytes up to the end of the stream.
  package func receiveAll() throws -> [UInt8] {
    while try receiveMore() {}
    defer { pending = [] }
    return pending
  }

  /// The bytes up to and with `end`; `nil` if the stream ends before.
  package func receive(through end: [UInt8]) throws -> [UInt8]? {
    var searched = 0
    while true {
      if pending.count >= end.count {
        for start in searched...(pending.count - end.count) where pending[start...].starts(with: end) {
          defer { pending.removeFirst(start + end.count) }
          return Array(pending[..<(start + end.count)])
        }
        searched = pending.count - end.count + 1
      }
      guard try receiveMore() else { return nil }
    }
  }

  /// Whether the peer has closed and nothing is left. Waits until it has sent something or closed.
  package func isAtEnd() throws -> Bool {
    if !pending.isEmpty { return false }
    return try !receiveMore()
  }

  /// False at the end of the stream. A reset counts as its end.
  private func receiveMore() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        pending.append(contentsOf: buffer[..<count])
        return true
      }
      if count == 0 || errno == ECONNRESET { return false }
      if errno != EINTR { throw SystemFailure("receive") }
    }
  }

  /// Waits until somebody answers at a unix socket.
  package static func awaitListener(_ path: String, while isAlive: () -> Bool) throws {
    for _ in 0..<4000 {
      if (try? StreamSocket(path: path)) != nil { return }
      guard isAlive() else { throw TimedOut("nobody will listen on \(path): its process has ended") }
      poll(nil, 0, 5)
    }
    throw TimedOut("nobody listens on \(path)")
  }
}

/// A unix socket that listens, to be handed to a program.
package final class ListeningSocket: Sendable {
  package let descriptor: Int32

  package init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemFailure("socket") }
    var address = StreamSocket.address(path)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard code == 0, listen(descriptor, 16) == 0 else { throw SystemFailure("listen on \(path)") }
  }

  deinit { close(descriptor) }
}
