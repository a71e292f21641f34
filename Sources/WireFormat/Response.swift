/// A response: status, headers in their order, and body.
package struct Response: Sendable {
  /// A header value contains a control character other than a tab (RFC 9110 section 5.5), such as CR, LF or NUL.
  package struct HeaderError: Error, Equatable {
    package let name: String
  }

  package var status: Int
  package var body: [UInt8] = []
  /// The header lines as they are sent.
  private var headers: [UInt8] = []

  /// - Parameters:
  ///   - status: 200…599; another number is sent as 500.
  ///   - room: the number of bytes to reserve for headers.
  package init(status: Int = 200, room: Int = 256) {
    self.status = status
    headers.reserveCapacity(room)
  }

  /// Appends a header whose value is a literal.
  package mutating func add(_ name: StaticString, _ value: StaticString) {
    value.withUTF8Buffer { append(name, unsafe $0.span) }
  }

  /// Appends a header. The value may come from a client.
  @_disfavoredOverload
  package mutating func add(_ name: StaticString, _ value: String) throws(HeaderError) {
    // A span, since iterating over a UTF-8 view goes byte by byte.
    try add(name, value.utf8.span)
  }

  package mutating func add(_ name: StaticString, _ value: Span<UInt8>) throws(HeaderError) {
    guard value.isPrintable || value.allSatisfy(Self.isValueByte) else { throw HeaderError(name: "\(name)") }
    append(name, value)
  }

  /// Appends a header whose value `write` appends. The value must be printable ASCII.
  ///
  /// - Parameter capacity: the most bytes that `write` appends.
  package mutating func add(
    _ name: StaticString, capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void
  ) {
    headers.append(addingCapacity: name.utf8CodeUnitCount + capacity + 4) { output in
      output.append(copying: name)
      output.append(copying: ": ")
      write(&output)
      output.append(copying: "\r\n")
    }
  }

  private mutating func append(_ name: StaticString, _ value: Span<UInt8>) {
    add(name, capacity: value.count) { $0.append(copying: value) }
  }

  private static func isValueByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\t") || (byte >= 0x20 && byte != 0x7F)
  }

  /// Appends the response in the form of CGI and FastCGI (RFC 3875 section 6).
  package func serialize(into output: inout [UInt8], omitBody: Bool) {
    output.reserveCapacity(128 + headers.count + (omitBody ? 0 : body.count))
    serializeHead(into: &output)
    if !omitBody { output.append(contentsOf: body) }
  }

  /// Appends the lines before the body, `Status` first. They announce the body's length even if the body is left out, as for HEAD
  /// (RFC 9110 section 9.3.2).
  package func serializeHead(into output: inout [UInt8]) {
    let status = (200...599).contains(status) ? status : 500
    output.append(addingCapacity: 128 + headers.count) { output in
      output.append(copying: "Status: ")
      output.append(decimal: Int64(status))
      output.append(copying: " ")
      output.append(copying: Self.reason(status))
      output.append(copying: "\r\n")
      output.append(copying: headers.span)
      if status != 204 {
        output.append(copying: "Content-Length: ")
        output.append(decimal: Int64(body.count))
        output.append(copying: "\r\n")
      }
      output.append(copying: "\r\n")
    }
  }

  /// The statuses that this server sends, and 500 in place of any other.
  package static let statuses = (200...599).filter { reason($0).utf8CodeUnitCount > 0 }

  /// The index of a status in `statuses`.
  package static func place(ofStatus status: Int) -> Int {
    (200...599).contains(status) ? places[status - 200] : placeOfFailure
  }

  private static let placeOfFailure = statuses.firstIndex(of: 500) ?? 0
  private static let places = (200...599).map { statuses.firstIndex(of: $0) ?? placeOfFailure }

  /// The reason phrases of RFC 9110 section 15 and RFC 6585 section 4, for the statuses that this server sends. Any other has none,
  /// which RFC 9112 section 4 permits.
  private static func reason(_ status: Int) -> StaticString {
    switch status {
    case 200: "OK"
    case 204: "No Content"
    case 303: "See Other"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 429: "Too Many Requests"
    case 503: "Service Unavailable"
    case 500: "Internal Server Error"
    default: ""
    }
  }
}
