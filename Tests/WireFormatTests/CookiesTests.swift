@testable import DashboardWireFormat
import TestSupport
import Testing

@Suite("The Cookie header: RFC 6265 section 4.2")
struct CookiesTests {
  private func values(_ header: String, of name: String = "token") -> [String] {
    Cookies(header: Array(header.utf8)[...]).filter { $0.name.isEqual(to: name) }.map {
      String(decoding: $0.value, as: UTF8.self)
    }
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
    #expect(values(header) == [expected])
  }

  @Test(
    "other names are other cookies, and a comma separates nothing",
    arguments: ["", "token", "tokens=abc", "atoken=abc", "Token=abc", "a=token=abc", ";", "a=b, token=abc"])
  func missing(header: String) {
    #expect(values(header).isEmpty)
  }

  @Test("cookies of one name keep their order (section 5.4)")
  func order() {
    #expect(values("token=deep; a=b; token=; token=\"shallow\"") == ["deep", "", "shallow"])
    #expect(values("token=abc, token=def") == ["abc, token=def"])
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
      found += Cookies(header: bytes[...]).count { !$0.value.isEmpty }
    }
    #expect(found > 0)
  }
}
