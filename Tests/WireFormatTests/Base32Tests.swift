import DashboardWireFormat
import TestSupport
import Testing

@Suite("Base32 and Base64 for URLs")
struct Base32Tests {
  private func base32(_ text: String) -> [UInt8]? { Base32.bytes(Array(text.utf8)[...]) }
  private func base64(_ text: String) -> [UInt8]? { Base64URL.bytes(Array(text.utf8)[...]) }

  /// RFC 4648 section 10, without padding.
  @Test("the examples of RFC 4648")
  func published() {
    for (text, thirtyTwo, sixtyFour) in [
      ("", "", ""), ("f", "MY", "Zg"), ("fo", "MZXQ", "Zm8"), ("foo", "MZXW6", "Zm9v"),
      ("foob", "MZXW6YQ", "Zm9vYg"),
      ("fooba", "MZXW6YTB", "Zm9vYmE"), ("foobar", "MZXW6YTBOI", "Zm9vYmFy"),
    ] {
      #expect(Base32.text(Array(text.utf8)) == thirtyTwo)
      #expect(base32(thirtyTwo) == Array(text.utf8))
      #expect(Base64URL.text(Array(text.utf8)) == sixtyFour)
      #expect(base64(sixtyFour) == Array(text.utf8))
    }
    #expect(Base64URL.text([0xFB, 0xFF, 0xBF]) == "-_-_")
    #expect(base64("-_-_") == [0xFB, 0xFF, 0xBF])
  }

  @Test("all bytes come back")
  func roundTrip() {
    var random = SeededRandom(seed: 4648)
    for length in 0...70 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(base32(Base32.text(bytes)) == bytes)
      #expect(base64(Base64URL.text(bytes)) == bytes)
    }
  }

  @Test("Base32 ignores case, spaces and hyphens")
  func typed() {
    #expect(base32(" mzxw-6ytb OI ") == Array("foobar".utf8))
    #expect(base32(" - ") == [])
  }

  @Test(
    "other texts are no Base32",
    arguments: [
      "A", "ABC", "ABCDEF", "MZ", "MZXR", "M0", "M1", "M8", "MY======", "M\u{131}", "MZXW6\n", "MY\0",
    ])
  func noBase32(text: String) {
    #expect(base32(text) == nil)
  }

  @Test(
    "other texts are no Base64 for URLs",
    arguments: ["A", "ABCDE", "Zh", "Zm9", "Zg==", "+/+/", "Zg ", " Zg", "Zm\n8", "Zm8.", "Zmé"])
  func noBase64(text: String) {
    #expect(base64(text) == nil)
  }

  @Test("random bytes trap nothing")
  func total() {
    var random = SeededRandom(seed: 32)
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      if let value = Base64URL.bytes(bytes[...]) { #expect(Array(Base64URL.text(value).utf8) == bytes) }
      _ = Base32.bytes(bytes[...])
    }
  }
}
