@testable import DashboardWireFormat
import Testing

@Suite("Headers of multipart parts: RFC 7578 section 4")
struct MultipartHeadersTests {
  let disposition = "Content-Disposition: form-data; name=\"n\""

  @Test(
    "4.2: header, type and parameter names in any case; values as token or in quotes",
    arguments: [
      "Content-Disposition: form-data; name=n", "content-disposition:form-data;name=n",
      "CONTENT-DISPOSITION: FORM-DATA; NAME=\"n\"", "Content-Disposition: \t form-data \t; \t name=\"n\" \t",
      "Content-Disposition: form-data; name=\"n\";", "Content-Disposition: form-data;; ; name=n;",
      "Content-Disposition: form-data; size=1; name=n; other=\"x;y\"",
      "Content-Disposition: form-data; name = n",
      "Content-Disposition: form-data; name =\t\"n\" ", "Content-Disposition: form-data; name= n ;",
    ])
  func disposition(header: String) throws {
    #expect(try multipartPart(header) == MultipartField("n", "x"))
  }

  @Test(
    "4.2: exactly one Content-Disposition: form-data with exactly one name",
    arguments: [
      [], ["Content-Type: text/plain"], ["Content-Disposition: form-data"], ["Content-Disposition:"],
      ["Content-Disposition: attachment; name=n"], ["Content-Disposition: form-data; filename=f"],
      ["Content-Disposition: form-data; name=n", "Content-Disposition: form-data; name=n"],
      ["Content-Disposition: form-data; name=n; name=n"], ["Content-Disposition: form-data; name=n; NAME=m"],
      ["Content-Disposition: form-data; name=n; filename=f; filename=f"],
      ["Content-Disposition: form-data; name="], ["Content-Disposition: form-data; name"],
      ["Content-Disposition: form-data; name=\"n"], ["Content-Disposition: form-data; name=\"n\"x"],
      ["Content-Disposition: form-data; name=n; filename=f; x"],
      ["Content-Disposition: form-data; name=n; a b=c"],
      ["Content-Disposition: form-data; name=\"n\"", "Content-Disposition:"],
      ["Content-Disposition: form-data name=n"],
      ["Content-Disposition: form-data; =n"], ["Content-Disposition: ; name=n"],
      ["Content-Disposition: form-data, form-data; name=n"],
    ])
  func wrongDisposition(headers: [String]) {
    let block = headers.map { $0 + "\r\n" }.joined()
    #expect(throws: FormError.self) { try multipart("--b\r\n\(block)\r\nx\r\n--b--") }
  }

