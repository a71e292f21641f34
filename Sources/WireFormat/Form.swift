/// The fields of a query string or a body in their order, and its files.
///
/// Names and values are UTF-8 without NUL, so that the program compares, hashes and stores exactly what the client sent.
package struct Form: Sendable {
  /// A class, because an array of structs slows down the start of a CGI process (docs/design/build.md).
  private final class Field: Sendable {
    let name: Bytes
    let value: Bytes

    init(name: Bytes, value: Bytes) { (self.name, self.value) = (name, value) }
  }

  /// A file part of a multipart body.
  package struct Upload: Sendable {
    package let name: Bytes
    /// The client's name of the file; empty for a file input without a file. Never use it as a path.
    package let fileName: Bytes
    /// The type that the client claims; `nil` if it claims none.
    package let contentType: Bytes?
    package let content: Bytes
  }

  /// Which of several fields with one name counts.
  private enum Precedence { case first, last }

  private var fields: [Field] = []
  package private(set) var uploads: [Upload] = []
  private let precedence: Precedence

  /// A form without fields, for an empty or absent body.
  package init() { precedence = .last }

  /// Reads a query string or an `application/x-www-form-urlencoded` body (WHATWG URL, section 5.1). The last of several fields
  /// with one name counts.
  ///
  /// Unlike in the standard, bytes that are not UTF-8 are an error and not U+FFFD, which would make different passwords equal.
  package init(urlEncoded bytes: Bytes) throws(FormError) {
    precedence = .last
    // Split one by one, so that reading stops at the limit.
    var rest = bytes
    while !rest.isEmpty {
      let sequence = rest[..<(rest.position(of: UInt8(ascii: "&")) ?? rest.endIndex)]
      rest = rest[sequence.endIndex...].dropFirst()
      if sequence.isEmpty { continue }
      guard fields.count < FormLimits.fields else { throw .tooManyFields }
      let equals = sequence.position(of: UInt8(ascii: "=")) ?? sequence.endIndex
      let name = PercentEncoding.decodeForm(sequence[..<equals])
      let value = PercentEncoding.decodeForm(sequence[equals...].dropFirst())
      guard name.count <= FormLimits.nameLength else { throw .nameTooLong }
      guard name.isText, value.isText else { throw .notText }
      fields.append(Field(name: name, value: value))
    }
  }

  /// Takes the parts of a `multipart/form-data` body. The first of several fields with one name counts.
  package init(_ body: MultipartBody) throws(FormError) {
    precedence = .first
    for part in body.parts {
      let content = body.content(of: part)
      if let fileName = part.fileName {
        uploads.append(
          Upload(
            name: part.name[...], fileName: fileName[...], contentType: part.contentType?[...],
            content: content))
      } else {
        guard fields.count < FormLimits.fields else { throw .tooManyFields }
        guard content.isText else { throw .notText }
        fields.append(Field(name: part.name[...], value: content))
      }
    }
  }

  /// Takes fields that a program passes rather than a request.
  package init(_ fields: [String: String]) throws(FormError) {
    precedence = .last
    for (name, value) in fields {
      let field = Field(name: Array(name.utf8)[...], value: Array(value.utf8)[...])
      guard field.name.isText, field.value.isText else { throw .notText }
      self.fields.append(field)
    }
  }

  /// The value of a field; `nil` if it is absent or empty.
  package subscript(_ name: String) -> Bytes? {
    let place =
      switch precedence {
      case .first: fields.firstIndex { $0.name.isEqual(to: name) }
      case .last: fields.lastIndex { $0.name.isEqual(to: name) }
      }
    guard let place, !fields[place].value.isEmpty else { return nil }
    return fields[place].value
  }

  package var isEmpty: Bool { fields.isEmpty && uploads.isEmpty }
}

extension Bytes {
  /// True if the bytes are UTF-8 without NUL.
  fileprivate var isText: Bool {
    guard position(of: 0) == nil else { return false }
    return (try? UTF8Span(validating: span)) != nil
  }
}
