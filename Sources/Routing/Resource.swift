import DashboardWireFormat

/// The verb of a route: reads are GET, creations POST, changes PATCH, removals DELETE.
public enum Verb: String, Sendable {
  case get = "GET"
  case post = "POST"
  case patch = "PATCH"
  case delete = "DELETE"
}

/// What one verb of a resource does.
package struct Operation: Sendable {
  package let verb: Verb
  package let policy: RoutePolicy
  /// The endpoint that answers; `nil` for a page.
  package let endpoint: AnyEndpoint?
  package let answer: @Sendable (inout Call) throws -> Draft

  package init(
    _ verb: Verb, _ policy: RoutePolicy, endpoint: AnyEndpoint? = nil,
    answer: @escaping @Sendable (inout Call) throws -> Draft
  ) {
    self.verb = verb
    self.policy = policy
    self.endpoint = endpoint
    self.answer = answer
  }
}

/// One path of the server, and what its verbs do. Endpoints and pages are both resources.
package final class Resource: Sendable {
  package let path: String
  private let make: @Sendable () -> [Operation]

  /// - Parameter operations: one for each verb. Made when they are needed: a CGI process has no time for those of all paths.
  package init(_ path: String, _ operations: @autoclosure @escaping @Sendable () -> [Operation]) {
    self.path = path
    make = operations
  }

  package var operations: [Operation] { make() }
}

/// A resource with its operations made.
final class Route: Sendable {
  let path: String
  let operations: [Operation]

  init(_ resource: Resource) {
    path = resource.path
    operations = resource.operations
  }

  /// The place of the operation that a request means: HEAD means GET.
  func place(of variables: MetaVariables) -> Int? {
    operations.firstIndex { operation in
      variables.method.isEqual(to: operation.verb.rawValue) || operation.verb == .get && variables.isHead
    }
  }

  /// Its verbs as the header Allow lists them.
  var verbs: String {
    let verbs = operations.flatMap { $0.verb == .get ? ["GET", "HEAD"] : [$0.verb.rawValue] }
    return (verbs + ["OPTIONS"]).joined(separator: ", ")
  }
}

/// The routes of a server by their paths.
struct RouteTable: Sendable {
  private let resources: [Resource]
  private let rare: @Sendable () -> [Resource]
  /// All routes; empty in a process that answers a single request, which makes the one that it needs.
  private let routes: [Route]

  init(_ resources: [Resource], rare: @escaping @Sendable () -> [Resource], isSingleRequest: Bool) {
    self.resources = resources
    self.rare = rare
    routes = isSingleRequest ? [] : (resources + rare()).map(Route.init)
  }

  /// The route of a path. Most paths differ in their length, so that looking at all of them is faster than a hash.
  func route(at path: Bytes) -> Route? {
    if !routes.isEmpty { return routes.first { path.isPath($0.path) } }
    let isMeant = { (resource: Resource) in path.isPath(resource.path) }
    return (resources.first(where: isMeant) ?? rare().first(where: isMeant)).map(Route.init)
  }
}

extension Bytes {
  fileprivate func isPath(_ path: String) -> Bool { count == path.utf8.count && isEqual(to: path) }
}
