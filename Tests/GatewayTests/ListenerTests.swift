import Gateway
import TestSupport
import Testing

@Suite("listening sockets")
struct ListenerTests {
  private func address(_ directory: TemporaryDirectory) throws -> ListenAddress {
    try #require(ListenAddress("unix:\(directory.path("socket"))"))
  }

  @Test("a socket file is for its owner and the group, and for nobody else")
  func mode() throws {
    let directory = try TemporaryDirectory()
    let listener = try Listener.listen(on: address(directory))
    #expect(try Files.mode(directory.path("socket")) == 0o660)
    #expect(Files.names(in: directory.path) == ["socket"])
    withExtendedLifetime(listener) {}
  }

  @Test("a socket file that nobody listens on is replaced")
  func stale() throws {
    let directory = try TemporaryDirectory()
    do { _ = try Listener.listen(on: address(directory)) }
    #expect(Files.names(in: directory.path) == ["socket"])
    let listener = try Listener.listen(on: address(directory))
    _ = try StreamSocket(path: directory.path("socket"))
    withExtendedLifetime(listener) {}
  }

  @Test("one that somebody listens on is not")
  func live() throws {
    let directory = try TemporaryDirectory()
    let listener = try Listener.listen(on: address(directory))
    #expect(throws: SystemError.self) { try Listener.listen(on: address(directory)) }
    _ = try StreamSocket(path: directory.path("socket"))
    withExtendedLifetime(listener) {}
  }

  @Test("a file that is no socket is left alone")
  func file() throws {
    let directory = try TemporaryDirectory()
    try Files.write("precious", to: directory.path("socket"))
    #expect(throws: SystemError.self) { try Listener.listen(on: address(directory)) }
    #expect(try Files.text(directory.path("socket")) == "precious")
  }

  @Test("a folder that isn't there is an error")
  func missingFolder() throws {
    let directory = try TemporaryDirectory()
    let address = try #require(ListenAddress("unix:\(directory.path)/none/socket"))
    #expect(throws: SystemError.self) { try Listener.listen(on: address) }
  }

  @Test(
    "addresses",
    arguments: [
      ("unix:/run/a.sock", ListenAddress.unix(path: "/run/a.sock")), ("unix:a", .unix(path: "a")),
      ("127.0.0.1:9000", .loopback(address: 0x7F00_0001, port: 9000)),
      ("127.1.2.3:65535", .loopback(address: 0x7F01_0203, port: 65_535)), ("unix:", nil), ("", nil),
      ("/run/a.sock", nil), ("127.0.0.1", nil), ("127.0.0.1:", nil), ("127.0.0.1:0", nil),
      ("127.0.0.1:65536", nil), ("127.0.0.1:+80", nil), ("127.0.0.+1:80", nil),
      ("127.0.0.1:-1", nil), ("0.0.0.0:9000", nil), ("10.0.0.1:9000", nil), ("127.0.0:9000", nil),
      ("127.0.0.256:9000", nil), ("localhost:9000", nil), ("[::1]:9000", nil), ("127.0.0.1:9000:1", nil),
      ("unix:/" + String(repeating: "a", count: 107), nil),
    ] as [(String, ListenAddress?)])
  func addresses(text: String, address: ListenAddress?) {
    #expect(ListenAddress(text) == address)
  }
}
