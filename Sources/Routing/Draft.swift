package import DashboardWireFormat

/// A response under construction. An invalid header turns it into `unknown-error`.
package struct Draft {
  private(set) var response: Response
  /// True if clients and proxies may keep the response: it is the same for all, and its path changes with it.
  private var isKept = false

  /// - Parameter room: the capacity for headers, in bytes.
  package init(status: Int, room: Int = 256) { response = Response(status: status, room: room) }

  package init(status: Int, _ body: some JSONEncodable) {
    self.init(status: status)
    set(JSONWriter.bytes(body), "application/json; charset=utf-8")
  }

  package init(status: Int = 200, _ body: [UInt8], _ contentType: StaticString) {
    self.init(status: status)
    set(body, contentType)
  }

  package init(_ exception: Exception) {
    self.init(status: exception.status, exception)
    if let seconds = exception.retryAfter { add("Retry-After", String(seconds)) }
  }

  /// 303 (RFC 9110 section 15.4.4): the browser continues with GET on another path of this site.
  package init(seeOther location: Location) {
    self.init(status: 303)
    add("Location", location.path)
  }

  private mutating func set(_ body: [UInt8], _ contentType: StaticString) {
    response.body = body
    add("Content-Type", contentType)
  }

  /// Allows clients and proxies to keep the response for a year.
  package mutating func keep() { isKept = true }

  /// Forbids caching and content sniffing.
  mutating func addSafeguards() {
    add("Cache-Control", isKept ? "public, max-age=31536000, immutable" : "no-store")
    add("X-Content-Type-Options", "nosniff")
  }

  package mutating func add(_ name: StaticString, _ value: StaticString) { response.add(name, value) }

  @_disfavoredOverload
  package mutating func add(_ name: StaticString, _ value: String) { add(name, value.utf8.span) }

  mutating func add(_ name: StaticString, capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    response.add(name, capacity: capacity, write)
  }

  /// The response with another status.
  package mutating func set(status: Int) { response.status = status }

  mutating func add(_ name: StaticString, _ value: Span<UInt8>) {
    do throws(Response.HeaderError) {
      try response.add(name, value)
    } catch {
      response = Draft(.unknownError).response
    }
  }
}

/// A path of this site with an optional query, to which a response may redirect a browser.
package struct Location: Sendable {
  package let path: String

  /// `nil` if a browser could take the text for another site's URL (WHATWG URL section 4.4), or if it is not
  /// a valid path.
  ///
  /// A valid path is printable ASCII without spaces and without `\`. It begins with exactly one slash. It has at most 8192 bytes,
  /// since web servers limit the headers of a response.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 8192, bytes.first == UInt8(ascii: "/"),
      bytes.allSatisfy({ (0x21..<0x7F).contains($0) }),
      !bytes.dropFirst().starts(with: "/".utf8), !bytes.contains(UInt8(ascii: "\\"))
    else { return nil }
    path = String(decoding: bytes, as: UTF8.self)
  }
}
