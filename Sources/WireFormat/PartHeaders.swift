/// The headers of one part of a multipart/form-data body (RFC 7578 sections 4.2 to 4.8).
///
/// - Exactly one Content-Disposition, `form-data` with one `name` and at most one `filename`; at most one Content-Type.
/// - `filename*` is ignored, as section 4.2 forbids it: a part with no other file name is an ordinary field.
/// - Names are read as browsers write them (HTML, "multipart/form-data encoding algorithm"): in quotes `%22`, `%0D` and `%0A`
///   stand for `"`, CR and LF. As senders by the RFC escape with backslashes, `\"` and `\\` are undone as well, but no other
///   backslash: old browsers send `C:\file`. Where the two ways collide (a browser sends `a\\b` for just that) the RFC's wins.
/// - A Content-Transfer-Encoding that encodes, deprecated by section 4.7, is refused: kept as it is, its content would be
///   wrong.
/// - A part that is no file and says that it is in another charset than UTF-8 is refused for the same reason.
/// - Other headers are ignored (section 4.8). Folded lines are refused.
struct PartHeaders {
  let name: [UInt8]
  let fileName: [UInt8]?
  let contentType: [UInt8]?

  /// Reads header lines with CRLF between them and maybe after the last.
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

  /// Section 4.6: a field `_charset_` tells the charset of all others.
  func checkContent(_ content: Bytes) throws(FormError) {
    if fileName == nil, name[...].isEqual(to: "_charset_"), !content.isEqual(toLowerCase: "utf-8") {
      throw .otherCharset
    }
  }

  /// Section 4.4. US-ASCII is UTF-8 as well.
  private static func checkCharset(_ contentType: Bytes) throws(FormError) {
    guard let type = HeaderValue.parse(contentType) else { throw .badContentType }
    guard let charset = type.parameter("charset")?[...] else { return }
    guard charset.isEqual(toLowerCase: "utf-8") || charset.isEqual(toLowerCase: "us-ascii") else {
      throw .otherCharset
    }
  }

  /// Takes a line off the front: `name: value`, whitespace around the value gone (RFC 9112 section 5).
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
  /// A name or file name in a part's Content-Disposition, as text; `nil` if it is not there.
  fileprivate func formText(_ name: StaticString) throws(FormError) -> [UInt8]? {
    let named = parameters.filter { $0.name.isEqual(toLowerCase: name) }
    guard named.count <= 1 else { throw .badDisposition }
    guard let parameter = named.first else { return nil }
    let text = parameter.isQuoted ? Self.formUnescaped(parameter.text) : Array(parameter.text)
    // A NUL has been refused with its line.
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
