import DashboardHTML
import DashboardRouting
import DashboardWireFormat

/// The page `/api`, which lists all routes.
enum IndexPage {
  /// The identifier of the section about errors of any route.
  static let anyRoute = "any-route"

  static func html(_ endpoints: [AnyEndpoint]) -> HTML {
    Frame.page(
      "Dashboard API",
      [
        .tag("h1", [:], "Dashboard API"),
        .tag(
          "p", ["class": "lead"],
          "Accounts and sessions over HTTP. Each route has a page with its parameters and responses. ",
          .tag("a", ["href": Path.openAPI], "openapi.json"), " has the same for programs (OpenAPI 3.1)."),
        .sequence(Group.allCases.map { group in routes(group, endpoints.filter { Group($0) == group }) }),
        session,
        Frame.section(
          anyRoute, "Errors of any route",
          .tag(
            "p", [:], "The server checks these first. An error is an object whose ",
            Frame.code("message"), " is its code:"),
          Frame.json(JSONWriter.text(Exception.invalidRequest)),
          Refusal.table(anyRoute, Exception.ofAnyRoute.map(Refusal.init))),
      ])
  }

  /// A section of the page. The raw value is its heading.
  private enum Group: String, CaseIterable {
    case user = "User"
    case administrator = "Administrator"
    case other = "Other"

    init(_ endpoint: AnyEndpoint) {
      let route = endpoint.declaration.route
      self =
        route.hasPrefix("/api/user/")
        ? .user : route.hasPrefix("/api/administrator/") ? .administrator : .other
    }
  }

  private static func routes(_ group: Group, _ endpoints: [AnyEndpoint]) -> HTML {
    guard !endpoints.isEmpty else { return [] }
    return Frame.section(
      group.rawValue.lowercased(), .text(group.rawValue),
      .tag(
        "ul", ["class": "routes"],
        .sequence(
          endpoints.map { endpoint in
            let declaration = endpoint.declaration
            return .tag(
              "li", [:], Frame.verb(declaration.verb.rawValue), " ",
              .tag(
                "a", ["href": Path.explorer(declaration.route)], Frame.code(declaration.route)), " ",
              .tag("span", ["class": "summary"], Frame.words(declaration.summary)))
          })))
  }

  private static let session = Frame.section(
    "session", "How to send a session",
    .tag(
      "p", [:], "Browsers send the cookie that signing in sets. Other clients can send a header:"),
    Frame.block("Authorization: Bearer SESSIONID.TOKEN"))
}
