package import Routing
import Synchronization

/// The API explorer: what the endpoints declare, for people and for programs.
package enum Pages {
  /// All pages by their paths. They are made when they are asked for: a process that answers one request makes one at most.
  package static func all(_ endpoints: [AnyEndpoint]) -> [String: Page] {
    let openAPI = Kept { OpenAPI.bytes(endpoints) }
    var pages: [String: Page] = [
      Path.index: html { IndexPage.html(endpoints) },
      Path.openAPI: Page("application/json; charset=utf-8", headers: headers) { openAPI.bytes },
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

  /// The page of a route: `/api/explorer/settings` of `/api/settings`.
  static func explorer(_ route: String) -> String {
    "/api/explorer" + (route.hasPrefix("/api/") ? String(route.dropFirst(4)) : route)
  }
}
