import DashboardAccounts
import DashboardWireFormat

/// The two cookies that carry a session (RFC 6265; SameSite and prefixes: draft-ietf-httpbis-rfc6265bis
/// section 4.1).
package struct SessionCookies {
  /// Their names without the prefix of COOKIE_HOST_PREFIX.
  package static let names: (sessionid: StaticString, token: StaticString) = ("sessionid", "token")

  private let app: App
  private let variables: MetaVariables

  init(_ app: App, _ variables: MetaVariables) {
    self.app = app
    self.variables = variables
  }

  private var isSecure: Bool { variables.isSecure }
  // Browsers accept the prefix only in Secure cookies.
  private var hasPrefix: Bool { app.configuration.cookiesHaveHostPrefix && isSecure }
  var sessionid: StaticString { hasPrefix ? "__Host-sessionid" : Self.names.sessionid }
  var token: StaticString { hasPrefix ? "__Host-token" : Self.names.token }

  /// The values of the response's `Set-Cookie` headers.
  func headers(_ effect: Effects.SessionEffect) -> [String] {
    switch effect {
    case .none:
      return []
    case .began(let session):
      return [
        header(sessionid, session.sessionid.description, session.duration),
        header(token, session.token ?? "", session.duration),
      ]
    case .ended:
      return [header(sessionid, "", 0), header(token, "", 0)]
    }
  }

  /// - Parameter seconds: the lifetime of the cookie; 0 to delete it.
  private func header(_ name: StaticString, _ value: String, _ seconds: Int64) -> String {
    let domain = app.configuration.cookieDomain.map { "; Domain=\($0)" } ?? ""
    return
      "\(name)=\(value); Max-Age=\(seconds); Path=/\(domain); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
  }
}
