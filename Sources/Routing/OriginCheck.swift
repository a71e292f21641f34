import DashboardWireFormat

/// Where a browser says a request comes from, held against where it goes: the defence against requests that another
/// site makes a visitor's browser send (Fetch Standard, section 3.1; Fetch Metadata Request Headers, section 2.3).
struct OriginCheck {
  private let variables: MetaVariables
  private let allowed: [String]

  init(_ variables: MetaVariables, allowed: [String]) {
    self.variables = variables
    self.allowed = allowed
  }

  /// True if the request may change something. A request with a Bearer token always may, since no browser adds one by itself. A request
  /// with neither header does not come from a browser.
  var mayChange: Bool {
    if let header = variables.nonEmpty(.authorization), Credentials.bearer(header) != nil {
      return true
    }
    if let origin = variables[.origin] {
      return isOwn(origin) || foreignAllowed != nil
    }
    guard let site = variables[.secFetchSite] else { return true }
    return site.isEqual(to: "same-origin") || site.isEqual(to: "none")
  }

  /// The request's origin if it is one of ALLOWED_ORIGINS, as it is to be repeated in the answer.
  var foreignAllowed: String? {
    guard let origin = variables.nonEmpty(.origin) else { return nil }
    return allowed.first { origin.isEqual(to: $0) }
  }

  /// Whether an origin is the host that the request was sent to. Its three parts come from the web server: the scheme
  /// from HTTPS or REQUEST_SCHEME; the host from HTTP_HOST, or SERVER_NAME; the port from HTTP_HOST, or SERVER_PORT
  /// (stock parameters of nginx pass the host without its port).
  private func isOwn(_ origin: Bytes) -> Bool {
    let scheme = variables.isSecure ? "https" : "http"
    let standardPort = variables.isSecure ? "443" : "80"
    let host = (variables.nonEmpty(.host) ?? variables[.serverName] ?? []).lowercased
    let (name, port) = Self.split(host[...])
    let ownPort = port ?? variables.nonEmpty(.serverPort) ?? Array(standardPort.utf8)[...]
    guard !name.isEmpty else { return false }

    let text = origin.lowercased
    guard text.starts(with: "\(scheme)://".utf8) else { return false }
    let (originName, originPort) = Self.split(text.dropFirst(scheme.utf8.count + 3))
    let namedPort = originPort ?? Array(standardPort.utf8)[...]
    return originName == name && namedPort.elementsEqual(ownPort)
  }

  /// Host and port; a colon inside the brackets of an IPv6 address separates nothing.
  private static func split(_ host: Bytes) -> (name: Bytes, port: Bytes?) {
    guard let colon = host.lastIndex(of: UInt8(ascii: ":")), host.last != UInt8(ascii: "]") else {
      return (host, nil)
    }
    let port = host[colon...].dropFirst()
    return (host[..<colon], port.isEmpty ? nil : port)
  }
}
