@testable import DashboardGateway
import TestSupport
import Testing

/// The answers that the FastCGI Specification 1.0 wants beside responses: sections 3.3, 4 and 5.
@Suite("FastCGI beside plain requests")
struct ProtocolTests {
  private typealias Kind = FastCGIRecord.Kind

  private static let unknownType: UInt8 = 11

  /// Expects FCGI_END_REQUEST with this protocol status (section 5.5).
  private func expectEnd(of id: UInt16, _ status: UInt8, on client: FastCGIClient) throws {
    let answer = try client.readResponse(id: id)
    #expect(answer.protocolStatus == status)
    #expect(answer.applicationStatus == 0)
    #expect(answer.standardOutput.isEmpty)
  }

  @Test(
    "padding on any record does not change a request", arguments: ["/echo", "/write"], [1, 8, 255] as [UInt8])
  func padding(_ path: String, _ padding: UInt8) throws {
    let server = try Server()
    let client = try server.connect()
    let body = pattern(300)
    let records = FastCGIClient.request(parameters(path, body: body), body: body)
    for index in records.indices {
      var padded = records
      padded[index].padding = padding
      try client.send(padded)
      #expect(try client.readResponse().http.body == body, "record \(index)")
    }
    let padded = records.map { FastCGIRecord($0.kind, $0.content, padding: padding) }
    try client.send(padded)
    #expect(try client.readResponse().http.body == body)
    try server.expectAnswer(on: client)
  }

  // MARK: Management records (section 4)

  @Test("FCGI_GET_VALUES gets the values that the program knows")
  func getValues() throws {
    let server = try Server()
    let client = try server.connect()
    let asked = [("FCGI_MAX_CONNS", ""), ("FCGI_OTHER", "x"), ("FCGI_MPXS_CONNS", ""), ("FCGI_MAX_REQS", "")]
    try client.send([FastCGIRecord(Kind.getValues, FastCGIRecord.encode(asked), id: 0, padding: 3)])
    let answer = try #require(try client.readRecord())
    #expect(answer.kind == Kind.getValuesResult)
    #expect(answer.id == 0)
    let values = try FastCGIRecord.decode(answer.content)
    #expect(values.map(\.0) == ["FCGI_MAX_CONNS", "FCGI_MPXS_CONNS", "FCGI_MAX_REQS"])
    #expect(values[1].1 == "0")
    #expect(try #require(Int(values[0].1)) > 0)
    try server.expectAnswer(on: client)
  }

  @Test(
    "FCGI_GET_VALUES with malformed or endless pairs gets what can be read",
    arguments: [[], [1], [0xFF, 0xFF, 0xFF, 0xFF], [5, 0, 65], [0x80], pattern(65_535)] as [[UInt8]])
  func malformedValues(_ content: [UInt8]) throws {
    let server = try Server()
    let client = try server.connect()
    try client.send([FastCGIRecord(Kind.getValues, content, id: 0)])
    let answer = try #require(try client.readRecord())
    #expect(answer.kind == Kind.getValuesResult)
    #expect(answer.content.isEmpty)
    try server.expectAnswer(on: client)
  }

  @Test("a record full of known names gets one record")
  func manyValues() throws {
    let server = try Server()
    let client = try server.connect()
    let asked = FastCGIRecord.encode(Array(repeating: ("FCGI_MAX_CONNS", ""), count: 4_000))
    try client.send([FastCGIRecord(Kind.getValues, asked, id: 0)])
    let answer = try #require(try client.readRecord())
    #expect(answer.content.count > 60_000)
    try server.expectAnswer(on: client)
  }

  @Test(
    "an unknown management record gets FCGI_UNKNOWN_TYPE", arguments: [0, 2, 4, 5, 8, 10, 12, 255] as [UInt8])
  func unknownTypes(_ type: UInt8) throws {
    let server = try Server()
    let client = try server.connect()
    try client.send([FastCGIRecord(type, pattern(20), id: 0)])
    let answer = try #require(try client.readRecord())
    #expect(answer.kind == Self.unknownType)
    #expect(answer.id == 0)
    #expect(answer.content == [type, 0, 0, 0, 0, 0, 0, 0])
    try server.expectAnswer(on: client)
  }

  @Test("management records between the records of a request are answered")
  func managementWithin() throws {
    let server = try Server()
    let client = try server.connect()
    let body = pattern(200)
    let records = FastCGIClient.request(parameters("/echo", body: body), body: body, size: 60)
    for index in 1...records.count {
      var mixed = records
      mixed.insert(
        FastCGIRecord(Kind.getValues, FastCGIRecord.encode([("FCGI_MPXS_CONNS", "")]), id: 0), at: index)
      try client.send(mixed)
      #expect(try client.readRecord()?.kind == Kind.getValuesResult)
      #expect(try client.readResponse().http.body == body, "before record \(index)")
      try server.expectAnswer(on: client)
    }
  }

  // MARK: Requests that are not served

  @Test(
    "another role than a responder's gets FCGI_UNKNOWN_ROLE", arguments: [0, 2, 3, 257, 65_535] as [UInt16])
  func unknownRole(_ role: UInt16) throws {
    let server = try Server()
    let client = try server.connect()
    var records = FastCGIClient.request(parameters("/gone"), body: pattern(9))
    records[0] = .begin(keep: true, role: role)
    try client.send(records)
    try expectEnd(of: 1, 3, on: client)
    try server.expectAnswer(on: client)
    records[0] = .begin(keep: false, role: role)
    try client.send(Array(records[..<1]))
    try expectEnd(of: 1, 3, on: client)
    #expect(client.connection.isEnded())
    #expect(!server.paths.contains("/gone"))
  }

