/// Numbers in a row of days or months: bars as inline SVG, and a table behind it for people who can't see them.
///
/// It has no script and no inline style. Its colour comes from the stylesheet, for dark mode and for print. A page has several charts
/// with hundreds of numbers, so each is written at once and not by pieces.
package struct BarChart {
  /// What all charts of a page share.
  package struct Axis {
    /// The first and the last day or month.
    package let first: String
    package let last: String
    /// The headers of the table's rows.
    let rows: [String]
    /// The headers of the table's columns. The first one is that of the rows.
    let columns: [String]
    /// Between groups of three digits.
    let separator: String

    package init(
      from first: String, to last: String, rows: [String], columns: [String], separator: String
    ) {
      (self.first, self.last, self.rows) = (first, last, rows)
      (self.columns, self.separator) = (columns, separator)
    }
  }

  /// What is counted.
  private let name: String
  /// All that the picture says, for people who can't see it.
  private let title: String
  /// The words that open the table.
  private let figures: String
  /// The highest bar, and the sum if it means something.
  private let summary: String
  private let values: [Int]
  private let axis: Axis

  package init(
    _ name: String, title: String, figures: String, summary: String, _ values: [Int], _ axis: Axis
  ) {
    (self.name, self.title, self.figures, self.summary) = (name, title, figures, summary)
    (self.values, self.axis) = (values, axis)
  }

  package var html: HTML {
    var output = HTML.Output()
    output.reserve(2048 + values.count * 32)
    output.markup("<figure class=\"chart\">\n<figcaption><strong>")
    output.text(name)
    output.markup("</strong> <span class=\"hint\">")
    output.text(summary)
    output.markup("</span></figcaption>\n<svg viewBox=\"0 0 ")
    output.number(values.count * Self.step)
    output.markup(" 100\" preserveAspectRatio=\"none\" role=\"img\">\n<title>")
    output.text(title)
    output.markup("</title>\n<path d=\"")
    writeBars(into: &output)
    output.markup("\"></path></svg>\n<p class=\"hint axis\" aria-hidden=\"true\"><span>")
    output.text(axis.first)
    output.markup("</span> <span>")
    output.text(axis.last)
    output.markup("</span></p>\n<details>\n<summary>")
    output.text(figures)
    output.markup("</summary>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
    output.text(name)
    output.markup("\">\n<table aria-label=\"")
    output.text(name)
    output.markup("\">\n<thead>\n<tr>")
    for column in axis.columns {
      output.markup("<th scope=\"col\">")
      output.text(column)
      output.markup("</th>")
    }
    output.markup("</tr>\n</thead>\n<tbody>\n")
    writeRows(into: &output)
    output.markup("</tbody>\n</table>\n</div>\n</details>\n</figure>\n")
    return output.html
  }

  private func writeRows(into output: inout HTML.Output) {
    let width = (values.count + axis.rows.count - 1) / max(1, axis.rows.count)
    for (row, header) in axis.rows.enumerated() {
      output.markup("<tr><th scope=\"row\">")
      output.text(header)
      output.markup("</th>")
      for place in min(row * width, values.count)..<min((row + 1) * width, values.count) {
        output.markup(place == row * width ? "<td>" : "</td><td>")
        output.number(values[place], separator: axis.separator)
      }
      output.markup(row * width < values.count ? "</td></tr>\n" : "</tr>\n")
    }
  }

  /// The width of a bar in the picture's own units. The picture is 100 high.
  private static let step = 4

  /// The bars as one path (SVG 2, section 9.3). Bars of one height are written as one. A number above 0 has a height of at least 1.
  private func writeBars(into output: inout HTML.Output) {
    let most = Double(max(values.max() ?? 0, 1))
    var (height, width) = (0, 0)
    output.markup("M0 100")
    func flush() {
      guard width > 0 else { return }
      output.bytes.append(UInt8(ascii: "V"))
      output.number(100 - height)
      output.bytes.append(UInt8(ascii: "h"))
      output.number(width)
    }
    for value in values {
      let next = value > 0 ? max(1, Int(100 * Double(value) / most)) : 0
      if next != height { flush() }
      width = next == height ? width + Self.step : Self.step
      height = next
    }
    flush()
    output.markup("V100z")
  }
}
