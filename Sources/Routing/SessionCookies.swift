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

  /// Calls `body` with the credentials of the request's cookies until it returns true: those of our cookie,
  /// then those of the former pair, each identifier with each token. At most eight count.
  ///
  /// - Parameter all: true for those of every cookie that a response can clear, and not only of those that sign
  ///   in.
  func visitCredentials(all: Bool = false, _ body: (Credential) throws -> Bool) rethrows {
    var count = 0
    var ids: [SessionID] = []
    var tokens: [Bytes] = []
    let name = ownName
    let readsOld = all || app.configuration.readsOldCookies
    for cookie in variables.cookies {
      let isOwn = cookie.name.isEqual(to: name) || all && ownNames.contains { cookie.name.isEqual(to: $0) }
      if isOwn, let credential = Credential(cookie.value) {
        count += 1
        if try body(credential) || count == Self.mostCredentials { return }
      } else if readsOld, isOld(cookie.name, Self.oldSessionID) {
        if let id = SessionID(cookie.value) { ids.append(id) }
      } else if readsOld, isOld(cookie.name, Self.oldToken), Credential.isToken(cookie.value) {
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

  /// True for the former name, also with the prefix of the former setting COOKIE_HOST_PREFIX.
  private func isOld(_ name: Bytes, _ old: String) -> Bool {
    name.isEqual(to: old) || variables.isSecure && name.isEqual(to: Self.prefix + old)
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
    let old = ["", Self.prefix].flatMap { prefix in
      let (id, token) = (prefix + Self.oldSessionID, prefix + Self.oldToken)
      let isOurs = isCarried(id) { SessionID($0) != nil } && isCarried(token, Credential.isToken)
      return isOurs ? [id, token] : []
    }
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
