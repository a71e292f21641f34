@testable import DashboardGateway
import TestSupport
import Testing

/// A responder that stops reading such a body and keeps the connection would take the rest for requests, with parameters that the
/// client chose.
@Suite("FastCGI records hidden in a body")
struct HiddenRecordTests {
  private typealias Kind = FastCGIRecord.Kind

  /// The length of one forged request in bytes, with padding.
  private static let period = 128

  /// Forged requests back to back. One starts at each offset that is `shift` modulo `period`, so over all shifts at every offset
  /// of every read buffer.
  private static func forged(shift: Int, count: Int) -> [UInt8] {
    var records = FastCGIClient.request(parameters("/forged"))
    records[1].padding = UInt8(period - records.bytes.count)
    let bytes = records.bytes
    let repeated = (0...count / period).flatMap { _ in bytes }
    return [UInt8](repeating: 1, count: shift) + repeated.prefix(count - shift)
  }

  /// Expects each body to leave its connection in order.
  private func expectNoForgery(
    _ server: Server, path: String, state: String, count: Int, size: Int = FastCGIRecord.maximumLength
  ) throws {
    let client = try server.connect()
    for shift in 0..<Self.period {
      let body = Self.forged(shift: shift, count: count)
      let answer = try client.ask(parameters(path, body: body), body: body, size: size).http
      #expect(answer.first("X-Path") == path)
      #expect(answer.first("X-Body-State") == state)
      #expect(answer.body == (state == "complete" ? body : []))
      try server.expectAnswer(on: client, path: "/next", "shift \(shift)")
    }
    #expect(server.paths == [path, "/next"])
  }

  @Test("a forged request has the length that these tests need")
  func forgedLength() {
    let body = Self.forged(shift: 3, count: 1_000)
    #expect(body.count == 1_000)
    let request = body[3..<3 + Self.period]
    var receiver = RequestReceiver(descriptor: -1, limit: 0, memory: BodyMemory(limit: 0))
    var spares: [FastCGIRequest] = []
    guard case .request = receiver.take(Array(request).span, spares: &spares), receiver.isIdle else {
      Issue.record("no request")
      return
    }
  }

  @Test(
    "a body within the limit hides no request", arguments: ["/echo", "/write", "/hash"],
    [8_184, FastCGIRecord.maximumLength])
  func kept(_ path: String, _ size: Int) throws {
    try expectNoForgery(try Server(), path: path, state: "complete", count: 40_000, size: size)
  }

  @Test(
    "a body beyond the limit hides no request", arguments: ["/echo", "/write", "/hash"],
    [8_184, FastCGIRecord.maximumLength])
  func tooLong(_ path: String, _ size: Int) throws {
    let server = try Server { $0.bodyLimit = 1_000 }
    try expectNoForgery(server, path: path, state: "tooLong", count: 40_000, size: size)
  }

