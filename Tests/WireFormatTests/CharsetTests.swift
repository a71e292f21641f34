@testable import DashboardWireFormat
import TestSupport
import Testing

@Suite("Charsets: WHATWG Encoding")
struct CharsetTests {
  private static let utf8 = [
    "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "utf-8", "utf8", "x-unicode20utf8",
  ]
  private static let windows1252 = [
    "ansi_x3.4-1968", "ascii", "cp1252", "cp819", "csisolatin1", "ibm819", "iso-8859-1", "iso-ir-100",
    "iso8859-1",
    "iso88591", "iso_8859-1", "iso_8859-1:1987", "l1", "latin1", "us-ascii", "windows-1252", "x-cp1252",
  ]
  /// The code points of the bytes 0x80 to 0x9F, from https://encoding.spec.whatwg.org/index-windows-1252.txt.
  private static let high =
    "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ"

  private func charset(_ label: String) -> Charset? { Charset(label: Array(label.utf8)[...]) }

  @Test("4.2: all labels in any case, with ASCII white space at the ends")
  func labels() {
    for (labels, charset) in [(Self.utf8, Charset.utf8), (Self.windows1252, .windows1252)] {
      for label in labels {
        for written in [label, label.uppercased(), " \t\n\u{C}\r\(label)\r\n "] {
          #expect(self.charset(written) == charset, "\(written)")
        }
      }
    }
  }

  @Test(
    "other labels are unknown",
    arguments: [
      "utf-16", "utf-7", "utf", "utf-88", "utf_8", "iso-8859-15", "latin-1", "windows-1250", "koi8-r",
      "shift_jis", "gbk",
      "replacement", "x-user-defined", "utf-8,", "\"utf-8\"", "\u{B}utf-8", "\u{A0}utf-8", "utf-8\0", "ｕｔｆ-8",
      "utf 8",
    ])
  func unknownLabels(label: String) {
    #expect(charset(label) == .unknown(label: Array(label.utf8)))
    #expect(throws: FormError.unknownCharset(Array(label.utf8))) { try charset(label)?.text([]) }
  }

  @Test("an empty label is none", arguments: ["", " ", "\t\r\n\u{C} "])
  func emptyLabels(label: String) { #expect(charset(label) == nil) }

  @Test(
    "9.1: every byte of windows-1252; the five without a character become the control character of their number"
  )
  func index() throws {
    for byte in UInt8.min...UInt8.max where byte != 0 {
      let expected =
        (0x80..<0xA0).contains(byte)
        ? Array(Self.high.unicodeScalars)[Int(byte) - 0x80] : Unicode.Scalar(byte)
      #expect(try Charset.windows1252.text([byte]) == Bytes(String(expected).utf8), "\(byte)")
    }
    let all = Bytes(1...255)
    let text = String(decoding: try Charset.windows1252.text(all), as: UTF8.self)
    #expect(text.unicodeScalars.count == 255)
    #expect(text.unicodeScalars.dropFirst(127).starts(with: Self.high.unicodeScalars))
    #expect(throws: FormError.notText) { try Charset.windows1252.text([0x61, 0, 0xE9]) }
  }

  @Test("ASCII and UTF-8 are not copied")
  func noCopies() throws {
    for (charset, bytes) in [(Charset.utf8, Bytes("caf\u{E9}".utf8)), (.windows1252, Bytes("cafe".utf8))] {
      let text = try charset.text(bytes)
      let isSameMemory = bytes.span.isIdentical(to: text.span)
      #expect(isSameMemory)
    }
  }

  @Test("any bytes give UTF-8 without NUL, or an error")
  func total() {
    var random = SeededRandom(seed: 1252)
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      for charset in [Charset.utf8, .windows1252, .unknown(label: bytes)] {
        guard let text = try? charset.text(bytes[...]) else { continue }
        #expect(text.isText)
      }
      _ = Charset(label: bytes[...])
      #expect(FormError.unknownCharset(bytes).detail.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
    }
    #expect(FormError.unknownCharset([UInt8](repeating: 0x61, count: 1_000_000)).detail.count < 200)
  }
}
