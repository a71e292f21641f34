import CDashboardLinux
package import DashboardSystem
import Glibc

/// Where the responder listens, as written after `--listen`.
package enum ListenAddress: Equatable, Sendable {
  /// `unix:PATH`: a socket file, at most 107 bytes (unix(7)).
  case unix(path: String)
  /// `127.0.0.1:PORT`, or another address of the loopback network: FastCGI has no authentication, so whoever
  /// reaches the port can claim to be the web server.
  case loopback(address: UInt32, port: UInt16)

  /// `nil`: neither form, or a path longer than 99 bytes.
  package init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard (1...Self.maximumPathLength).contains(path.utf8.count) else { return nil }
      self = .unix(path: path)
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let port = UInt16(digits: parts[1]), port > 0 else { return nil }
    let octets = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard octets.count == 4, octets[0] == "127" else { return nil }
    var address: UInt32 = 0
    for octet in octets {
      guard let number = UInt8(digits: octet) else { return nil }
      address = address << 8 | UInt32(number)
    }
    self = .loopback(address: address, port: port)
  }

  /// A name of our own is made beside the socket for a moment, so the path leaves room for it.
  fileprivate static let maximumPathLength = 107 - 8
}

extension FixedWidthInteger {
  /// As the standard library reads it, but without a sign.
  fileprivate init?(digits: Substring) {
    guard let first = digits.utf8.first, first != UInt8(ascii: "+") else { return nil }
    self.init(digits)
  }
}

/// A listening socket. Closed at the end of its life, its socket file removed by `withdraw`.
package final class Listener: Sendable {
  let descriptor: Int32
  private let path: String?
  private let isOwn: Bool

  /// Descriptor 0, if it is a listening socket: spawn-fcgi, or systemd with `StandardInput=socket`.
  package static func inherited() -> Listener? {
    var isListening: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0, isListening != 0
    else { return nil }
    return Listener(descriptor: 0, path: nil, isOwn: false)
  }

  private init(descriptor: Int32, path: String?, isOwn: Bool = true) {
    self.descriptor = descriptor
    self.isOwn = isOwn
    self.path = path
    _ = dashboard_set_nonblocking(descriptor)
  }

  deinit { close(descriptor) }

  package static func listen(on address: ListenAddress) throws(SystemError) -> Listener {
    switch address {
    case .unix(let path): try listen(path: path)
    case .loopback(let address, let port): try listen(address: address, port: port)
    }
  }

  private static func listen(address: UInt32, port: UInt16) throws(SystemError) -> Listener {
    let octets = [24, 16, 8, 0].map { String(address >> $0 & 255) }
    let operation = "listen on \(octets.joined(separator: ".")):\(port)"
    let descriptor = try newSocket(family: AF_INET)
    var yes: Int32 = 1
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = address.bigEndian
    guard bind(descriptor, to: &name), startListening(descriptor) else {
      let error = SystemError(operation)
      close(descriptor)
      throw error
    }
    return Listener(descriptor: descriptor, path: nil)
  }

  /// The socket is made under another name with mode 0660 and then renamed, so that whoever finds it can use it
  /// at once, and a file that a dead process left behind is replaced.
  private static func listen(path: String) throws(SystemError) -> Listener {
    let operation = "listen on unix:\(path)"
    guard path.utf8.count <= ListenAddress.maximumPathLength else {
      throw SystemError(operation, .nameTooLong)
    }
    try refuseIfTaken(path, operation)
    let descriptor = try newSocket(family: AF_UNIX)
    let temporaryPath = path + ".new"
    unsafe unlink(temporaryPath)
    var name = unixName(temporaryPath)
    // The mode is set while nobody can connect yet: a umask would be every thread's.
    guard bind(descriptor, to: &name), unsafe chmod(temporaryPath, 0o660) == 0, startListening(descriptor),
      unsafe rename(temporaryPath, path) == 0
    else {
      let error = SystemError(operation)
      unsafe unlink(temporaryPath)
      close(descriptor)
      throw error
    }
    return Listener(descriptor: descriptor, path: path)
  }

  /// Throws when another process answers there, or when something else than a socket has that name.
  private static func refuseIfTaken(_ path: String, _ operation: String) throws(SystemError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw SystemError("\(operation): there is a file that is not a socket", .fileExists)
    }
    let probe = try newSocket(family: AF_UNIX)
    defer { close(probe) }
    var name = unixName(path)
    let isAnswered = unsafe withSocketAddress(&name) { unsafe connect(probe, $0, $1) } == 0
    if isAnswered || errno == EAGAIN {
      throw SystemError("\(operation): another process answers there", .addressInUse)
    }
  }

  private static func newSocket(family: Int32) throws(SystemError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, type, 0)
    guard descriptor >= 0 else { throw SystemError("socket") }
    return descriptor
  }

  private static func unixName(_ path: String) -> sockaddr_un {
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &name.sun_path) { bytes in
      // The last byte stays 0.
      for (index, byte) in zip(bytes.indices.dropLast(), path.utf8) { unsafe bytes[index] = byte }
    }
    return name
  }

  private static func bind<Name>(_ descriptor: Int32, to name: inout Name) -> Bool {
    unsafe withSocketAddress(&name) { unsafe Glibc.bind(descriptor, $0, $1) } == 0
  }

  private static func startListening(_ descriptor: Int32) -> Bool {
    // As long a queue as the system allows (net.core.somaxconn).
    Glibc.listen(descriptor, Int32(Int16.max)) == 0
  }

  private static func withSocketAddress<Name, Result>(
    _ name: inout Name, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe body(address, socklen_t(MemoryLayout<Name>.size))
      }
    }
  }

  /// Takes the socket file away, so that web servers turn to somebody else at once.
  func withdraw() {
    if let path { unsafe unlink(path) }
  }

  /// Refuses new connections from now on, unless the socket is not ours: others may wait at an inherited one.
  func refuse() {
    if isOwn { _ = shutdown(descriptor, Int32(SHUT_RD)) }
  }

  enum Accepted {
    case connection(Int32)
    case nobody
    /// The process or the system has no descriptors or memory left.
    case exhausted
  }

  func accept() -> Accepted {
    while true {
      do throws(Errno) {
        let accepted = try valueOrErrno {
          Int(accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue)))
        }
        return .connection(Int32(accepted))
      } catch {
        switch error.rawValue {
        case ECONNABORTED: continue
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
        default: return .nobody
        }
      }
    }
  }
}
