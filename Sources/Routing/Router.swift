import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
package import DashboardWireFormat

/// Routes a request to its resource, checks it in one order for all resources, and turns errors into
/// responses.
package final class Router: Sendable {
  private let dashboard: Dashboard
  private let routes: RouteTable
  private let requestIDs: RequestIDs
  private let requestLog: (@Sendable (String) -> Void)?
  private let log: @Sendable (String) -> Void
  private let storeIsLost: @Sendable () -> Void
  private let monitoring: MonitoringRoutes?
  /// `nil` if there is none, and in a CGI process.
  private let metrics: RequestMetrics?

  /// - Parameters:
  ///   - groups: more resources, which a CGI process searches last.
  ///   - monitoring: answers at `/healthz` and `/metrics`; `nil` if these paths are unknown.
  ///   - requestLog: gets a line of JSON for each request.
  ///   - log: gets messages for the operator, without secrets.
  ///   - storeIsLost: called if the process must be restarted.
  package init(
    _ dashboard: Dashboard, _ resources: [Resource], groups: [ResourceGroup] = [],
    monitoring: MonitoringRoutes? = nil,
    requestLog: (@Sendable (String) -> Void)? = nil, log: @escaping @Sendable (String) -> Void,
    storeIsLost: @escaping @Sendable () -> Void = {}
  ) {
    self.dashboard = dashboard
    routes = RouteTable(resources, groups: groups, isSingleRequest: dashboard.isSingleRequest)
    self.requestLog = requestLog
    self.log = log
    self.storeIsLost = storeIsLost
    self.monitoring = monitoring
    metrics = monitoring == nil || dashboard.isSingleRequest ? nil : RequestMetrics(routes.paths)
    requestIDs = RequestIDs(random: dashboard.services.random)
  }

  /// The kind of work that answers a request.
  package enum Effort {
    case reading
    /// A read that takes much longer than others.
    case lengthyReading
    case writing
    case hashing
  }

  /// The kind of work that answers a request, by its path, verb and query only. An unknown path is `reading`.
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

  /// True if a list may have more elements than PAGE_SIZE, or is a list of the whole app, which may have to
  /// skip records of removed accounts.
  private func isLengthy(_ policy: RoutePolicy, _ variables: MetaVariables) -> Bool {
    // A list of a user that needs a fresh session is a file with all lists of the account.
    if policy.access.isForAdministrators || policy.access.isFresh { return true }
    // Percent-encoding has many forms of one name, so any encoded query counts as lengthy.
    if variables.queryString.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
      return true
    }
    let fields = variables.queryString.split(separator: UInt8(ascii: "&"), maxSplits: 16)
    let names = [Paging.all, Paging.limit, Paging.offset]
    return fields.count > 16 || fields.contains { field in names.contains { field.starts(with: $0.utf8) } }
  }

  /// The response to a request.
  package func respond(to request: Request) -> Response { respond(to: request, isBusy: false) }

  /// The response (503) if the work can't be done in time.
  package func refuseBusy(_ request: Request) -> Response { respond(to: request, isBusy: true) }

  /// The response of a server that is out of service.
  ///
  /// - Parameters:
  ///   - isTemporary: true if a retry may succeed (503); false if the settings are invalid (500).
  ///   - page: HTML for people; `nil` for JSON.
  package static func outOfService(isTemporary: Bool, page: [UInt8]? = nil) -> Response {
    let exception = isTemporary ? Exception.storageUnavailable : .unknownError
    var draft = Draft(exception)
    if let page {
      draft = Draft(page, "text/html; charset=utf-8")
      draft.set(status: exception.status)
    }
    draft.addSafeguards()
    return draft.response
  }

  /// Answers, and adds the headers of all responses.
  private func respond(to request: Request, isBusy: Bool) -> Response {
    let id = requestIDs.next()
    let isTimed = requestLog != nil || metrics != nil
    let start = isTimed ? monotonicNanoseconds() : 0
    let path = request.variables.path
    var observation = Observation()
    var draft: Draft
    var origins: [String] = []
    if let (answer, route) = monitoring?.answer(path, request.variables, metrics) {
      (draft, observation.route) = (answer, route)
    } else {
      var knownApp: App?
      do {
        let app = try app(of: request.variables)
        knownApp = app
        origins = app.configuration.allowedOrigins
        draft = try answer(request, path, app, id, isBusy: isBusy, &observation)
      } catch {
        let refusal = refusal(of: error, id)
        draft = knownApp.flatMap { show(refusal, request.variables, $0, isBusy: isBusy) } ?? refusal.draft
        if let knownApp { draft.addPending(observation.pendingSignIn, knownApp, request.variables) }
      }
    }
    draft.addSafeguards()
    // RFC 9110 section 15.5.2. Browsers show no dialogue for this scheme.
    if draft.response.status == 401 { draft.add("WWW-Authenticate", "Bearer") }
    draft.add("X-Request-Id", id.bytes.span)
    if !origins.isEmpty { draft.addCrossOrigin(OriginCheck(request.variables, allowed: origins)) }
    if isTimed { note(request, draft.response, id, observation, monotonicNanoseconds() - start) }
    return draft.response
  }

  /// Counts and logs a request.
  private func note(
    _ request: Request, _ response: Response, _ id: RequestID, _ observation: Observation,
    _ nanoseconds: Int64
  ) {
    metrics?.note(observation, status: response.status, nanoseconds: request.waited + nanoseconds)
    guard let requestLog else { return }
    let line = RequestLine(
      variables: request.variables, id: id, time: dashboard.services.clock.now(), status: response.status,
      nanoseconds: nanoseconds, observation: observation)
    requestLog(String(decoding: JSONWriter.ascii(line), as: UTF8.self))
  }

  // MARK: The order of checks

  /// - Parameter observation: gets what is known of the request, also before an error.
  private func answer(
    _ request: Request, _ path: Bytes, _ app: App, _ id: RequestID, isBusy: Bool,
    _ observation: inout Observation
  ) throws -> Draft {
    guard !request.areParametersTooLong else {
      throw Exception.invalidRequest.explained("the request's headers are too long")
    }
    let variables = request.variables
    if Authorization.isAsked(variables) {
      observation.route = RequestMetrics.authorize
      if isBusy { throw Exception.serverBusy }
      return try dashboard.authorize(variables, app) { log("\(id) \($0)") }
    }
    let route = routes.route(at: path)
    let place = route?.place(of: variables)
    if let route { observation.note(route, place, waited: request.waited) }
    if isBusy { throw Exception.serverBusy }
    guard let route,
      Self.mayCall(app.configuration.access, variables) || routes.refusing(at: path) != nil
    else {
      throw Exception.invalidRoute
    }
    let origin = OriginCheck(variables, allowed: app.configuration.allowedOrigins)
    // Checked first, so that a wrong claim does not reveal which verbs the route has.
    if app.configuration.access == .application { _ = try ApplicationServer.claim(variables, app) }
    guard let place else {
      if variables.method.isEqual(to: "OPTIONS") { return Draft.options(route.verbs, variables, origin) }
      return refuseMethod(route, variables, app)
    }
    let operation = route.operations[place]
    let answer: @Sendable (inout Call) throws -> Draft
    switch operation.answer {
    case .page(let page):
      let cookieName = SessionCookies(app, variables).ownName
      return page(PageContext(app.configuration, SiteAddress(variables), cookieName: cookieName))
    case .call(let call): answer = call
    case .visit(let visit):
      answer = { try visit(&$0, Visit(variables, app)) }
    }

    guard variables.queryString.count <= FormLimits.queryLength else { throw Exception.invalidURLLength }
    switch request.bodyState {
    case .tooLong: throw Exception.invalidRequestLength
    case .withoutRoom: throw Exception.serverBusy
    case .complete, .cutShort, .unannounced: break
    }
    let encoding = try BodyEncoding(of: request, asks: operation.asks)
    if operation.verb != .get, !ApplicationServer.isClaimed(variables), !origin.mayChange {
      throw Exception.invalidOrigin
    }

    let now = dashboard.services.clock.now()
    let claim = try ApplicationServer.claim(variables, app)
    let caller = try dashboard.caller(
      claim, variables, app: app, now: now, isChange: operation.verb != .get)
    // Only the use of a verified session extends its idle timeout.
    if let signedIn = caller.signedIn { dashboard.activity.note(signedIn, in: app, at: now) }
    var (draft, call) = try dashboard.perform(
      operation.policy, as: caller, in: app, at: now, request: id,
      observe: {
        observation.pendingSignIn = $0.pendingSignIn
        guard observation.work == .hashing else { return }
        observation.hashing = $0.hashing
        observation.hashingWait = request.waited + $0.hashingWait
      }
    ) {
      (try Form(query: variables.queryString), try encoding.form(of: request, asks: operation.asks))
    } _: {
      try answer(&$0)
    }
    for cookie in SessionCookies(app, variables).headers(call.context.effects.session) {
      draft.add("Set-Cookie", cookie)
    }
    draft.addPending(call.context.effects.pendingSignIn, app, variables)
    if let token = call.context.effects.challengeToken {
      draft.add("Set-Cookie", SignInCookie(.challenge, app, variables).header(token))
    }
    if let total = call.total { draft.add("X-Total-Count", String(total)) }
    if let next = call.nextQuery { draft.add("Link", "<\(route.path)?\(next)>; rel=\"next\"") }
    return draft
  }

  /// True if API_ACCESS lets the client call.
  private static func mayCall(_ access: APIAccess, _ variables: MetaVariables) -> Bool {
    switch access {
    case .anyone: true
    case .application: ApplicationServer.isClaimed(variables)
    case .noOne: false
    }
  }

  /// The app of the request: the parameter DASHBOARD_APPID, which only the web server can set, or the setting
  /// APPID.
  private func app(of variables: MetaVariables) throws -> App {
    guard let name = variables.nonEmpty(.dashboardAppID) else { return try dashboard.app() }
    guard let name = AppName(String(decoding: name, as: UTF8.self)) else {
      throw ConfigurationError(
        description: "the web server's DASHBOARD_APPID must be 1 to 64 letters, digits, _ and -")
    }
    return try dashboard.app(name)
  }

  // MARK: Refusals

  /// The refusal that answers an error. An undeclared error is logged, and the response does not reveal it.
  private func refusal(of error: any Error, _ id: RequestID) -> Refusal {
    switch error {
    case let refusal as AccessRefusal:
      return .access(refusal)
    case let exception as Exception:
      if exception.code == Exception.serverBusy.code { metrics?.noteBusy() }
      return .exception(exception)
    case let error as FormError:
      return .exception(Exception(error))
    case let error as Store.Unavailable:
      if !error.isTold { log("\(id) storage unavailable: \(error)") }
      return .exception(.storageUnavailable)
    case let error as Store.Lost:
      log("\(id) the store must be opened anew: \(error)")
      storeIsLost()
      return .exception(.storageUnavailable)
    default:
      log("\(id) unknown error: \(error)")
      return .exception(.unknownError)
    }
  }

  /// The page for people that shows a refusal; `nil` if the path is not for people.
  ///
  /// - Parameter isBusy: true if it must cost nothing to find the session.
  private func show(
    _ refusal: Refusal, _ variables: MetaVariables, _ app: App, isBusy: Bool = false
  ) -> Draft? {
    guard let refuse = routes.refusing(at: variables.path) else { return nil }
    let now = dashboard.services.clock.now()
    let signedIn = isBusy ? nil : try? dashboard.signedIn(variables, app: app, now: now)
    return refuse(refusal, Visit(variables, app), signedIn)
  }

  private func refuseMethod(_ route: Route, _ variables: MetaVariables, _ app: App) -> Draft {
    let refusal = Refusal.exception(.invalidMethod.explained("the route has \(route.verbs)"))
    var draft = show(refusal, variables, app) ?? refusal.draft
    draft.add("Allow", route.verbs)
    return draft
  }
}
