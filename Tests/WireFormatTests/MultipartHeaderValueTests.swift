@testable import DashboardWireFormat
import Testing

@Suite("Header values with parameters: RFC 9110 section 5.6.6")
struct MultipartHeaderValueTests {
  private func value(_ text: String) -> HeaderValue { HeaderValue(Array(text.utf8)[...]) }

  private func boundary(_ text: String) throws(FormError) -> String {
    String(decoding: try value(text).boundary(), as: UTF8.self)
  }

  @Test(
    "RFC 2046 section 5.1.1: the boundary of a Content-Type, in quotes or not",
    arguments: [
      ("multipart/form-data; boundary=AaB03x", "AaB03x"), ("multipart/form-data;BOUNDARY=\"a b\"", "a b"),
      ("multipart/mixed; boundary=gc0pJq0M:08jU534c0p", "gc0pJq0M:08jU534c0p"),
      ("multipart/form-data; boundary=----=_Part_1(2)?3,4/5;x=y", "----=_Part_1(2)?3,4/5"),
      ("multipart/mixed; boundary=\"gc0pJq0M:08jU534c0p\"", "gc0pJq0M:08jU534c0p"),
      ("multipart/form-data; charset=utf-8; boundary=b ; x=y", "b"),
      ("multipart/form-data; ;boundary=b;", "b"),
      ("multipart/form-data; boundary=a; boundary=b", "a"), ("multipart/form-data; boundary=\"\"", ""),
      ("multipart/form-data; boundary=", ""), ("multipart/form-data; boundary", ""),
    ])
  func boundary(text: String, boundary: String) throws {
    #expect(try self.boundary(text) == boundary)
  }

  @Test(
    "a boundary of any characters, with white space around the equals sign, beside malformed parameters",
    arguments: [
      ("boundary = b", "b"), ("boundary=\t\"b\"", "b"), (" \tboundary\t= \"b\" \t", "b"),
      ("boundary=a b", "a b"),
      ("boundary= a  b ;x=y", "a  b"), ("boundary=\" a b \"", " a b "), (#"boundary=a"b"#, #"a"b"#),
      (#"boundary=a"b""#, #"a"b""#), (#"boundary=a\b"#, #"a\b"#), (#"boundary="a\"b""#, #"a"b"#),
      (#"boundary="a\\b\;""#, #"a\b;"#), ("boundary=\"a;b\";c=d", "a;b"), ("boundary=a=b==", "a=b=="),
      ("boundary=[{a}]<@,b!#$%&'*+^`|~>", "[{a}]<@,b!#$%&'*+^`|~>"), ("boundary=é", "é"),
      ("boundary=\"日本\"", "日本"),
      ("x y; boundary=b", "b"), ("x=; =y; ;; boundary=b", "b"), ("x=\"y\"z; boundary=b", "b"),
      ("x; boundary=b", "b"), ("boundary=b; x=\"", "b"), ("boundary=-", "-"), ("boundary=--", "--"),
      ("boundary='b'", "'b'"), ("boundary=b, c", "b, c"), ("boundary*=a; boundary=b", "b"),
    ])
  func boundaryOfAnyCharacters(parameters: String, boundary: String) throws {
    #expect(try self.boundary("multipart/form-data;\(parameters)") == boundary)
  }

  @Test("each fault of a boundary has its own error")
  func faults() {
    let faults = [
      "multipart/form-data; boundaries=b", "a/b; boundary=\"b", "a/b; boundary=\"b\\\"",
      "a/b; boundary=\"b\"c",
    ]
    let errors = faults.map { text in
      do throws(FormError) {
        return try boundary(text)
      } catch {
        return error.detail
      }
    }
    #expect(errors[1] == errors[2])
    #expect(Set(errors).count == 3)
    #expect(throws: FormError.self) { try boundary("multipart/form-data") }
  }

  @Test("5.6.4: in quotes a backslash escapes the next byte, and percent signs stay")
  func quotedStrings() throws {
    #expect(try boundary(#"a/b; boundary="\"\\\x%22""#) == #""\x%22"#)
  }

  @Test("without escapes a backslash is a character")
  func withoutEscapes() throws {
    let text = Array(#"a; b="C:\"; c="\d""#.utf8)
    let value = HeaderValue(text[...], hasEscapes: false)
    #expect(value.isWellFormed)
    #expect(value.parameters.map { String(decoding: $0.text, as: UTF8.self) } == [#"C:\"#, #"\d"#])
  }

  @Test(
    "a charset by its label; an empty one counts as none",
    arguments: [
      ("a/b; charset=utf-8", Charset.utf8), ("a/b;CHARSET=\"UTF8\"", .utf8),
      ("a/b; charset = \" Latin1 \"", .windows1252),
      ("a/b; charset=iso_8859-1:1987", .windows1252), (#"a/b; charset="\u\t\f-8""#, .utf8),
      ("a/b; charset=koi8-r; charset=utf-8", .unknown(label: Array("koi8-r".utf8))),
      ("a/b; charset=\"\"", nil),
      ("a/b; charset=", nil), ("a/b; charset", nil), ("a/b", nil), ("charset=utf-8", nil),
      ("a; x y; charset=l1", .windows1252),
    ])
  func charset(text: String, charset: Charset?) {
    #expect(value(text).charset == charset)
  }

  @Test("the value has no whitespace at its ends")
  func value() throws {
    for text in [" Multipart/Form-Data ; x=y", "\tMultipart/Form-Data", "Multipart/Form-Data;"] {
      #expect(value(text).value.elementsEqual("Multipart/Form-Data".utf8))
    }
    #expect(value("form-data; x=y").value.elementsEqual("form-data".utf8))
  }

  @Test(
    "a malformed value is not well-formed",
    arguments: [
      "", ";", " ; a=b", "a b", "a/", "/b", "a/b/c", "a,b", "a; b", "a; b=", "a; =c", "a; b c=d",
      "a; b=\"c", "a; b=\"c\\", "a; b=\"c\\\"", "a; b=\"c\"d", "a; b=\"", "a\r", "a\n; b=c", "\"a\"", "é",
      "a; é=b",
    ])
  func malformed(text: String) {
    #expect(!value(text).isWellFormed)
  }

  @Test(
    "white space around the equals sign, and a value of any characters without quotes, are well-formed",
    arguments: ["a; b =c", "a; b= c", "a; b=c d", "a; b=c\"d\"", "a; b=c, d", "a; b=é", "a;;b=c;", "a/b"])
  func wellFormed(text: String) {
    #expect(value(text).isWellFormed)
  }

  @Test("5.5: other control characters and bytes above 127 may be in quotes")
  func quotedBytes() throws {
    let text = Array("a; b=\"".utf8) + [0x01, 0x7f, 0x80, 0xff, 0x09] + Array("\"".utf8)
    #expect(HeaderValue(text[...]).parameter("b")?.text == [0x01, 0x7f, 0x80, 0xff, 0x09])
  }

  @Test("a slice may begin at any index")
  func slice() {
    let text = Array("junk a; b=c junk".utf8)
    #expect(HeaderValue(text[5..<11]).parameter("b")?.text == Bytes("c".utf8))
  }
}
