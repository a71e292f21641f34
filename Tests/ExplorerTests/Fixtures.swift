import DashboardEndpoints
@testable import DashboardExplorer
import DashboardRouting
import DashboardSettings
import DashboardWireFormat
import TestSupport

/// An endpoint with hostile text in every part of its declaration.
enum Hostile: Endpoint {
  static let text = "<script>alert(\"1\")</script> & 'x' `<b>` \" onclick=\"y"

  static let exception = Exception("code \(text)", 400, "circumstances \(text)")
  static var route: String { "/api/\(text)" }
  static let declaration = Declaration(
    .get, route, "Summary \(text)", access: .session,
    parameters: [.required(.querystring, "query \(text)", text), .optional(.posted, "posted \(text)", text)],
    exceptions: [exception])

  struct Answer: JSONEncodable, Exemplary {
    static var schema: JSONSchema { .object(Hostile.text) }
    static var example: Answer { Answer() }
    func encode(into writer: inout JSONWriter) { Hostile.text.encode(into: &writer) }
  }

  static func answer(_ call: inout Call) throws -> Answer { Answer() }
}

extension SiteAddress {
  /// - Parameter variables: of the web server, as `NAME=VALUE`.
  init(_ variables: String...) {
    var all = MetaVariables()
    for variable in variables { all.append(Array(variable.utf8).span) }
    self.init(all)
  }
}

extension PageContext {
  /// The default settings, and an address.
  static var standard: PageContext { PageContext(.standard) }

  init(_ app: AppConfiguration, cookieName: String = "dashboard_session") {
    self.init(app, SiteAddress("HTTP_HOST=dashboard.test"), cookieName: cookieName)
  }
}

extension AppConfiguration {
  init(_ settings: [String: String]) throws {
    self = try Configuration(cores: 1, environment: NamedValues(settings)).app
  }
}

/// The text of one page.
func text(
  _ path: String, _ endpoints: [AnyEndpoint] = Routes.endpoints, in context: PageContext = .standard
) -> String? {
  APIExplorer(endpoints).pages.first { $0.path == path }
    .map { String(decoding: $0.body(context), as: UTF8.self) }
}

/// The parsed pages of the API. Each page is read once.
enum Explorer {
  private static let pages: [String: Result<Markup, any Error>] = {
    let pages = APIExplorer(Routes.endpoints).pages.filter { "\($0.contentType)".hasPrefix("text/html") }
    return Dictionary(
      uniqueKeysWithValues: pages.map { page in
        (page.path, Result { try Markup(String(decoding: page.body(.standard), as: UTF8.self)) })
      })
  }()

  static let paths = pages.keys.sorted()

  static func page(_ path: String) throws -> Markup? { try pages[path]?.get() }
}
