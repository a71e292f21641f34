import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardWireFormat

/// Authorization subrequests: a web server asks whether it may pass a request to the application behind it.
///
/// 204 lets the request pass, 401 and 403 refuse it (nginx's ngx_http_auth_request_module). The subrequest
/// has the verb, URL and headers of the guarded request. Only its session counts. Nothing changes, and no
/// cookie is set.
enum Authorization {
  /// True if the request is an authorization subrequest: PATH_INFO is `/authorize` and DASHBOARD_REQUIRE is
  /// set.
  ///
  /// Only the web server can set DASHBOARD_REQUIRE. PATH_INFO alone is no proof: a client can choose it if
  /// the CGI program has a URL. REQUEST_URI is the URL of the guarded request.
  static func isAsked(_ variables: MetaVariables) -> Bool {
    variables[.dashboardRequire] != nil && variables[.pathInfo]?.isEqual(to: "/authorize") ?? false
  }

  /// What DASHBOARD_REQUIRE asks for: an access, and for `group:NAMES` the names. They are as the site wrote them, so they can be
  /// malformed.
  ///
  /// - Throws: `ConfigurationError` for other values.
  static func requirement(
    _ variables: MetaVariables
  ) throws(ConfigurationError) -> (access: Access, groups: Bytes?) {
    let required = variables[.dashboardRequire] ?? []
    if required.isEqual(to: "session") { return (.session, nil) }
    if required.isEqual(to: "verified") { return (.freshSession, nil) }
    if required.isEqual(to: "administrator") { return (.administrator, nil) }
    if required.isEqual(to: "verified-administrator") { return (.freshAdministrator, nil) }
    if required.isEqual(to: "two-factor") { return (Access(.signedIn, factors: .used), nil) }
    if required.starts(with: "group:".utf8) { return (.session, required.dropFirst(6)) }
    throw ConfigurationError(
      description: """
        the web server's DASHBOARD_REQUIRE must be session, verified, administrator, verified-administrator, two-factor or group:NAMES
        """)
  }

  /// The refusal of an account that is in none of the groups.
  static let groupRequired = Exception("group-required", 403, "the account is in no group that may pass")

  /// In bytes, before percent-encoding.
  private static let longestReturnURL = 8192

  /// The path and query to which a sign-in page should return, percent-encoded as a value for a query.
  ///
  /// It is `/` in these cases: a browser could take the URL for another site's (WHATWG URL section 4.4: it
  /// begins with two slashes, and browsers read a reverse solidus as a slash); it has control characters; the
  /// method is not GET or HEAD; or it is too long for a link, as encoding can triple its length.
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
  /// Answers an authorization subrequest with the account and session of the guarded request, or refuses it.
  ///
  /// - Parameter warn: gets a sentence for the operator if no account can pass, because of the site's configuration.
  /// - Throws: `ConfigurationError`, errors of the store.
  func authorize(_ variables: MetaVariables, _ app: App, warn: (String) -> Void) throws -> Draft {
    let (access, groups) = try Authorization.requirement(variables)
    let now = services.clock.now()
    let signedIn = try signedIn(variables, app: app, now: now)
    do {
      try RoutePolicy(access).check(Caller(signedIn, .unknown), app, now: now)
    } catch let refusal as AccessRefusal {
      return Self.refuse(Draft(status: refusal.status, refusal), variables)
    } catch let exception as Exception {
      return Self.refuse(Draft(exception), variables)
    }
    guard let signedIn else { throw AccessRefusal.signInRequired }
    if let groups, try !isMember(signedIn.account, of: groups, app, warn) {
      return Self.refuse(Draft(Authorization.groupRequired), variables)
    }
    activity.note(signedIn, in: app, at: now)
    return try answer(signedIn, app, now)
  }

  /// True if an account is in one of the groups.
  ///
  /// - Parameter list: the names, separated by commas. No account is in a list that is empty or malformed.
  private func isMember(_ account: Account, of list: Bytes, _ app: App, _ warn: (String) -> Void) throws
    -> Bool
  {
    let names = (try? GroupNames.parse(list)) ?? []
    if account.groups.contains(where: names.contains) { return true }
    if names.isEmpty {
      warn("the web server asks for no valid group: write `set $dashboard_group NAME;` beside its include")
    } else if try names.allSatisfy({ name in
      try services.store.read(app.name) { try $0.count(.group(name)) } == 0
    }) {
      warn("the web server asks for groups without accounts: \(names.joined(separator: ","))")
    }
    return false
  }

  /// Adds what nginx needs for its own response: it gets the headers of the subrequest, and not its body.
  private static func refuse(_ draft: Draft, _ variables: MetaVariables) -> Draft {
    var refusal = draft
    refusal.add("X-Refusal", draft.response.body.span)
    refusal.add("X-Return-Url", Authorization.returnURL(variables))
    return refusal
  }

  private func answer(_ signedIn: SignedIn, _ app: App, _ now: Timestamp) throws -> Draft {
    // Copies of account and session would cost a retain for each of their texts.
    let profile: Profile? = try signedIn.account.profileid.flatMap { id in
      try services.store.read(app.name) { try $0.record(id) }
    }
    var draft = Draft(status: 204, room: 2048)
    draft.add("X-Accountid", capacity: AccountID.length, signedIn.account.accountid.append)
    if let username = app.usernameBytes(of: signedIn.account) {
      draft.add("X-Username", PercentEncoding.encode(username[...]))
    }
    draft.add("X-Sessionid", capacity: SessionID.length, signedIn.session.sessionid.append)
    draft.add("X-Account", JSONWriter.ascii(signedIn.account).span)
    // Without the details, which the guarded application has of the request itself.
    let seen = signedIn.session.seen(at: now, account: signedIn.account, epochEnd: nil)
    draft.add("X-Session", JSONWriter.ascii(seen).span)
    if let profile { draft.add("X-Profile", JSONWriter.ascii(profile).span) }
    let csrfToken = signedIn.session.csrfToken
    draft.add("X-Csrf-Token", capacity: csrfToken.count * 2) { Hexadecimal.append(csrfToken, to: &$0) }
    if signedIn.account.isAdministrator { draft.add("X-Administrator", "true") }
    let groups = signedIn.account.groups
    if !groups.isEmpty { draft.add("X-Groups", groups.joined(separator: ",")) }
    draft.add("X-Authenticated-By", signedIn.session.methods.words)
    return draft
  }
}
