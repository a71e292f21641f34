/// A record of the FastCGI protocol, valid or not (FastCGI Specification 1.0, section 3.3).
package struct FastCGIRecord: Sendable, Equatable {
  /// The types of section 8, `FCGI_…`.
  package enum Kind {
    package static let beginRequest: UInt8 = 1
    package static let abortRequest: UInt8 = 2
    package static let endRequest: UInt8 = 3
    package static let parameters: UInt8 = 4
    package static let standardInput: UInt8 = 5
    package static let standardOutput: UInt8 = 6
    package static let standardError: UInt8 = 7
    package static let getValues: UInt8 = 9
    package static let getValuesResult: UInt8 = 10
  }

  package var version: UInt8 = 1
  package var kind: UInt8
  package var id: UInt16
  package var content: [UInt8]
  /// The number of padding bytes, 0…255.
  package var padding: UInt8

  /// The longest content of a record, in bytes.
  package static let maximumLength = 65_535

  package init(_ kind: UInt8, _ content: [UInt8] = [], id: UInt16 = 1, padding: UInt8 = 0) {
    self.kind = kind
    self.id = id
    self.content = content
    self.padding = padding
  }

  /// FCGI_BEGIN_REQUEST (section 5.1). Role 1 is a responder. With `keep`, the application must not close the connection.
  package static func begin(keep: Bool, role: UInt16 = 1, id: UInt16 = 1) -> FastCGIRecord {
    FastCGIRecord(
      Kind.beginRequest, [UInt8(role >> 8), UInt8(role & 0xFF), keep ? 1 : 0, 0, 0, 0, 0, 0], id: id)
  }

  /// A stream (section 3.3): records of at most `size` bytes each, then an empty one that ends it.
  package static func stream(
    _ kind: UInt8, _ bytes: [UInt8], size: Int = maximumLength, padding: UInt8 = 0, id: UInt16 = 1
  ) -> [FastCGIRecord] {
    let starts = stride(from: 0, to: bytes.count, by: size)
    let records = starts.map { start in
      FastCGIRecord(kind, Array(bytes[start..<min(start + size, bytes.count)]), id: id, padding: padding)
    }
    return records + [FastCGIRecord(kind, id: id)]
  }

  /// Reads name-value pairs whose lengths take one byte each (section 3.4).
  package static func decode(_ bytes: [UInt8]) throws -> [(String, String)] {
    var rest = bytes[...]
    var pairs: [(String, String)] = []
    while rest.count >= 2 {
      let lengths = rest.prefix(2).map(Int.init)
      rest = rest.dropFirst(2)
      guard lengths[0] < 128, lengths[1] < 128, lengths[0] + lengths[1] <= rest.count else {
        throw TestFailure("name-value pairs that are cut short")
      }
      let value = rest.dropFirst(lengths[0]).prefix(lengths[1])
      pairs.append(
        (String(decoding: rest.prefix(lengths[0]), as: UTF8.self), String(decoding: value, as: UTF8.self)))
      rest = rest.dropFirst(lengths[0] + lengths[1])
    }
    return pairs
  }

  /// Name-value pairs (section 3.4). Lengths up to 127 take one byte, others four.
  package static func encode(_ parameters: [(String, String)]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in parameters {
      for count in [name.utf8.count, value.utf8.count] {
        if count < 128 {
          bytes.append(UInt8(count))
        } else {
          bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
          bytes[bytes.count - 4] |= 0x80
        }
      }
      bytes += name.utf8
      bytes += value.utf8
    }
    return bytes
  }

  package var bytes: [UInt8] {
    let length = content.count
    let header = [
      version, kind, UInt8(id >> 8), UInt8(id & 0xFF), UInt8(truncatingIfNeeded: length >> 8),
      UInt8(truncatingIfNeeded: length), padding, 0,
    ]
    return header + content + [UInt8](repeating: 0, count: Int(padding))
  }
}

extension [FastCGIRecord] {
  /// The bytes as they are sent.
  package var bytes: [UInt8] { flatMap(\.bytes) }
}
