@testable import DashboardGateway
import TestSupport
import Testing

/// FastCGI Specification 1.0, sections 3.3 and 5.
@Suite("Scanning FastCGI records")
struct RecordScannerTests {
  private typealias Kind = FastCGIRecord.Kind

  private func examine(_ bytes: some Sequence<UInt8>) -> RecordScanner.Finding {
    let bytes = Array(bytes)
    return RecordScanner.examine(bytes.span)
  }

  private func examine(_ records: [FastCGIRecord]) -> RecordScanner.Finding { examine(records.bytes) }

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
    #expect(examine(bytes) == .whole(length: bytes.count))
  }

  @Test("bytes after the request are not counted")
  func bytesAfter() {
    let bytes = (head + body).bytes
    #expect(examine(bytes + bytes) == .whole(length: bytes.count))
    #expect(examine(bytes + [9]) == .whole(length: bytes.count))
  }

  @Test("padding may be as long as the format allows")
  func padding() {
    var records = head + FastCGIRecord.stream(Kind.standardInput, [])
    for index in records.indices { records[index].padding = 255 }
    #expect(examine(records) == .whole(length: records.bytes.count))
    #expect(examine(records.bytes.dropLast()) == .incomplete(hasParameters: true))
  }

  @Test("a request may have any id but 0")
  func ids() {
    for id: UInt16 in [1, 255, 256, .max] {
      let records = FastCGIClient.request([("A", "b")], id: id)
      #expect(examine(records) == .whole(length: records.bytes.count))
    }
  }

  /// Its request id is 0 (section 4). libfcgi must never see one.
  @Test("a management record is refused by its header")
  func management() {
    let record = FastCGIRecord(Kind.getValues, pattern(20), id: 0)
    for cut in 8...record.bytes.count { #expect(examine(record.bytes[..<cut]) == .malformed) }
    for cut in 0..<8 { #expect(examine(record.bytes[..<cut]) == .incomplete(hasParameters: false)) }
  }

  @Test("records that do not begin a responder's request are malformed", arguments: malformed)
  func invalid(
    _ name: String, _ records: [FastCGIRecord]
  ) {
    #expect(examine(records) == .malformed, "\(name)")
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
      ("no beginning", [parameters]),
      ("a beginning of seven bytes", [other(begin) { $0.content.removeLast() }]),
      ("a beginning of nine bytes", [other(begin) { $0.content.append(0) }]),
      ("an authorizer", [.begin(keep: true, role: 2)]),
      ("a role beyond a byte", [.begin(keep: true, role: 257)]),
      ("two beginnings", [begin, begin]),
      ("another request's parameters", [begin, other(parameters) { $0.id = 2 }]),
      ("input before the parameters' end", [begin, parameters, input]),
      ("parameters after their end", [begin, parameters, endOfParameters, parameters]),
      ("another request's input", [begin, parameters, endOfParameters, other(input) { $0.id = 2 }]),
      ("an abort among the parameters", [begin, parameters, FastCGIRecord(Kind.abortRequest)]),
      ("an abort within the body", [begin, endOfParameters, input, FastCGIRecord(Kind.abortRequest)]),
      (
        "a management record within the body",
        [begin, endOfParameters, input, FastCGIRecord(Kind.getValues, id: 0)]
      ),
      ("an unknown type", [begin, FastCGIRecord(200)]),
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
      if case .whole(let length) = examine(changed) { #expect(length <= changed.count) }
      _ = examine((0..<64).map { _ in UInt8.random(in: 0...5, using: &random) })
    }
  }
}
