@testable import DashboardGateway
import TestSupport
import Testing

/// FastCGI Specification 1.0, section 3.4.
@Suite("Lengths of FastCGI parameters")
struct ParameterCheckTests {
  private typealias Kind = FastCGIRecord.Kind

  /// `nil` if the stream is malformed, otherwise whether it may end there.
  private func check(_ pieces: [[UInt8]]) -> Bool? {
    var check = ParameterCheck()
    for piece in pieces where !check.take(piece.span) { return nil }
    return check.isComplete
  }

  @Test("a valid stream may end after each pair and nowhere else")
  func ends() {
    let long = String(repeating: "x", count: 300)
    let pairs = [("A", "b"), ("", ""), ("NAME", ""), ("LONG", long), (long, "value")]
    var ends: Set<Int> = [0]
    var bytes: [UInt8] = []
    for pair in pairs {
      bytes += FastCGIRecord.encode([pair])
      ends.insert(bytes.count)
    }
    for cut in 0...bytes.count {
      #expect(check([Array(bytes[..<cut])]) == ends.contains(cut), "cut at \(cut)")
    }
  }

  @Test("the result does not depend on the records' boundaries")
  func cuts() {
    var random = SeededRandom(seed: 34)
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        // Mostly small lengths, so that pairs end.
        UInt8.random(in: 0...15, using: &random) == 0
          ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 0...6, using: &random)
      }
      #expect(check([bytes]) == check(bytes.map { [$0] }), "\(bytes)")
    }
  }

  @Test(
    "lengths beyond any request are refused at once",
    arguments: [
      [0xFF, 0xFF, 0xFF, 0xF0, 0x20], [0xFF, 0x10, 0x1C, 0xF5, 0xFC, 0x4C, 0x21, 0x13],
      [0x80, 0x02, 0x00, 0x01], [0x01, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x80, 0x01, 0xFF, 0xFF, 0x80, 0x01, 0xFF, 0xFF],
    ] as [[UInt8]])
  func tooLong(_ bytes: [UInt8]) {
    #expect(check([bytes]) == nil)
  }

  // MARK: The responder

  /// A fuzzer found this request, which crashed libfcgi.
  private static let found = """
      010100010008000000010100000000000104000100c800000e04524551554553545f4d4554484f440000000000000000
      51554553545f5552492f6170692f757365722f6372656174652d73657373696f6e0c0051554552595f535452494e470c
      21434f4e54454e545f545950456170706c69636174696f6e2f782d7777772d666f726d2d75726c656e636f6465640b07
      52454d4f54455f41444452392e392e392e390e01434f4e54454e545f4c454e475448351318485454505f5345435f4645
      5443485f5349544535728d1632e6b5702c80fbb50cf8fa49ff101cf5fc4c2113010400010000000001050001000c0000
      757365726e616d653d6164610105000100000000
    """

  private static let foundBytes: [UInt8] = {
    let digits = found.utf8.filter { $0 > 0x20 }.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }()

  private static func lying(_ lengths: [UInt8]) -> [UInt8] {
    let method = FastCGIRecord.encode([("REQUEST_METHOD", "GET")])
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 64)
    return [
      FastCGIRecord.begin(keep: true), FastCGIRecord(Kind.parameters, method + lengths + text),
      FastCGIRecord(Kind.parameters), FastCGIRecord(Kind.standardInput),
    ].bytes
  }

  @Test("false lengths end their own connection only")
  func lies() throws {
    let server = try Server()
    let other = try server.connect()
    let attacks =
      [Self.foundBytes]
      + ([[0xFF, 0xFF, 0xFF, 0xF0, 0x20], [0x7F, 0x7F], [0x40]] as [[UInt8]]).map(Self.lying)
    for bytes in attacks {
      for cut in [bytes.count, bytes.count - 8] {
        let client = try server.connect()
        try client.connection.send(bytes[..<cut])
        client.connection.halfClose()
        #expect(client.connection.isEnded())
        try server.expectAnswer(on: other)
      }
    }
  }
}
