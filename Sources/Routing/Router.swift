import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
package import DashboardWireFormat

/// From a request to an answer: finds the resource, checks in one order for all of them, and turns errors into answers.
package final class Router: Sendable {
  private let dashboard: Dashboard
  private let routes: RouteTable
  private let requestIDs: RequestIDs
  private let requestLog: (@Sendable (String) -> Void)?
  private let log: @Sendable (String) -> Void
  private let storeIsLost: @Sendable () -> Void

  /// - Parameters:
  ///   - rare: more resources, which a CGI process looks at last.
  ///   - requestLog: gets a line of JSON for each request.
  ///   - log: gets lines for the operator, without secrets.
  ///   - storeIsLost: called when only a restart of the process can help.
  package init(
    _ dashboard: Dashboard, _ resources: [Resource], rare: @escaping @Sendable () -> [Resource] = { [] },
    requestLog: (@Sendable (String) -> Void)? = nil, log: @escaping @Sendable (String) -> Void,
    storeIsLost: @escaping @Sendable () -> Void = {}
  ) {
    self.dashboard = dashboard
    routes = RouteTable(resources, rare: rare, isSingleRequest: dashboard.isSingleRequest)
    self.requestLog = requestLog
    self.log = log
    self.storeIsLost = storeIsLost
    requestIDs = RequestIDs(random: dashboard.services.random)
  }

  /// What it takes to answer a request.
  package enum Effort {
    case reading
    /// Much more reading than other requests take.
    case lengthyReading
    case writing
    case hashing
  }

  /// What it takes to answer a request, by its path, verb and query alone. An unknown path takes reading.
  package func effort(for variables: MetaVariables) -> Effort {
    guard let route = routes.route(at: variables.path), let place = route.place(of: variables) else {
      return .reading
    }
    let policy = route.operations[place].policy
    if policy.hashes { return .hashing }
    if policy.writes { return .writing }
    if policy.isList && isLengthy(policy, variables) { return .lengthyReading }
    return dashboard.services.store.readsMayWait ? .writing : .reading
  }

  /// True if a list may have more elements than usual, or belongs to the whole app, where records of an account that is being removed
  /// must be passed over.
  private func isLengthy(_ policy: RoutePolicy, _ variables: MetaVariables) -> Bool {
    if policy.access.isForAdministrators { return true }
    // An escaped name can be written in many ways.
    if variables.queryString.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
      return true
    }
    let fields = variables.queryString.split(separator: UInt8(ascii: "&"), maxSplits: 16)
    let names = [Paging.all, Paging.limit, Paging.offset]
    return fields.count > 16 || fields.contains { field in names.contains { field.starts(with: $0.utf8) } }
  }

  /// The answer to a request.
  package func respond(to request: Request) -> Response { respond(to: request, isBusy: false) }

  /// The answer while there is more work than can be done in time.
  package func refuseBusy(_ request: Request) -> Response { respond(to: request, isBusy: true) }

  /// The answer of a server that can't serve.
  ///
  /// - Parameter isTemporary: true if a later try may succeed (503), false if the settings can't be used (500).
  package static func outOfService(isTemporary: Bool) -> Response {
    var draft = Draft(isTemporary ? .storageUnavailable : .unknownError)
    draft.addSafeguards()
    return draft.response
  }

  /// Adds the headers that every answer has, refusals too.
  private func respond(to request: Request, isBusy: Bool) -> Response {
    let id = requestIDs.next()
    let start = requestLog.map { _ in monotonicTime() }
    var draft: Draft
    var origins: [String] = []
    do {
      let app = try app(of: request.variables)
      origins = app.configuration.allowedOrigins
      draft = try isBusy ? Draft(.serverBusy) : answer(request, app, id)
    } catch {
      draft = refuse(error, id)
    }
    draft.addSafeguards()
    draft.add("X-Request-Id", id.bytes.span)
    if !origins.isEmpty { draft.addCrossOrigin(OriginCheck(request.variables, allowed: origins)) }
    if let requestLog, let start {
      let line = RequestLine(
        variables: request.variables, id: id, time: dashboard.services.clock.now(),
        status: draft.response.status, duration: monotonicTime() - start)
      requestLog(String(decoding: JSONWriter.ascii(line), as: UTF8.self))
    }
    return draft.response
  }

  // MARK: The order of checks

  private func answer(_ request: Request, _ app: App, _ id: RequestID) throws -> Draft {
    let variables = request.variables
    if Authorization.isAsked(variables) { return try dashboard.authorize(variables, app) }
    guard let route = routes.route(at: variables.path), Self.mayCall(app.configuration.access, variables)
    else {
      throw Exception.invalidRoute
    }
    let origin = OriginCheck(variables, allowed: app.configuration.allowedOrigins)
    // A request that only claims to come from the application server learns nothing.
    if app.configuration.access == .application { _ = try ApplicationServer.claim(variables, app) }
    guard let place = route.place(of: variables) else {
      if variables.method.isEqual(to: "OPTIONS") { return Draft.options(route.verbs, variables, origin) }
      return Self.refuseMethod(route)
    }
    let operation = route.operations[place]

    guard variables.queryString.count <= FormLimits.queryLength else { throw Exception.invalidURLLength }
    guard request.bodyState != .tooLong else { throw Exception.invalidRequestLength }
    let encoding = try BodyEncoding(of: request)
    if operation.verb != .get, !ApplicationServer.isClaimed(variables), !origin.mayChange {
      throw Exception.invalidOrigin
    }

    let now = dashboard.services.clock.now()
    let claim = try ApplicationServer.claim(variables, app)
    let caller = try dashboard.caller(claim, variables, app: app, now: now)
    // Only a proven session is kept alive by its use.
    if let signedIn = caller.signedIn { dashboard.activity.note(signedIn, at: now) }
    var (draft, call) = try dashboard.perform(
      operation.policy, as: caller, in: app, at: now, request: id
    ) {
      (try Form(urlEncoded: variables.queryString), try encoding.form(of: request))
    } _: {
      try operation.answer(&$0)
    }
    for cookie in SessionCookies(app, variables).headers(call.context.effects.session) {
      draft.add("Set-Cookie", cookie)
    }
    if let total = call.total { draft.add("X-Total-Count", String(total)) }
    if let next = call.nextQuery { draft.add("Link", "<\(route.path)?\(next)>; rel=\"next\"") }
    return draft
  }

  /// API_ACCESS.
  private static func mayCall(_ access: APIAccess, _ variables: MetaVariables) -> Bool {
    switch access {
    case .everybody: true
    case .application: ApplicationServer.isClaimed(variables)
    case .nobody: false
    }
  }

  /// The app that DASHBOARD_APPID names, which only the web server can set, or else the app of the setting.
  private func app(of variables: MetaVariables) throws -> App {
    guard let name = variables.nonEmpty(.dashboardAppID) else { return try dashboard.app() }
    guard let name = AppName(String(decoding: name, as: UTF8.self)) else {
      throw ConfigurationError(
        description: "the web server's DASHBOARD_APPID must be 1 to 64 letters, digits, _ and -")
    }
    return try dashboard.app(name)
  }

  // MARK: Refusals

  /// The answer to an error. An error that no route declares is the server's: it is logged, and the answer does not tell its cause.
  private func refuse(_ error: any Error, _ id: RequestID) -> Draft {
    switch error {
    case let refusal as AccessRefusal:
      return Draft(status: refusal.status, refusal)
    case let exception as Exception:
      return Draft(exception)
    case let error as FormError:
      return Draft(.invalidRequest.explained(error.detail))
    case let error as Store.Unavailable:
      log("\(id) storage unavailable: \(error)")
      return Draft(.storageUnavailable)
    case let error as Store.Lost:
      log("\(id) the store must be opened anew: \(error)")
      storeIsLost()
      return Draft(.storageUnavailable)
    default:
      log("\(id) unknown error: \(error)")
      return Draft(.unknownError)
    }
  }

  private static func refuseMethod(_ route: Route) -> Draft {
    var draft = Draft(.invalidMethod.explained("the route has \(route.verbs)"))
    draft.add("Allow", route.verbs)
    return draft
  }
}
