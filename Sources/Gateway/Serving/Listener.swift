import CDashboardLinux
package import DashboardSystem
import Glibc

/// The address of the responder's socket, as written after `--listen`.
package enum ListenAddress: Equatable, Sendable {
  /// `unix:PATH`: a socket file (unix(7)).
  case unix(path: String)
  /// `127.0.0.1:PORT`, or another address of the loopback network. FastCGI has no authentication: any client that reaches the
  /// port can claim to be the web server.
  case loopback(address: UInt32, port: UInt16)

  /// `nil` if the text has neither form, or if the path is longer than 99 bytes.
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

  /// In bytes. unix(7) allows 107; the socket's temporary name needs 4 more than its path.
  fileprivate static let maximumPathLength = 107 - 8
}

extension FixedWidthInteger {
  /// Reads decimal digits without a sign; `nil` for other text.
  fileprivate init?(digits: Substring) {
    guard let first = digits.utf8.first, first != UInt8(ascii: "+") else { return nil }
    self.init(digits)
  }
}

/// A listening socket. It is closed at the end of its life; `withdraw` removes its socket file.
package final class Listener: Sendable {
  let descriptor: Int32
  private let path: String?
  private let isOwn: Bool

  /// Descriptor 0 if it is a listening socket, as spawn-fcgi and systemd (`StandardInput=socket`) pass it.
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

  /// Finds out whether `listen` would get the address, before other work begins.
  ///
  /// - Throws: as `listen`.
  package static func check(_ address: ListenAddress) throws(SystemError) {
    switch address {
    case .unix(let path): try refuseIfTaken(path, "listen on unix:\(path)")
    case .loopback(let address, let port): close(try bound(to: address, port: port))
    }
  }

  private static func listen(address: UInt32, port: UInt16) throws(SystemError) -> Listener {
    let descriptor = try bound(to: address, port: port)
    guard startListening(descriptor) else {
      let error = SystemError("listen on port \(port)")
      close(descriptor)
      throw error
    }
    return Listener(descriptor: descriptor, path: nil)
  }

  private static func bound(to address: UInt32, port: UInt16) throws(SystemError) -> Int32 {
    let octets = [24, 16, 8, 0].map { String(address >> $0 & 255) }
    let operation = "listen on \(octets.joined(separator: ".")):\(port)"
    let descriptor = try newSocket(family: AF_INET)
    var yes: Int32 = 1
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = address.bigEndian
    guard bind(descriptor, to: &name) else {
      let error = SystemError(operation)
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Creates the socket with mode 0660 under a temporary name, then renames it. So a client that finds the file can use it at
  /// once, and the rename replaces a file that a dead process left.
  private static func listen(path: String) throws(SystemError) -> Listener {
    let operation = "listen on unix:\(path)"
    guard path.utf8.count <= ListenAddress.maximumPathLength else {
      throw SystemError(operation, .nameTooLong)
    }
    try refuseIfTaken(path, operation)
    let descriptor = try newSocket(family: AF_UNIX)
    let temporaryPath = path + ".new"
    if kind(of: temporaryPath) == S_IFSOCK { unsafe unlink(temporaryPath) }
    var name = unixName(temporaryPath)
    // Sets the mode before listening, so before any client can connect. A umask would affect all threads.
    guard bind(descriptor, to: &name), unsafe chmod(temporaryPath, 0o660) == 0, startListening(descriptor),
      unsafe rename(temporaryPath, path) == 0
    else {
      let error = SystemError(operation)
      if kind(of: temporaryPath) == S_IFSOCK { unsafe unlink(temporaryPath) }
      close(descriptor)
      throw error
    }
    return Listener(descriptor: descriptor, path: path)
  }

  /// - Throws: if another process answers there, or if the path is a file that is not a socket.
  private static func refuseIfTaken(_ path: String, _ operation: String) throws(SystemError) {
    guard let kind = kind(of: path) else { return }
    guard kind == S_IFSOCK else {
      throw SystemError("\(operation): the path is a file that is not a socket", .fileExists)
    }
    let probe = try newSocket(family: AF_UNIX)
    defer { close(probe) }
    var name = unixName(path)
    let isAnswered = unsafe withSocketAddress(&name) { unsafe connect(probe, $0, $1) } == 0
    if isAnswered || errno == EAGAIN {
      throw SystemError("\(operation): another process answers there", .addressInUse)
    }
  }

  /// The kind of a file (stat(2), S_IFMT); `nil` if there is none.
  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
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
    // The system caps this at net.core.somaxconn.
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

  /// Removes the socket file, so that web servers connect to another process at once.
  func withdraw() {
    if let path { unsafe unlink(path) }
  }

  /// Refuses new connections, except on an inherited socket, where other processes may accept too.
  func refuse() {
    if isOwn { _ = shutdown(descriptor, Int32(SHUT_RD)) }
  }

  enum Accepted {
    case connection(Int32)
    case none
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
        default: return .none
        }
      }
    }
  }
}
