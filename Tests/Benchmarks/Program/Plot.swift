import TestSupport

/// The chart of results.svg: each backend's session checks a second.
enum Plot {
  /// An SVG of the first table of requests/s in a file of results. It has colours for light and dark pages.
  static func svg(ofResults path: String) throws -> String {
    let lines = try Files.text(path).split(separator: "\n", omittingEmptySubsequences: false)
    guard let head = lines.firstIndex(where: { $0.hasPrefix("| backend | requests/s |") }) else {
      throw TestFailure("\(path): no table of requests/s")
    }
    let bars = lines[(head + 2)...].prefix { $0.hasPrefix("|") }.compactMap { line -> (String, Int)? in
      let cells = line.split(separator: "|").map { String($0.drop { $0 == " " }.dropLast()) }
      guard cells.count > 1, let rate = Int(cells[1]) else { return nil }
      return (cells[0].filter { $0 != "`" }, rate)
    }
    return svg(bars.sorted { $0.1 > $1.1 })
  }

  private static func svg(_ bars: [(name: String, rate: Int)]) -> String {
    let (start, width, step, top) = (200, 440, 30, 44)
    let longest = max(1, bars.map(\.rate).max() ?? 1)
    let rows = bars.enumerated().map { index, bar in
      let (y, length) = (top + index * step, width * bar.rate / longest)
      let kind = bar.name == Backend.dashboard.rawValue ? "own" : "other"
      return """
          <text x="\(start - 10)" y="\(y + 15)" text-anchor="end">\(bar.name)</text>
          <rect class="\(kind)" x="\(start)" y="\(y)" width="\(length)" height="20" rx="2"/>
          <text x="\(start + length + 8)" y="\(y + 15)">\(grouped(bar.rate))</text>
        """
    }
    let (right, bottom) = (start + width + 80, top + bars.count * step + 8)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(right) \(bottom)" width="\(right)" height="\(bottom)" role="img">
        <style>
          text { font: 14px system-ui, sans-serif; fill: #1f2328 }
          .title { font-weight: 600 }
          .own { fill: #0969da }
          .other { fill: #afb8c1 }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 }
            .own { fill: #4493f8 }
            .other { fill: #656c76 }
          }
        </style>
        <text class="title" x="10" y="24">Session checks a second through nginx, 64 clients, \(Responders.cores) cores</text>
      \(rows.joined(separator: "\n"))
      </svg>
      """
  }

  /// A number with a comma before each group of three digits.
  private static func grouped(_ number: Int) -> String {
    let (rest, last) = (number / 1000, number % 1000)
    return rest == 0 ? "\(last)" : "\(grouped(rest)),\("\(1000 + last)".dropFirst())"
  }
}
