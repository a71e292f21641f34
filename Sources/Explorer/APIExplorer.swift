import DashboardHTML
package import DashboardRouting
import Synchronization

/// The API explorer: what the endpoints declare, for people and for programs. A page is made when it is asked for.
package struct APIExplorer: Sendable {
  private let endpoints: [AnyEndpoint]
  private let openAPI: Kept

  package init(_ endpoints: [AnyEndpoint]) {
    self.endpoints = endpoints
    openAPI = Kept { OpenAPI.bytes(endpoints) }
  }

  /// Where there is a page.
  package var paths: [String] {
    [Path.index, Path.openAPI, Path.stylesheet] + endpoints.map { Path.explorer($0.route) }
  }

  package func page(at path: String) -> Page? {
    switch path {
    case Path.index:
      return Self.html { [endpoints] in IndexPage.html(endpoints) }
    case Path.openAPI:
      return Page("application/json; charset=utf-8", headers: Self.headers) { [openAPI] in openAPI.bytes }
    case Path.stylesheet:
      return Page("text/css; charset=utf-8", headers: Self.headers) { Array(Stylesheet.text.utf8) }
    default:
      guard path.hasPrefix(Path.explorer),
        let endpoint = endpoints.first(where: { Path.explorer($0.route) == path })
      else { return nil }
      return Self.html { RoutePage.html(endpoint) }
    }
  }

  private static func html(_ root: @escaping @Sendable () -> HTML) -> Page {
    Page("text/html; charset=utf-8", headers: headers) { HTML.document(root()) }
  }

  /// A page loads its stylesheet and sends its form, both here, and nothing else (Content Security Policy Level 3).
  private static let headers: [(name: StaticString, value: String)] = [
    (
      name: "Content-Security-Policy",
      value:
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    (name: "Referrer-Policy", value: "same-origin"),
  ]
}

/// What takes long to make: made when it is first asked for.
private final class Kept: Sendable {
  private let make: @Sendable () -> [UInt8]
  private let made = Mutex<[UInt8]?>(nil)

  init(_ make: @escaping @Sendable () -> [UInt8]) { self.make = make }

  var bytes: [UInt8] {
    made.withLock { made in
      let bytes = made ?? make()
      made = bytes
      return bytes
    }
  }
}

/// Where the pages are.
enum Path {
  static let index = "/api"
  static let openAPI = "/api/openapi.json"
  static let stylesheet = "/api/explorer/style.css"

  static let explorer = "/api/explorer"

  /// The page of a route: `/api/explorer/settings` of `/api/settings`.
  static func explorer(_ route: String) -> String {
    explorer + (route.hasPrefix("/api/") ? String(route.dropFirst(4)) : route)
  }
}
