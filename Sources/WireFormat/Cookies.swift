/// The cookies in a request's `Cookie` header (RFC 6265 section 4.2).
package struct Cookies: Sendable {
  private let header: Bytes

  package init(header: Bytes) { self.header = header }

  /// The value of a cookie; `nil` if it is absent or empty.
  ///
  /// The first of several cookies with one name counts: user agents send the one with the longest path first (section 5.4).
  /// Double quotes around a value are not part of it (section 4.1.1). Text other than `NAME=VALUE` is ignored.
  package subscript(_ name: StaticString) -> Bytes? {
    let bytes = header.span
    var start = 0
    while start < bytes.count {
      let end = bytes.position(of: UInt8(ascii: ";"), in: start..<bytes.count) ?? bytes.count
      defer { start = end + 1 }
      guard let equals = bytes.position(of: UInt8(ascii: "="), in: start..<end),
        bytes.extracting(bytes.trimmingWhitespace(start..<equals)).isEqual(to: name)
      else { continue }
      var value = bytes.trimmingWhitespace(equals + 1..<end)
      let quote = UInt8(ascii: "\"")
      if value.count >= 2, bytes[value.lowerBound] == quote, bytes[value.upperBound - 1] == quote {
        value = value.lowerBound + 1..<value.upperBound - 1
      }
      return value.isEmpty ? nil : header[at: value]
    }
    return nil
  }
}
