import DashboardHTML
import DashboardQRCode
import TestSupport
import Testing

@Suite("QR codes")
struct QRCodeTests {
  private func svg(_ text: String, label: String = "code") throws -> String {
    String(decoding: HTML.document(try #require(QRCode(text)).svg(label: label)), as: UTF8.self)
  }

  /// The picture that the SVG shows, four pixels a unit, as a plain PGM file (pgm(5)).
  private func picture(_ svg: String) throws -> String {
    func between(_ start: String, _ end: String) throws -> Substring {
      let from = try #require(svg.ranges(of: start).first?.upperBound)
      let to = try #require(svg[from...].ranges(of: end).first?.lowerBound)
      return svg[from..<to]
    }
    let size = try #require(Int(try between("viewBox=\"0 0 ", " ")))
    var rows = [[Bool]](repeating: [Bool](repeating: false, count: size), count: size)
    // M x y h width v1 H x z
    for rectangle in try between(" d=\"M", "z\"").split(separator: "zM") {
      let numbers = rectangle.split { !$0.isNumber }.compactMap { Int($0) }
      try #require(numbers.count == 5 && numbers[3] == 1 && numbers[4] == numbers[0])
      for x in numbers[0]..<numbers[0] + numbers[2] {
        try #require(!rows[numbers[1]][x])
        rows[numbers[1]][x] = true
      }
    }
    let lines = rows.flatMap { row in
      let line = row.map { $0 ? "0 0 0 0" : "255 255 255 255" }.joined(separator: "\n")
      return [line, line, line, line]
    }
    return "P2 \(size * 4) \(size * 4) 255\n" + lines.joined(separator: "\n")
  }

  @Test(
    "an independent reader reads the text from the picture",
    arguments: [
      "a",
      "otpauth://totp/Example%20Club:ada@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example%20Club",
      String(repeating: "0123456789abcdef", count: 60),
    ])
  func readable(text: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("code.pgm")
    try Files.write(try picture(try svg(text)), to: path)
    let script = """
      import sys, zbar
      numbers = open(sys.argv[1]).read().split()[1:]
      width, height = int(numbers[0]), int(numbers[1])
      image = zbar.Image(width, height, "Y800", bytes(map(int, numbers[3:])))
      zbar.ImageScanner().scan(image)
      for symbol in image: print(symbol.type, symbol.data, end="")
      """
    let ending = try ChildProcess.run([Programs.python, "-c", script, path])
    #expect(ending.errors == "")
    #expect(ending.output == "QRCODE \(text)")
  }

  @Test("the picture is one labelled image with a margin of four modules, and has no style")
  func markup() throws {
    let svg = try svg("a", label: "code of <Ada>")
    #expect(
      svg.contains("<svg class=\"qr\" viewBox=\"0 0 29 29\" shape-rendering=\"crispEdges\" role=\"img\">"))
    #expect(svg.contains("<title>code of &lt;Ada&gt;</title>"))
    #expect(!svg.contains("style"))
    #expect(svg.contains(" d=\"M4 4h7v1H4z"))
  }

  @Test("a text has a code up to 2,331 bytes")
  func limits() {
    #expect(QRCode("")?.size == 21)
    #expect(QRCode(String(repeating: "x", count: 2331))?.size == 177)
    for count in [2332, 3917, 3918, 3919, 100_000] {
      #expect(QRCode(String(repeating: "x", count: count)) == nil)
    }
  }

  @Test("modules outside the code are light")
  func outside() throws {
    let code = try #require(QRCode("a"))
    #expect(code.isDark(x: 0, y: 0) && code.isDark(x: 20, y: 0) && !code.isDark(x: 7, y: 0))
    for (x, y) in [(-1, 0), (0, -1), (21, 0), (0, 21), (.max, .max), (.min, .min)] {
      #expect(!code.isDark(x: x, y: y))
    }
  }
}
