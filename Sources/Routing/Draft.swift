import DashboardWireFormat

/// An answer in the making. A header that can't be sent makes it an error of ours.
struct Draft {
  private(set) var response: Response

  init(status: Int, room: Int = 256) { response = Response(status: status, room: room) }

  init(status: Int, _ body: some JSONEncodable) {
    self.init(status: status)
    self.body = JSONWriter.bytes(body)
  }

  init(_ exception: Exception) {
    self.init(status: exception.status, exception)
    if let seconds = exception.retryAfter { add("Retry-After", String(seconds)) }
  }

  var body: [UInt8] {
    get { response.body }
    set { set(newValue, "application/json; charset=utf-8") }
  }

  mutating func set(_ body: [UInt8], _ contentType: StaticString) {
    response.body = body
    add("Content-Type", contentType)
  }

  /// No cache keeps the answer, and no browser guesses what it is.
  mutating func addSafeguards() {
    add("Cache-Control", "no-store")
    add("X-Content-Type-Options", "nosniff")
  }

  mutating func add(_ name: StaticString, _ value: StaticString) { response.add(name, value) }

  @_disfavoredOverload
  mutating func add(_ name: StaticString, _ value: String) { add(name, value.utf8.span) }

  mutating func add(_ name: StaticString, capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    response.add(name, capacity: capacity, write)
  }

  mutating func add(_ name: StaticString, _ value: Span<UInt8>) {
    do throws(Response.HeaderError) {
      try response.add(name, value)
    } catch {
      response = Draft(.unknownError).response
    }
  }
}
