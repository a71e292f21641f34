import DashboardWireFormat
import Testing

@Suite("Limits of multipart bodies")
struct MultipartLimitTests {
  private let disposition = "Content-Disposition: form-data; name=n"

  private func form(of count: Int) -> String {
    String(repeating: "--b\r\n\(disposition)\r\n\r\nx\r\n", count: count) + "--b--"
  }

  @Test("1,000 parts are allowed, one more is not")
  func parts() throws {
    #expect(try multipart(form(of: FormLimits.parts)).count == FormLimits.parts)
    #expect(throws: FormError("the multipart body has more than 1000 parts")) {
      try multipart(form(of: FormLimits.parts + 1))
    }
  }

  @Test(
    "headers as long as allowed, empty line included, and one byte more", arguments: ["\r\nx", "\r\n", ""])
  func headers(content: String) throws {
    let fixed = "\(disposition)\r\nX: \r\n\r\n".utf8.count
    for (length, isAllowed) in [
      (FormLimits.partHeaderLength, true), (FormLimits.partHeaderLength + 1, false),
    ] {
      let filler = String(repeating: "x", count: length - fixed)
      // A missing empty line takes its CRLF from the delimiter.
      let body = "--b\r\n\(disposition)\r\nX: \(filler)\r\n\(content)\r\n--b--"
      if isAllowed {
        #expect(try multipart(body).count == 1)
      } else {
        #expect(throws: FormError("a part's headers are longer than 8192 bytes")) { try multipart(body) }
      }
    }
  }

  @Test("the length of all parts' headers is limited")
  func allHeaders() throws {
    func body(_ count: Int, of length: Int) -> String {
      let filler = String(repeating: "x", count: length - "\(disposition)\r\nX: ".utf8.count)
      return String(repeating: "--b\r\n\(disposition)\r\nX: \(filler)\r\n\r\n\r\n", count: count) + "--b--"
    }
    let count = FormLimits.headersLength / 1024
    #expect(try multipart(body(count, of: 1024)).count == count)
    #expect(throws: FormError("the headers of all parts are together longer than 131072 bytes")) {
      try multipart(body(count, of: 1025))
    }
  }

  @Test("endless headers are too long, not content")
  func endlessHeaders() {
    let body = "--b\r\n\(disposition)\r\n" + String(repeating: "X: y\r\n", count: 10_000) + "\r\n--b--"
    #expect(throws: FormError("a part's headers are longer than 8192 bytes")) { try multipart(body) }
  }

  @Test("a decoded name of 256 bytes is allowed, a longer one is not")
  func name() throws {
    let longest = String(repeating: "n", count: FormLimits.nameLength - 1)
    let header = "Content-Disposition: form-data; name="
    #expect(try multipartPart("\(header)\"\(longest)%22\"")?.name == longest + "\"")
    #expect(throws: FormError("a field's name is longer than 256 bytes")) {
      try multipartPart("\(header)\"\(longest)%22x\"")
    }
    #expect(throws: FormError.self) { try multipartPart("\(header)\(longest)xx") }
  }
}
