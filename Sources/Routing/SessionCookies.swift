import DashboardAccounts
import DashboardWireFormat

/// The two cookies that carry a session (RFC 6265; SameSite and prefixes: draft-ietf-httpbis-rfc6265bis section 4.1).
package struct SessionCookies {
  /// Their names, but for the prefix that COOKIE_HOST_PREFIX adds.
  package static let names: (sessionid: StaticString, token: StaticString) = ("sessionid", "token")

  private let app: App
  private let variables: MetaVariables

  init(_ app: App, _ variables: MetaVariables) {
    self.app = app
    self.variables = variables
  }

  private var isSecure: Bool { variables.isSecure }
  // Browsers take the prefix from Secure cookies only.
  private var hasPrefix: Bool { app.configuration.cookiesHaveHostPrefix && isSecure }
  var sessionid: StaticString { hasPrefix ? "__Host-sessionid" : Self.names.sessionid }
  var token: StaticString { hasPrefix ? "__Host-token" : Self.names.token }

  /// The values of the `Set-Cookie` headers of an answer.
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

  /// - Parameter seconds: until the browser forgets it; 0: at once.
  private func header(_ name: StaticString, _ value: String, _ seconds: Int64) -> String {
    let domain = app.configuration.cookieDomain.map { "; Domain=\($0)" } ?? ""
    return
      "\(name)=\(value); Max-Age=\(seconds); Path=/\(domain); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
  }
}
