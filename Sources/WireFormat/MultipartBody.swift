/// One part of a multipart/form-data body (RFC 7578 section 4).
package struct Part: Sendable, Equatable {
  /// The field's name, without quotes and escapes: 0 to `FormLimits.nameLength` bytes in the charset of the form, without NUL.
  package let name: [UInt8]
  /// The client's name of the file, in the charset of the form and without NUL, empty for a file input without a file. `nil` if the
  /// part is not a file. Never use it as a path.
  package let fileName: [UInt8]?
  /// The part's Content-Type as written; `nil` if it has none, which means `text/plain` (RFC 7578 section 4.4).
  package let contentType: [UInt8]?
  /// The charset of the content; `nil` if the Content-Type names none.
  package let charset: Charset?
  /// Why the content can't be read as text; `nil` if it may be. It matters only for a field that a parameter asks for.
  package let fault: FormError?
  /// The range of the content in `MultipartBody.bytes`. It may be any bytes; the reader checks whether they are text.
  package let content: Range<Int>
}

/// A whole multipart/form-data body. The contents of its parts are not copied.
package struct MultipartBody: Sendable {
  package let bytes: [UInt8]
  /// In the order of the body. Names may occur several times.
  package let parts: [Part]

  /// The content of a part of this body.
  package func content(of part: Part) -> Bytes {
    bytes[part.content.clamped(to: bytes.indices)]
  }
}
