/// The frame and the elements of all pages.
package enum Frame {
  /// A whole page.
  ///
  /// - Parameters:
  ///   - stylesheet: the path of the stylesheet.
  ///   - navigation: the links at the top.
  ///   - content: begins with the page's only `h1`.
  package static func page(_ title: String, stylesheet: String, navigation: HTML, _ content: HTML) -> HTML {
    .tag(
      "html", ["lang": "en"],
      .tag(
        "head", [:],
        .tag("meta", ["charset": "utf-8"]),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .tag("meta", ["name": "color-scheme", "content": "light dark"]),
        .tag("title", [:], .text(title)),
        .tag("link", ["rel": "stylesheet", "href": stylesheet])),
      .tag(
        "body", [:],
        .tag("a", ["class": "skip", "href": "#content"], "Skip to the content"),
        .tag("header", [:], .tag("nav", ["aria-label": "Site"], navigation)),
        .tag("main", ["id": "content", "tabindex": "-1"], content)))
  }

  /// A section of a page with its heading.
  package static func section(_ id: String, _ heading: HTML, _ content: HTML...) -> HTML {
    .tag(
      "section", ["aria-labelledby": id], .tag("h2", ["id": id], heading), .sequence(content))
  }

  /// A table, which scrolls if it is too wide. The first cell of each row is its header.
  ///
  /// - Parameters:
  ///   - heading: the identifier of the heading that names the table.
  ///   - groups: groups of rows. The rows of a group share a header.
  package static func table(_ heading: String, _ columns: [HTML], groups: [(header: HTML, rows: [[HTML]])])
    -> HTML
  {
    .tag(
      "div", ["class": "scroll", "role": "region", "aria-labelledby": heading, "tabindex": "0"],
      .tag(
        "table", ["aria-labelledby": heading],
        .tag(
          "thead", [:],
          .tag("tr", [:], .sequence(columns.map { .tag("th", ["scope": "col"], $0) }))),
        .sequence(groups.map(group))))
  }

  package static func table(_ heading: String, _ columns: [HTML], rows: [(header: HTML, cells: [HTML])])
    -> HTML
  {
    table(heading, columns, groups: rows.map { ($0.header, [$0.cells]) })
  }

  private static func group(_ header: HTML, _ rows: [[HTML]]) -> HTML {
    let scope = rows.count == 1 ? "row" : "rowgroup"
    let first = HTML.tag("th", ["scope": scope, "rowspan": "\(rows.count)"], header)
    return .tag(
      "tbody", [:],
      .sequence(
        rows.enumerated().map { index, cells in
          .tag("tr", [:], index == 0 ? first : [], .sequence(cells.map { .tag("td", [:], $0) }))
        }))
  }

  package static func code(_ text: String) -> HTML { .tag("code", [:], .text(text)) }

  /// A block of code. Long lines are broken anywhere, or only between words.
  package static func block(_ text: String, betweenWords: Bool = false) -> HTML {
    betweenWords ? .tag("pre", ["class": "words"], code(text)) : .tag("pre", [:], code(text))
  }

  /// A text of a declaration. Text between backticks is shown as code.
  package static func words(_ text: String) -> HTML {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    return .sequence(
      parts.enumerated().map { index, part in index.isMultiple(of: 2) ? .text(part) : code(part) })
  }
}
