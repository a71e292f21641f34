@testable import DashboardWireFormat
import TestSupport
import Testing

@Suite("Query strings and urlencoded bodies: WHATWG URL section 5.1")
struct FormTests {
  private func text(_ form: Form, _ name: String) -> String? {
    form[name].map { String(decoding: $0, as: UTF8.self) }
  }

  private func form(_ text: String) throws -> Form { try Form(urlEncoded: Array(text.utf8)[...]) }

  @Test("pairs are split at & and the first =, and + is a space")
  func pairs() throws {
    let form = try form("a=1&b=x=y&c=one+two&d")
    #expect(text(form, "a") == "1")
    #expect(text(form, "b") == "x=y")
    #expect(text(form, "c") == "one two")
    #expect(form["d"] == nil)
    #expect(form["e"] == nil)
  }

  @Test("empty sequences are ignored, an empty name is kept")
  func emptySequences() throws {
    let form = try form("&&a=1&&=nameless&")
    #expect(text(form, "a") == "1")
    #expect(text(form, "") == "nameless")
  }

  @Test(
    "percent-decoding, with malformed escapes kept as they are (section 1.3)",
    arguments: [
      ("%41", "A"), ("%c3%A9", "é"), ("%2B+%2b", "+ +"), ("%", "%"), ("%4", "%4"), ("%4g", "%4g"),
      ("%g4", "%g4"), ("%%41", "%A"), ("%25%34%31", "%41"), ("a%3Db%26c", "a=b&c"), ("100%", "100%"),
      ("%E2%82%AC", "€"), ("caf%C3%A9+au+lait", "café au lait"), ("%0d%0A", "\r\n"),
    ])
  func percentDecoding(encoded: String, decoded: String) throws {
    #expect(text(try form("x=\(encoded)"), "x") == decoded)
    #expect(text(try form("\(encoded)=x"), decoded) == "x")
  }

  @Test("the parser's examples of the standard's test suite")
  func standardExamples() throws {
    #expect(text(try form("a=b&c=d&"), "c") == "d")
    #expect(text(try form("&&&a=b&&&&c=d&"), "a") == "b")
    #expect(text(try form("a=a&a=b&a=c"), "a") == "c")
    #expect(text(try form("a==a"), "a") == "=a")
    #expect(text(try form("a=a+b+c+d"), "a") == "a b c d")
    #expect(text(try form("%61=a"), "a") == "a")
    #expect(text(try form("%61+%4d%4D=x"), "a MM") == "x")
    #expect(text(try form("id=0&value=%"), "value") == "%")
    #expect(text(try form("b=%2sf%2a"), "b") == "%2sf*")
    #expect(text(try form("b=%2%2af%2a"), "b") == "%2*f*")
    #expect(text(try form("b=%%2a"), "b") == "%*")
  }

  @Test("the last of repeated fields counts, even if it is empty")
  func repeated() throws {
    #expect(text(try form("a=1&a=2"), "a") == "2")
    #expect(try form("a=1&a=")["a"] == nil)
  }

  @Test(
    "bytes that are not UTF-8, and NUL, are refused in names and values",
    arguments: [
      "%ff", "%C3", "%C3%28", "%ED%A0%80", "%F4%90%80%80", "%C0%80", "%00", "a%00b", "%E2%82", "%80",
    ])
  func notText(encoded: String) {
    #expect(throws: FormError.notText) { try form("x=\(encoded)") }
    #expect(throws: FormError.notText) { try form("\(encoded)=x") }
    #expect(throws: FormError.notText) { try form("x=1&y=\(encoded)&z=2") }
  }

  @Test("raw bytes above 127 and control characters are kept")
  func rawBytes() throws {
    #expect(text(try form("x=é\u{1}\t\u{7F}"), "x") == "é\u{1}\t\u{7F}")
    #expect(throws: FormError.notText) { try Form(urlEncoded: [0x78, 0x3D, 0xFF]) }
  }

  @Test("a query string is UTF-8, whatever field _charset_ it has")
  func query() throws {
    let form = try Form(query: Array("_charset_=windows-1252&a=%C3%A9".utf8)[...])
    #expect(text(form, "a") == "é")
    #expect(throws: FormError.notText) { try Form(query: Array("_charset_=windows-1252&a=%E9".utf8)[...]) }
    #expect(try text(Form(query: Array("_charset_=x&a=1".utf8)[...]), "a") == "1")
  }

  @Test("1,000 fields and decoded names of 256 bytes are allowed, one more is not")
  func limits() throws {
    let thousand = Array(repeating: "a=1", count: 1000).joined(separator: "&")
    #expect(text(try form(thousand + "&&&"), "a") == "1")
    #expect(throws: FormError.tooManyFields) { try form(thousand + "&b=1") }
    // Reading stops at the first excess.
    #expect(throws: FormError.tooManyFields) { try form(thousand + "&b=%FF") }
    let name = String(repeating: "%61", count: 256)
    #expect(text(try form("\(name)=1"), String(repeating: "a", count: 256)) == "1")
    #expect(throws: FormError.nameTooLong) { try form("\(name)a=1") }
  }

  @Test("a value without escapes is not copied, and an empty form has no fields")
  func emptyForm() throws {
    #expect(try form("").isEmpty)
    #expect(Form().isEmpty)
    #expect(try form("a").isEmpty == false)
  }

  @Test("random bytes trap nothing")
  func total() {
    var random = SeededRandom(seed: 1)
    let alphabet = Array("%&=+aA0fF".utf8) + [0, 0xFF, 0xC3, 0xA9]
    var outcomes: Set<Bool> = []
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...24, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      outcomes.insert((try? Form(urlEncoded: bytes[...])) != nil)
    }
    #expect(outcomes == [true, false])
  }

  @Test("a program's fields must be UTF-8 without NUL too")
  func ofProgram() throws {
    #expect(text(try Form(["a": "é"]), "a") == "é")
    #expect(try Form(["a": ""])["a"] == nil)
    #expect(throws: FormError.notText) { try Form(["a": "\0"]) }
  }

  @Test("the first of repeated fields in a multipart body counts, and files are uploads")
  func multipart() throws {
    let body = """
      --b\r
      Content-Disposition: form-data; name="a"\r
      \r
      1\r
      --b\r
      Content-Disposition: form-data; name="a"\r
      \r
      2\r
      --b\r
      Content-Disposition: form-data; name="f"; filename="x.txt"\r
      Content-Type: text/plain\r
      \r
      \u{0}content\r
      --b\r
      Content-Disposition: form-data; name="g"; filename=""\r
      \r
      \r
      --b--\r

      """
    let form = try Form(MultipartDecoder.decode(Array(body.utf8), boundary: Array("b".utf8)[...]))
    #expect(text(form, "a") == "1")
    #expect(form["f"] == nil)
    #expect(form.uploads.count == 2)
    #expect(form.uploads.first.map { String(decoding: $0.fileName, as: UTF8.self) } == "x.txt")
    #expect(form.uploads.first.map { String(decoding: $0.content, as: UTF8.self) } == "\0content")
    #expect(form.uploads.last?.content.isEmpty == true)
    #expect(form.uploads.last?.fileName.isEmpty == true)
  }

  @Test("a multipart value that is not UTF-8, or contains NUL, is refused")
  func multipartNotText() {
    for value in [[0xFF], [0x61, 0]] as [[UInt8]] {
      let body =
        Array("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + value + Array("\r\n--b--".utf8)
      #expect(throws: FormError.notText) {
        try Form(MultipartDecoder.decode(body, boundary: Array("b".utf8)[...]))
      }
    }
  }
}
