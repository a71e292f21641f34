/// An answer: status, headers in their order, body.
package struct Response: Sendable {
  /// A header that can't be sent: its name is not a token (RFC 9110 section 5.6.2), or its value holds a control other
  /// than a tab (section 5.5), CR, LF and NUL before all.
  package struct HeaderError: Error, Equatable {
    package let name: String
  }

  package var status: Int
  package var body: [UInt8] = []
  /// The headers in the form in which they are sent.
  private var headers: [UInt8] = []

  /// - Parameter status: 200…599; another number is sent as 500.
  package init(status: Int = 200) {
    self.status = status
    headers.reserveCapacity(256)
  }

  /// Adds a header, beside others of that name.
  package mutating func add(_ name: String, _ value: String) throws(HeaderError) {
    var (name, value) = (name, value)
    guard !name.isEmpty, name.withUTF8({ unsafe $0.allSatisfy(HeaderValue.isTokenByte) }),
      value.withUTF8({ unsafe $0.allSatisfy(Self.isValueByte) })
    else { throw HeaderError(name: name) }
    headers.append(text: name)
    headers.append(text: ": ")
    headers.append(text: value)
    headers.append(text: "\r\n")
  }

  private static func isValueByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\t") || (byte >= 0x20 && byte != 0x7F)
  }

  /// Appends the answer in the form of CGI and FastCGI (RFC 3875 section 6): `Status` first, the length announced
  /// even where the body is left out, as an answer to HEAD does (RFC 9110 section 9.3.2).
  package func serialize(into output: inout [UInt8], omitBody: Bool) {
    let status = (200...599).contains(status) ? status : 500
    output.reserveCapacity(128 + headers.count + body.count)
    output.append(text: "Status: ")
    output.append(text: String(status))
    output.append(text: " ")
    output.append(text: Self.reason(status))
    output.append(text: "\r\n")
    output.append(contentsOf: headers)
    if status != 204 {
      output.append(text: "Content-Length: ")
      output.append(text: String(body.count))
      output.append(text: "\r\n")
    }
    output.append(text: "\r\n")
    if !omitBody { output.append(contentsOf: body) }
  }

  /// RFC 9110 section 15, RFC 6585 section 4.
  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 204: "No Content"
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
    default: "Internal Server Error"
    }
  }
}

extension [UInt8] {
  /// Appends the bytes of a text at once; through its view of UTF-8 they would come one by one.
  fileprivate mutating func append(text: String) {
    var text = text
    text.withUTF8 { unsafe append(contentsOf: $0) }
  }
}
