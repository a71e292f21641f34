/// One part of a multipart/form-data body (RFC 7578 section 4).
package struct Part: Sendable, Equatable {
  /// The field's name, without quotes and escapes: UTF-8 without NUL, at most `FormLimits.nameLength` bytes, maybe empty.
  package let name: [UInt8]
  /// What the sender calls the file: UTF-8 without NUL, never to be trusted as a path. Empty for a file input without a
  /// file, `nil` if the part is no file.
  package let fileName: [UInt8]?
  /// The part's Content-Type as written; `nil` if it has none, which means `text/plain` (RFC 7578 section 4.4).
  package let contentType: [UInt8]?
  /// Where in `MultipartBody.bytes` the content is. Any bytes: whether they are text is for the reader to check.
  package let content: Range<Int>
}

/// A whole multipart/form-data body. The contents of its parts stay where they arrived.
package struct MultipartBody: Sendable {
  package let bytes: [UInt8]
  /// In the order of the body, names repeated as sent.
  package let parts: [Part]

  /// The content of a part of this body.
  package func content(of part: Part) -> Bytes {
    bytes[part.content.clamped(to: bytes.indices)]
  }
}
