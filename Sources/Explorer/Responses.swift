import DashboardAccounts
import DashboardRouting

/// Every status that a route can answer, with its codes.
enum Responses {
  /// By status. What the router alone answers is a component, shared by all routes.
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

  /// What the router alone answers, where that is the same for every route.
  static var components: [(name: String, value: JSONTree)] {
    shared.sorted { $0.key < $1.key }.map { ("\($0.key)", refusal([], $0.value)) }
  }

  /// By status, except for those whose codes depend on the route.
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
          "description": "How many elements the whole list has", "schema": ["type": "integer"],
        ],
        "Link": [
          "description": "Where the list goes on, if it does: rel=\"next\" (RFC 8288)",
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
          "description": "Seconds after which another try makes sense", "schema": ["type": "integer"],
        ]
      ]
    ]
  }

  /// An object of that kind with one of the messages.
  private static func schema(_ kind: String, _ messages: [String]) -> JSONTree {
    var distinct: [String] = []
    for message in messages where !distinct.contains(message) { distinct.append(message) }
    let members: JSONTree = ["properties": ["message": ["enum": .array(distinct.map { .text($0) })]]]
    return ["allOf": [["$ref": "#/components/schemas/\(kind)"], members]]
  }
}
