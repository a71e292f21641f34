import DashboardAccounts
import DashboardRouting

/// The responses of a route: every status with its codes.
enum Responses {
  /// The responses by status. Responses that only the router gives are references to components.
  static func all(of endpoint: AnyEndpoint) -> [(name: String, value: JSONTree)] {
    let declaration = endpoint.declaration
    let own = declaration.accessExceptions + declaration.exceptions
    var responses: [(name: String, value: JSONTree)] = [("200", success(endpoint))]
    let exceptions = declaration.commonExceptions + own
    let statuses = Set(exceptions.map(\.status) + declaration.refusals.map(\.status))
    for status in statuses.sorted() {
      let refusals = declaration.refusals.filter { $0.status == status }
      let isShared = refusals.isEmpty && !own.contains { $0.status == status } && shared[status] != nil
      let response: JSONTree =
        isShared
        ? ["$ref": "#/components/responses/\(status)"]
        : refusal(refusals, exceptions.filter { $0.status == status })
      responses.append(("\(status)", response))
    }
    return responses
  }

  /// The responses of the router that are the same for every route.
  static var components: [(name: String, value: JSONTree)] {
    shared.sorted { $0.key < $1.key }.map { ("\($0.key)", refusal([], $0.value)) }
  }

  /// The router's exceptions by status, without statuses whose codes depend on the route.
  private static let shared: [Int: [Exception]] = {
    let exceptions = Exception.ofAnyRoute.filter { $0 != .invalidMethod }
    return Dictionary(grouping: exceptions, by: \.status).filter { !$1.contains(.invalidOrigin) }
  }()

  private static func success(_ endpoint: AnyEndpoint) -> JSONTree {
    let response: JSONTree = [
      "description": .text(endpoint.schema.words),
      "content": [
        "application/json": [
          "schema": OpenAPI.tree(endpoint.schema), "example": .value(endpoint.exampleAnswer),
        ]
      ],
    ]
    guard endpoint.declaration.parameters.contains(where: { $0.name == Paging.after }) else {
      return response
    }
    return response + [
      "headers": [
        "X-Total-Count": [
          "description": "The number of elements in the whole list", "schema": ["type": "integer"],
        ],
        "Link": [
          "description": "The next part of the list, if there is one: rel=\"next\" (RFC 8288)",
          "schema": ["type": "string"],
        ],
      ]
    ]
  }

  private static func refusal(_ refusals: [AccessRefusal], _ exceptions: [Exception]) -> JSONTree {
    let lines = refusals.map(Refusal.init) + exceptions.map(Refusal.init)
    var schemas: [JSONTree] = []
    if !refusals.isEmpty { schemas.append(schema("auth", refusals.map(\.rawValue))) }
    if !exceptions.isEmpty { schemas.append(schema("error", exceptions.map(\.code))) }
    let response: JSONTree = [
      "description": .text(lines.map { "- `\($0.code)`: \($0.circumstances)" }.joined(separator: "\n")),
      "content": [
        "application/json": ["schema": schemas.count == 1 ? schemas[0] : ["oneOf": .array(schemas)]]
      ],
    ]
    guard exceptions.contains(where: { $0.retryAfter != nil }) else { return response }
    return response + [
      "headers": [
        "Retry-After": [
          "description": "Seconds after which a retry can succeed", "schema": ["type": "integer"],
        ]
      ]
    ]
  }

  /// The schema of an object of a kind with one of the messages.
  private static func schema(_ kind: String, _ messages: [String]) -> JSONTree {
    var distinct: [String] = []
    for message in messages where !distinct.contains(message) { distinct.append(message) }
    let members: JSONTree = ["properties": ["message": ["enum": .array(distinct.map { .text($0) })]]]
    return ["allOf": [["$ref": "#/components/schemas/\(kind)"], members]]
  }
}