  @Test(
    "4.2 and HTML's form encoding: escapes in quoted names",
    arguments: [
      (#""a\"b""#, "a\"b"), (#""a\\b""#, #"a\b"#), (#""a\\\"""#, #"a\""#), (#""a\bc""#, #"a\bc"#),
      (#""a%22b""#, "a\"b"), (#""a%0D%0Ab""#, "a\r\nb"), (#""%0d%0a""#, "%0d%0a"), (#""a%20b%2""#, "a%20b%2"),
      (#""n\""#, #"n\"#), (#""C:\dir\""#, #"C:\dir\"#), ("a b", "a b"), ("é", "é"),
      (#"C:\dir\"#, #"C:\dir\"#),
      (#""%2522""#, "%2522"), (#""%%22%""#, #"%"%"#), (#""\%22""#, #"\""#), (#""%""#, "%"),
      (#""a;b=c""#, "a;b=c"), (#""""#, ""), (#""jméno""#, "jméno"), (#""日本 x""#, "日本 x"),
      ("a%22b", "a%22b"), ("a'b*c", "a'b*c"), ("\"a\u{1}\tb\"", "a\u{1}\tb"),
    ])
  func escapes(written: String, name: String) throws {
    #expect(
      try multipartPart("Content-Disposition: form-data; name=\(written); filename=\(written)")
        == MultipartField(name, "x", fileName: name))
  }

  @Test("4.2: an old browser's path as file name is kept as written")
  func backslashes() throws {
    #expect(
      try multipartPart(#"Content-Disposition: form-data; name="n"; filename="C:\path\file.txt""#)?.fileName
        == #"C:\path\file.txt"#)
  }

  @Test("4.2: a part with filename is a file, even if the name is empty")
  func fileNames() throws {
    #expect(
      try multipartPart(
        "\(disposition); filename=\"\"", "Content-Type: application/octet-stream", content: "")
        == MultipartField("n", "", fileName: "", contentType: "application/octet-stream"))
    #expect(
      try multipartPart("\(disposition); filename=\"../f\"", "Content-Type: a/b; c=d ")
        == MultipartField("n", "x", fileName: "../f", contentType: "a/b; c=d"))
  }

  @Test("4.2: filename* is ignored, with or without filename")
  func extendedFileName() throws {
    #expect(
      try multipartPart("\(disposition); filename*=UTF-8''na%C3%AFve") == MultipartField("n", "x"))
    #expect(
      try multipartPart("\(disposition); filename*=UTF-8''na%C3%AFve; filename=f")
        == MultipartField("n", "x", fileName: "f"))
  }

  @Test(
    "HTML's form encoding: a backslash before the closing quote escapes nothing if the header makes sense only so"
  )
  func lastBackslash() throws {
    #expect(
      try multipartPart(#"Content-Disposition: form-data; name="a\"; filename="b\""#)
        == MultipartField(#"a\"#, "x", fileName: #"b\"#))
    // Both ways make sense, and the RFC's counts.
    #expect(
      try multipartPart(#"Content-Disposition: form-data; name=n; filename="a\"; x=1""#)
        == MultipartField("n", "x", fileName: #"a"; x=1"#))
  }

  @Test("5.1: names are UTF-8 without NUL", arguments: ["name", "filename"])
  func notText(parameter: String) {
    let other = parameter == "name" ? "filename" : "name"
    for wrong: [UInt8] in [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80]] {
      let body =
        Array("--b\r\nContent-Disposition: form-data; \(other)=o; \(parameter)=\"".utf8) + wrong
        + Array("\"\r\n\r\nx\r\n--b--".utf8)
      #expect(throws: FormError("a name or value is not UTF-8, or holds a NUL")) { try multipartForm(body) }
    }
    #expect(throws: FormError("a name or value is not UTF-8, or holds a NUL")) {
      try multipartPart("Content-Disposition: form-data; \(other)=o; \(parameter)=\"a\0b\"")
    }
  }

  @Test(
    "malformed header lines are refused, in ignored headers too",
    arguments: ["X", "X Y: z", "X : y", ": y", "é: x"])
  func malformedHeader(header: String) {
    for headers in [[disposition, header], [header, disposition]] {
      #expect(throws: FormError("a part has a header line that is not a name, a colon and a value")) {
        try multipartPart(headers[0], headers[1])
      }
    }
  }

  @Test(
    "lone CR, LF and NUL in headers are refused, in ignored headers too",
    arguments: [
      ("X\0: y", "NUL"), ("X: \0", "NUL"), ("X: a\nb", "LF alone"), ("X: a\rb", "CR alone"),
      ("X: a\r", "CR alone"),
      ("X: \n", "LF alone"), ("\n", "LF alone"), ("\rX: y", "CR alone"),
    ])
  func forbiddenBytes(header: String, fault: String) throws {
    for headers in [[disposition, header], [header, disposition]] {
      let block = Array("--b\r\n\(headers[0])\r\n\(headers[1])\r\n\r\nx\r\n--b--".utf8)
      // They fail the other parts too: the lines of the body are not certain.
      let error = #expect(throws: FormError.self) { try multipartForm(block) }
      #expect(error?.detail.contains(fault) == true)
    }
  }

  @Test("RFC 9112 section 5.2: folded lines are refused", arguments: [" ", "\t"])
  func folding(space: String) {
    #expect(throws: FormError("a part has a folded header line")) {
      try multipartPart("Content-Disposition: form-data;", "\(space)name=n")
    }
    #expect(throws: FormError("a part has a folded header line")) {
      try multipartPart(disposition, "X: y", "\(space)z")
    }
    #expect(throws: FormError("a part has a folded header line")) {
      try multipartPart("\(space)\(disposition)")
    }
  }

  @Test("a header line ends in CRLF, not in LF alone")
  func lineFeeds() {
    #expect(throws: FormError.self) { try multipart("--b\r\n\(disposition)\n\nx\r\n--b--") }
  }

  @Test("an empty first line means that there is no header")
  func emptyLineFirst() {
    #expect(throws: FormError.self) { try multipart("--b\r\n\r\n\(disposition)\r\n\r\nx\r\n--b--") }
  }

