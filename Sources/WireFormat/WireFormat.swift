package struct MetaVariables: Sendable {
  package init() {}
  package mutating func append(name: Span<UInt8>, value: Span<UInt8>) {}
  package subscript(_ name: StaticString) -> ArraySlice<UInt8>? { nil }
  package var method: ArraySlice<UInt8> { [] }
  package var contentLength: Int? { nil }
}
package struct Request: Sendable {
  package enum BodyState: Sendable { case complete, tooLong, cutShort }
  package var variables = MetaVariables()
  package var body: [UInt8] = []
  package var bodyState = BodyState.complete
  package init() {}
  package mutating func reset() {}
}
package struct Response: Sendable {
  package init() {}
  package func serialize(into: inout [UInt8], omitBody: Bool) {}
}
