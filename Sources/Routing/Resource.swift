package import DashboardRecords
package import DashboardSettings
package import DashboardWireFormat

/// The verb of a route: GET reads, POST creates, PATCH changes, DELETE removes.
public enum Verb: String, Sendable {
  case get = "GET"
  case post = "POST"
  case patch = "PATCH"
  case delete = "DELETE"
}

/// What a page can depend on, apart from its path.
package struct PageContext {
  /// The settings of the request's app.
  package let app: AppConfiguration
  package let site: SiteAddress
  /// The name of the session's cookie at this site.
  package let cookieName: String

  package init(_ app: AppConfiguration, _ site: SiteAddress, cookieName: String) {
    self.app = app
    self.site = site
    self.cookieName = cookieName
  }
}

/// What a resource does for one verb.
package struct Operation: Sendable {
  package let verb: Verb
  package let policy: RoutePolicy
  /// The endpoint that answers; `nil` for a page.
  package let endpoint: AnyEndpoint?
  package let answer: Answer

  package enum Answer: Sendable {
    case call(@Sendable (inout Call) throws -> Draft)
    /// Needs neither caller nor form, so a request with a fault in them is answered too.
    case page(@Sendable (PageContext) -> Draft)
    /// A page for a person, which depends on the caller and on the browser.
    case visit(@Sendable (inout Call, Visit) throws -> Draft)
  }

  package init(
    _ verb: Verb, _ policy: RoutePolicy, endpoint: AnyEndpoint? = nil,
    answer: @escaping @Sendable (inout Call) throws -> Draft
  ) {
    self.verb = verb
    self.policy = policy
    self.endpoint = endpoint
    self.answer = .call(answer)
  }

  /// A page for a person.
  package init(
    _ verb: Verb, _ policy: RoutePolicy, visit: @escaping @Sendable (inout Call, Visit) throws -> Draft
  ) {
    self.verb = verb
    self.policy = policy
    endpoint = nil
    answer = .visit(visit)
  }

  /// True if a posted parameter has this name. A page may ask for any.
  func asks(_ name: Bytes) -> Bool {
    endpoint.map { $0.declaration.posts { name.isEqual(to: $0) } } ?? true
  }

  /// A GET of a page.
  package init(page: @escaping @Sendable (PageContext) -> Draft) {
    verb = .get
    policy = RoutePolicy(.open)
    endpoint = nil
    answer = .page(page)
  }
}

/// A path of the server and its operations. Endpoints and pages are both resources.
package final class Resource: Sendable {
  package let path: String
  private let make: @Sendable () -> [Operation]

  /// - Parameter operations: one for each verb. Created when needed, because a CGI process uses one path
  ///   only.
  package init(_ path: String, _ operations: @autoclosure @escaping @Sendable () -> [Operation]) {
    self.path = path
    make = operations
  }

  package var operations: [Operation] { make() }
}

/// A resource with its operations created.
final class Route: Sendable {
  let path: String
  let operations: [Operation]
  /// Its number among all routes, for the metrics.
  let number: Int

  init(_ resource: Resource, number: Int) {
    path = resource.path
    operations = resource.operations
    self.number = number
  }

  /// The index of the operation for a request; `nil` if the route does not have the verb. HEAD counts as GET.
  func place(of variables: MetaVariables) -> Int? {
    operations.firstIndex { operation in
      variables.method.isEqual(to: operation.verb.rawValue) || operation.verb == .get && variables.isHead
    }
  }

  /// Its verbs, for the header Allow.
  var verbs: String {
    let verbs = operations.flatMap { $0.verb == .get ? ["GET", "HEAD"] : [$0.verb.rawValue] }
    return (verbs + ["OPTIONS"]).joined(separator: ", ")
  }
}

/// Resources below some paths. A CGI process makes them only for a path that one of them may have. So a path that does not exist
/// costs no more than one that does.
package struct ResourceGroup: Sendable {
  /// The session and the account are the visitor's; `nil` if there are none, or if they could not be read.
  package typealias Refuse = @Sendable (Refusal, Visit, SignedIn?) -> Draft

  fileprivate let mayHave: @Sendable (_ path: Bytes) -> Bool
  fileprivate let refuse: Refuse?
  fileprivate let make: @Sendable () -> [Resource]

  /// - Parameters:
  ///   - mayHave: false for a path that none of the resources has.
  ///   - refuse: shows people why a request below these paths is refused, also at a path that no resource has. If it is `nil`, the
  ///     refusal is the API's. Resources with it are for people, so API_ACCESS does not hold for them.
  package init(
    mayHave: @escaping @Sendable (_ path: Bytes) -> Bool, refuse: Refuse? = nil,
    make: @escaping @Sendable () -> [Resource]
  ) {
    self.mayHave = mayHave
    self.refuse = refuse
    self.make = make
  }
}

/// The routes of a server by their paths.
struct RouteTable: Sendable {
  private let resources: [Resource]
  private let groups: [ResourceGroup]
  /// All routes by the length of their paths, at most a few of each; empty in a CGI process, which creates only the route of its
  /// request.
  private let routes: [[Route]]
  /// The paths in the order of their numbers; empty in a CGI process.
  let paths: [String]

  init(_ resources: [Resource], groups: [ResourceGroup], isSingleRequest: Bool) {
    self.resources = resources
    self.groups = groups
    var routes: [[Route]] = []
    let all = isSingleRequest ? [] : resources + groups.flatMap { $0.make() }
    for (number, resource) in all.enumerated() {
      let length = resource.path.utf8.count
      while routes.count <= length { routes.append([]) }
      routes[length].append(Route(resource, number: number))
    }
    self.routes = routes
    paths = all.map(\.path)
  }

  /// The route of a path; `nil` if there is none.
  func route(at path: Bytes) -> Route? {
    if !routes.isEmpty {
      return path.count < routes.count ? routes[path.count].first { path.isEqual(to: $0.path) } : nil
    }
    let isMeant = { (resource: Resource) in
      path.count == resource.path.utf8.count && path.isEqual(to: resource.path)
    }
    if let found = resources.first(where: isMeant) { return Route(found, number: 0) }
    for group in groups where group.mayHave(path) {
      if let found = group.make().first(where: isMeant) { return Route(found, number: 0) }
    }
    return nil
  }

  /// How a refusal at a path is shown to people; `nil` if the API answers.
  func refusing(at path: Bytes) -> ResourceGroup.Refuse? {
    groups.first { $0.refuse != nil && $0.mayHave(path) }?.refuse
  }
}
