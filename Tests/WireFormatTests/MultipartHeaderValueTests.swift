import DashboardWireFormat
import Testing

@Suite("Header values with parameters: RFC 9110 section 5.6.6")
struct MultipartHeaderValueTests {
  private func parse(_ text: String) -> HeaderValue? { HeaderValue.parse(Array(text.utf8)[...]) }

  private func boundary(_ text: String) -> String? {
    parse(text)?.parameter("boundary").map { String(decoding: $0, as: UTF8.self) }
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
      ("multipart/form-data; boundary=a; boundary=b", "a"), ("multipart/form-data", nil),
      ("multipart/form-data; boundaries=b", nil), ("multipart/form-data; boundary=", nil),
      ("multipart/form-data; boundary=\"\"", ""),
    ])
  func boundary(text: String, boundary: String?) {
    #expect(self.boundary(text) == boundary)
  }

  @Test("5.6.4: in quotes a backslash escapes the next byte, and percent signs stay")
  func quotedStrings() {
    #expect(boundary(#"a/b; boundary="\"\\\x%22""#) == #""\x%22"#)
  }

  @Test("the value has no whitespace at its ends")
  func value() throws {
    for text in [" Multipart/Form-Data ; x=y", "\tMultipart/Form-Data", "Multipart/Form-Data;"] {
      #expect(try #require(parse(text)).value.elementsEqual("Multipart/Form-Data".utf8))
    }
    #expect(try #require(parse("form-data; x=y")).value.elementsEqual("form-data".utf8))
  }

  @Test(
    "a malformed value is nil",
    arguments: [
      "", ";", " ; a=b", "a b", "a/", "/b", "a/b/c", "a,b", "a; b", "a; b=", "a; =c", "a; b =c", "a; b= c",
      "a; b=c d",
      "a; b=\"c", "a; b=\"c\\", "a; b=\"c\\\"", "a; b=\"c\"d", "a; b=c\"d\"", "a; b=\"",
      "a; b=c, d",
      "a\r", "a\n; b=c", "a; b=\"\0\"", "a; b=\"\r\n\"", "\"a\"", "é", "a; b=é", "a; é=b",
    ])
  func malformed(text: String) {
    #expect(parse(text) == nil)
  }

  @Test("5.5: other control characters and bytes above 127 may be in quotes")
  func quotedBytes() throws {
    let text = Array("a; b=\"".utf8) + [0x01, 0x7f, 0x80, 0xff, 0x09] + Array("\"".utf8)
    #expect(HeaderValue.parse(text[...])?.parameter("b") == [0x01, 0x7f, 0x80, 0xff, 0x09])
  }

  @Test("a slice may begin at any index")
  func slice() {
    let text = Array("junk a; b=c junk".utf8)
    #expect(HeaderValue.parse(text[5..<11])?.parameter("b") == Array("c".utf8))
  }
}
