import Accounts
import WireFormat

/// The two cookies that carry a session (RFC 6265; SameSite: draft-ietf-httpbis-rfc6265bis section 4.1.2.7).
package enum SessionCookies {
  package static let sessionid: StaticString = "sessionid"
  package static let token: StaticString = "token"

  /// The values of the `Set-Cookie` headers of an answer.
  static func headers(_ effect: Call.CookieEffect, isSecure: Bool) -> [String] {
    switch effect {
    case .none:
      return []
    case .set(let session):
      return [
        header(sessionid, session.sessionid.description, session.duration, isSecure),
        header(token, session.token ?? "", session.duration, isSecure),
      ]
    case .clear:
      return [header(sessionid, "", 0, isSecure), header(token, "", 0, isSecure)]
    }
  }

  /// - Parameter seconds: until the browser forgets it; 0: at once.
  private static func header(_ name: StaticString, _ value: String, _ seconds: Int64, _ isSecure: Bool)
    -> String
  {
    "\(name)=\(value); Max-Age=\(seconds); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
  }
}
