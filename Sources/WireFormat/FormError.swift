/// The reason why bytes are not a form. The response is 400 `invalid-request`.
package struct FormError: Error, Equatable, CustomStringConvertible {
  /// A sentence for the client's developer. It quotes nothing from the request.
  package let detail: String

  package init(_ detail: String) { self.detail = detail }

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
}
