/// The cookies in a request's `Cookie` header, in their order (RFC 6265 section 4.2).
///
/// Double quotes around a value are not part of it (section 4.1.1). Text other than `NAME=VALUE` is skipped.
package struct Cookies: Sequence, IteratorProtocol {
  private let header: Bytes
  /// The number of bytes that were read.
  private var position = 0

  package init(header: Bytes) { self.header = header }

  package mutating func next() -> (name: Bytes, value: Bytes)? {
    let header = header
    let bytes = header.span
    while position < bytes.count {
      let start = position
      let end = bytes.position(of: UInt8(ascii: ";"), in: start..<bytes.count) ?? bytes.count
      position = end + 1
      guard let equals = bytes.position(of: UInt8(ascii: "="), in: start..<end) else { continue }
      var value = bytes.trimmingWhitespace(equals + 1..<end)
      let quote = UInt8(ascii: "\"")
      if value.count >= 2, bytes[value.lowerBound] == quote, bytes[value.upperBound - 1] == quote {
        value = value.lowerBound + 1..<value.upperBound - 1
      }
      return (header[at: bytes.trimmingWhitespace(start..<equals)], header[at: value])
    }
    return nil
  }
}
