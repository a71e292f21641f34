/// The meta-variables that the program uses (RFC 3875 section 4.1).
///
/// The client chooses the values of `HTTP_…` variables, which are its headers. The web server sets all others.
package enum MetaVariable: Int {
  case requestMethod, requestURI, scriptName, pathInfo, queryString, contentType, contentLength
  case remoteAddress, requestScheme, https, serverName, serverPort, gatewayInterface
  case host, cookie, authorization, origin, userAgent, secFetchSite, transferEncoding, contentEncoding,
    accessControlRequestMethod, acceptLanguage
  /// HTTP_AUTHORIZATION after an internal redirect of Apache, which renames the variables of SetEnvIf and RewriteRule.
  case redirectAuthorization
  /// Any header that a proxy adds: Forwarded, X-Forwarded-…, X-Real-IP or Via. It tells no more than that there is one.
  case forwarded
  /// The headers of an application server.
  case applicationServer, applicationServerToken, accountID, sessionID
  /// The program's own variables, which only the web server can set. Keep the last one last: see `count`.
  case dashboardAppID, dashboardRequire

  package static var count: Int { dashboardRequire.rawValue + 1 }

  /// The variable with this name; `nil` if the program does not use it.
  init?(name: Span<UInt8>) {
    func named(_ text: StaticString, _ variable: MetaVariable) -> MetaVariable? {
      name.isEqual(to: text) ? variable : nil
    }
    // Few names have the same length.
    let found: MetaVariable? =
      switch name.count {
      case 5: named("HTTPS", .https)
      case 9: named("HTTP_HOST", .host) ?? named("PATH_INFO", .pathInfo)
      case 11:
        named("REQUEST_URI", .requestURI) ?? named("HTTP_COOKIE", .cookie)
          ?? named("REMOTE_ADDR", .remoteAddress) ?? named("SERVER_NAME", .serverName)
          ?? named("HTTP_ORIGIN", .origin) ?? named("SERVER_PORT", .serverPort)
          ?? named("SCRIPT_NAME", .scriptName)
      case 12: named("QUERY_STRING", .queryString) ?? named("CONTENT_TYPE", .contentType)
      case 14:
        named("REQUEST_METHOD", .requestMethod) ?? named("CONTENT_LENGTH", .contentLength)
          ?? named("REQUEST_SCHEME", .requestScheme)
      case 15: named("HTTP_USER_AGENT", .userAgent) ?? named("DASHBOARD_APPID", .dashboardAppID)
      case 16: named("HTTP_X_ACCOUNTID", .accountID) ?? named("HTTP_X_SESSIONID", .sessionID)
      case 17:
        named("GATEWAY_INTERFACE", .gatewayInterface) ?? named("DASHBOARD_REQUIRE", .dashboardRequire)
      case 18: named("HTTP_AUTHORIZATION", .authorization)
      case 19: named("HTTP_SEC_FETCH_SITE", .secFetchSite)
      case 20: named("HTTP_ACCEPT_LANGUAGE", .acceptLanguage)
      case 21: named("HTTP_CONTENT_ENCODING", .contentEncoding)
      case 22: named("HTTP_TRANSFER_ENCODING", .transferEncoding)
      case 25: named("HTTP_X_APPLICATION_SERVER", .applicationServer)
      case 27: named("REDIRECT_HTTP_AUTHORIZATION", .redirectAuthorization)
      case 31: named("HTTP_X_APPLICATION_SERVER_TOKEN", .applicationServerToken)
      case 34: named("HTTP_ACCESS_CONTROL_REQUEST_METHOD", .accessControlRequestMethod)
      default: nil
      }
    guard let found = found ?? (Self.isOfProxy(name) ? .forwarded : nil) else { return nil }
    self = found
  }

  private static func isOfProxy(_ name: Span<UInt8>) -> Bool {
    switch name.count {
    case 8: name.isEqual(to: "HTTP_VIA")
    case 14: name.isEqual(to: "HTTP_FORWARDED") || name.isEqual(to: "HTTP_X_REAL_IP")
    case 16...: name.extracting(first: 16).isEqual(to: "HTTP_X_FORWARDED")
    default: false
    }
  }
}
