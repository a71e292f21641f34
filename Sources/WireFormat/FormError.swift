/// Why bytes are no form: answered with 400 `invalid-request`.
package struct FormError: Error, Equatable, CustomStringConvertible {
  /// A sentence for the person who sent it. Quotes nothing of what was sent.
  package let detail: String

  package init(_ detail: String) { self.detail = detail }

  package var description: String { detail }
}

/// What a form may have at most. Work stops at the first thing beyond.
package enum FormLimits {
  package static let fields = 1000
  /// Bytes of a field's name, decoded.
  package static let nameLength = 256
  /// Parts of a multipart body, files among them.
  package static let parts = 1000
  /// Bytes of the headers of one part, the empty line included.
  package static let partHeaderLength = 8192
  /// Bytes of the headers of all parts: to read them takes many times as long as to skip content.
  package static let headersLength = 128 * 1024
  /// Bytes of a query string, as it is in the URL.
  package static let queryLength = 16 * 1024
}

extension FormError {
  static let tooManyFields = FormError("the form has more than \(FormLimits.fields) fields")
  static let nameTooLong = FormError("a field's name is longer than \(FormLimits.nameLength) bytes")
  static let notText = FormError("a name or value is not UTF-8, or holds a NUL")
}
