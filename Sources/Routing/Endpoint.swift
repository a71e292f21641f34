public import DashboardWireFormat

/// One thing that the API can do. It has no state: what it works on comes with the call.
public protocol Endpoint: SendableMetatype {
  associatedtype Answer: JSONEncodable & Exemplary & Sendable

  /// The path, such as `/api/user/create-session`.
  static var route: String { get }

  /// Verb, route, access, what it takes and what it can answer.
  static var declaration: Declaration { get }

  /// An answer, as the documentation shows it.
  static var example: Answer { get }

  /// Answers a call whose access has been checked. Checks parameters in the order of the declaration, which is also
  /// that of its exceptions.
  ///
  /// - Throws: the declared exceptions, and errors of the store.
  static func answer(_ call: inout Call) throws -> Answer

  /// The same, as JSON. Not to be implemented: that it is asked of each endpoint, which knows the type of its answers, spares a
  /// CGI process the search for it.
  static func json(_ call: inout Call) throws -> [UInt8]
}

extension Endpoint {
  public static var example: Answer { Answer.example }

  // Inlined, so that each endpoint has it compiled for its own type.
  @inlinable
  public static func json(_ call: inout Call) throws -> [UInt8] { JSONWriter.bytes(try answer(&call)) }
}

/// Any endpoint, with its answer as JSON. Everything but the route is made when it is asked for: a process that answers one
/// request has no time for the declarations of all endpoints. An object, for CGI's sake (CONTRIBUTING.md).
package final class AnyEndpoint: Sendable {
  private let type: any Endpoint.Type
  package let route: String

  package init(_ type: any Endpoint.Type) {
    self.type = type
    route = type.route
  }

  package var declaration: Declaration { type.declaration }

  /// The type's name, by which a Swift program calls it, such as `Administrator.ReadAccount`.
  package var name: String {
    String(reflecting: type).split(separator: ".").dropFirst().joined(separator: ".")
  }

  /// What it returns.
  package var schema: JSONSchema { type.schema }

  /// The fields of the object that it returns, or of the elements of an array of objects.
  package var fields: [JSONSchema.Field] { JSONWriter.fields(of: exampleAnswer) }

  /// An answer.
  package var exampleAnswer: any JSONEncodable { type.anyExample }

  /// An answer, as JSON.
  package var example: String { JSONWriter.text(exampleAnswer) }

  func answer(_ call: inout Call) throws -> [UInt8] { try type.json(&call) }
}

extension Endpoint {
  fileprivate static var schema: JSONSchema { Answer.schema }
  fileprivate static var anyExample: any JSONEncodable { example }
}