  @Test(
    "a second request at once gets FCGI_CANT_MPX_CONN, and the first its response")
  func multiplexed() throws {
    let server = try Server()
    let client = try server.connect()
    let body = pattern(200)
    let first = FastCGIClient.request(parameters("/echo", body: body), body: body, size: 60)
    let second = FastCGIClient.request(parameters("/gone"), body: body, id: 7)
    for place in 1...first.count {
      try client.send(first[..<place] + second + first[place...])
      try expectEnd(of: 7, 1, on: client)
      #expect(try client.readResponse().http.body == body, "before record \(place)")
      try server.expectAnswer(on: client)
    }
    // Record by record in turn.
    try client.send(
      [first[0], second[0]] + zip(first[1...], second[1...]).flatMap { [$0, $1] } + first[second.count...])
    try expectEnd(of: 7, 1, on: client)
    #expect(try client.readResponse().http.body == body)
    try server.expectAnswer(on: client)
    #expect(!server.paths.contains("/gone"))
  }

  @Test(
    "an aborted request ends without a response, and the connection goes on")
  func aborted() throws {
    let server = try Server()
    let records = FastCGIClient.request(parameters("/gone", body: pattern(100)), body: pattern(100), size: 40)
    let client = try server.connect()
    for count in 1..<records.count {
      try client.send(records[..<count] + [FastCGIRecord(Kind.abortRequest)])
      try expectEnd(of: 1, 0, on: client)
      // The web server may have sent these before it knew.
      try client.send(Array(records[count...]))
      try server.expectAnswer(on: client, "after \(count) records")
    }
    #expect(!server.application.answered.withLock { $0.contains("/gone") })
    try client.send([.begin(keep: false), FastCGIRecord(Kind.abortRequest)])
    try expectEnd(of: 1, 0, on: client)
    #expect(client.connection.isEnded())
  }

  @Test("an abort that comes too late is ignored")
  func lateAbort() throws {
    let server = try Server()
    let client = try server.connect()
    for _ in 0..<20 {
      try client.send(FastCGIClient.request(parameters("/write")) + [FastCGIRecord(Kind.abortRequest)])
      #expect(try client.readResponse().http.status == 200)
      try server.expectAnswer(on: client)
      try client.send([FastCGIRecord(Kind.abortRequest)])
      try server.expectAnswer(on: client)
    }
  }

  // MARK: Long parameters

  /// Of a name, of a value, of many pairs; and announced only.
  private static let tooLong: [[UInt8]] = [
    FastCGIRecord.encode([("HTTP_COOKIE", String(repeating: "n", count: 100_000))]),
    FastCGIRecord.encode([(String(repeating: "N", count: 70_000), "")]),
    FastCGIRecord.encode((0..<3_000).map { ("HTTP_X_\($0)", String(repeating: "n", count: 30)) }),
    FastCGIRecord.encode([("HTTP_COOKIE", String(repeating: "n", count: 10_000_000))]),
    [0xFF, 0xFF, 0xFF, 0xF0, 0x20], [127, 255, 255, 255, 0, 0, 0], [255, 255, 255, 255, 1, 65, 66],
  ]

  @Test(
    "parameters that are too long reach the application as such, and the connection goes on")
  func longParameters() throws {
    let server = try Server()
    let client = try server.connect()
    for content in Self.tooLong {
      let body = pattern(100)
      try client.send(
        [.begin(keep: true)]
          + FastCGIRecord.stream(
            Kind.parameters, FastCGIRecord.encode(parameters("/gone")) + content, size: 60_000)
          + FastCGIRecord.stream(Kind.standardInput, body))
      #expect(try client.readResponse().http.first("X-Parameters") == "too long")
      try server.expectAnswer(on: client)
    }
    #expect(!server.paths.contains("/gone"))
  }

  @Test("parameters of 65,535 bytes are a request")
  func longestParameters() throws {
    let server = try Server()
    let client = try server.connect()
    var variables = parameters("/echo")
    let room =
      65_535 - FastCGIRecord.encode(variables + [("HTTP_COOKIE", String(repeating: "n", count: 200))]).count
    variables.append(("HTTP_COOKIE", String(repeating: "n", count: 200 + room)))
    #expect(try client.ask(variables, size: 20_000).http.first("X-Cookie")?.count == 200 + room)
    variables[3].1 += "n"
    #expect(try client.ask(variables, size: 20_000).http.first("X-Parameters") == "too long")
    try server.expectAnswer(on: client)
  }

  @Test("random records trap nothing and stop no other connection")
  func total() throws {
    let server = try Server {
      $0.timing.silence = 50
    }
    let other = try server.connect()
    var random = SeededRandom(seed: 15)
    for _ in 0..<300 {
      let client = try server.connect()
      let records = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        FastCGIRecord(
          .random(in: 0...12, using: &random),
          Bool.random(using: &random)
            ? [0, 1, 1, 0, 0, 0, 0, 0] : pattern(.random(in: 0...20, using: &random)),
          id: .random(in: 0...2, using: &random), padding: .random(in: 0...2, using: &random))
      }
      try client.send(records)
      client.connection.halfClose()
      try server.expectAnswer(on: other)
    }
  }
}
