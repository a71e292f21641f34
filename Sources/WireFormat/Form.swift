/// The fields of a query string or a body in their order, and its files.
///
/// Names and values are UTF-8 without NUL, so that the program compares, hashes and stores exactly what the client sent. Other
/// charsets are decoded (`Charset`).
package struct Form: Sendable {
  private struct Field: Sendable {
    let name: Bytes
    let value: Bytes
  }

  /// A file part of a multipart body.
  package struct Upload: Sendable {
    package let name: Bytes
    /// The client's name of the file; empty for a file input without a file. Never use it as a path.
    package let fileName: Bytes
    /// The type that the client claims; `nil` if it claims none.
    package let contentType: Bytes?
    /// As sent: a Content-Transfer-Encoding is not undone.
    package let content: Bytes
  }

  /// Which of several fields with one name counts.
  private enum Precedence { case first, last }

  private var fields: [Field] = []
  package private(set) var uploads: [Upload] = []
  private let precedence: Precedence

  /// A form without fields, for an empty or absent body.
  package init() { precedence = .last }

  /// Reads a query string (WHATWG URL, section 5.1). It is in UTF-8. The last of several fields with one name counts.
  package init(query: Bytes) throws(FormError) {
    try self.init(pairs: query)
    try decode(.utf8)
  }

  /// Reads an `application/x-www-form-urlencoded` body (WHATWG URL, section 5.1). The last of several fields with one name counts.
  ///
  /// - Parameter charset: of the body's Content-Type. A field `_charset_` is nearer, and holds for all names and values, those
  ///   before it too.
  package init(urlEncoded body: Bytes, charset: Charset? = nil) throws(FormError) {
    try self.init(pairs: body)
    let named = try fields.lazy.filter { $0.name.isCharsetName }.map(\.value).charset()
    try decode(named ?? charset ?? .utf8)
  }

  /// Reads pairs of names and values, percent-decoded and in the charset of the form.
  private init(pairs bytes: Bytes) throws(FormError) {
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
      fields.append(Field(name: name, value: value))
    }
  }

  /// Turns all names and values into UTF-8.
  ///
  /// Unlike in the standard, bytes that are not UTF-8 are an error and not U+FFFD, which would make different passwords equal.
  private mutating func decode(_ charset: Charset) throws(FormError) {
    for index in fields.indices {
      let name = try charset.text(fields[index].name)
      guard name.count <= FormLimits.nameLength else { throw .nameTooLong }
      fields[index] = Field(name: name, value: try charset.text(fields[index].value))
    }
  }

  /// Takes the parts of a `multipart/form-data` body. The first of several fields with one name counts.
  ///
  /// - Parameters:
  ///   - charset: of the body's Content-Type. A field `_charset_` is nearer, and the charset of a part is the nearest one for its
  ///     content.
  ///   - asks: true if a parameter has this name. Other fields may have faults, and are then left out.
  package init(
    _ body: MultipartBody, charset: Charset? = nil, asks: (Bytes) -> Bool = { _ in true }
  ) throws(FormError) {
    precedence = .first
    let named = body.parts.filter { $0.fileName == nil && $0.name[...].isCharsetName }
    if let fault = named.lazy.compactMap(\.fault).first { throw fault }
    let charset = try named.map(body.content).charset() ?? charset ?? .utf8
    for part in body.parts {
      let name = try charset.headerText(part.name[...])
      guard name.count <= FormLimits.nameLength else { throw .nameTooLong }
      let content = body.content(of: part)
      if let fileName = part.fileName {
        uploads.append(
          Upload(
            name: name, fileName: try charset.headerText(fileName[...]), contentType: part.contentType?[...],
            content: content))
      } else if let fault = part.fault {
        guard !asks(name) else { throw fault }
      } else {
        guard fields.count < FormLimits.fields else { throw .tooManyFields }
        // A label is ASCII.
        let charset = name.isCharsetName ? .utf8 : part.charset ?? charset
        fields.append(Field(name: name, value: try charset.text(content)))
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

  /// Sets a field, in the place of others with its name.
  ///
  /// - Parameter value: UTF-8 without NUL.
  package mutating func set(_ name: String, _ value: Bytes) {
    remove(name)
    fields.append(Field(name: Array(name.utf8)[...], value: value))
  }

  /// Removes the fields with a name.
  package mutating func remove(_ name: String) { fields.removeAll { $0.name.isEqual(to: name) } }

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

  /// True if a file has this name, and no field with a value.
  package func isUpload(_ name: String) -> Bool {
    self[name] == nil && uploads.contains { $0.name.isEqual(to: name) }
  }

  package var isEmpty: Bool { fields.isEmpty && uploads.isEmpty }
}

extension Bytes {
  /// True for the name of the field that names the charset of a form (HTML, "constructing the entry list"; RFC 7578 section 4.6).
  fileprivate var isCharsetName: Bool { isEqual(to: "_charset_") }
}

extension Sequence<Bytes> {
  /// The charset that the values of `_charset_` fields name: the first that is not empty counts, as in HTML.
  fileprivate func charset() throws(FormError) -> Charset? {
    for label in self {
      guard label.isText else { throw .notText }
      if let charset = Charset(label: label) { return charset }
    }
    return nil
  }
}
