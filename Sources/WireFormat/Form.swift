/// The fields of a query string or of a body, in their order, and the files that came with them.
///
/// Names and values are UTF-8 without NUL, so that what is compared, hashed and stored is what was typed.
package struct Form: Sendable {
  /// An object, for CGI's sake (CONTRIBUTING.md).
  private final class Field: Sendable {
    let name: Bytes
    let value: Bytes

    init(name: Bytes, value: Bytes) { (self.name, self.value) = (name, value) }
  }

  /// A file part of a multipart body.
  package struct Upload: Sendable {
    package let name: Bytes
    /// As the client calls it; empty when a file input was left empty. Never a path to be used.
    package let fileName: Bytes
    /// As the client calls it; `nil` if it did not.
    package let contentType: Bytes?
    package let content: Bytes
  }

  /// Which of several fields of one name counts.
  private enum Precedence { case first, last }

  private var fields: [Field] = []
  package private(set) var uploads: [Upload] = []
  private let precedence: Precedence

  /// A form without fields: a body that is empty, or that isn't there.
  package init() { precedence = .last }

  /// Reads a query string or an `application/x-www-form-urlencoded` body (WHATWG URL, section 5.1). Of several fields
  /// of one name the last counts.
  ///
  /// Departs from the standard in that bytes which are no UTF-8 are an error, not U+FFFD: they would make different
  /// passwords equal.
  package init(urlEncoded bytes: Bytes) throws(FormError) {
    precedence = .last
    // One after another, so that no more is taken apart than a form may have.
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

  /// Takes the parts of a `multipart/form-data` body. Of several fields of one name the first counts.
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

  /// Takes fields that never were bytes of a request.
  package init(_ fields: [String: String]) throws(FormError) {
    precedence = .last
    for (name, value) in fields {
      let field = Field(name: Array(name.utf8)[...], value: Array(value.utf8)[...])
      guard field.name.isText, field.value.isText else { throw .notText }
      self.fields.append(field)
    }
  }

  /// The value of a field; `nil` if it is absent or empty, which is the same.
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
  /// Whether they are UTF-8 without NUL.
  fileprivate var isText: Bool {
    guard position(of: 0) == nil else { return false }
    return (try? UTF8Span(validating: span)) != nil
  }
}
