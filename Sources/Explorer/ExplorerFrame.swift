import DashboardHTML

/// The frame and the elements of the explorer's pages.
extension Frame {
  static func page(_ title: String, _ content: HTML) -> HTML {
    page(
      title, stylesheet: Path.stylesheet,
      navigation: [
        .tag("a", ["class": "home", "href": Path.index], "Dashboard API"),
        .tag("a", ["href": Path.openAPI], "OpenAPI"),
      ], content)
  }

  /// - Parameter text: a JSON text.
  static func json(_ text: String) -> HTML { block(indented(text)) }

  static func verb(_ verb: String) -> HTML {
    .tag("span", ["class": "verb \(verb.lowercased())"], .text(verb))
  }
}
