import DashboardWireFormat
import Glibc

/// The records that answer others than those of a served request.
enum Reply {
  /// How a request ended (FastCGI Specification 1.0, section 5.5).
  private enum ProtocolStatus {
    static let complete: UInt8 = 0
    static let cantMultiplex: UInt8 = 1
    static let unknownRole: UInt8 = 3
  }

  /// The reply to a record that a stream took as `other`; `nil` if it is ignored (section 3.3, "Managing request IDs").
  static func to(_ header: RecordHeader, _ content: Span<UInt8>, in stream: RecordStream) -> [UInt8]? {
    switch (header.type, header.id) {
    case (RecordType.getValues, 0):
      return record(RecordType.getValuesResult, id: 0, values(of: content))
    case (_, 0):
      return record(RecordType.unknownType, id: 0, [header.type] + [UInt8](repeating: 0, count: 7))
    case (RecordType.beginRequest, _):
      return end(header.id, stream.isIdle ? ProtocolStatus.unknownRole : ProtocolStatus.cantMultiplex)
    default:
      return nil
    }
  }

  /// The reply to an aborted request (section 5.4).
  static func toAbort(of id: UInt16) -> [UInt8] { end(id, ProtocolStatus.complete) }

  private static func end(_ id: UInt16, _ status: UInt8) -> [UInt8] {
    record(RecordType.endRequest, id: id, [0, 0, 0, 0, status, 0, 0, 0])
  }

  /// Name-value pairs with the requested variables that the program knows (section 4.1).
  private static func values(of content: Span<UInt8>) -> [UInt8] {
    var pairs: [UInt8] = []
    pairs.append(content)
    var rest = pairs[...]
    var known: [UInt8] = []
    while let nameLength = takeLength(from: &rest), let valueLength = takeLength(from: &rest),
      nameLength + valueLength <= rest.count
    {
      let name = rest.prefix(nameLength)
      rest = rest.dropFirst(nameLength + valueLength)
      guard let value = value(of: String(decoding: name, as: UTF8.self)) else { continue }
      // Names and values of the known variables are shorter than 128 bytes.
      known += [UInt8(nameLength), UInt8(value.utf8.count)] + name + value.utf8
      // Names can be repeated, and each value is longer than in the request.
      if known.count > RecordHeader.longestContent - 256 { break }
    }
    return known
  }

  private static func value(of name: String) -> String? {
    switch name {
    case "FCGI_MAX_CONNS", "FCGI_MAX_REQS": "\(descriptorLimit())"
    case "FCGI_MPXS_CONNS": "0"
    default: nil
    }
  }

  /// Each connection needs a descriptor and serves one request at a time.
  private static func descriptorLimit() -> UInt64 {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1 }
    return UInt64(limit.rlim_cur)
  }

  /// A length of a name or value: one byte, or four with the highest bit set (section 3.4).
  private static func takeLength(from bytes: inout Bytes) -> Int? {
    guard let first = bytes.first else { return nil }
    let count = first & 0x80 == 0 ? 1 : 4
    guard bytes.count >= count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) } & (count == 1 ? 0x7F : 0x7FFF_FFFF)
  }
}
