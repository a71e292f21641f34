@testable import DashboardGateway
import TestSupport
import Testing

/// The peers follow the protocol.
@Suite("Requests on one connection")
struct RequestTests {
  private typealias Kind = FastCGIRecord.Kind

  @Test(
    "the size and padding of records do not change a request",
    arguments: [1, 7, 8, 127, 128, 1_000, FastCGIRecord.maximumLength], [0, 1, 7, 255] as [UInt8])
  func recordSizes(_ size: Int, _ padding: UInt8) throws {
    let server = try Server()
    let client = try server.connect()
    for count in [0, 1, 300, 3_000] {
      let body = pattern(count)
      let variables = parameters("/echo", body: body, [("HTTP_COOKIE", String(repeating: "n", count: 130))])
      let answer = try client.ask(variables, body: body, size: size, padding: padding)
      #expect(answer.protocolStatus == 0)
      #expect(answer.applicationStatus == 0)
      #expect(answer.standardError.isEmpty)
      #expect(try answer.http.status == 200)
      #expect(try answer.http.first("X-Cookie")?.count == 130)
      #expect(try answer.http.body == body)
    }
  }

  /// A UNIX socket's buffer has room for few hundred unread writes, however short they are.
  @Test(
    "a request may arrive in any number of small writes",
    arguments: [(500, 0, 1), (20, 2_000, 1), (50_000, 0, 1_000), (50_000, 50_000, 300), (20, 200_000, 100)])
  func smallWrites(_ parameterLength: Int, _ bodyLength: Int, _ size: Int) throws {
    let server = try Server()
    let client = try server.connect()
    let body = pattern(bodyLength)
    let cookie = String(repeating: "n", count: parameterLength)
    let bytes = FastCGIClient.request(parameters("/echo", body: body, [("HTTP_COOKIE", cookie)]), body: body)
      .bytes
    for _ in 0..<2 {
      for start in stride(from: 0, to: bytes.count, by: size) {
        try client.connection.send(bytes[start..<min(start + size, bytes.count)])
      }
      let answer = try client.readResponse().http
      #expect(answer.first("X-Cookie") == cookie)
      #expect(answer.body == body)
    }
  }

  @Test("a connection serves any number of requests")
  func manyRequests() throws {
    let server = try Server()
    let client = try server.connect()
    for number in 0..<2_000 {
      let path = ["/echo", "/write", "/\(number)"][number % 3]
      try server.expectAnswer(on: client, path: path, body: pattern(number % 50))
    }
  }

  @Test(
    "without FCGI_KEEP_CONN the connection ends after the response", arguments: ["/echo", "/write", "/hash"])
  func notKept(_ path: String) throws {
    let server = try Server()
    for _ in 0..<50 {
      let client = try server.connect()
      #expect(try client.ask(parameters(path), keep: false).http.status == 200)
      try #require(client.connection.isEnded())
    }
  }

  /// Waiting for the peer to close would double the cost of each connection.
  @Test("a connection that is not kept is closed at once")
  func closedAtOnce() throws {
    let server = try Server { $0.timing.linger = 60_000 }
    let client = try server.connect()
    #expect(try client.ask(parameters("/echo"), keep: false).http.status == 200)
    #expect(client.connection.isEnded())
    #expect(throws: TestFailure.self) { try client.connection.send([1]) }
  }

  /// More bytes may follow. Closing with unread bytes resets the connection, and may lose the response.
  @Test("a connection with unread bytes is closed after its peer has closed")
  func lingering() throws {
    let server = try Server { $0.timing.linger = 60_000 }
    let client = try server.connect()
    try client.send(FastCGIClient.request(parameters("/echo"), keep: false) + [.begin(keep: true)])
    #expect(try client.readResponse().http.status == 200)
    #expect(client.connection.isEnded())
    try client.connection.send([1])
  }

  @Test("the web server chooses the request's id")
  func ids() throws {
    let server = try Server()
    let client = try server.connect()
    for id: UInt16 in [1, 2, 255, 256, .max] {
      #expect(try client.ask(parameters("/echo"), id: id).http.status == 200)
    }
  }

  /// RFC 9110 section 9.3.2.
  @Test("the response to HEAD has no body, but its length")
  func head() throws {
    let server = try Server()
    let client = try server.connect()
    let variables = [("REQUEST_METHOD", "HEAD"), ("REQUEST_URI", "/echo"), ("CONTENT_LENGTH", "3")]
    let answer = try client.ask(variables, body: [1, 2, 3]).http
    #expect(answer.body.isEmpty)
    #expect(answer.first("Content-Length") == "3")
    try server.expectAnswer(on: client)
  }

  @Test(
    "a body beyond the limit is discarded and the connection goes on",
    arguments: ["/echo", "/write", "/hash"])
  func tooLong(_ path: String) throws {
    let server = try Server { $0.bodyLimit = 1_000 }
    let client = try server.connect()
    for count in [1_001, 16 * 1024, 16 * 1024 + 1, 70_000, 400_000] {
      let body = pattern(count)
      let answer = try client.ask(parameters(path, body: body), body: body).http
      #expect(answer.first("X-Body-State") == "tooLong")
      #expect(answer.body.isEmpty)
      try server.expectAnswer(on: client, path: path, body: pattern(1_000))
    }
  }

  @Test("a body far beyond the limit gets a response and ends its connection")
  func farTooLong() throws {
    let server = try Server { $0.bodyLimit = 1_000 }
    let client = try server.connect()
    let piece = FastCGIRecord(Kind.standardInput, pattern(60_000)).bytes
    let head = FastCGIClient.request(parameters("/echo")).dropLast()
    try client.send(Array(head))
    for _ in 0..<300 { try client.connection.send(piece) }
    #expect(try client.readResponse().http.first("X-Body-State") == "tooLong")
    #expect(client.connection.isEnded())
  }

  @Test(
    "a body of another length than announced is reported as cut short", arguments: [0, 9, 11, 1_000_000_000])
  func wrongLength(_ announced: Int) throws {
    let server = try Server()
    let client = try server.connect()
    let variables = [("REQUEST_URI", "/echo"), ("CONTENT_LENGTH", "\(announced)")]
    #expect(try client.ask(variables, body: pattern(10)).http.first("X-Body-State") == "cutShort")
    try server.expectAnswer(on: client)
  }

  @Test("a body without an announced length is complete")
  func unannounced() throws {
    let server = try Server()
    let client = try server.connect()
    let answer = try client.ask([("REQUEST_URI", "/echo")], body: pattern(10)).http
    #expect(answer.first("X-Body-State") == "complete")
    #expect(answer.body == pattern(10))
  }

  @Test("a long response reaches a peer that reads it late", arguments: ["/echo", "/write", "/hash"])
  func longAnswer(_ path: String) throws {
    let server = try Server()
    let client = try server.connect()
    try server.expectAnswer(on: client, path: path, body: pattern(1_900_000))
    try server.expectAnswer(on: client, path: path)
  }

  /// The responder does not support multiplexed requests (FCGI_MPXS_CONNS is 0).
  @Test("a second request before the first response ends the connection")
  func multiplexed() throws {
    let server = try Server()
    let client = try server.connect()
    try client.send(
      FastCGIClient.request(parameters("/first")) + FastCGIClient.request(parameters("/second")))
    #expect(try client.readResponse().http.first("X-Path") == "/first")
    #expect(client.connection.isEnded())
    #expect(server.paths == ["/first"])
  }
}