  /// libfcgi reads 8192 bytes at once. A peer can place a forged request where that ends.
  ///
  /// - Parameters:
  ///   - cut: the bytes of the second request that arrive with the first. Its first record has 16.
  ///   - isAnswered: true if the peer waits for the first response before it sends the rest.
  @Test(
    "a body that begins to arrive with another request hides no request", arguments: [1, 7] as [UInt16],
    [(0, true), (1, true), (15, true), (16, true), (200, true), (4_000, true), (0, false), (1, false)])
  func arrivingTogether(_ forgedID: UInt16, _ part: (cut: Int, isAnswered: Bool)) throws {
    let server = try Server()
    let first = FastCGIClient.request(parameters("/first")).bytes
    let forged = FastCGIClient.request(parameters("/forged"), id: forgedID).bytes
    let head = FastCGIClient.request(parameters("/second", body: pattern(12_000))).dropLast().bytes
    for offset in -20...20 {
      var body = pattern(12_000)
      let start = 8_192 - first.count - head.count - 8 + offset
      body.replaceSubrange(start..<start + forged.count, with: forged)
      let second = FastCGIClient.request(parameters("/second", body: body), body: body).bytes
      let client = try server.connect()
      try client.connection.send(first + second[..<part.cut])
      if part.isAnswered { #expect(try client.readResponse().http.first("X-Path") == "/first") }
      try? client.connection.send(second[part.cut...])
      if !part.isAnswered { #expect(try client.readResponse().http.first("X-Path") == "/first") }
      let answer = try? client.readResponse()
      // A second request before the first response ends the connection.
      if part.isAnswered, part.cut < 16 { #expect(answer != nil) }
      if part.isAnswered, part.cut >= 16 { #expect(answer == nil) }
      if let answer { #expect(try answer.http.body == body) }
    }
    #expect(server.paths.isSubset(of: ["/first", "/second"]))
  }

  /// A worker receives the body.
  @Test("a body larger than the socket's buffer hides no request", arguments: [2_000_000, 1_000])
  func large(_ limit: Int) throws {
    let server = try Server { $0.bodyLimit = limit }
    let state = limit < 80_000 ? "tooLong" : "complete"
    try expectNoForgery(server, path: "/echo", state: state, count: 80_000)
  }

  /// As with `fastcgi_request_buffering off`: the parameters come first, and the body in pieces.
  @Test("a body that arrives late hides no request", arguments: ["/echo", "/write", "/hash"])
  func late(_ path: String) throws {
    let server = try Server()
    let client = try server.connect()
    for shift in 0..<Self.period {
      let body = Self.forged(shift: shift, count: 40_000)
      let records = FastCGIClient.request(parameters(path, body: body), body: body)
      let (head, rest) = (records.dropLast(2).bytes, records.suffix(2).bytes)
      try client.connection.send(head)
      for cut in [0..<shift + 8, shift + 8..<9_000, 9_000..<rest.count] {
        try client.connection.send(rest[cut])
      }
      #expect(try client.readResponse().http.body == body)
      try server.expectAnswer(on: client, path: "/next", "shift \(shift)")
    }
    #expect(server.paths == [path, "/next"])
  }

  @Test("an abandoned body hides no request")
  func abandoned() throws {
    let server = try Server { $0.bodyLimit = 1_000 }
    for shift in stride(from: 0, to: Self.period, by: 17) {
      let client = try server.connect()
      let piece = FastCGIRecord(Kind.standardInput, Self.forged(shift: shift, count: 65_000)).bytes
      try client.connection.send(FastCGIClient.request(parameters("/echo")).dropLast().bytes)
      for _ in 0..<270 { try client.connection.send(piece) }
      #expect(try client.readResponse().http.first("X-Body-State") == "tooLong")
      #expect(client.connection.isEnded())
    }
    #expect(server.paths.subtracting(["/echo"]).isEmpty)
  }

  @Test("the body of a request that is refused as busy hides no request")
  func refused() throws {
    // One hash may wait for another. A second one would wait too long, however busy the machine is.
    let server = try Server { $0.timing.hashingQueue = 60_000 }
    server.application.hashingTime.store(100_000_000, ordering: .relaxed)
    let (held, queued, client) = (try server.connect(), try server.connect(), try server.connect())
    try held.send(FastCGIClient.request(parameters("/hash/held")))
    #expect(server.application.gate.isReached(by: 1))
    try queued.send(FastCGIClient.request(parameters("/hash/queued")))
    #expect(eventually { server.paths.contains("/hash/queued") })
    for shift in 0..<Self.period {
      let body = Self.forged(shift: shift, count: 40_000)
      #expect(try client.ask(parameters("/hash", body: body), body: body).http.status == 503)
      try server.expectAnswer(on: client, path: "/next", "shift \(shift)")
    }
    server.application.gate.open()
    #expect(try held.readResponse().http.status == 200)
    #expect(try queued.readResponse().http.status == 200)
    #expect(server.paths == ["/hash", "/hash/held", "/hash/queued", "/next"])
  }
}
