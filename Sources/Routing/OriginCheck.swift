import DashboardWireFormat

/// The defence against cross-site requests: compares the request's origin with its target (Fetch Standard,
/// section 3.1; Fetch Metadata Request Headers, section 2.3).
struct OriginCheck {
  private let variables: MetaVariables
  private let allowed: [String]

  init(_ variables: MetaVariables, allowed: [String]) {
    self.variables = variables
    self.allowed = allowed
  }

  /// True if the request may change something.
  ///
  /// A request with a Bearer token of ours may, because a browser never adds one by itself. Otherwise
  /// `Sec-Fetch-Site` decides, and without it `Origin`: pages can't set either. A request without both may,
  /// because it does not come from a current browser.
  var mayChange: Bool {
    if Credential(bearerOf: variables) != nil || foreignAllowed != nil { return true }
    if let site = variables[.secFetchSite] {
      return site.isEqual(to: "same-origin") || site.isEqual(to: "none")
    }
    guard let origin = variables[.origin] else { return true }
    return isOwn(origin)
  }

  /// The request's origin if it is one of ALLOWED_ORIGINS; `nil` if it is not. The response repeats it.
  var foreignAllowed: String? {
    guard let origin = variables.nonEmpty(.origin) else { return nil }
    return allowed.first { origin.isEqual(to: $0) }
  }

  /// True if an origin is the request's target.
  ///
  /// The web server gives the target. Scheme: HTTPS or REQUEST_SCHEME. Host: HTTP_HOST or SERVER_NAME. Port:
  /// HTTP_HOST or SERVER_PORT, because nginx's stock parameters pass the host without its port.
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

  /// Host and port. A colon inside the brackets of an IPv6 address is not a separator.
  private static func split(_ host: Bytes) -> (name: Bytes, port: Bytes?) {
    guard let colon = host.lastIndex(of: UInt8(ascii: ":")), host.last != UInt8(ascii: "]") else {
      return (host, nil)
    }
    let port = host[colon...].dropFirst()
    return (host[..<colon], port.isEmpty ? nil : port)
  }
}
