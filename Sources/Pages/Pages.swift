package import Routing

/// The API explorer: what the endpoints declare, for people and for programs.
package enum Pages {
  /// All pages by their paths. They are made when they are asked for.
  package static func all(_ endpoints: [AnyEndpoint]) -> [String: Page] {
    var pages: [String: Page] = [
      Path.index: html { IndexPage.html(endpoints) },
      Path.openAPI: Page("application/json; charset=utf-8", headers: headers) {
        OpenAPI.bytes(endpoints)
      },
      Path.stylesheet: Page("text/css; charset=utf-8", headers: headers) { Array(stylesheet.utf8) },
    ]
    for endpoint in endpoints {
      pages[Path.explorer(endpoint.declaration.route)] = html { RoutePage.html(endpoint) }
    }
    return pages
  }

  private static func html(_ root: @escaping @Sendable () -> HTML) -> Page {
    Page("text/html; charset=utf-8", headers: headers) { HTML.document(root()) }
  }

  /// A page loads its stylesheet and sends its form, both here, and nothing else (Content Security Policy Level 3).
  private static let headers = [
    (
      name: "Content-Security-Policy",
      value:
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    (name: "Referrer-Policy", value: "same-origin"),
  ]
}

/// Where the pages are.
enum Path {
  static let index = "/api"
  static let openAPI = "/api/openapi.json"
  static let stylesheet = "/api/explorer/style.css"

  /// The page of a route: `/api/explorer/settings` of `/api/settings`.
  static func explorer(_ route: String) -> String {
    "/api/explorer" + (route.hasPrefix("/api/") ? String(route.dropFirst(4)) : route)
  }
}
