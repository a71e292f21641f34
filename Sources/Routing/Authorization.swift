import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardWireFormat

/// A web server's question, before it passes a request to the application that it guards: whose request is it?
///
/// 204 lets the request pass, 401 and 403 refuse it (nginx's ngx_http_auth_request_module). The question has the verb, the address and
/// the headers of the guarded request, and only its session counts. Nothing changes, and no cookie is set.
enum Authorization {
  /// True if the web server asks: PATH_INFO is `/authorize`, and there is DASHBOARD_REQUIRE, which only the web server can set. (The
  /// guarded request's address is in REQUEST_URI. A client can choose PATH_INFO where a CGI program has an address of its own.)
  static func isAsked(_ variables: MetaVariables) -> Bool {
    variables[.dashboardRequire] != nil && variables[.pathInfo]?.isEqual(to: "/authorize") ?? false
  }

  /// The access that DASHBOARD_REQUIRE names.
  ///
  /// - Throws: `ConfigurationError` for other values.
  static func access(_ variables: MetaVariables) throws(ConfigurationError) -> Access {
    let required = variables[.dashboardRequire] ?? []
    if required.isEqual(to: "session") { return .session }
    if required.isEqual(to: "verified") { return .freshSession }
    if required.isEqual(to: "administrator") { return .administrator }
    if required.isEqual(to: "verified-administrator") { return .freshAdministrator }
    throw ConfigurationError(
      description:
        "the web server's DASHBOARD_REQUIRE must be session, verified, administrator or verified-administrator"
    )
  }

  /// Bytes, as they are in the URL.
  private static let longestReturnURL = 8192

  /// Where to go on after signing in, as a value for a query: a path of this site with its query, percent-encoded.
  ///
  /// `/` in place of what a browser could take for the address of another site (WHATWG URL section 4.4: two slashes, or
  /// reverse solidi, which it reads as slashes), of what has controls, of a request that a link could not repeat, and of what
  /// would be too long a link: encoded, it may be three times as long.
  static func returnURL(_ variables: MetaVariables) -> String {
    let target = variables[.requestURI] ?? []
    let slashes = target.prefix { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    guard slashes.isEqual(to: "/"), !target.contains(where: { $0 < 0x20 || $0 == 0x7F }),
      variables.isHead || variables.method.isEqual(to: "GET"), target.count <= longestReturnURL
    else { return "/" }
    return PercentEncoding.encode(target)
  }
}

extension Dashboard {
  /// Tells the web server whose a request is, or refuses the request.
  ///
  /// - Throws: `ConfigurationError`, `Exception.unverifiedSession`, and errors of the store.
  func authorize(_ variables: MetaVariables, _ app: App) throws -> Draft {
    let access = try Authorization.access(variables)
    let now = services.clock.now()
    let signedIn = try signedIn(variables, app: app, now: now)
    do {
      try RoutePolicy(access).check(Caller(signedIn, .unknown), app, now: now)
    } catch let refusal as AccessRefusal {
      var draft = Draft(status: refusal.status, refusal)
      draft.add("X-Return-Url", Authorization.returnURL(variables))
      return draft
    }
    guard let signedIn else { throw AccessRefusal.signInRequired }
    activity.note(signedIn, at: now)
    return try answer(signedIn, app, now)
  }

  private func answer(_ signedIn: SignedIn, _ app: App, _ now: Timestamp) throws -> Draft {
    let (account, session) = (signedIn.account, signedIn.session)
    let profile: Profile? = try account.profileid.flatMap { id in
      try services.store.read(app.name) { try $0.record(id) }
    }
    var draft = Draft(status: 204, room: 2048)
    draft.add("X-Accountid", capacity: AccountID.length, account.accountid.append)
    draft.add("X-Sessionid", capacity: SessionID.length, session.sessionid.append)
    draft.add("X-Account", JSONWriter.ascii(account).span)
    let seen = session.seen(at: now, account: account, epochEnd: nil)
    draft.add("X-Session", JSONWriter.ascii(seen).span)
    if let profile { draft.add("X-Profile", JSONWriter.ascii(profile).span) }
    draft.add("X-Csrf-Token", capacity: session.csrfToken.count * 2) {
      Hexadecimal.append(session.csrfToken, to: &$0)
    }
    if account.isAdministrator { draft.add("X-Administrator", "true") }
    return draft
  }
}
