import DashboardHTML
import DashboardRouting
import DashboardWireFormat

/// `/api`: all routes.
enum IndexPage {
  /// The part that says what any route can answer.
  static let anyRoute = "any-route"

  static func html(_ endpoints: [AnyEndpoint]) -> HTML {
    let groups: [(id: String, name: String, endpoints: [AnyEndpoint])] = [
      ("user", "User", endpoints.filter { Group($0) == .user }),
      ("administrator", "Administrator", endpoints.filter { Group($0) == .administrator }),
      ("other", "Other", endpoints.filter { Group($0) == .other }),
    ]
    return Frame.page(
      "Dashboard API",
      [
        .tag("h1", [:], "Dashboard API"),
        .tag(
          "p", ["class": "lead"],
          "Accounts and sessions over HTTP. Each route has a page that says what it takes and what it can answer; ",
          .tag("a", ["href": Path.openAPI], "openapi.json"), " says the same for programs (OpenAPI 3.1)."),
        .sequence(groups.map { routes($0.id, $0.name, $0.endpoints) }),
        session,
        Frame.section(
          anyRoute, "What any route can answer",
          .tag(
            "p", [:], "Before the checks of its own. An error is an object with its code as the ",
            Frame.code("message"), ":"),
          Frame.json(JSONWriter.text(Exception.invalidRequest)),
          Refusal.table(anyRoute, Exception.ofAnyRoute.map(Refusal.init))),
      ])
  }

  private enum Group {
    case user, administrator, other

    init(_ endpoint: AnyEndpoint) {
      let route = endpoint.declaration.route
      self =
        route.hasPrefix("/api/user/")
        ? .user : route.hasPrefix("/api/administrator/") ? .administrator : .other
    }
  }

  private static func routes(_ id: String, _ name: String, _ endpoints: [AnyEndpoint]) -> HTML {
    guard !endpoints.isEmpty else { return [] }
    return Frame.section(
      id, .text(name),
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
    "session", "How a session is shown",
    .tag(
      "p", [:], "By the cookies ", Frame.code("\(SessionCookies.names.sessionid)"), " and ",
      Frame.code("\(SessionCookies.names.token)"),
      ", which signing in sets; or, where there are no cookies, by a header:"),
    Frame.block("Authorization: Bearer SESSIONID.TOKEN"))
}
