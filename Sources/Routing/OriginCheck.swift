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
  private func isOwn(_ origin: Bytes) -> Bool {
    let own = SiteAddress(variables)
    guard !own.host.isEmpty else { return false }
    let text = origin.lowercased
    guard text.starts(with: "\(own.scheme)://".utf8) else { return false }
    let (host, port) = SiteAddress.split(text.dropFirst(own.scheme.utf8.count + 3))
    return host == own.host && (port ?? own.standardPort) == own.port
  }
}
