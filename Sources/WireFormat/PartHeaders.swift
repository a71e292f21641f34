/// The headers of one part of a multipart/form-data body (RFC 7578 sections 4.2 to 4.8).
///
/// - There is exactly one Content-Disposition with one `name`. Otherwise it is not known which field the part is, and reading
///   fails. Any other oddity is a `fault`, which does not concern other parts.
/// - A part with `filename` is a file. `filename*` is ignored, since section 4.2 forbids it.
/// - Names are read as browsers write them (HTML, "multipart/form-data encoding algorithm"): in quotes `%22`, `%0D` and `%0A`
///   mean `"`, CR and LF. Senders that follow the RFC escape with backslashes, so `\"` and `\\` are unescaped too. Other
///   backslashes stay, since old browsers send `C:\file`. For `a\\b`, where the two ways differ, the RFC's counts. If the header
///   makes sense only without escapes, as with `"C:\"`, it has none.
/// - A Content-Transfer-Encoding that encodes is a fault, since the content would be stored undecoded. Section 4.7 deprecates it.
/// - A Content-Type or Content-Transfer-Encoding without a value counts as absent.
/// - Other headers are ignored (section 4.8). A malformed or folded line is a fault.
struct PartHeaders {
  let name: [UInt8]
  let fileName: [UInt8]?
  let contentType: [UInt8]?
  let charset: Charset?
  let fault: FormError?

  /// Reads header lines with CRLF between them. The last CRLF may be missing.
  init(_ block: Bytes) throws(FormError) {
    var disposition: HeaderValue?
    var contentType: Bytes?
    var fault: FormError?
    var rest = block
    while !rest.isEmpty {
      let line = try Self.takeLine(&rest)
      // The part has no headers.
      guard !line.isEmpty else { throw .badDisposition }
      guard let (name, value) = Self.split(line) else {
        fault = fault ?? (line.first.map(HeaderValue.isWhitespace) == true ? .foldedHeader : .badHeader)
        continue
      }
      if name.isEqual(toLowerCase: "content-disposition") {
        guard disposition == nil else { throw .twoDispositions }
        disposition = Self.disposition(value)
      } else if value.isEmpty {
        continue
      } else if name.isEqual(toLowerCase: "content-type") {
        if contentType != nil { fault = fault ?? .badContentType }
        contentType = contentType ?? value
      } else if name.isEqual(toLowerCase: "content-transfer-encoding"), !Self.isPlain(value) {
        fault = fault ?? .encodedContent(value)
      }
    }
    let names = disposition?.named("name") ?? []
    guard let disposition, let name = names.first, names.count == 1, name.fault == nil else {
      throw fault ?? .badDisposition
    }
    self.name = name.formText
    guard self.name.count <= FormLimits.nameLength else { throw .nameTooLong }
    let fileNames = disposition.named("filename")
    fileName = fileNames.first?.formText
    self.contentType = contentType.map(Array.init)
    if !disposition.value.isEqual(toLowerCase: "form-data") || !disposition.isWellFormed
      || fileNames.count > 1
    {
      fault = fault ?? .badDisposition
    }
    // A file may have any type.
    let type = fileName == nil ? contentType.map { HeaderValue($0) } : nil
    if let type, !type.isWellFormed { fault = fault ?? .badContentType }
    charset = type?.charset
    if case .unknown(let label) = charset { fault = fault ?? .unknownCharset(label) }
    self.fault = fault
  }

  private static func disposition(_ value: Bytes) -> HeaderValue {
    let escaped = HeaderValue(value)
    if escaped.isWellFormed { return escaped }
    let literal = HeaderValue(value, hasEscapes: false)
    return literal.isWellFormed ? literal : escaped
  }

  /// True for a Content-Transfer-Encoding that leaves the content as it is.
  private static func isPlain(_ encoding: Bytes) -> Bool {
    encoding.isEqual(toLowerCase: "7bit") || encoding.isEqual(toLowerCase: "8bit")
      || encoding.isEqual(toLowerCase: "binary")
  }

  /// Removes a line from the front.
  private static func takeLine(_ rest: inout Bytes) throws(FormError) -> Bytes {
    let line = rest.prefix { $0 != UInt8(ascii: "\r") }
    rest = rest[line.endIndex...]
    guard line.position(of: UInt8(ascii: "\n")) == nil else { throw .lineFeeds }
    guard line.position(of: 0) == nil else { throw .notText }
    if rest.isEmpty { return line }
    guard rest.starts(with: "\r\n".utf8) else { throw .carriageReturns }
    rest = rest.dropFirst(2)
    return line
  }

  /// The parts of a line `name: value`; `nil` if it is malformed. The value has no whitespace at its ends (RFC 9112 section 5).
  private static func split(_ line: Bytes) -> (name: Bytes, value: Bytes)? {
    let name = line.prefix(while: HeaderValue.isTokenByte)
    let value = line[name.endIndex...]
    guard !name.isEmpty, value.first == UInt8(ascii: ":") else { return nil }
    return (name, value.dropFirst().trimmingWhitespace())
  }
}

extension HeaderValue {
  /// The parameters with this name in any case.
  fileprivate func named(_ name: StaticString) -> [Parameter] {
    parameters.filter { $0.name.isEqual(toLowerCase: name) }
  }
}

extension HeaderValue.Parameter {
  /// A name or file name in a part's Content-Disposition.
  fileprivate var formText: [UInt8] { isQuoted ? Self.formUnescaped(text) : Array(text) }

  private static func formUnescaped(_ text: Bytes) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      var character = byte
      var length = 0
      if byte == UInt8(ascii: "\\"), let next = rest.first,
        next == UInt8(ascii: "\\") || next == UInt8(ascii: "\"")
      {
        (character, length) = (next, 1)
      } else if byte == UInt8(ascii: "%") {
        if rest.starts(with: "22".utf8) { (character, length) = (UInt8(ascii: "\""), 2) }
        if rest.starts(with: "0D".utf8) { (character, length) = (UInt8(ascii: "\r"), 2) }
        if rest.starts(with: "0A".utf8) { (character, length) = (UInt8(ascii: "\n"), 2) }
      }
      result.append(character)
      rest = rest.dropFirst(length)
    }
    return result
  }
}

extension FormError {
  fileprivate static let badHeader = FormError(
    "a part has a header line that is not a name, a colon and a value")
  fileprivate static let foldedHeader = FormError("a part has a folded header line")
  fileprivate static let badDisposition = FormError(
    "a part needs a header Content-Disposition: form-data with one name and at most one filename")
  fileprivate static let twoDispositions = FormError("a part has more than one Content-Disposition")
  fileprivate static let badContentType = FormError("a part has a malformed Content-Type, or more than one")

  fileprivate static func encodedContent(_ encoding: Bytes) -> FormError {
    FormError("a part has the Content-Transfer-Encoding \(quoted(encoding)); send the value as it is")
  }
}
