@testable import DashboardGateway
import TestSupport
import Testing

/// Each ends its own connection, and no other client notices.
@Suite("Peers that leave, stop, or break the protocol")
struct PeerTests {
  private typealias Kind = FastCGIRecord.Kind

  private static let records =
    [FastCGIRecord.begin(keep: true)]
    + FastCGIRecord.stream(Kind.parameters, FastCGIRecord.encode(parameters("/gone")), size: 30, padding: 3)
    + FastCGIRecord.stream(Kind.standardInput, pattern(100), size: 40, padding: 3)

  /// Offsets within a header, a content and a padding, and at their ends.
  private static var cuts: [Int] {
    var start = 0
    return records.dropLast().flatMap { record in
      defer { start += record.bytes.count }
      return [1, 7, 8, 9, record.bytes.count - 1, record.bytes.count].map { start + $0 }
    }
  }

  @Test("a peer may leave at any byte")
  func leaving() throws {
    let server = try Server()
    let other = try server.connect()
    for cut in Self.cuts {
      try server.connect().connection.send(Self.records.bytes[..<cut])
      try server.expectAnswer(on: other, "cut at \(cut)")
      let halfClosed = try server.connect().connection
      try halfClosed.send(Self.records.bytes[..<cut])
      halfClosed.halfClose()
      #expect(halfClosed.isEnded(), "cut at \(cut)")
    }
    #expect(!server.application.answered.withLock { $0.contains("/gone") })
  }

  /// A byte now and then keeps the connection from being silent, but does not end the body.
  @Test("a body that takes too long ends its connection")
  func slowBody() throws {
    let server = try Server {
      $0.timing.request = 200
      $0.timing.silence = 60_000
    }
    let client = try server.connect()
    try client.connection.send(Self.records.bytes.dropLast(20))
    #expect(client.connection.isEnded())
    try server.expectAnswer(on: try server.connect())
    #expect(!server.application.answered.withLock { $0.contains("/gone") })
  }

  @Test("a peer may leave before its response", arguments: ["/held", "/write/held", "/hash/held"])
  func leavingEarly(_ path: String) throws {
    let server = try Server { $0.eventThreads = 2 }
    for abort in [[], [FastCGIRecord(Kind.abortRequest)]] {
      try server.connect().send(FastCGIClient.request(parameters(path)) + abort)
    }
    #expect(server.application.gate.isReached(by: 1))
    server.application.gate.open()
    for _ in 0..<4 { try server.expectAnswer(on: try server.connect(), path: path) }
  }

  @Test("a malformed record ends its own connection only", arguments: RequestReceiverTests.malformed)
  func malformed(_ name: String, _ records: [FastCGIRecord]) throws {
    let server = try Server()
    let (other, client) = (try server.connect(), try server.connect())
    try server.expectAnswer(on: other)
    try server.expectAnswer(on: client)
    try client.send(records)
    #expect(client.connection.isEnded(), "\(name)")
    try server.expectAnswer(on: other)
  }

  /// A worker receives the body.
  @Test(
    "a malformed record within a long body ends its own connection only",
    arguments: [
      FastCGIRecord(200), FastCGIRecord(Kind.parameters, pattern(9)), .begin(keep: true),
    ])
  func malformedInBody(_ record: FastCGIRecord) throws {
    let server = try Server {
      $0.timing.silence = 200
    }
    let (other, client) = (try server.connect(), try server.connect())
    try client.send(
      FastCGIClient.request(parameters("/gone")).dropLast() + [FastCGIRecord(Kind.standardInput, [1])])
    try server.expectAnswer(on: other)
    try client.send([record])
    try server.expectAnswer(on: other)
    #expect(client.connection.isEnded())
    try server.expectAnswer(on: other)
    #expect(!server.application.answered.withLock { $0.contains("/gone") })
  }

  @Test("parameters longer than their stream end their connection")
  func falseParameters() throws {
    let server = try Server()
    let other = try server.connect()
    let lies: [[UInt8]] = [
      [128, 0, 0, 200, 1, 65], [5, 5, 65], [255], [1], [0, 255, 255], [127, 255, 255, 255],
    ]
    for lie in lies {
      let client = try server.connect()
      try client.send(
        [.begin(keep: true)] + FastCGIRecord.stream(Kind.parameters, lie)
          + FastCGIRecord.stream(Kind.standardInput, []))
      #expect(client.connection.isEnded(), "\(lie)")
      try server.expectAnswer(on: other)
    }
  }

  @Test("parameters that stop end their connection at the deadline")
  func stoppedParameters() throws {
    let server = try Server { $0.timing.parameters = 150 }
    for cut in [1, 8, 20] {
      let client = try server.connect()
      try client.connection.send(Self.records.bytes[..<cut])
      #expect(client.connection.isEnded())
    }
  }

  @Test("a body that stops ends its connection at the deadline")
  func stoppedBody() throws {
    let server = try Server {
      $0.timing.silence = 150
    }
    let client = try server.connect()
    try client.send(Self.records.dropLast(2))
    #expect(client.connection.isEnded())
  }

  @Test("a body that trickles ends its connection at the deadline")
  func tricklingBody() throws {
    let server = try Server {
      $0.timing.request = 200
    }
    let client = try server.connect()
    try client.send(Array(FastCGIClient.request(parameters("/gone")).dropLast()))
    let drop = FastCGIRecord(Kind.standardInput, [1]).bytes
    #expect(eventually { (try? client.connection.send(drop)) == nil })
    #expect(!server.paths.contains("/gone"))
  }
}
