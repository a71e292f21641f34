@testable import DashboardGateway
import Glibc
import TestSupport
import Testing

/// FastCGI Specification 1.0, sections 3.3 and 5.
@Suite("Receiving FastCGI records")
struct RequestReceiverTests {
  private typealias Kind = FastCGIRecord.Kind

  /// What a receiver makes of bytes.
  private enum Outcome: Equatable {
    case incomplete(hasParameters: Bool)
    case request(isKept: Bool)
    case over
    case lost
  }

  /// A receiver, and the other end of its connection.
  private final class Peer {
    private let ends: [Int32]
    private(set) var receiver: RequestReceiver
    private var spares: [FastCGIRequest] = []

    init(memory: BodyMemory = BodyMemory(limit: .max)) {
      var ends: [Int32] = [-1, -1]
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
      self.ends = ends
      receiver = RequestReceiver(descriptor: ends[0], limit: 10_000, memory: memory)
    }

    deinit { for end in ends { close(end) } }

    /// Ends the connection.
    func end() { receiver.discardUnread() }

    func take(_ bytes: some Sequence<UInt8>) -> Outcome {
      switch receiver.take(Array(bytes).span, spares: &spares) {
      case .incomplete: .incomplete(hasParameters: receiver.isInBody)
      case .request(let request): .request(isKept: request.isKept)
      case .over: .over
      case .lost: .lost
      }
    }

    /// The type, id and first content bytes of each reply.
    var replies: [[UInt8]] {
      var bytes = [UInt8](repeating: 0, count: 1_000)
      let count = recv(ends[1], &bytes, bytes.count, Int32(MSG_DONTWAIT))
      var rest = bytes[..<max(0, count)]
      var replies: [[UInt8]] = []
      while rest.count >= 8 {
        let start = rest.startIndex
        let length = 8 + Int(rest[start + 5])
        replies.append([rest[start + 1], rest[start + 3]] + rest.prefix(length).dropFirst(8).prefix(5))
        rest = rest.dropFirst(length)
      }
      return replies
    }
  }

  private func examine(_ bytes: some Sequence<UInt8>) -> Outcome { Peer().take(bytes) }

  private func examine(_ records: [FastCGIRecord]) -> Outcome { examine(records.bytes) }

  private let head =
    [FastCGIRecord.begin(keep: true)]
    + FastCGIRecord.stream(Kind.parameters, FastCGIRecord.encode([("NAME", "value"), ("B", "")]), size: 5)
  private let body = FastCGIRecord.stream(Kind.standardInput, pattern(600), size: 250, padding: 7)

  @Test("a request is whole at its last byte and incomplete before")
  func whole() {
    let bytes = (head + body).bytes
    let headLength = head.bytes.count
    for cut in 0..<bytes.count {
      let peer = Peer()
      #expect(peer.take(bytes[..<cut]) == .incomplete(hasParameters: cut >= headLength), "cut at \(cut)")
      #expect(peer.take(bytes[cut...]) == .request(isKept: true), "cut at \(cut)")
      #expect(peer.receiver.isIdle)
    }
    #expect(examine(bytes) == .request(isKept: true))
  }

