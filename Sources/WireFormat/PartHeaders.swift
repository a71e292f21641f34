/// The headers of one part of a multipart/form-data body (RFC 7578 sections 4.2 to 4.8).
///
/// - There is exactly one Content-Disposition: `form-data` with one `name` and at most one `filename`. There is at most one
///   Content-Type.
/// - `filename*` is ignored, since section 4.2 forbids it. A part without another file name is an ordinary field.
/// - Names are read as browsers write them (HTML, "multipart/form-data encoding algorithm"): in quotes `%22`, `%0D` and `%0A`
///   mean `"`, CR and LF. Senders that follow the RFC escape with backslashes, so `\"` and `\\` are unescaped too. Other
///   backslashes stay, since old browsers send `C:\file`. For `a\\b`, where the two ways differ, the RFC's counts.
/// - A Content-Transfer-Encoding that encodes is refused, since its content would be stored undecoded. Section 4.7 deprecates it.
/// - A field in another charset than UTF-8 is refused for the same reason.
/// - Other headers are ignored (section 4.8). Folded lines are refused.
struct PartHeaders {
  let name: [UInt8]
  let fileName: [UInt8]?
  let contentType: [UInt8]?

  /// Reads header lines with CRLF between them. The last CRLF may be missing.
  init(_ block: Bytes) throws(FormError) {
    var disposition: HeaderValue?
    var contentType: Bytes?
    var rest = block
    while !rest.isEmpty {
      let (name, value) = try Self.takeLine(&rest)
      if name.isEqual(toLowerCase: "content-disposition") {
        guard disposition == nil, let value = HeaderValue.parse(value) else { throw .badDisposition }
        disposition = value
      } else if name.isEqual(toLowerCase: "content-type") {
        guard contentType == nil else { throw .badContentType }
        contentType = value
      } else if name.isEqual(toLowerCase: "content-transfer-encoding") {
        guard
          value.isEqual(toLowerCase: "7bit") || value.isEqual(toLowerCase: "8bit")
            || value.isEqual(toLowerCase: "binary")
        else { throw .encodedContent }
      }
    }
    guard let disposition, disposition.value.isEqual(toLowerCase: "form-data"),
      let name = try disposition.formText("name")
    else { throw .badDisposition }
    guard name.count <= FormLimits.nameLength else { throw .nameTooLong }
    self.name = name
    self.fileName = try disposition.formText("filename")
    self.contentType = contentType.map(Array.init)
    if fileName == nil, let contentType { try Self.checkCharset(contentType) }
  }

  /// A field `_charset_` names the charset of all fields (section 4.6).
  func checkContent(_ content: Bytes) throws(FormError) {
    if fileName == nil, name[...].isEqual(to: "_charset_"), !content.isEqual(toLowerCase: "utf-8") {
      throw .otherCharset
    }
  }

  /// US-ASCII is a subset of UTF-8, so it is allowed too (section 4.4).
  private static func checkCharset(_ contentType: Bytes) throws(FormError) {
    guard let type = HeaderValue.parse(contentType) else { throw .badContentType }
    guard let charset = type.parameter("charset")?[...] else { return }
    guard charset.isEqual(toLowerCase: "utf-8") || charset.isEqual(toLowerCase: "us-ascii") else {
      throw .otherCharset
    }
  }

  /// Removes a line `name: value` from the front. The value has no whitespace at its ends (RFC 9112 section 5).
  private static func takeLine(_ rest: inout Bytes) throws(FormError) -> (name: Bytes, value: Bytes) {
    let line = rest.prefix { $0 != UInt8(ascii: "\r") }
    rest = rest[line.endIndex...]
    if !rest.isEmpty {
      guard rest.starts(with: "\r\n".utf8) else { throw .badHeader }
      rest = rest.dropFirst(2)
    }
    let name = line.prefix(while: HeaderValue.isTokenByte)
    let value = line[name.endIndex...]
    guard !name.isEmpty, value.first == UInt8(ascii: ":"),
      !value.contains(where: HeaderValue.isForbiddenByte)
    else { throw .badHeader }
    return (name, value.dropFirst().trimmingWhitespace())
  }
}

extension HeaderValue {
  /// A name or file name in a part's Content-Disposition; `nil` if it is absent.
  fileprivate func formText(_ name: StaticString) throws(FormError) -> [UInt8]? {
    let named = parameters.filter { $0.name.isEqual(toLowerCase: name) }
    guard named.count <= 1 else { throw .badDisposition }
    guard let parameter = named.first else { return nil }
    let text = parameter.isQuoted ? Self.formUnescaped(parameter.text) : Array(parameter.text)
    // `takeLine` has already refused NUL.
    guard (try? UTF8Span(validating: text.span)) != nil else { throw .notText }
    return text
  }

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
  fileprivate static let badHeader = FormError("a part has a malformed or folded header line")
  fileprivate static let badDisposition = FormError(
    "a part needs one header Content-Disposition: form-data with one name and at most one filename")
  fileprivate static let badContentType = FormError("a part has a malformed Content-Type, or more than one")
  fileprivate static let encodedContent = FormError(
    "a part has a Content-Transfer-Encoding other than 7bit, 8bit and binary")
  fileprivate static let otherCharset = FormError("a part is in another charset than UTF-8")
}
