@testable import DashboardWireFormat
import TestSupport
import Testing

@Suite("The Cookie header: RFC 6265 section 4.2")
struct CookiesTests {
  private func value(_ header: String) -> String? {
    Cookies(header: Array(header.utf8)[...])["token"].map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "a cookie is found among others",
    arguments: [
      ("token=abc", "abc"),
      ("a=1; token=abc; b=2", "abc"),
      ("a=1;token=abc;b=2", "abc"),
      ("  token = abc ", "abc"),
      ("\ttoken=abc\t;", "abc"),
      ("token=a=b", "a=b"),
      ("token=\"abc\"", "abc"),
      ("token=\"abc", "\"abc"),
      ("token=a b", "a b"),
      (";;; ;token=abc", "abc"),
      ("junk; =; =x; token=abc; junk", "abc"),
    ])
  func found(header: String, expected: String) {
    #expect(value(header) == expected)
  }

  @Test(
    "a cookie that is absent or empty has no value",
    arguments: [
      "", "token", "tokens=abc", "atoken=abc", "Token=abc", "a=token=abc", "token=", "token=\"\"", ";",
    ])
  func missing(header: String) {
    #expect(value(header) == nil)
  }

  @Test("the first of several cookies with one name counts (section 5.4)")
  func order() {
    #expect(value("token=deep; token=shallow") == "deep")
    #expect(value("token=; token=shallow") == nil)
  }

  @Test("random bytes trap nothing")
  func total() {
    var random = SeededRandom(seed: 2)
    let alphabet = Array("token=; \"\t".utf8) + [0, 0xFF]
    var found = 0
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      if Cookies(header: bytes[...])["t"] != nil { found += 1 }
    }
    #expect(found > 0)
  }
}
