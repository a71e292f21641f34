/// A header value with parameters, such as `multipart/form-data; boundary="a b"` (RFC 9110 section 5.6.6, RFC 2183 section 2).
///
/// Stricter than some senders: it refuses whitespace around `=`, comments (RFC 822), and unquoted values with bytes that neither
/// a token nor a boundary has.
package struct HeaderValue: Sendable {
  package struct Parameter: Sendable {
    package let name: Bytes
    /// As in the header, with escapes but without quotes.
    package let text: Bytes
    package let isQuoted: Bool
  }

  /// The text before the parameters: one token, or two with `/` between them.
  package let value: Bytes
  /// In the order of the header. Names may occur several times.
  package let parameters: [Parameter]

  /// Reads a whole value; `nil` if it is malformed or contains CR, LF or NUL. Other control characters may be in quotes (RFC 9110
  /// section 5.5 leaves that to the recipient).
  package static func parse(_ text: Bytes) -> HeaderValue? {
    let value = text.prefix { $0 != UInt8(ascii: ";") }
    guard !text.contains(where: isForbiddenByte), isTokenOrTokens(value.trimmingWhitespace()) else {
      return nil
    }
    var parameters: [Parameter] = []
    var rest = text[value.endIndex...]
    while rest.popFirst() != nil {
      rest = rest.drop(while: isWhitespace)
      // A semicolon may have nothing after it (RFC 9110 section 5.6.6).
      if let first = rest.first, first != UInt8(ascii: ";") {
        guard let parameter = takeParameter(&rest) else { return nil }
        parameters.append(parameter)
        rest = rest.drop(while: isWhitespace)
      }
      guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
    }
    return HeaderValue(value: value.trimmingWhitespace(), parameters: parameters)
  }

  /// The value of the first parameter with this name in any case, without quotes. An escape `\x` becomes `x` (RFC 9110 section
  /// 5.6.4).
  ///
  /// - Parameter name: in lower case.
  package func parameter(_ name: StaticString) -> [UInt8]? {
    guard let parameter = parameters.first(where: { $0.name.isEqual(toLowerCase: name) }) else { return nil }
    guard parameter.isQuoted else { return Array(parameter.text) }
    var result: [UInt8] = []
    var rest = parameter.text
    while let byte = rest.popFirst() {
      let escaped = byte == UInt8(ascii: "\\") ? rest.popFirst() : nil
      result.append(escaped ?? byte)
    }
    return result
  }

  private static func takeParameter(_ rest: inout Bytes) -> Parameter? {
    let name = rest.prefix(while: isTokenByte)
    rest = rest[name.endIndex...]
    guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { return nil }
    if rest.first == UInt8(ascii: "\"") {
      guard let text = takeQuotedString(&rest) else { return nil }
      return Parameter(name: name, text: text, isQuoted: true)
    }
    // Some senders do not quote boundaries for which RFC 2046 section 5.1 requires quotes.
    let text = rest.prefix { isTokenByte($0) || "(),/:=?".utf8.contains($0) }
    rest = rest[text.endIndex...]
    return text.isEmpty ? nil : Parameter(name: name, text: text, isQuoted: false)
  }

  /// Removes a quoted string from the front and returns its text; `nil` if the closing quote is missing.
  private static func takeQuotedString(_ rest: inout Bytes) -> Bytes? {
    let text = rest.dropFirst()
    var end = text.startIndex
    while end < text.endIndex, text[end] != UInt8(ascii: "\"") {
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < text.endIndex else { return nil }
    rest = text[end...].dropFirst()
    return text[..<end]
  }

  private static func isTokenOrTokens(_ text: Bytes) -> Bool {
    let halves = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return halves.count <= 2 && halves.allSatisfy { !$0.isEmpty && $0.allSatisfy(isTokenByte) }
  }

  /// The tchar of RFC 9110 section 5.6.2.
  static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "!"),
      UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }

  /// Bytes that are dangerous in any header (RFC 9110 section 5.5).
  static func isForbiddenByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") || byte == 0
  }

  /// The OWS of RFC 9110 section 5.6.3.
  fileprivate static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

extension UInt8 {
  /// ALPHA or DIGIT (RFC 2046 appendix A, RFC 9110 section 5.6.2).
  var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return true
    default: return false
    }
  }
}

extension Bytes {
  /// The bytes without spaces and tabs at both ends.
  package func trimmingWhitespace() -> Bytes { self[at: span.trimmingWhitespace(0..<count)] }

  /// The codings that a Content-Encoding lists, without `identity`, which means none (RFC 9110 sections 8.4 and 8.4.1).
  package var contentCodings: [Bytes] {
    split(separator: UInt8(ascii: ",")).map { $0.trimmingWhitespace() }
      .filter { !$0.isEmpty && !$0.isEqual(toLowerCase: "identity") }
  }

  /// The bytes in a range whose offsets begin at 0.
  subscript(at range: Range<Int>) -> Bytes {
    self[startIndex + range.lowerBound..<startIndex + range.upperBound]
  }
}

extension Span<UInt8> {
  /// The range without spaces and tabs at both ends.
  func trimmingWhitespace(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, HeaderValue.isWhitespace(self[start]) { start += 1 }
    while start < end, HeaderValue.isWhitespace(self[end - 1]) { end -= 1 }
    return start..<end
  }
}
