/// The reason why bytes are not a form.
package struct FormError: Error, Equatable, CustomStringConvertible {
  /// A sentence for the client's developer. From the request it quotes at most the name of an encoding.
  package let detail: String
  /// True if the form may be right, and has an encoding that the program does not know: 415 `invalid-content-type`. Otherwise the
  /// response is 400 `invalid-request`.
  package let isUnknownEncoding: Bool

  package init(_ detail: String) {
    self.detail = detail
    isUnknownEncoding = false
  }

  private init(unknownEncoding detail: String) {
    self.detail = detail
    isUnknownEncoding = true
  }

  package var description: String { detail }
}

/// The limits of a form. Reading stops at the first excess.
package enum FormLimits {
  package static let fields = 1000
  /// In bytes, decoded.
  package static let nameLength = 256
  /// In a multipart body, files included.
  package static let parts = 1000
  /// In bytes, for one part, with the empty line.
  package static let partHeaderLength = 8192
  /// In bytes, for all parts together: reading headers takes many times as long as skipping content.
  package static let headersLength = 128 * 1024
  /// In bytes, as in the URL.
  package static let queryLength = 16 * 1024
}

extension FormError {
  static let tooManyFields = FormError("the form has more than \(FormLimits.fields) fields")
  static let nameTooLong = FormError("a field's name is longer than \(FormLimits.nameLength) bytes")
  static let notText = FormError("a name or value is not UTF-8, or holds a NUL")

  static let lineFeeds = FormError("lines of the multipart body end in LF alone; they must end in CRLF")
  static let carriageReturns = FormError("lines of the multipart body end in CR alone; they must end in CRLF")

  static func unknownCharset(_ label: [UInt8]) -> FormError {
    FormError(unknownEncoding: "the charset \(quoted(label[...])) is unknown; send UTF-8")
  }

  /// - Parameter codings: of the Content-Encoding.
  package static func unknownContentEncoding(_ codings: [Bytes]) -> FormError {
    let names = quoted(Bytes(codings.joined(separator: ", ".utf8)))
    return FormError(unknownEncoding: "the Content-Encoding \(names) is unknown; send the body as it is")
  }

  /// The beginning of a name that a client chose, in printable ASCII.
  static func quoted(_ name: Bytes) -> String {
    let most = 64
    let text = String(
      decoding: name.prefix(most).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    return name.count > most ? text + "…" : text
  }
}
