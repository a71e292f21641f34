/// Speaks FastCGI as a web server does, or as one never should (FastCGI Specification 1.0, section 3).
package struct FastCGIClient: Sendable {
  package enum RecordType: UInt8, Sendable {
    case begin = 1
    case abort = 2
    case end = 3
    case parameters = 4
    case standardInput = 5
    case standardOutput = 6
    case standardError = 7
    case data = 8
    case getValues = 9
    case getValuesResult = 10
    case unknown = 11
  }

  package let socket: StreamSocket

  package init(path: String) throws { socket = try StreamSocket(path: path) }

  /// A record as bytes.
  package static func record(
    _ type: RecordType, _ content: [UInt8] = [], id: UInt16 = 1, version: UInt8 = 1, padding: UInt8 = 0
  ) -> [UInt8] {
    let length = UInt16(content.count)
    let header = [
      version, type.rawValue, UInt8(id >> 8), UInt8(id & 255), UInt8(length >> 8), UInt8(length & 255),
      padding, 0,
    ]
    return header + content + [UInt8](repeating: 0, count: Int(padding))
  }

  package static func begin(keep: Bool = true, role: UInt8 = 1, id: UInt16 = 1) -> [UInt8] {
    record(.begin, [0, role, keep ? 1 : 0, 0, 0, 0, 0, 0], id: id)
  }

  /// Name-value pairs (section 3.4).
  package static func pairs(_ pairs: [(String, String)]) -> [UInt8] {
    func length(_ count: Int) -> [UInt8] {
      count < 128
        ? [UInt8(count)]
        : [UInt8(count >> 24 | 0x80), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
    }
    return pairs.flatMap { name, value in
      length(name.utf8.count) + length(value.utf8.count) + Array(name.utf8) + Array(value.utf8)
    }
  }

  /// A stream: records of at most `size` bytes, and the empty one that ends it.
  package static func stream(_ type: RecordType, _ content: [UInt8], size: Int = 65_535, padding: UInt8 = 0)
    -> [UInt8]
  {
    var records: [UInt8] = []
    var rest = content[...]
    while !rest.isEmpty {
      records += record(type, Array(rest.prefix(size)), padding: padding)
      rest = rest.dropFirst(size)
    }
    return records + record(type)
  }

  /// A whole request as bytes.
  package static func request(
    _ variables: [(String, String)], body: [UInt8] = [], keep: Bool = true, size: Int = 65_535,
    padding: UInt8 = 0
  ) -> [UInt8] {
    begin(keep: keep) + stream(.parameters, pairs(variables), size: size, padding: padding)
      + stream(.standardInput, body, size: size, padding: padding)
  }

  /// What came in answer to one request.
  package struct Answer: Sendable {
    package var output: [UInt8] = []
    package var errors: [UInt8] = []
    /// `nil`: the connection ended before the request did.
    package var protocolStatus: UInt8?

    package var text: String { String(decoding: output, as: UTF8.self) }

    /// What follows the headers.
    package var body: String {
      let text = text
      guard let end = text.firstRange(of: "\r\n\r\n") else { return "" }
      return String(text[end.upperBound...])
    }

    package var status: Int? {
      guard text.hasPrefix("Status: ") else { return nil }
      return Int(text.dropFirst(8).prefix(3))
    }
  }

  package func receive() throws -> Answer {
    var answer = Answer()
    while true {
      let header = try socket.receive(8)
      guard header.count == 8 else { return answer }
      let content = try socket.receive(Int(header[4]) << 8 | Int(header[5]))
      _ = try socket.receive(Int(header[6]))
      switch RecordType(rawValue: header[1]) {
      case .standardOutput: answer.output += content
      case .standardError: answer.errors += content
      case .end:
        answer.protocolStatus = content.count == 8 ? content[4] : nil
        return answer
      default: break
      }
    }
  }

  /// Sends a request and receives its answer.
  package func request(
    _ variables: [(String, String)], body: [UInt8] = [], keep: Bool = true
  ) throws -> Answer {
    try socket.send(Self.request(variables, body: body, keep: keep))
    return try receive()
  }
}
