/// Something that is shown at a path to whoever asks, and is the same for everybody.
package struct Page: Sendable {
  package let contentType: StaticString
  /// Names and values of more headers.
  package let headers: [(name: StaticString, value: String)]
  package let body: @Sendable () -> [UInt8]

  package init(
    _ contentType: StaticString, headers: [(name: StaticString, value: String)] = [],
    _ body: @escaping @Sendable () -> [UInt8]
  ) {
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }

  var draft: Draft {
    var draft = Draft(status: 200)
    draft.set(body(), contentType)
    for header in headers { draft.add(header.name, header.value) }
    return draft
  }
}
