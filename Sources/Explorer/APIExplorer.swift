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

  /// What is shown at a path to every client alike.
  struct Page: Sendable {
    let path: String
    let contentType: StaticString
    let body: @Sendable () -> [UInt8]
  }

  var pages: [Page] {
    [
      Self.html(Path.index) { [endpoints] in IndexPage.html(endpoints) },
      Page(path: Path.openAPI, contentType: "application/json; charset=utf-8") { [openAPI] in openAPI.bytes },
      Page(path: Path.stylesheet, contentType: "text/css; charset=utf-8") { Array(Stylesheet.text.utf8) },
    ]
      + endpoints.map { endpoint in
        Self.html(Path.explorer(endpoint.declaration.route)) { RoutePage.html(endpoint) }
      }
  }

  private static func html(_ path: String, _ root: @escaping @Sendable () -> HTML) -> Page {
    Page(path: path, contentType: "text/html; charset=utf-8") { HTML.document(root()) }
  }

  package var resources: [Resource] {
    pages.map { page in
      Resource(
        page.path,
        [
          Operation(.get, RoutePolicy(.open)) { _ in
            var draft = Draft(page.body(), page.contentType)
            for header in Self.headers { draft.add(header.name, header.value) }
            return draft
          }
        ])
    }
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
