public import WireFormat

/// One thing that the API can do. It has no state: what it works on comes with the call.
public protocol Endpoint: SendableMetatype {
  associatedtype Answer: JSONEncodable & Exemplary & Sendable

  /// Verb, route, access, what it takes and what it can answer.
  static var declaration: Declaration { get }

  /// An answer, as the documentation shows it.
  static var example: Answer { get }

  /// Answers a call whose access has been checked. Checks parameters in the order of the declaration, which is also
  /// that of its exceptions.
  ///
  /// - Throws: the declared exceptions, and errors of the store.
  static func answer(_ call: inout Call) throws -> Answer
}

extension Endpoint {
  public static var example: Answer { Answer.example }
}

/// Any endpoint, with its answer as JSON.
package struct AnyEndpoint: Sendable {
  package let declaration: Declaration
  /// The type's name, by which a Swift program calls it, such as `Administrator.ReadAccount`.
  package let name: String
  /// What it returns.
  package let schema: JSONSchema
  /// An answer, made when the documentation is asked for it.
  package let makeExample: @Sendable () -> any JSONEncodable
  let answer: @Sendable (inout Call) throws -> [UInt8]

  package init<E: Endpoint>(_ endpoint: E.Type) {
    declaration = E.declaration
    name = String(reflecting: E.self).split(separator: ".").dropFirst().joined(separator: ".")
    schema = E.Answer.schema
    makeExample = { E.example }
    answer = { call in JSONWriter.bytes(try E.answer(&call)) }
  }

  /// The fields of the object that it returns, or of the elements of an array of objects.
  package var fields: [JSONSchema.Field] { JSONWriter.fields(of: makeExample()) }

  /// An answer, as JSON.
  package var example: String { JSONWriter.text(makeExample()) }
}
