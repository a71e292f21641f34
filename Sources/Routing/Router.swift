import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
package import DashboardWireFormat

/// From a request to an answer: finds the endpoint, checks in one order for all of them, and turns whatever is thrown
/// into an answer.
package final class Router: Sendable {
  private let dashboard: Dashboard
  private let endpoints: [AnyEndpoint]
  /// Those of each endpoint; none where there will be no second request, which has no time for all declarations.
  private let terms: [Declaration.Terms]
  /// Whether each can list all there is; likewise.
  private let areLists: [Bool]
  private let pages: @Sendable (String) -> Page?
  private let requestNames: RequestNames
  private let requestLog: (@Sendable (String) -> Void)?
  private let log: @Sendable (String) -> Void
  private let storeIsLost: @Sendable () -> Void

  /// - Parameters:
  ///   - pages: what else there is, by its path.
  ///   - requestLog: takes a line of JSON for every request.
  ///   - log: takes a line for the operator; nothing secret is in it.
  ///   - storeIsLost: called when only a new start can help.
  package init(
    _ dashboard: Dashboard, _ endpoints: [AnyEndpoint],
    pages: @escaping @Sendable (String) -> Page? = { _ in nil },
    requestLog: (@Sendable (String) -> Void)? = nil, log: @escaping @Sendable (String) -> Void,
    storeIsLost: @escaping @Sendable () -> Void = {}
  ) {
    self.dashboard = dashboard
    self.endpoints = endpoints
    terms = dashboard.answersOne ? [] : endpoints.map(\.declaration.terms)
    areLists = dashboard.answersOne ? [] : endpoints.map(\.declaration.isList)
    self.pages = pages
    self.requestLog = requestLog
    self.log = log
    self.storeIsLost = storeIsLost
    requestNames = RequestNames(random: dashboard.random)
  }

  /// What it takes to answer a request.
  package enum Effort {
    case reading
    /// Much more than others.
    case lengthyReading
    case writing
    case hashing
  }

  /// What it takes to answer a request, by its path, verb and query alone.
  package func effort(for variables: MetaVariables) -> Effort {
    guard let found = endpoint(for: variables) else { return .reading }
    if found.terms.isHashing { return .hashing }
    if found.terms.verb != .get { return .writing }
    let isList = areLists.isEmpty ? endpoints[found.place].declaration.isList : areLists[found.place]
    return isList && isLengthy(found.terms, variables) ? .lengthyReading : .reading
  }

  /// Whether a list may be of another length than the usual one, or of the whole app, where records of an account that is being
  /// removed must be passed over.
  private func isLengthy(_ terms: Declaration.Terms, _ variables: MetaVariables) -> Bool {
    if terms.access.isForAdministrators { return true }
    // A name can be written in many ways.
    if variables.queryString.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
      return true
    }
    let fields = variables.queryString.split(separator: UInt8(ascii: "&"), maxSplits: 16)
    let names = [Paging.all, Paging.limit, Paging.offset]
    return fields.count > 16 || fields.contains { field in names.contains { field.starts(with: $0.utf8) } }
  }

  /// The answer to a request.
  package func respond(to request: Request) -> Response { respond(to: request, isBusy: false) }

  /// The answer while there is more to do than can be done in time.
  package func refuseBusy(_ request: Request) -> Response { respond(to: request, isBusy: true) }

  /// The answer of a server whose settings can't be used.
  package static var outOfService: Response {
    var draft = Draft(.unknownError)
    draft.addSafeguards()
    return draft.response
  }

  /// Adds what every answer has, refusals too.
  private func respond(to request: Request, isBusy: Bool) -> Response {
    let name = requestNames.next()
    let start = requestLog.map { _ in monotonicTime() }
    var draft: Draft
    var origins: [String] = []
    do {
      let app = try app(of: request.variables)
      origins = app.configuration.allowedOrigins
      draft = try isBusy ? Draft(.serverBusy) : answer(request, app, name)
    } catch {
      draft = refuse(error, request.variables, name)
    }
    draft.addSafeguards()
    draft.add("X-Request-Id", name.bytes.span)
    if !origins.isEmpty { draft.addCrossOrigin(OriginCheck(request.variables, allowed: origins)) }
    if let requestLog, let start {
      let line = RequestLine(
        variables: request.variables, name: name.description, time: dashboard.clock.now(),
        status: draft.response.status,
        duration: monotonicTime() - start)
      requestLog(String(decoding: JSONWriter.ascii(line), as: UTF8.self))
    }
    return draft.response
  }

  // MARK: The order of checks

  private func answer(_ request: Request, _ app: App, _ name: RequestName) throws -> Draft {
    let variables = request.variables
    if Authorization.isAsked(variables) { return try dashboard.authorize(variables, app) }
    let found = endpoint(for: variables)
    guard found != nil || !verbs(at: variables).isEmpty, Self.mayCall(app.configuration.access, variables)
    else { throw Exception.invalidRoute }
    let origin = OriginCheck(variables, allowed: app.configuration.allowedOrigins)
    // What comes before sign-in is not for whoever only says that it is the application server.
    if app.configuration.access == .application { _ = try ApplicationServer.claim(variables, app) }
    guard let found else {
      if variables.method.isEqual(to: "OPTIONS") {
        return Draft.options(verbs(at: variables), variables, origin)
      }
      if let page = page(for: variables) { return page.draft }
      throw Exception.invalidMethod
    }
    let terms = found.terms

    guard variables.queryString.count <= FormLimits.queryLength else { throw Exception.invalidURLLength }
    guard request.bodyState != .tooLong else { throw Exception.invalidRequestLength }
    let encoding = try BodyEncoding(of: request)
    if terms.verb != .get, !ApplicationServer.isClaimed(variables), !origin.mayChange {
      throw Exception.invalidOrigin
    }

    let now = dashboard.clock.now()
    let claim = try ApplicationServer.claim(variables, app)
    let asker = try dashboard.asker(claim, variables, app: app, now: now)
    // Now that it is proven: whoever knows no more than its identifier must not keep it alive.
    if let asker { dashboard.uses.note(asker, at: now) }
    let address = variables[.remoteAddress] ?? []
    var call = try Call.begin(
      dashboard, terms.access, app: app, asker: asker, address: address, now: now
    ) {
      (try Form(urlEncoded: variables.queryString), try encoding.form(of: request))
    }
    defer {
      dashboard.noteHashing(call.hashing)
      if !call.loggedEvents.isEmpty { dashboard.log(call, client: address, request: name) }
    }
    var draft = Draft(status: 200)
    draft.body = try endpoints[found.place].answer(&call)
    for cookie in SessionCookies(app, variables).headers(call.cookieEffect) {
      draft.add("Set-Cookie", cookie)
    }
    if let total = call.total { draft.add("X-Total-Count", String(total)) }
    if let next = call.nextQuery {
      draft.add("Link", "<\(endpoints[found.place].route)?\(next)>; rel=\"next\"")
    }
    return draft
  }

  /// What a request uses. (The place of the endpoint, and not that itself: to copy an optional of more than this, every CGI
  /// process would have to make its type.)
  private struct Found {
    let place: Int
    let terms: Declaration.Terms
  }

  /// API_ACCESS.
  private static func mayCall(_ access: APIAccess, _ variables: MetaVariables) -> Bool {
    switch access {
    case .everybody: true
    case .application: ApplicationServer.isClaimed(variables)
    case .nobody: false
    }
  }

  private func endpoint(for variables: MetaVariables) -> Found? {
    guard let place = place(of: variables.path) else { return nil }
    let terms = terms.isEmpty ? endpoints[place].declaration.terms : terms[place]
    let isMeant = variables.method.isEqual(to: terms.verb.rawValue) || variables.isHead && terms.verb == .get
    return isMeant ? Found(place: place, terms: terms) : nil
  }

  /// Most paths differ in their length already, so that looking at all of them is quicker than a hash.
  private func place(of path: Bytes) -> Int? {
    endpoints.firstIndex { $0.route.utf8.count == path.count && path.isEqual(to: $0.route) }
  }

  private func page(for variables: MetaVariables) -> Page? {
    guard variables.isHead || variables.method.isEqual(to: "GET") else { return nil }
    return pages(Self.path(variables))
  }

  /// The path, as far as it can be one of ours. Others never become a `String`: hashing and comparing those takes more than
  /// linear time where characters combine.
  private static func path(_ variables: MetaVariables) -> String {
    let path = variables.path
    guard path.count <= 256, path.allSatisfy({ $0 < 0x80 }) else { return "" }
    return String(decoding: path, as: UTF8.self)
  }

  /// The verbs of a path, as the header Allow lists them; none if there is nothing at it.
  private func verbs(at variables: MetaVariables) -> [String] {
    let path = Self.path(variables)
    var verbs: [String] = []
    if let place = place(of: variables.path) { verbs.append(endpoints[place].declaration.verb.rawValue) }
    if pages(path) != nil { verbs.append("GET") }
    return verbs.flatMap { $0 == "GET" ? [$0, "HEAD"] : [$0] } + (verbs.isEmpty ? [] : ["OPTIONS"])
  }

  /// The app that DASHBOARD_APPID names, which only the web server can set, or else that of the setting.
  private func app(of variables: MetaVariables) throws -> App {
    guard let name = variables.nonEmpty(.dashboardAppID) else { return try dashboard.app() }
    guard let name = AppName(String(decoding: name, as: UTF8.self)) else {
      throw ConfigurationError(
        description: "the web server's DASHBOARD_APPID must be 1 to 64 letters, digits, _ and -")
    }
    return try dashboard.app(name)
  }

  // MARK: Refusals

  /// The answer to an error. What nobody declared is ours: it is logged, and answered without a word about its cause.
  private func refuse(_ error: any Error, _ variables: MetaVariables, _ name: RequestName) -> Draft {
    switch error {
    case let refusal as AccessRefusal:
      return Draft(status: refusal.status, refusal)
    case let exception as Exception:
      return refuse(exception, variables)
    case let error as FormError:
      return refuse(.invalidRequest.explained(error.detail), variables)
    case let error as Store.Unavailable:
      log("\(name) storage unavailable: \(error)")
      return refuse(.storageUnavailable, variables)
    case let error as Store.Lost:
      log("\(name) the store must be opened anew: \(error)")
      storeIsLost()
      return refuse(.storageUnavailable, variables)
    default:
      log("\(name) unknown error: \(error)")
      return refuse(.unknownError, variables)
    }
  }

  private func refuse(_ exception: Exception, _ variables: MetaVariables) -> Draft {
    guard exception.status == 405 else { return Draft(exception) }
    let verbs = verbs(at: variables).joined(separator: ", ")
    var draft = Draft(exception.explained("the route has \(verbs)"))
    draft.add("Allow", verbs)
    return draft
  }
}
