import DashboardHTML
@testable import DashboardExplorer
import Glibc
import Testing

@Suite("the stylesheet")
struct StylesheetTests {
  /// The custom properties with colours, light and dark.
  private static let palettes: [[String: [Double]]] = Stylesheet.text.split(
    separator: ":root {", omittingEmptySubsequences: false
  ).dropFirst()
    .map {
      var colors: [String: [Double]] = [:]
      for line in $0.prefix(while: { $0 != "}" }).split(separator: "\n") {
        let parts = line.split { $0 == ":" || $0 == ";" || $0 == " " }
        guard parts.count == 2, parts[1].hasPrefix("#"), let value = Int(parts[1].dropFirst(), radix: 16)
        else {
          continue
        }
        colors[String(parts[0])] = [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
      }
      return colors
    }

  private static func luminance(_ color: [Double]) -> Double {
    let linear = color.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    return zip(linear, [0.2126, 0.7152, 0.0722]).map(*).reduce(0, +)
  }

  /// WCAG 2.2, 1.4.3.
  @Test("the contrast of text is 4.5:1 or more, light and dark")
  func contrast() throws {
    #expect(Self.palettes.count == 2)
    for palette in Self.palettes {
      func ratio(_ color: String, _ ground: String) throws -> Double {
        let both = [try #require(palette[color]), try #require(palette[ground])].map(Self.luminance).sorted()
        return (both[1] + 0.05) / (both[0] + 0.05)
      }
      for color in ["--text", "--quiet", "--link", "--get", "--post", "--patch", "--delete"] {
        #expect(try ratio(color, "--ground") >= 4.5, "\(color)")
      }
      #expect(try ratio("--text", "--raised") >= 4.5)
    }
  }

  @Test("the stylesheet loads nothing")
  func standsAlone() {
    #expect(!Stylesheet.text.contains("url(") && !Stylesheet.text.contains("@import"))
  }
}
