/// The cookies of a request: the value of its `Cookie` header (RFC 6265 section 4.2).
package struct Cookies: Sendable {
  private let header: Bytes

  package init(header: Bytes) { self.header = header }

  /// The value of a cookie; `nil` if it is absent or empty. Of several with one name the first counts: user agents put
  /// the one with the longest path first (section 5.4).
  ///
  /// Double quotes around a value are no part of it (section 4.1.1). What is no `NAME=VALUE` is passed over.
  package subscript(_ name: StaticString) -> Bytes? {
    var rest = header
    while !rest.isEmpty {
      let pair = rest[..<(rest.position(of: UInt8(ascii: ";")) ?? rest.endIndex)]
      rest = rest[pair.endIndex...].dropFirst()
      guard let equals = pair.position(of: UInt8(ascii: "=")),
        pair[..<equals].trimmingWhitespace().isEqual(to: name)
      else { continue }
      var value = pair[equals...].dropFirst().trimmingWhitespace()
      if value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") {
        value = value.dropFirst().dropLast()
      }
      return value.isEmpty ? nil : value
    }
    return nil
  }
}
