@testable import DashboardGateway
import DashboardSystem
import Synchronization
import TestSupport
import Testing

/// With one event thread, slow peers do not delay other clients.
@Suite("Slow peers")
struct StarvationTests {
  private typealias Kind = FastCGIRecord.Kind

  /// Expects fast responses on new and on kept connections.
  private func expectService(_ server: Server) throws {
    let kept = try server.connect()
    for path in ["/read", "/write", "/hash"] {
      let start = monotonic()
      for _ in 0..<10 {
        try server.expectAnswer(on: kept, path: path, body: pattern(10))
        try server.expectAnswer(on: try server.connect(), path: path, body: pattern(10))
      }
      // Far below every deadline that could free a thread.
      #expect(monotonic() - start < 2_500)
    }
    // A worker receives this body.
    try server.expectAnswer(on: kept, path: "/read", body: pattern(100_000))
  }

  private func monotonic() -> Int { TestSupport.monotonicMilliseconds() }

  @Test("kept connections do not keep others out")
  func keptConnections() throws {
    let server = try Server()
    let kept = try (0..<64).map { _ in try server.connect() }
    for client in kept { try server.expectAnswer(on: client) }
    try expectService(server)
    for client in kept { try server.expectAnswer(on: client) }
  }

  @Test("peers that sent a few bytes do not delay others", arguments: [1, 8, 20])
  func fewBytes(_ count: Int) throws {
    let server = try Server()
    let slow = try (0..<100).map { _ in try server.connect() }
    let bytes = FastCGIClient.request(parameters("/slow")).bytes
    for client in slow { try client.connection.send(bytes[..<count]) }
    try expectService(server)
    for client in slow {
      try client.connection.send(bytes[count...])
      #expect(try client.readResponse().http.first("X-Path") == "/slow")
    }
  }

  /// Only a body gets a thread.
  @Test("peers that send no parameters after padding or management records do not delay others")
  func noParameters() throws {
    let server = try Server { $0.timing.parameters = 2_000 }
    let question = FastCGIRecord(Kind.getValues, FastCGIRecord.encode([("FCGI_MPXS_CONNS", "")]), id: 0)
    var padded = FastCGIRecord.begin(keep: true)
    padded.padding = 1
    let beginnings: [[UInt8]] = [
      padded.bytes, question.bytes + [1],
      (FastCGIClient.request(parameters("/slow"))[..<2] + [question]).bytes,
    ]
    let slow = try (0..<300).map { _ in try server.connect() }
    for (index, client) in slow.enumerated() { try client.connection.send(beginnings[index % 3]) }
    try expectService(server)
    let client = try server.connect()
    try client.send([question])
    #expect(try client.readRecord()?.kind == Kind.getValuesResult)
    for client in slow { #expect(client.connection.isEnded()) }
    #expect(!server.paths.contains("/slow"))
  }

  /// With the next response, the peer's buffer is full, and the thread that sends it would wait.
  @Test("a peer that reads no response does not delay others", arguments: ["/read", "/hash"])
  func unreadResponses(_ path: String) throws {
    let server = try Server { $0.timing.silence = 60_000 }
    let (slow, other) = (try server.connect(), try server.connect())
    let body = pattern(40_000)
    for _ in 0..<8 {
      try slow.send(FastCGIClient.request(parameters(path, body: body), body: body))
      try server.expectAnswer(on: other, path: path)
    }
    #expect(try slow.readResponse().http.body == body)
  }

  /// Also one whose connection has ended, so that what it sends is discarded.
  @Test("a peer that sends without end does not delay others", arguments: [true, false])
  func endlessRecords(_ isKept: Bool) throws {
    let server = try Server { $0.timing.linger = 60_000 }
    let (endless, other) = (try server.connect().connection, try server.connect())
    let ignored = Array(repeating: FastCGIRecord(Kind.standardInput, pattern(60_000)), count: 20).bytes
    try endless.send([FastCGIRecord.begin(keep: isKept, role: 2)].bytes)
    let isOver = Atomic(false)
    try withExtendedLifetime(endless) {
      #expect(
        DashboardSystem.Thread.start(name: "endless") {
          while !isOver.load(ordering: .relaxed), (try? endless.send(ignored)) != nil {}
        })
      defer { isOver.store(true, ordering: .relaxed) }
      for _ in 0..<200 { try server.expectAnswer(on: other) }
    }
  }

  @Test("bodies that do not end do not delay other clients")
  func endlessBodies() throws {
    let server = try Server()
    let slow = try (0..<100).map { _ in try server.connect() }
    let records = FastCGIClient.request(parameters("/write"), body: pattern(1_000), size: 500)
    for client in slow { try client.send(Array(records.dropLast(2))) }
    try expectService(server)
    for client in slow { try client.send(Array(records.suffix(2))) }
    for client in slow { #expect(try client.readResponse().http.first("X-Path") == "/write") }
  }

  @Test("peers that do not read their responses do not delay others")
  func unreadAnswers() throws {
    let server = try Server { $0.timing.silence = 500 }
    let body = pattern(1_000_000)
    let slow = try (0..<20).map { _ in try server.connect() }
    for client in slow {
      try client.send(FastCGIClient.request(parameters("/write", body: body), body: body))
    }
    try expectService(server)
  }

  @Test("each of many clients gets its own responses")
  func manyClients() throws {
    let server = try Server {
      $0.eventThreads = 4
      $0.hashingThreads = 2
    }
    let clients = try (0..<64).map { _ in try server.connect() }
    for round in 0..<20 {
      for (index, client) in clients.enumerated() {
        let path = ["/read", "/write", "/hash"][(index + round) % 3]
        let body = pattern(index * 40)
        try client.send(
          FastCGIClient.request(parameters("\(path)/\(index)/\(round)", body: body), body: body))
      }
      for (index, client) in clients.enumerated() {
        let answer = try client.readResponse().http
        #expect(answer.first("X-Path")?.hasSuffix("/\(index)/\(round)") == true)
        #expect(answer.body == pattern(index * 40))
      }
    }
  }
}
