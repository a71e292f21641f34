import DashboardWireFormat

/// How a body is encoded, by its Content-Type and Content-Encoding (RFC 9110 sections 8.3 and 8.4).
enum BodyEncoding {
  /// The body is empty or missing.
  case none
  case urlEncoded
  /// `multipart/form-data`. The boundary is `nil` if the content type has no valid one.
  case multipart(boundary: [UInt8]?)

  /// - Throws: `invalid-content-type` for a body with another type or without one, and for a compressed one.
  init(of request: Request) throws(Exception) {
    let announced = request.variables.contentLength ?? 0
    if request.body.isEmpty, announced == 0 {
      self = .none
      return
    }
    let type = request.variables[.contentType] ?? []
    let name = type.prefix { $0 != UInt8(ascii: ";") }.trimmingWhitespace()
    if name.isEqual(toLowerCase: "application/x-www-form-urlencoded") {
      self = .urlEncoded
    } else if name.isEqual(toLowerCase: "multipart/form-data") {
      self = .multipart(boundary: HeaderValue.parse(type)?.parameter("boundary"))
    } else {
      throw .invalidContentType
    }
    let codings = (request.variables[.contentEncoding] ?? []).contentCodings
    if !codings.isEmpty { throw Exception(.unknownContentEncoding(codings)) }
  }

  /// Decodes the body's fields and files.
  func form(of request: Request) throws(FormError) -> Form {
    switch request.bodyState {
    case .complete: break
    case .cutShort, .tooLong: throw FormError("the body's length differs from its Content-Length")
    case .unannounced:
      throw FormError("the body's length is unknown; send a Content-Length")
    }
    switch self {
    case .none:
      return Form()
    case .urlEncoded:
      return try Form(urlEncoded: request.body[...])
    case .multipart(let boundary):
      guard let boundary else { throw FormError("multipart/form-data without a boundary") }
      return try Form(MultipartDecoder.decode(request.body, boundary: boundary[...]))
    }
  }
}

extension Exception {
  init(_ error: FormError) {
    self = (error.isUnknownEncoding ? Self.invalidContentType : .invalidRequest).explained(error.detail)
  }
}
