import DashboardHTML
package import DashboardRouting
import DashboardSettings
import DashboardWireFormat
import Synchronization

/// The API explorer: documentation of the endpoints, made from their declarations, as pages and as OpenAPI.
package struct APIExplorer: Sendable {
  private let endpoints: [AnyEndpoint]
  private let documents: Documents

  package init(_ endpoints: [AnyEndpoint]) {
    self.endpoints = endpoints
    documents = Documents(endpoints)
  }

  /// A page, which is the same for every client of an app and an address.
  struct Page: Sendable {
    let path: String
    let contentType: StaticString
    let body: @Sendable (PageContext) -> [UInt8]
  }

  var pages: [Page] {
    [
      Self.html(Path.index) { [endpoints] _ in IndexPage.html(endpoints) },
      Page(path: Path.openAPI, contentType: "application/json; charset=utf-8") { [documents] in
        documents.document($0)
      },
      Page(path: Path.stylesheet, contentType: "text/css; charset=utf-8") { _ in Array(Stylesheet.text.utf8)
      },
    ]
      + endpoints.map { endpoint in
        Self.html(Path.explorer(endpoint.declaration.route)) { RoutePage.html(endpoint, $0) }
      }
  }

  private static func html(_ path: String, _ root: @escaping @Sendable (PageContext) -> HTML) -> Page {
    Page(path: path, contentType: "text/html; charset=utf-8") { HTML.document(root($0)) }
  }

  /// The pages, which a CGI process makes only for a path of theirs.
  package static func group(
    of endpoints: @autoclosure @escaping @Sendable () -> [AnyEndpoint]
  ) -> ResourceGroup {
    ResourceGroup(mayHave: Path.mayBePage) { APIExplorer(endpoints()).resources }
  }

  var resources: [Resource] {
    pages.map { page in
      Resource(
        page.path,
        [
          Operation { context in
            var draft = Draft(page.body(context), page.contentType)
            for header in Self.headers { draft.add(header.name, header.value) }
            return draft
          }
        ])
    }
  }

  /// A page may only load its stylesheet and send its form, both on this site (Content Security Policy Level
  /// 3).
  private static let headers: [(name: StaticString, value: String)] = [
    (
      name: "Content-Security-Policy",
      value:
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    (name: "Referrer-Policy", value: "same-origin"),
  ]
}

/// The OpenAPI documents that were requested, because to create one is expensive.
private final class Documents: Sendable {
  private let endpoints: [AnyEndpoint]
  private let made = Mutex<[Key: [UInt8]]>([:])
  /// An operator can change the files of apps while the process runs.
  private static let mostKept = 16

  /// What documents differ in.
  private struct Key: Hashable {
    let lengths: [ClosedRange<Int>]
    let cookieName: String
  }

  init(_ endpoints: [AnyEndpoint]) { self.endpoints = endpoints }

  func document(_ context: PageContext) -> [UInt8] {
    let lengths = endpoints.flatMap(\.declaration.parameters).compactMap { $0.length?(context.app) }
    let key = Key(lengths: lengths, cookieName: context.cookieName)
    return made.withLock { made in
      if let document = made[key] { return document }
      if made.count == Self.mostKept { made.removeAll() }
      let document = OpenAPI.bytes(endpoints, context)
      made[key] = document
      return document
    }
  }
}

/// The paths of the pages.
enum Path {
  static let index = "/api"
  static let openAPI = "/api/openapi.json"
  static let stylesheet = "/api/explorer/style.css"

  static let explorer = "/api/explorer"

  /// False for a path that is no page's.
  static func mayBePage(_ path: Bytes) -> Bool {
    path.isEqual(to: index) || path.isEqual(to: openAPI) || path.starts(with: explorer.utf8)
  }

  /// The path of a route's page: `/api/explorer/settings` for `/api/settings`.
  static func explorer(_ route: String) -> String {
    explorer + (route.hasPrefix("/api/") ? String(route.dropFirst(4)) : route)
  }
}
