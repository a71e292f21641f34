import DashboardWireFormat

/// How a body is encoded, by its Content-Type and Content-Encoding (RFC 9110 sections 8.3 and 8.4).
enum BodyEncoding {
  /// The body is empty or missing.
  case none
  case urlEncoded(type: HeaderValue)
  /// `multipart/form-data`.
  case multipart(type: HeaderValue)

  /// - Parameter asks: true if a parameter of the route has this name.
  /// - Throws: `invalid-content-type` for a body with another type or without one, for a compressed one, and for one in an unknown
  ///   charset.
  init(of request: Request, asks: (Bytes) -> Bool) throws(Exception) {
    let announced = request.variables.contentLength ?? 0
    if request.body.isEmpty, announced == 0 {
      self = .none
      return
    }
    let type = HeaderValue(request.variables[.contentType] ?? [])
    if type.value.isEqual(toLowerCase: "application/x-www-form-urlencoded") {
      self = .urlEncoded(type: type)
    } else if type.value.isEqual(toLowerCase: "multipart/form-data") {
      self = .multipart(type: type)
    } else {
      throw .invalidContentType
    }
    let codings = (request.variables[.contentEncoding] ?? []).contentCodings
    if !codings.isEmpty { throw Exception(.unknownContentEncoding(codings)) }
    if case .unknown = type.charset {
      // A charset that is named nearer to the fields may be known. Other faults of the form come later in the order of checks.
      do {
        _ = try form(of: request, asks: asks)
      } catch let error where error.isUnknownEncoding {
        throw Exception(error)
      } catch {}
    }
  }

  /// Decodes the body's fields and files.
  ///
  /// - Parameter asks: true if a parameter of the route has this name.
  func form(of request: Request, asks: (Bytes) -> Bool) throws(FormError) -> Form {
    switch request.bodyState {
    case .complete: break
    case .cutShort, .tooLong, .withoutRoom:
      throw FormError("the body's length differs from its Content-Length")
    case .unannounced:
      throw FormError("the body's length is unknown; send a Content-Length")
    }
    switch self {
    case .none:
      return Form()
    case .urlEncoded(let type):
      return try Form(urlEncoded: request.body[...], charset: type.charset)
    case .multipart(let type):
      let body = try MultipartDecoder.decode(request.body, boundary: type.boundary())
      return try Form(body, charset: type.charset, asks: asks)
    }
  }
}

extension Exception {
  init(_ error: FormError) {
    self = (error.isUnknownEncoding ? Self.invalidContentType : .invalidRequest).explained(error.detail)
  }
}
