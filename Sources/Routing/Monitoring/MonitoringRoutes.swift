import DashboardCrypto
import DashboardRecords
package import DashboardWireFormat

/// The resources for monitoring: `/healthz` and `/metrics`. They are answered before the request's app is looked
/// up, so that no app and no disk can delay them. A client that may not see them gets the 404 of an unknown path.
package struct MonitoringRoutes: Sendable {
  static let healthPath = "/healthz"
  static let metricsPath = "/metrics"

  private let token: String?
  private let isHealthy: @Sendable () -> Bool
  private let metrics: (@Sendable (RequestMetrics) -> String)?

  /// - Parameters:
  ///   - watch: what the server's maintenance thread fills; `nil` in a process that answers one request, which looks itself and has
  ///     no metrics.
  ///   - log: gets why such a process finds the server unhealthy.
  package init(_ dashboard: Dashboard, watch: Watch?, log: @escaping @Sendable (String) -> Void) {
    token = dashboard.configuration.metricsToken
    guard let watch else {
      isHealthy = {
        let services = dashboard.services
        let faults = services.store.state().findings(at: services.clock.now()).filter(\.condition.isUnhealthy)
        for fault in faults { log(fault.description) }
        return faults.isEmpty
      }
      metrics = nil
      return
    }
    let exposition = Exposition(dashboard, watch)
    (isHealthy, metrics) = ({ watch.isHealthy }, exposition.text)
  }

  /// Of a server that is out of service.
  private init() { (token, isHealthy, metrics) = (nil, { false }, nil) }

  /// The answer, and the place of its route in `RequestMetrics.routes`; `nil` if another resource, or 404, is to answer.
  func answer(_ path: Bytes, _ variables: MetaVariables, _ requests: RequestMetrics?) -> (Draft, route: Int)?
  {
    // Both paths are as long, and most others are not.
    guard path.count == Self.healthPath.utf8.count else { return nil }
    let isHealth = path.isEqual(to: Self.healthPath)
    guard isHealth || metrics != nil && path.isEqual(to: Self.metricsPath), Self.isAllowed(variables, token)
    else { return nil }
    let route = RequestMetrics.unrouted.firstIndex(of: isHealth ? Self.healthPath : Self.metricsPath) ?? 0
    guard variables.isHead || variables.method.isEqual(to: Verb.get.rawValue) else {
      var draft = Draft(.invalidMethod)
      draft.add("Allow", "GET, HEAD")
      return (draft, route)
    }
    guard !isHealth, let metrics, let requests else { return (Self.health(isHealthy()), route) }
    return (Draft(Array(metrics(requests).utf8), MetricsText.contentType), route)
  }

  private static func health(_ isHealthy: Bool) -> Draft {
    var draft = Draft(Array((isHealthy ? "ok\n" : "unhealthy\n").utf8), "text/plain; charset=utf-8")
    draft.set(status: isHealthy ? 200 : 503)
    return draft
  }

  /// The answer of a server that is out of service; `nil` if the request does not ask for its health, or may not.
  package static func outOfService(_ variables: MetaVariables) -> Response? {
    guard var (draft, _) = MonitoringRoutes().answer(variables.path, variables, nil) else { return nil }
    draft.addSafeguards()
    return draft.response
  }

  // MARK: Who may watch

  /// True for a client on the same machine, and for one with the token.
  private static func isAllowed(_ variables: MetaVariables, _ token: String?) -> Bool {
    isLocal(variables) || token.map { isProven(variables, $0) } ?? false
  }

  /// True if the client is on the same machine, and no proxy passed its request on. A page of another site can make a browser
  /// on the machine send requests, but not with this Host.
  private static func isLocal(_ variables: MetaVariables) -> Bool {
    guard variables[.forwarded] == nil, let address = variables[.remoteAddress], let host = variables[.host]
    else { return false }
    return ClientAddress.isLoopback(address) && isLoopback(host: host)
  }

  /// True for `localhost`, an address of 127.0.0.0/8 and `[::1]`, with or without a port.
  private static func isLoopback(host: Bytes) -> Bool {
    var name = host
    if let colon = host.lastIndex(of: UInt8(ascii: ":")), host.last != UInt8(ascii: "]") {
      guard let port = Int(decimal: host[(colon + 1)...]), port <= 65_535 else { return false }
      name = host[..<colon]
    }
    if name.isEqual(toLowerCase: "localhost") || name.isEqual(to: "[::1]") { return true }
    return !name.contains(UInt8(ascii: ":")) && ClientAddress.isLoopback(name)
  }

  /// True for `Authorization: Bearer METRICS_TOKEN`.
  private static func isProven(_ variables: MetaVariables, _ token: String) -> Bool {
    guard let given = Credential.bearer(of: variables) else { return false }
    // Compares hashes, so that the time reveals neither the length nor the first bytes.
    return Hash.areEqual(Hash.sha512(Array(given)), Hash.sha512(Array(token.utf8)))
  }
}
