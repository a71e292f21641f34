import DashboardQRCode

extension QRCode {
  /// The light modules around a code (ISO/IEC 18004 section 9.1).
  private static let margin = 4

  /// The code as inline SVG, one unit a module, with its light margin. The stylesheet gives the size.
  ///
  /// The colours are attributes, dark on white in dark mode too, because some readers refuse light modules on dark. They are no styles,
  /// so they need no permission of a content security policy.
  ///
  /// - Parameter label: what it is, for people who can't see it.
  package func svg(label: String) -> HTML {
    var output = HTML.Output()
    output.reserve(512 + size * size * 6)
    output.markup("<svg class=\"qr\" viewBox=\"0 0 ")
    output.number(size + 2 * Self.margin)
    output.markup(" ")
    output.number(size + 2 * Self.margin)
    output.markup("\" shape-rendering=\"crispEdges\" role=\"img\">\n<title>")
    output.text(label)
    output.markup(
      "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"></rect>\n<path fill=\"#000\" d=\"")
    for y in 0..<size { writeRow(y, into: &output) }
    output.markup("\"></path></svg>\n")
    return output.html
  }

  /// Each run of dark modules as a rectangle of the path (SVG 2, section 9.3).
  private func writeRow(_ y: Int, into output: inout HTML.Output) {
    var x = 0
    while x < size {
      let start = x
      while isDark(x: x, y: y) { x += 1 }
      if x > start {
        output.markup("M")
        output.number(start + Self.margin)
        output.markup(" ")
        output.number(y + Self.margin)
        output.markup("h")
        output.number(x - start)
        output.markup("v1H")
        output.number(start + Self.margin)
        output.markup("z")
      }
      x += 1
    }
  }
}