  @Test("bytes may arrive one by one")
  func oneByOne() {
    let peer = Peer()
    let bytes = (head + body).bytes
    for _ in 0..<2 {
      for byte in bytes.dropLast() {
        guard case .incomplete = peer.take([byte]) else { return _ = #expect(Bool(false)) }
      }
      #expect(peer.take(bytes.suffix(1)) == .request(isKept: true))
    }
  }

  /// A web server waits for the response.
  @Test("a request with the same id after a request ends the connection")
  func requestAfter() {
    let peer = Peer()
    let bytes = (head + body).bytes
    #expect(peer.take(bytes + bytes) == .request(isKept: false))
    #expect(peer.receiver.hasUnread)
  }

  @Test("the beginning of a record after a request waits for its rest")
  func bytesAfter() {
    let bytes = (head + body).bytes
    for count in 1..<16 {
      let peer = Peer()
      #expect(peer.take(bytes + bytes[..<count]) == .request(isKept: true))
      #expect(peer.receiver.hasUnread)
      #expect(peer.take(bytes[count...]) == .request(isKept: true))
    }
    let peer = Peer()
    #expect(peer.take(bytes + [9]) == .request(isKept: true))
    #expect(peer.take(bytes) == .lost)
  }

  @Test("padding does not matter")
  func padding() {
    let records = head + body
    for index in records.indices {
      var padded = records
      padded[index].padding = 255
      #expect(examine(padded) == .request(isKept: true))
      #expect(examine(padded.bytes.dropLast()) == .incomplete(hasParameters: true))
    }
  }

  @Test("a body for which there is no memory is discarded, and each request gives its memory back")
  func memory() throws {
    let memory = BodyMemory(limit: 1_000)
    var spares: [FastCGIRequest] = []
    func receive() throws -> FastCGIRequest {
      var receiver = RequestReceiver(descriptor: -1, limit: 10_000, memory: memory)
      guard case .request(let request) = receiver.take((head + body).bytes.span, spares: &spares) else {
        throw TestFailure("no request")
      }
      return request
    }
    for _ in 0..<3 {
      let first = try receive()
      #expect(first.content.bodyState == .complete && first.content.body == pattern(600))
      let second = try receive()
      #expect(second.content.bodyState == .withoutRoom && second.content.body.isEmpty)
      first.abandon()
      let third = try receive()
      #expect(third.content.bodyState == .complete)
      spares = [third]
      third.abandon()
      // One that never becomes whole.
      var receiver = RequestReceiver(descriptor: -1, limit: 10_000, memory: memory)
      _ = receiver.take(Array((head + body).bytes.dropLast(100)).span, spares: &spares)
    }
  }

  @Test(
    "long parameters and parts of records for which there is no memory end their connection, and others go on"
  )
  func memoryOfOthers() throws {
    let limit = 100_000
    let long = FastCGIClient.request([("LONG", String(repeating: "n", count: 60_000))]).bytes
    let body = FastCGIClient.request([("CONTENT_LENGTH", "65000")], body: pattern(65_000), size: 65_000).bytes
    // Without the ends of the parameters, of the request, and of a record of the body.
    let parts = [Array(long.dropLast(24)), Array(long.dropLast(8)), Array(body.dropLast(100))]
    for part in parts {
      let memory = BodyMemory(limit: 2 * limit)
      for _ in 0..<3 {
        // Bodies do not take the place of parameters.
        let areTaken = memory.bodies.take(2 * limit)
        #expect(areTaken)
        defer { memory.bodies.give(2 * limit) }
        let first = Peer(memory: memory)
        guard case .incomplete = first.take(part) else { throw TestFailure("no room for one") }
        let second = Peer(memory: memory)
        #expect(second.take(part) == .lost)
        // A usual request takes no memory.
        #expect(
          Peer(memory: memory).take(FastCGIClient.request([("A", "b")]).bytes) == .request(isKept: true))
        first.end()
        second.end()
      }
      let areTaken = memory.others.take(limit)
      #expect(areTaken)
    }
    // A request that is used again has given its memory back.
    let memory = BodyMemory(limit: 2 * limit)
    var spares: [FastCGIRequest] = []
    for _ in 0..<3 {
      var receiver = RequestReceiver(descriptor: -1, limit: 0, memory: memory)
      guard case .request(let request) = receiver.take(long.span, spares: &spares) else {
        throw TestFailure("no request")
      }
      request.abandon()
      spares = [request]
    }
    let areTaken = memory.others.take(limit)
    #expect(areTaken)
  }

