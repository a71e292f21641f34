/// A header value with parameters, such as `multipart/form-data; boundary="a b"` (RFC 9110 section 5.6.6, RFC 2045 section 5.1).
///
/// Reading is total and lenient, as in WHATWG MIME Sniffing section 4.4: a malformed parameter leaves the others as they are. White
/// space may stand around `=`. A value without quotes goes up to the next semicolon.
package struct HeaderValue: Sendable {
  package struct Parameter: Sendable {
    /// What is wrong with the value.
    enum Fault: Sendable { case noValue, noClosingQuote, textAfterQuote }

    package let name: Bytes
    /// As in the header, with escapes but without quotes.
    package let text: Bytes
    package let isQuoted: Bool
    let fault: Fault?

    /// The text with each escape `\x` as `x` (RFC 9110 section 5.6.4).
    var unescaped: Bytes {
      guard isQuoted, text.position(of: UInt8(ascii: "\\")) != nil else { return text }
      var result: Bytes = []
      var rest = text
      while let byte = rest.popFirst() {
        let escaped = byte == UInt8(ascii: "\\") ? rest.popFirst() : nil
        result.append(escaped ?? byte)
      }
      return result
    }
  }

  /// The text before the parameters.
  package let value: Bytes
  /// In the order of the header. Names may occur several times.
  package let parameters: [Parameter]

  /// Reads a whole value.
  ///
  /// - Parameter hasEscapes: true if a backslash in quotes escapes the next byte.
  package init(_ text: Bytes, hasEscapes: Bool = true) {
    let value = text.prefix { $0 != UInt8(ascii: ";") }
    var parameters: [Parameter] = []
    var rest = text[value.endIndex...]
    while rest.popFirst() != nil {
      rest = rest.drop(while: Self.isWhitespace)
      // A semicolon may have nothing after it (RFC 9110 section 5.6.6).
      if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
      parameters.append(Self.takeParameter(&rest, hasEscapes))
    }
    self.value = value.trimmingWhitespace()
    self.parameters = parameters
  }

  /// True if the value is one token, or two with `/` between them, and each parameter has a token as its name and a value.
  var isWellFormed: Bool {
    let halves = value.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return halves.count <= 2 && halves.allSatisfy(Self.isToken)
      && parameters.allSatisfy { $0.fault == nil && Self.isToken($0.name) }
  }

  /// The charset that a Content-Type names; `nil` if it names none.
  package var charset: Charset? { parameter("charset").flatMap { Charset(label: $0.unescaped) } }

  /// The boundary of a multipart Content-Type.
  package func boundary() throws(FormError) -> Bytes {
    guard let boundary = parameter("boundary") else { throw .noBoundary }
    switch boundary.fault {
    case nil, .noValue: return boundary.unescaped
    case .noClosingQuote: throw .unclosedBoundary
    case .textAfterQuote: throw .textAfterBoundary
    }
  }

  /// The first parameter with this name in any case.
  ///
  /// - Parameter name: in lower case.
  func parameter(_ name: StaticString) -> Parameter? {
    parameters.first { $0.name.isEqual(toLowerCase: name) }
  }

  /// Removes a parameter from the front, up to the semicolon after it.
  private static func takeParameter(_ rest: inout Bytes, _ hasEscapes: Bool) -> Parameter {
    let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
    rest = rest[name.endIndex...]
    if rest.first == UInt8(ascii: "=") { rest = rest.dropFirst().drop(while: isWhitespace) }
    let isQuoted = rest.first == UInt8(ascii: "\"")
    var text: Bytes = []
    var fault: Parameter.Fault?
    if isQuoted {
      text = takeQuotedString(&rest, hasEscapes, &fault)
      rest = rest.drop(while: isWhitespace)
    }
    let unquoted = rest.prefix { $0 != UInt8(ascii: ";") }
    rest = rest[unquoted.endIndex...]
    if !isQuoted {
      text = unquoted.trimmingWhitespace()
      if text.isEmpty { fault = .noValue }
    } else if !unquoted.isEmpty {
      fault = .textAfterQuote
    }
    return Parameter(name: name.trimmingWhitespace(), text: text, isQuoted: isQuoted, fault: fault)
  }

  /// Removes a quoted string from the front and returns its text.
  private static func takeQuotedString(
    _ rest: inout Bytes, _ hasEscapes: Bool, _ fault: inout Parameter.Fault?
  ) -> Bytes {
    let text = rest.dropFirst()
    var end = text.startIndex
    while end < text.endIndex, text[end] != UInt8(ascii: "\"") {
      end += hasEscapes && text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < text.endIndex else {
      fault = .noClosingQuote
      rest = rest[rest.endIndex...]
      return text
    }
    rest = text[end...].dropFirst()
    return text[..<end]
  }

  private static func isToken(_ text: Bytes) -> Bool { !text.isEmpty && text.allSatisfy(isTokenByte) }

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

  /// The OWS of RFC 9110 section 5.6.3.
  static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

extension FormError {
  fileprivate static let noBoundary = FormError("the Content-Type multipart/form-data has no boundary")
  fileprivate static let unclosedBoundary = FormError("the boundary of the Content-Type has no closing quote")
  fileprivate static let textAfterBoundary = FormError(
    "text follows the closing quote of the boundary in the Content-Type")
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