  @Test("4.4: a field's charset is known or none; with none the type may be any")
  func charset() throws {
    for type in [
      "text/plain", "text/plain;charset=UTF-8", "text/plain; Charset=\"us-ascii\"", "application/json",
      "text/plain; charset=iso-8859-1", "text/plain; charset = utf8", "text/plain; charset=\"\"",
    ] {
      #expect(
        try multipartPart(disposition, "Content-Type: \(type)") == MultipartField("n", "x", contentType: type)
      )
    }
    for label in ["iso-8859-2", "utf-16", "'utf-8'", "utf 8", "\u{1}"] {
      let error = #expect(throws: FormError.self) {
        try multipartPart(disposition, "content-type: text/plain; charset=\"\(label)\"")
      }
      #expect(error == .unknownCharset(Array(label.utf8)))
      #expect(error?.isUnknownEncoding == true)
    }
  }

  @Test("4.4: a file may have any type and charset")
  func fileType() throws {
    for type in ["text/plain; charset=iso-8859-1", "text/plain; charset=x", "nonsense"] {
      #expect(
        try multipartPart("\(disposition); filename=f", "Content-Type: \(type)")?.contentType == type)
    }
  }

  @Test("4.4: a malformed Content-Type of a field, or a second one, is refused")
  func wrongContentType() {
    for type in ["text/", "/plain", "text/plain; charset", "a/b/c", "text/plain (comment)"] {
      #expect(throws: FormError("a part has a malformed Content-Type, or more than one")) {
        try multipartPart(disposition, "Content-Type: \(type)")
      }
    }
    #expect(throws: FormError("a part has a malformed Content-Type, or more than one")) {
      try multipartPart(disposition, "Content-Type: text/plain", "content-type: text/plain")
    }
  }

  @Test("a header without a value counts as absent", arguments: ["", " ", " \t "])
  func emptyValue(value: String) throws {
    for header in ["Content-Type", "Content-Transfer-Encoding", "X-Own"] {
      for file in ["", "; filename=f"] {
        #expect(
          try multipartPart(disposition + file, "\(header):\(value)")
            == MultipartField("n", "x", fileName: file.isEmpty ? nil : "f"))
      }
    }
    #expect(
      try multipartPart(disposition, "Content-Type:", "Content-Type: text/plain")
        == MultipartField("n", "x", contentType: "text/plain"))
    #expect(throws: FormError.self) { try multipartPart("Content-Disposition:\(value)") }
  }

  @Test("4.7: a Content-Transfer-Encoding that encodes is refused, the RFC's example of section 4.5 too")
  func transferEncoding() throws {
    for encoding in ["7bit", "8bit", "binary", "Binary", "8BIT "] {
      #expect(
        try multipartPart(disposition, "Content-Transfer-Encoding: \(encoding)") == MultipartField("n", "x"))
    }
    for encoding in ["base64", "quoted-printable", "x-own", "7bit; x=y", "8bit, binary"] {
      let error = #expect(throws: FormError.self) {
        try multipartPart(disposition, "content-transfer-encoding: \(encoding)")
      }
      #expect(error?.detail.contains("Content-Transfer-Encoding \(encoding);") == true)
      #expect(error?.isUnknownEncoding == false)
    }
    let example =
      "--AaB03x\r\ncontent-disposition: form-data; name=\"field1\"\r\ncontent-type: text/plain;charset=UTF-8\r\n"
      + "content-transfer-encoding: quoted-printable\r\n\r\nJoe owes =E2=82=AC100.\r\n--AaB03x--"
    #expect(throws: FormError.self) { try multipart(example, boundary: "AaB03x") }
  }

  @Test("4.8: other headers are ignored")
  func otherHeaders() throws {
    #expect(
      try multipartPart("X-A: b", disposition, "Content-Length: 99", "Empty:") == MultipartField("n", "x"))
  }

  @Test("RFC 1867 section 6, the first example of a form with a file")
  func publishedExample() throws {
    let body =
      "--AaB03x\r\ncontent-disposition: form-data; name=\"field1\"\r\n\r\nJoe Blow\r\n--AaB03x\r\n"
      + "content-disposition: form-data; name=\"pics\"; filename=\"file1.txt\"\r\nContent-Type: text/plain\r\n\r\n"
      + " ... contents of file1.txt ...\r\n--AaB03x--\r\n"
    #expect(
      try multipart(body, boundary: "AaB03x") == [
        MultipartField("field1", "Joe Blow"),
        MultipartField(
          "pics", " ... contents of file1.txt ...", fileName: "file1.txt", contentType: "text/plain"),
      ])
  }
}