  @Test("parameters longer than one record can hold are reported as such")
  func tooLong() {
    for (count, isTooLong) in [(65_000, false), (65_600, true)] {
      let records = FastCGIClient.request([("LONG", String(repeating: "n", count: count))], size: 30_000)
      var receiver = RequestReceiver(descriptor: -1, limit: 0, memory: BodyMemory(limit: .max))
      var spares: [FastCGIRequest] = []
      guard case .request(let request) = receiver.take(records.bytes.span, spares: &spares) else {
        Issue.record("no request")
        continue
      }
      #expect(request.content.areParametersTooLong == isTooLong)
    }
  }

  @Test("a request may have any id but 0")
  func ids() {
    for id: UInt16 in [1, 255, 256, .max] {
      let records = FastCGIClient.request([("A", "b")], id: id)
      #expect(examine(records) == .request(isKept: true))
    }
  }

  @Test("records that break the protocol are malformed", arguments: malformed)
  func invalid(_ name: String, _ records: [FastCGIRecord]) {
    #expect(examine(records) == .lost, "\(name)")
  }

  @Test("records that belong to no request are answered and make none", arguments: foreignRecords)
  func foreign(_ name: String, _ records: [FastCGIRecord], _ replies: [[UInt8]]) {
    let bytes = records.bytes
    for cut in 0...bytes.count {
      let peer = Peer()
      for part in [bytes[..<cut], bytes[cut...]] {
        guard case .incomplete = peer.take(part) else { return _ = #expect(Bool(false), "\(name)") }
      }
      #expect(peer.replies == replies, "\(name), cut at \(cut)")
    }
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

  /// Each with the type, the id and the content's beginning of the replies.
  static let foreignRecords: [(String, [FastCGIRecord], [[UInt8]])] = {
    let begin = FastCGIRecord.begin(keep: true)
    let parameters = FastCGIRecord(Kind.parameters, FastCGIRecord.encode([("A", "b")]))
    let end = FastCGIRecord(Kind.parameters)
    let input = FastCGIRecord(Kind.standardInput, pattern(3))
    let question = FastCGIRecord(Kind.getValues, id: 0)
    let values: [UInt8] = [Kind.getValuesResult, 0]
    let (complete, cantMultiplex, unknownRole): (UInt8, UInt8, UInt8) = (0, 1, 3)
    func ended(_ id: UInt8, _ status: UInt8) -> [UInt8] { [Kind.endRequest, id, 0, 0, 0, 0, status] }
    return [
      ("a management record", [question], [values]),
      ("parameters of no request", [parameters], []),
      ("an authorizer", [.begin(keep: true, role: 2)], [ended(1, unknownRole)]),
      ("a role beyond a byte", [.begin(keep: true, role: 257)], [ended(1, unknownRole)]),
      ("two requests at once", [begin, parameters, .begin(keep: true, id: 2)], [ended(2, cantMultiplex)]),
      ("another request's parameters", [begin, FastCGIRecord(Kind.parameters, pattern(3), id: 2)], []),
      ("another request's input", [begin, end, FastCGIRecord(Kind.standardInput, pattern(3), id: 2)], []),
      (
        "an abort among the parameters", [begin, parameters, FastCGIRecord(Kind.abortRequest)],
        [ended(1, complete)]
      ),
      (
        "an abort within the body", [begin, end, input, FastCGIRecord(Kind.abortRequest)],
        [ended(1, complete)]
      ),
      ("a management record within the body", [begin, end, input, question], [values]),
    ]
  }()

  @Test("a connection that is not kept is over after a request that is not served")
  func over() {
    #expect(examine([.begin(keep: false, role: 2)]) == .over)
    #expect(examine([.begin(keep: false), FastCGIRecord(Kind.abortRequest)]) == .over)
  }

  @Test("a peer that does not read replies is lost")
  func unreadReplies() {
    let peer = Peer()
    let questions = Array(repeating: FastCGIRecord(200, id: 0), count: 1_000).bytes
    #expect(eventually { peer.take(questions) == .lost })
  }

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
