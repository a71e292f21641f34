import Glibc

/// A run of bytes in somebody's buffer: no copy, bounds always checked.
package typealias Bytes = ArraySlice<UInt8>

/// The meta-variables of a request (RFC 3875 section 4.1), as the web server gives them to a CGI or FastCGI program.
///
/// Only these tell who asks and for what; a client can add `HTTP_…` variables through its headers, nothing else.
package struct MetaVariables: Sendable {
  /// Where a value is in the storage.
  private struct Place {
    var start = UInt32.max
    var end = UInt32.max
    var isAbsent: Bool { start == .max }
  }

  private var storage: [UInt8] = []
  /// By the variable; those that are absent begin nowhere.
  private var places = [Place](repeating: Place(), count: MetaVariable.count)

  package init() {}

  /// Appends one variable, `NAME=VALUE`. Passes over what is none, and what nobody looks at: such as `HTTP_PROXY`, the client's
  /// header `Proxy` in the dress of a setting (CVE-2016-5385).
  package mutating func append(_ variable: Span<UInt8>) {
    guard let equals = variable.position(of: UInt8(ascii: "=")),
      let known = MetaVariable(name: variable.extracting(first: equals)),
      places[known.rawValue].isAbsent
    else { return }
    let value = variable.extracting(droppingFirst: equals + 1)
    guard let end = UInt32(exactly: storage.count + value.count) else { return }
    places[known.rawValue] = Place(start: UInt32(storage.count), end: end)
    storage.append(copying: value)
  }

  /// Forgets all variables and keeps the memory for the next request.
  package mutating func removeAll() {
    storage.removeAll(keepingCapacity: true)
    for index in places.indices { places[index] = Place() }
  }

  /// The value of a variable; the first one if the web server repeats it, `nil` if it is absent.
  package subscript(_ variable: MetaVariable) -> Bytes? {
    let place = places[variable.rawValue]
    return place.isAbsent ? nil : storage[Int(place.start)..<Int(place.end)]
  }

  /// The value of a variable that has one: an empty one counts as absent (RFC 3875 section 4.1).
  package func nonEmpty(_ variable: MetaVariable) -> Bytes? {
    guard let value = self[variable], !value.isEmpty else { return nil }
    return value
  }
}

/// What the variables say about the request.
extension MetaVariables {
  /// REQUEST_METHOD (section 4.1.12), empty if absent.
  package var method: Bytes { self[.requestMethod] ?? [] }

  /// Whether the answer's body is to be left out (RFC 9110 section 9.3.2).
  package var isHead: Bool { method.isEqual(to: "HEAD") }

  /// PATH_INFO (section 4.1.5) if it is not empty, else the part of REQUEST_URI before `?`, as nginx's stock
  /// parameters have it.
  package var path: Bytes {
    if let path = nonEmpty(.pathInfo) { return path }
    let target = self[.requestURI] ?? []
    return target[..<(target.position(of: UInt8(ascii: "?")) ?? target.endIndex)]
  }

  /// QUERY_STRING (section 4.1.7), without the `?`; empty if there is none.
  package var queryString: Bytes {
    if let query = self[.queryString] { return query }
    let target = self[.requestURI] ?? []
    return target[(target.position(of: UInt8(ascii: "?")) ?? target.endIndex)...].dropFirst()
  }

  /// Whether the client speaks TLS to the web server: HTTPS (a custom of Apache's that nginx follows), or
  /// REQUEST_SCHEME.
  package var isSecure: Bool {
    if let https = nonEmpty(.https) { return !https.isEqual(toLowerCase: "off") }
    return self[.requestScheme]?.isEqual(toLowerCase: "https") ?? false
  }

  /// The cookies of HTTP_COOKIE.
  package var cookies: Cookies { Cookies(header: self[.cookie] ?? []) }

  /// CONTENT_LENGTH (section 4.1.2) in bytes; `nil` if it is absent, empty, or not a number that fits.
  package var contentLength: Int? {
    guard let text = nonEmpty(.contentLength) else { return nil }
    return Int(decimal: text)
  }
}

extension Int {
  /// The value of one or more decimal digits and nothing else; `nil` for other bytes and for more than fits.
  package init?(decimal text: Bytes) {
    guard !text.isEmpty else { return nil }
    var value = 0
    for byte in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, exceeds) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflows, !exceeds else { return nil }
      value = sum
    }
    self = value
  }
}

extension Bytes {
  package func isEqual(to text: StaticString) -> Bool { span.isEqual(to: text) }

  @_disfavoredOverload
  package func isEqual(to text: String) -> Bool { span.isEqual(to: text.utf8.span) }

  /// The same with A…Z of ASCII as a…z, of which `text` has none.
  package func isEqual(toLowerCase text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && lowercased[...].isEqual(to: text)
  }

  /// With A…Z of ASCII as a…z.
  package var lowercased: [UInt8] {
    map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}

extension Span<UInt8> {
  /// The corresponding C function is `memcmp`.
  func isEqual(to text: StaticString) -> Bool {
    text.withUTF8Buffer { unsafe isEqual(to: $0.span) }
  }

  fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { bytes in
      unsafe other.withUnsafeBytes { others in
        guard let start = bytes.baseAddress, let other = others.baseAddress else { return true }
        return unsafe memcmp(start, other, bytes.count) == 0
      }
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends the bytes of a span.
  mutating func append(copying bytes: Span<UInt8>) {
    precondition(freeCapacity >= bytes.count)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        count = unsafe buffer[count...].initialize(fromContentsOf: bytes)
      }
    }
  }

  /// Appends text that the program is written with.
  mutating func append(copying text: StaticString) {
    text.withUTF8Buffer { append(copying: unsafe $0.span) }
  }

  /// Appends a number in decimal digits, 20 bytes at most.
  mutating func append(decimal value: Int64) {
    // The last digit comes first.
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var (start, rest) = (digits.count, value.magnitude)
    repeat {
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    if value < 0 { append(UInt8(ascii: "-")) }
    append(copying: digits.span.extracting(droppingFirst: start))
  }
}

extension [UInt8] {
  /// Appends the bytes of a span.
  mutating func append(copying span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends text that the program is written with.
  mutating func append(copying text: StaticString) {
    text.withUTF8Buffer { unsafe append(contentsOf: $0) }
  }

  /// Appends a number in decimal digits.
  package mutating func append(decimal value: Int64) {
    append(addingCapacity: 20) { $0.append(decimal: value) }
  }
}
