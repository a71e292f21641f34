package import DashboardAccounts
package import DashboardRecords
package import DashboardWireFormat

/// What a page may know of a request, apart from the call: the app, the address, and what the browser says.
package struct Visit: Sendable {
  package let app: App
  private let variables: MetaVariables

  package init(_ variables: MetaVariables, _ app: App) {
    self.variables = variables
    self.app = app
  }

  /// The path of the request, without its query.
  package var path: Bytes { variables.path }
  package var queryString: Bytes { variables.queryString }
  /// The beginning of every URL of this site, as the browser used it; empty if the web server does not tell.
  package var url: String { SiteAddress(variables).url ?? "" }
  /// True if the client uses HTTPS.
  package var isSecure: Bool { variables.isSecure }
  /// True for GET and HEAD.
  package var isReading: Bool { variables.method.isEqual(to: Verb.get.rawValue) || variables.isHead }
  package var userAgent: String? {
    variables.nonEmpty(.userAgent).map { String(decoding: $0, as: UTF8.self) }
  }
  package var acceptLanguage: Bytes? { variables.nonEmpty(.acceptLanguage) }

  /// The sessions that the browser's cookies name. A name proves nothing.
  package var namedSessions: [SessionID] {
    var ids: [SessionID] = []
    SessionCookies(app, variables).visitCredentials { credential in
      ids.append(credential.sessionid)
      return false
    }
    return ids
  }

  package var browser: BrowserState { BrowserState(app, variables) }

  /// The value of `Set-Cookie` that binds challenges for passkeys to the browser.
  package func challengeCookie(_ token: String) -> String {
    SignInCookie(.challenge, app, variables).header(token)
  }

  /// The value of a cookie; `nil` if there is none. The first of several counts.
  package func cookie(_ name: String) -> Bytes? {
    for cookie in variables.cookies where cookie.name.isEqual(to: name) { return cookie.value }
    return nil
  }
}

/// Why the router did not answer a request.
package enum Refusal: Sendable {
  case access(AccessRefusal)
  case exception(Exception)

  package var status: Int {
    switch self {
    case .access(let refusal): refusal.status
    case .exception(let exception): exception.status
    }
  }

  /// The response of the API.
  var draft: Draft {
    switch self {
    case .access(let refusal): Draft(status: refusal.status, refusal)
    case .exception(let exception): Draft(exception)
    }
  }
}
