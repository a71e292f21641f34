@testable import DashboardGateway
import TestSupport
import Testing

/// FastCGI Specification 1.0, sections 3.3 and 5.
@Suite("Scanning FastCGI records")
struct ArrivalTests {
  private typealias Kind = FastCGIRecord.Kind

  private func examine(_ bytes: some Sequence<UInt8>) -> Arrival {
    let bytes = Array(bytes)
    return Arrival(of: bytes.span)
  }

  private func examine(_ records: [FastCGIRecord]) -> Arrival { examine(records.bytes) }

  private let head =
    [FastCGIRecord.begin(keep: true)]
    + FastCGIRecord.stream(Kind.parameters, FastCGIRecord.encode([("NAME", "value"), ("B", "")]), size: 5)
  private let body = FastCGIRecord.stream(Kind.standardInput, pattern(600), size: 250, padding: 7)

  @Test("a request is whole at its last byte and incomplete before")
  func whole() {
    let bytes = (head + body).bytes
    let headLength = head.bytes.count
    for cut in 0..<bytes.count {
      #expect(examine(bytes[..<cut]) == .incomplete(hasParameters: cut >= headLength), "cut at \(cut)")
    }
    #expect(examine(bytes) == .request)
  }

  /// libfcgi would read them with the request and lose them.
  @Test("bytes after the request keep it from libfcgi")
  func bytesAfter() {
    let bytes = (head + body).bytes
    #expect(examine(bytes + bytes) == .unusual)
    #expect(examine(bytes + [9]) == .unusual)
  }

  /// libfcgi takes the padding of the other records for the next header.
  @Test("libfcgi reads padding only after parameters and parts of the body")
  func padding() {
    let records = head + body
    for index in records.indices {
      var padded = records
      padded[index].padding = 255
      #expect(examine(padded) == (records[index].content.isEmpty || index == 0 ? .unusual : .request))
      #expect(examine(padded.bytes.dropLast()) != .request)
    }
  }

  @Test("parameters longer than one record can hold are kept from libfcgi")
  func tooLong() {
    for (count, arrival) in [(65_000, Arrival.request), (65_600, .unusual)] {
      let records = FastCGIClient.request([("LONG", String(repeating: "n", count: count))], size: 30_000)
      #expect(examine(records) == arrival)
    }
  }

  @Test("a request may have any id but 0")
  func ids() {
    for id: UInt16 in [1, 255, 256, .max] {
      let records = FastCGIClient.request([("A", "b")], id: id)
      #expect(examine(records) == .request)
    }
  }

  @Test("records that break the protocol are malformed", arguments: malformed)
  func invalid(_ name: String, _ records: [FastCGIRecord]) {
    #expect(examine(records) == .malformed, "\(name)")
  }

  @Test("records that libfcgi must not see are unusual", arguments: unusual)
  func foreign(_ name: String, _ records: [FastCGIRecord]) {
    #expect(examine(records) == .unusual, "\(name)")
  }

  static let malformed: [(String, [FastCGIRecord])] = {
    let begin = FastCGIRecord.begin(keep: true)
    let parameters = FastCGIRecord(Kind.parameters, pattern(3))
    let endOfParameters = FastCGIRecord(Kind.parameters)
    let input = FastCGIRecord(Kind.standardInput, pattern(3))
    func other(_ record: FastCGIRecord, _ change: (inout FastCGIRecord) -> Void) -> FastCGIRecord {
      var record = record
      change(&record)
      return record
    }
    return [
      ("version 0", [other(begin) { $0.version = 0 }]),
      ("version 2 later", [begin, other(parameters) { $0.version = 2 }]),
      ("a beginning of seven bytes", [other(begin) { $0.content.removeLast() }]),
      ("a beginning of nine bytes", [other(begin) { $0.content.append(0) }]),
      ("two beginnings", [begin, begin]),
      ("input before the parameters' end", [begin, parameters, input]),
      ("parameters after their end", [begin, parameters, endOfParameters, parameters]),
      ("an unknown type", [begin, FastCGIRecord(200)]),
    ]
  }()

  static let unusual: [(String, [FastCGIRecord])] = {
    let begin = FastCGIRecord.begin(keep: true)
    let parameters = FastCGIRecord(Kind.parameters, FastCGIRecord.encode([("A", "b")]))
    let end = FastCGIRecord(Kind.parameters)
    let input = FastCGIRecord(Kind.standardInput, pattern(3))
    let question = FastCGIRecord(Kind.getValues, id: 0)
    return [
      ("a management record", [question]),
      ("parameters of no request", [parameters]),
      ("an authorizer", [.begin(keep: true, role: 2)]),
      ("a role beyond a byte", [.begin(keep: true, role: 257)]),
      ("two requests at once", [begin, parameters, .begin(keep: true, id: 2)]),
      ("another request's parameters", [begin, FastCGIRecord(Kind.parameters, pattern(3), id: 2)]),
      ("another request's input", [begin, end, FastCGIRecord(Kind.standardInput, pattern(3), id: 2)]),
      ("an abort among the parameters", [begin, parameters, FastCGIRecord(Kind.abortRequest)]),
      ("an abort within the body", [begin, end, input, FastCGIRecord(Kind.abortRequest)]),
      ("a management record within the body", [begin, end, input, question]),
    ]
  }()

  @Test("random bytes trap nothing")
  func total() {
    var random = SystemRandomNumberGenerator()
    let bytes = (head + body).bytes
    for _ in 0..<2_000 {
      var changed = bytes
      for _ in 0..<3 {
        changed[Int.random(in: changed.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      _ = examine(changed)
      _ = examine((0..<64).map { _ in UInt8.random(in: 0...5, using: &random) })
    }
  }
}
