@testable import DashboardGateway
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

  @Test("bodies that do not end do not delay other clients", arguments: [0, 1_000] as [Int64])
  func endlessBodies(_ patience: Int64) throws {
    let server = try Server { $0.timing.patience = patience }
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
