import DashboardAccounts
import DashboardHTML
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// The page `/api/explorer/…` of a route.
enum RoutePage {
  static func html(_ endpoint: AnyEndpoint, _ context: PageContext) -> HTML {
    let declaration = endpoint.declaration
    return Frame.page(
      "\(declaration.verb.rawValue) \(declaration.route) · Dashboard API",
      [
        .tag(
          "h1", [:], Frame.verb(declaration.verb.rawValue), " ",
          .tag("code", ["class": "route"], .text(declaration.route))),
        .tag("p", ["class": "lead"], Frame.words(declaration.summary)),
        access(declaration.access, context.app),
        calls(endpoint, context.site),
        returns(endpoint),
        receives(declaration, context.app),
        exceptions(declaration),
        settings(declaration.settings),
        form(declaration, context.app),
      ])
  }

  private static func access(_ access: Access, _ app: AppConfiguration) -> HTML {
    let who =
      switch access.role {
      case .anyone: "Open to every client."
      case .signedIn: "For signed-in clients."
      case .administrator: "For signed-in administrators."
      }
    guard access.isFresh else { return .tag("p", [:], .text(who)) }
    let delay = app.verificationDelay
    return .tag(
      "p", [:], .text(who), " The session must be fresh. It is fresh for ",
      Frame.code(Setting.verificationDelay.name), " (\(delay == 0 ? "without limit" : "\(delay) seconds"))",
      " after the password was last proven.")
  }

  private static func calls(_ endpoint: AnyEndpoint, _ site: SiteAddress) -> HTML {
    let examples = CallExamples(endpoint, site)
    return Frame.section(
      "calls", "Calling it",
      .tag("h3", [:], "In Swift, in process"), Frame.block(examples.swift, betweenWords: true),
      .tag("h3", [:], "With curl"), Frame.block(examples.curl))
  }

  private static func returns(_ endpoint: AnyEndpoint) -> HTML {
    Frame.section(
      "returns", "Returns \(endpoint.schema.words)",
      Frame.json(endpoint.example),
      fields(endpoint.fields))
  }

  private static func fields(_ fields: [JSONSchema.Field]) -> HTML {
    guard !fields.isEmpty else { return [] }
    return .tag(
      "details", [:],
      .tag("summary", ["id": "fields"], "Every field it can have"),
      Frame.table(
        "fields", ["Field", "Type", "Present"],
        rows: fields.map { field in
          (
            Frame.code(field.name),
            [.text(field.schema.words), field.isRequired ? "always" : "if it has a value"]
          )
        }))
  }

  private static func receives(_ declaration: Declaration, _ app: AppConfiguration) -> HTML {
    guard !declaration.parameters.isEmpty else {
      return Frame.section("receives", "Receives", .tag("p", [:], "Nothing."))
    }
    let isPosted = declaration.parameters.contains { $0.source == .posted }
    return Frame.section(
      "receives", "Receives",
      isPosted
        ? .tag(
          "p", [:], "Posted fields come in a body that is ", Frame.code("application/x-www-form-urlencoded"),
          " or ", Frame.code("multipart/form-data"), ".") : [],
      Frame.table(
        "receives", ["Field", "Value", "Where", "Required"],
        rows: declaration.parameters.map { parameter in
          (
            Frame.code(parameter.name),
            [
              Frame.words(parameter.words(app)), .text(parameter.source.rawValue),
              .text(parameter.necessity),
            ]
          )
        }))
  }

  private static func exceptions(_ declaration: Declaration) -> HTML {
    let refusals =
      declaration.refusals.map(Refusal.init)
      + (declaration.accessExceptions + declaration.exceptions).map(Refusal.init)
    let anyRoute = HTML.tag("a", ["href": "\(Path.index)#\(IndexPage.anyRoute)"], "errors of any route")
    guard !refusals.isEmpty else {
      return Frame.section("exceptions", "Exceptions", .tag("p", [:], "Only the ", anyRoute, "."))
    }
    return Frame.section(
      "exceptions", "Exceptions",
      .tag(
        "p", [:], "In process they are thrown. Over HTTP they are answered as JSON. Add the ", anyRoute, "."),
      Refusal.table("exceptions", refusals))
  }

  private static func settings(_ settings: [Setting]) -> HTML {
    guard !settings.isEmpty else { return [] }
    return Frame.section(
      "settings", "Related settings",
      Frame.table(
        "settings", ["Setting", "Default", "Meaning", "Allowed"],
        rows: settings.map { setting in
          (
            Frame.code(setting.name),
            [
              setting.standard.isEmpty ? "none" : Frame.code(setting.standard), .text(setting.meaning),
              .text(setting.allowed),
            ]
          )
        }))
  }

  /// A form that calls the route. Only for GET, which changes nothing.
  private static func form(_ declaration: Declaration, _ app: AppConfiguration) -> HTML {
    guard declaration.verb == .get else { return [] }
    let parameters = declaration.parameters.filter { $0.source == .querystring }
    return Frame.section(
      "try", "Try it",
      declaration.access == .open
        ? []
        : .tag("p", [:], "The call uses this browser's session on this server."),
      .tag(
        "form", ["method": "get", "action": declaration.route], .sequence(parameters.map { input($0, app) }),
        .tag("button", ["type": "submit"], "Send")))
  }

  private static func input(_ parameter: Declaration.Parameter, _ app: AppConfiguration) -> HTML {
    let id = "query-\(parameter.name)"
    let hint = "hint-\(parameter.name)"
    let label = HTML.tag(
      "label", ["for": id], Frame.code(parameter.name),
      parameter.isRequired ? "" : " (\(parameter.necessity))")
    let explanation = HTML.tag("p", ["class": "hint", "id": hint], Frame.words(parameter.words(app)))
    let input =
      parameter.isRequired
      ? HTML.tag(
        "input",
        ["id": id, "name": parameter.name, "aria-describedby": hint, "autocomplete": "off", "required": ""])
      : HTML.tag(
        "input", ["id": id, "name": parameter.name, "aria-describedby": hint, "autocomplete": "off"])
    return .tag("div", ["class": "field"], label, explanation, input)
  }
}
