public import DashboardWireFormat
import DashboardAccounts

/// An operation of the API. It has no state: its input is the call.
public protocol Endpoint: SendableMetatype {
  associatedtype Answer: JSONEncodable & Exemplary & Sendable

  /// The path, such as `/api/user/create-session`.
  static var route: String { get }

  /// Verb, route, access, parameters and exceptions.
  static var declaration: Declaration { get }

  /// An example of its answer, for the documentation.
  static var example: Answer { get }

  /// Answers a call after its access was checked. Checks parameters in the order of the declared exceptions.
  ///
  /// - Throws: declared exceptions, rule errors that they answer, and errors of the store.
  static func answer(_ call: inout Call) throws -> Answer

  /// The answer with what its receiver may read and the store keeps sealed. The answer's type decides, not the endpoint.
  static func shown(_ answer: Answer, _ call: Call) -> Answer
}

extension Endpoint {
  public static func shown(_ answer: Answer, _ call: Call) -> Answer { answer }
}

extension Endpoint {
  public static var example: Answer { Answer.example }

  /// The answer, or the declared exception that answers a rule's error.
  package static func result(_ call: inout Call) throws -> Answer {
    do {
      return shown(try answer(&call), call)
    } catch let error as any RuleError {
      guard let exception = declaration.exception(for: error) else { throw error }
      throw explained(exception, call)
    } catch let exception as Exception {
      throw explained(exception, call)
    }
  }

  /// The same exception. Its detail says so if the parameter is missing because it came as a file.
  private static func explained(_ exception: Exception, _ call: Call) -> Exception {
    guard exception.status == 400, let field = exception.field, call.posted.isUpload(field),
      declaration.posts({ $0 == field })
    else { return exception }
    return exception.explained(
      "posted \(field) came as a file upload; send it as a field without a file name")
  }
}

/// An endpoint with any type of answer.
package struct AnyEndpoint: Sendable {
  private let type: any Endpoint.Type

  package init(_ type: any Endpoint.Type) { self.type = type }

  package var declaration: Declaration { type.declaration }

  /// The name of its type in Swift, such as `Administrator.ReadAccount`.
  package var name: String {
    String(reflecting: type).split(separator: ".").dropFirst().joined(separator: ".")
  }

  /// The schema of its answer.
  package var schema: JSONSchema { type.schema }

  /// The fields of the returned object, or of the returned array's objects.
  package var fields: [JSONSchema.Field] { JSONWriter.fields(of: exampleAnswer) }

  /// An example of its answer.
  package var exampleAnswer: any JSONEncodable { type.anyExample }

  /// An example of its answer, as JSON.
  package var example: String { JSONWriter.text(exampleAnswer) }
}

extension Endpoint {
  fileprivate static var schema: JSONSchema { Answer.schema }
  fileprivate static var anyExample: any JSONEncodable { example }
}

extension Operation {
  /// The operation of an endpoint, which answers with JSON.
  package init<E: Endpoint>(_ endpoint: E.Type) {
    let declaration = endpoint.declaration
    self.init(declaration.verb, declaration.policy, endpoint: AnyEndpoint(endpoint)) { call in
      Draft(try endpoint.result(&call), of: endpoint)
    }
  }
}

extension Draft {
  /// The response with the answer of an endpoint.
  package init<E: Endpoint>(_ answer: E.Answer, of endpoint: E.Type) {
    self.init(status: 200, answer)
    if let name = endpoint.declaration.fileName {
      add("Content-Disposition", "attachment; filename=\"\(name)\"")
    }
  }
}

extension Resource {
  /// The resource of an endpoint.
  package convenience init<E: Endpoint>(_ endpoint: E.Type) {
    self.init(endpoint.route, [Operation(endpoint)])
  }
}
