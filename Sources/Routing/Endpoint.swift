public import WireFormat

/// One thing that the API can do. It has no state: what it works on comes with the call.
public protocol Endpoint: SendableMetatype {
  associatedtype Answer: JSONEncodable & Sendable

  /// Verb, route, access, what it takes and what it can answer.
  static var declaration: Declaration { get }

  /// Answers a call whose access has been checked. Checks parameters in the order of the declaration, which is also
  /// that of its exceptions.
  ///
  /// - Throws: the declared exceptions, and errors of the store.
  static func answer(_ call: inout Call) throws -> Answer
}

/// Any endpoint, with its answer as JSON.
package struct AnyEndpoint: Sendable {
  package let declaration: Declaration
  let answer: @Sendable (inout Call) throws -> [UInt8]

  package init<E: Endpoint>(_ endpoint: E.Type) {
    declaration = E.declaration
    answer = { call in JSONWriter.bytes(try E.answer(&call)) }
  }
}
