import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardWireFormat

/// What a web server asks before it passes a request to the application that it guards: whose is it?
///
/// 204 lets it pass, 401 and 403 refuse it (nginx's ngx_http_auth_request_module). The question comes with the verb, the
/// address and the headers of the guarded request; of these only the session counts. Nothing changes, no cookie is set.
enum Authorization {
  /// Whether that is asked: PATH_INFO is `/authorize`, and there is DASHBOARD_REQUIRE, which the web server alone can set. (The
  /// guarded request's address is in REQUEST_URI. Where a program has an address of its own, what follows it is PATH_INFO,
  /// and anybody's choice.)
  static func isAsked(_ variables: MetaVariables) -> Bool {
    variables[.dashboardRequire] != nil && variables[.pathInfo]?.isEqual(to: "/authorize") ?? false
  }

  /// What DASHBOARD_REQUIRE asks for.
  ///
  /// - Throws: `ConfigurationError` for what it can't be.
  static func access(_ variables: MetaVariables) throws(ConfigurationError) -> Declaration.Access {
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
  /// Says whose a request is, or refuses it.
  ///
  /// - Throws: `ConfigurationError`, and errors of the store.
  func authorize(_ variables: MetaVariables, _ app: App) throws -> Draft {
    let access = try Authorization.access(variables)
    let now = clock.now()
    let asker = try asker(variables, app: app, now: now)
    do {
      try access.check(asker, app, now: now)
    } catch let refusal as AccessRefusal {
      var draft = Draft(status: refusal.status, refusal)
      draft.add("X-Return-Url", Authorization.returnURL(variables))
      return draft
    }
    guard let asker else { throw AccessRefusal.signInRequired }
    uses.note(asker, at: now)
    return try answer(asker, app, now)
  }

  private func answer(_ asker: Asker, _ app: App, _ now: Timestamp) throws -> Draft {
    let (account, session) = (asker.account, asker.session)
    let profile: Profile? = try account.profileid.flatMap { id in
      try store.read(app.name) { try $0.record(id) }
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
