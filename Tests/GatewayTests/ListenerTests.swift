@testable import DashboardGateway
import Glibc
import TestSupport
import Testing

@Suite("Addresses to listen on")
struct ListenAddressTests {
  @Test(
    "a socket file and a loopback port are addresses",
    arguments: [
      ("unix:/run/dashboard.sock", ListenAddress.unix(path: "/run/dashboard.sock")),
      ("unix:relative", .unix(path: "relative")),
      ("unix:127.0.0.1:80", .unix(path: "127.0.0.1:80")),
      ("127.0.0.1:9000", .loopback(address: 0x7F00_0001, port: 9000)),
      ("127.255.3.4:1", .loopback(address: 0x7FFF_0304, port: 1)),
      ("127.0.0.1:65535", .loopback(address: 0x7F00_0001, port: 65_535)),
    ])
  func valid(_ text: String, _ address: ListenAddress) {
    #expect(ListenAddress(text) == address)
  }

  @Test(
    "other text is not an address",
    arguments: [
      "", "unix:", "/run/dashboard.sock", "UNIX:/x", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0",
      "127.0.0.1:65536",
      "127.0.0.1:-1", "127.0.0.1:+9000", "127.0.0.1: 9000", "127.0.0.1:9000 ", "127.0.0.1:9x", "127.0.0:9000",
      "127.0.0.1.1:9000", "127.0.0.256:9000", "127.0..1:9000", "127.0.0.+1:9000", "127.0.0.-1:9000",
      "128.0.0.1:9000",
      "0.0.0.0:9000", "10.0.0.1:9000", "localhost:9000", ":9000", "[::1]:9000", "::1:9000",
      "127.0.0.1:9000:1",
      "unix:/" + String(repeating: "x", count: 107),
    ])
  func invalid(_ text: String) {
    #expect(ListenAddress(text) == nil)
  }
}

@Suite("Listening sockets")
struct ListenerTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = "\(directory.path)/s"
  }

  private func mode() -> UInt32? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : nil
  }

  private func listenFails(on address: ListenAddress, with code: Int32) -> Bool {
    do {
      _ = try Listener.listen(on: address)
      return false
    } catch {
      return error.errno.rawValue == code
    }
  }

  @Test("a socket file has mode 0660 whatever the umask")
  func socketMode() throws {
    let listener = try Listener.listen(on: .unix(path: path))
    #expect(mode() == S_IFSOCK | 0o660)
    _ = try StreamSocket(.unix(path))
    listener.withdraw()
    #expect(mode() == nil)
  }

  @Test("a socket file that a dead process left is replaced")
  func deadSocket() throws {
    _ = try ListeningSocket(path)
    #expect(mode() != nil)
    let listener = try Listener.listen(on: .unix(path: path))
    _ = try StreamSocket(.unix(path))
    withExtendedLifetime(listener) {}
  }

  @Test("the socket of a live process is refused and goes on")
  func liveSocket() throws {
    let other = try ListeningSocket(path)
    #expect(listenFails(on: .unix(path: path), with: EADDRINUSE))
    _ = try StreamSocket(.unix(path))
    withExtendedLifetime(other) {}
  }

  @Test("a file that is not a socket is refused and kept")
  func otherFile() throws {
    try Files.write("precious", to: directory.path("s"))
    #expect(listenFails(on: .unix(path: path), with: EEXIST))
    #expect(try Files.read(path) == Array("precious".utf8))
  }

  @Test("a missing directory is refused")
  func missingFolder() {
    #expect(
      listenFails(on: .unix(path: "\(path)/s"), with: ENOTDIR)
        || listenFails(on: .unix(path: "\(path)/s"), with: ENOENT))
  }

  /// A longer path would be cut, and another file created (unix(7)).
  @Test("a path that is too long is refused")
  func longPath() {
    let long = path + String(repeating: "x", count: 107)
    #expect(listenFails(on: .unix(path: long), with: ENAMETOOLONG))
  }

  @Test("a free port is listened on, a taken one is refused")
  func port() throws {
    let port = try Address.freePort()
    let listener = try Listener.listen(on: .loopback(address: 0x7F00_0001, port: port))
    _ = try StreamSocket(.port(port))
    #expect(listenFails(on: .loopback(address: 0x7F00_0001, port: port), with: EADDRINUSE))
    withExtendedLifetime(listener) {}
  }

  @Test("each connection is accepted once, without waiting")
  func accept() throws {
    let listener = try Listener.listen(on: .unix(path: path))
    #expect(accepted(by: listener) == nil)
    let peer = try StreamSocket(.unix(path))
    let descriptor = try #require(accepted(by: listener))
    #expect(accepted(by: listener) == nil)
    close(descriptor)
    #expect(peer.isEnded())
  }

  private func accepted(by listener: Listener) -> Int32? {
    if case .connection(let descriptor) = listener.accept() { descriptor } else { nil }
  }
}
