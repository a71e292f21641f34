import TestSupport
import Testing

@testable import Gateway

/// FastCGI Specification 1.0, section 3.3: what of a request is in the socket's buffer.
@Suite("the record scanner")
struct RecordScannerTests {
  private func examine(_ bytes: [UInt8]) -> RecordScanner.Finding { RecordScanner.examine(bytes.span) }

  private let variables = [("REQUEST_METHOD", "POST"), ("LONG", String(repeating: "x", count: 300))]

  @Test("a whole request is whole, and no part of it is", arguments: [0, 1, 7, 255] as [UInt8])
  func truncations(padding: UInt8) {
    let body = [UInt8](repeating: 1, count: 100)
    let request = FastCGIClient.request(variables, body: body, size: 40, padding: padding)
    let parametersEnd =
      FastCGIClient.begin().count
      + FastCGIClient.stream(.parameters, FastCGIClient.pairs(variables), size: 40, padding: padding).count
    for count in 0..<request.count {
      #expect(
        examine(Array(request[..<count])) == .incomplete(hasParameters: count >= parametersEnd), "at \(count)"
      )
    }
    #expect(examine(request) == .whole(length: request.count))
    #expect(examine(request + request) == .whole(length: request.count))
  }

  @Test("an empty body is one record, and a request without variables is one")
  func empty() {
    #expect(examine(FastCGIClient.request([])) == .whole(length: 16 + 8 + 8))
    #expect(examine([]) == .incomplete(hasParameters: false))
  }

  @Test("a management record is libfcgi's business (section 4)")
  func management() {
    #expect(examine(FastCGIClient.record(.getValues, [], id: 0)) == .management)
  }

  @Test("what no web server sends is malformed")
  func malformed() {
    let begin = FastCGIClient.begin()
    let parameters = FastCGIClient.stream(.parameters, FastCGIClient.pairs(variables))
    for bytes in [
      FastCGIClient.record(.begin, [0, 1, 1, 0, 0, 0, 0, 0], version: 2),
      FastCGIClient.begin(role: 2), FastCGIClient.begin(role: 3), FastCGIClient.record(.parameters),
      FastCGIClient.record(.begin, [0, 1, 1]), begin + begin,
      begin + FastCGIClient.record(.standardInput), begin + FastCGIClient.record(.parameters, id: 2),
      begin + parameters + FastCGIClient.record(.data), begin + parameters + FastCGIClient.record(.abort),
      begin + parameters + FastCGIClient.record(.standardInput, id: 2), Array("GET / HTTP/1.1\r\n\r\n".utf8),
      [UInt8](repeating: 0xFF, count: 8),
    ] {
      #expect(examine(bytes) == .malformed)
    }
  }

  @Test("any bytes have an outcome")
  func total() {
    let request = FastCGIClient.request(variables, body: [1, 2, 3])
    var outcomes: Set<String> = []
    for index in request.indices {
      for value in [0, 1, 2, 5, 9, 127, 255] as [UInt8] {
        var changed = request
        changed[index] = value
        outcomes.insert("\(examine(changed))")
      }
    }
    #expect(outcomes.contains("malformed"))
    #expect(outcomes.contains("whole(length: \(request.count))"))
  }
}
