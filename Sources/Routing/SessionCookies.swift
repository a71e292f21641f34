import DashboardAccounts
import DashboardRecords
import DashboardWireFormat

/// The cookie that carries a session (RFC 6265; SameSite and prefixes: draft-ietf-httpbis-rfc6265bis section
/// 4.1).
///
/// Its name is COOKIE_NAME. Over HTTPS without COOKIE_DOMAIN it has the prefix `__Host-`, so that no other
/// host of the domain can set it. READ_OLD_COOKIES reads the former pair of cookies too.
struct SessionCookies {
  private static let prefix = "__Host-"
  private static let oldSessionID = "sessionid"
  private static let oldToken = "token"
  /// Each credential can cost a look into the store.
  private static let mostCredentials = 8

  private let app: App
  private let variables: MetaVariables

  init(_ app: App, _ variables: MetaVariables) {
    self.app = app
    self.variables = variables
  }

  private var hasPrefix: Bool { variables.isSecure && app.configuration.cookieDomain == nil }
  /// The name that signing in uses.
  var ownName: String { hasPrefix ? Self.prefix + app.cookieName : app.cookieName }

  /// Calls `body` with the credentials that sign in until it returns true: those of our cookie, then those of the
  /// former pair, each identifier with each token. At most eight count.
  func visitCredentials(_ body: (Credential) throws -> Bool) rethrows {
    let name = ownName
    let readsOld = app.configuration.readsOldCookies
    try visit(
      { $0.isEqual(to: name) },
      { readsOld && ($0.isEqual(to: $1) || variables.isSecure && $0.isEqual(to: Self.prefix + $1)) }, body)
  }

  /// Calls `body` with the credentials of every cookie that a response can clear: at most eight of all, after those
  /// that sign in. So cookies that no longer sign in hide none that does.
  func visitClearable(_ body: (Credential) throws -> Void) rethrows {
    try visitCredentials {
      try body($0)
      return false
    }
    let names = ownNames
    try visit(
      { name in names.contains { name.isEqual(to: $0) } },
      { $0.isEqual(to: $1) || $0.isEqual(to: Self.prefix + $1) }
    ) {
      try body($0)
      return false
    }
  }

  /// - Parameters:
  ///   - isOwn: true for the name of our cookie.
  ///   - isOld: true for a name of the former pair, by its second argument: also with the prefix of the former setting
  ///     COOKIE_HOST_PREFIX.
  private func visit(
    _ isOwn: (Bytes) -> Bool, _ isOld: (Bytes, String) -> Bool, _ body: (Credential) throws -> Bool
  ) rethrows {
    var count = 0
    var ids: [SessionID] = []
    var tokens: [Bytes] = []
    for cookie in variables.cookies {
      if isOwn(cookie.name), let credential = Credential(cookie.value) {
        count += 1
        if try body(credential) || count == Self.mostCredentials { return }
      } else if isOld(cookie.name, Self.oldSessionID) {
        if let id = SessionID(cookie.value) { ids.append(id) }
      } else if isOld(cookie.name, Self.oldToken), Credential.isToken(cookie.value) {
        tokens.append(cookie.value)
      }
    }
    for id in ids {
      for token in tokens {
        guard let credential = Credential(id, token) else { continue }
        count += 1
        if try body(credential) || count == Self.mostCredentials { return }
      }
    }
  }

  /// The names that signing in uses or used, before HTTPS and with other settings.
  private var ownNames: [String] { [app.cookieName, Self.prefix + app.cookieName] }

  /// The values of the response's `Set-Cookie` headers. The cookie of a new session comes last: some clients
  /// do not tell a host's cookie from its domain's, and would clear the new one.
  func headers(_ effect: Effects.SessionEffect) -> [String] {
    let domain = app.configuration.cookieDomain
    switch effect {
    case .none:
      return []
    case .began(let session):
      return cleared(except: ownName)
        + [header(ownName, session.bearer ?? "", session.duration, domain: domain)]
    case .ended:
      return cleared(except: nil)
    }
  }

  /// Clears every cookie of ours that the request carried, for the host and for COOKIE_DOMAIN.
  ///
  /// - Parameter new: the name of a cookie that the response sets; `nil` if it sets none.
  private func cleared(except new: String?) -> [String] {
    let domain = app.configuration.cookieDomain
    return carriedNames.flatMap { name in
      let domains = name.hasPrefix(Self.prefix) || domain == nil ? [nil] : [nil, domain]
      return domains.filter { name != new || $0 != domain }.map { header(name, "", 0, domain: $0) }
    }
  }

  /// The names of the request's cookies that have our form, each once.
  private var carriedNames: [String] {
    func isCarried(_ name: String, _ isOurs: (Bytes) -> Bool) -> Bool {
      variables.cookies.contains { $0.name.isEqual(to: name) && isOurs($0.value) }
    }
    let own = ownNames.filter { isCarried($0) { Credential($0) != nil } }
    // Each identifier signs in with each token, whatever their prefixes.
    let ids = ["", Self.prefix].map { $0 + Self.oldSessionID }.filter {
      isCarried($0) { SessionID($0) != nil }
    }
    let tokens = ["", Self.prefix].map { $0 + Self.oldToken }.filter { isCarried($0, Credential.isToken) }
    let old = ids.isEmpty || tokens.isEmpty ? [] : ids + tokens
    return own + old.filter { !own.contains($0) }
  }

  /// - Parameter seconds: the lifetime of the cookie; 0 to delete it.
  private func header(_ name: String, _ value: String, _ seconds: Int64, domain: String?) -> String {
    let domain = domain.map { "; Domain=\($0)" } ?? ""
    // Browsers accept the prefix only in Secure cookies.
    let secure = variables.isSecure || name.hasPrefix(Self.prefix) ? "; Secure" : ""
    return "\(name)=\(value); Max-Age=\(seconds); Path=/\(domain); HttpOnly; SameSite=Lax\(secure)"
  }
}
