public import DashboardWireFormat
import DashboardAccounts

/// One thing that the API can do. It has no state: what it works on comes with the call.
public protocol Endpoint: SendableMetatype {
  associatedtype Answer: JSONEncodable & Exemplary & Sendable

  /// The path, such as `/api/user/create-session`.
  static var route: String { get }

  /// Verb, route, access, parameters, and what it can refuse.
  static var declaration: Declaration { get }

  /// An answer, as the documentation shows it.
  static var example: Answer { get }

  /// Answers a call whose access has been checked. Checks parameters in the order of the declaration, which is also the order of its
  /// exceptions.
  ///
  /// - Throws: the declared exceptions, errors of the rules that the declared exceptions answer, and errors of the store.
  static func answer(_ call: inout Call) throws -> Answer
}

extension Endpoint {
  public static var example: Answer { Answer.example }

  /// The answer, or the declared exception that answers a rule's error.
  static func result(_ call: inout Call) throws -> Answer {
    do {
      return try answer(&call)
    } catch let error as any RuleError {
      throw declaration.exception(for: error) ?? error
    }
  }
}

/// An endpoint, whatever its answer is.
package struct AnyEndpoint: Sendable {
  private let type: any Endpoint.Type

  package init(_ type: any Endpoint.Type) { self.type = type }

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
}

extension Endpoint {
  fileprivate static var schema: JSONSchema { Answer.schema }
  fileprivate static var anyExample: any JSONEncodable { example }
}

extension Operation {
  /// An endpoint, whose answer is JSON.
  package init<E: Endpoint>(_ endpoint: E.Type) {
    let declaration = endpoint.declaration
    self.init(declaration.verb, declaration.policy, endpoint: AnyEndpoint(endpoint)) { call in
      Draft(status: 200, try endpoint.result(&call))
    }
  }
}

extension Resource {
  /// The path of an endpoint.
  package convenience init<E: Endpoint>(_ endpoint: E.Type) {
    self.init(endpoint.route, [Operation(endpoint)])
  }
}
