import DashboardWireFormat
import Testing

@Suite("Multipart bodies: RFC 2046 section 5.1.1")
struct MultipartDecoderTests {
  private static let part = "Content-Disposition: form-data; name=n\r\n\r\n"
  let part = Self.part

  @Test(
    "boundary: 1 to 70 bytes that can stand in a header",
    arguments: [
      ("b", true), (String(repeating: "x", count: 70), true), ("azAZ09'()+_,-./:=?", true), ("a b", true),
      (" b", true), ("b ", true), (" ", true), ("\t", true), ("a\tb", true), ("a\"b", true), ("a;b", true),
      ("a*b", true),
      ("é", true), ("a\\b", true), ("--", true), ("-", true), ("[{<@|>}]", true), ("", false),
      (String(repeating: "x", count: 71), false), ("a\rb", false), ("a\nb", false), ("a\0b", false),
      ("a\u{1}", false),
      ("\u{7F}a", false),
    ])
  func boundary(boundary: String, isAllowed: Bool) {
    let bytes = Array(boundary.utf8)
    #expect(((try? MultipartDecoder(boundary: bytes[...])) != nil) == isAllowed)
    if isAllowed {
      for padding in ["", " \t "] {
        #expect(throws: Never.self) {
          let fields = try multipart(
            "x\r\n--\(boundary)\(padding)\r\n\(part)x\r\n--\(boundary)\(padding)\r\n\(part)y\r\n--\(boundary)--",
            boundary: boundary)
          #expect(fields == [MultipartField("n", "x"), MultipartField("n", "y")])
        }
      }
    } else {
      #expect(throws: FormError.self) { try multipart("--\(boundary)--", boundary: boundary) }
    }
  }

  @Test("each fault of a boundary has its own error")
  func boundaryFaults() {
    let errors = ["", String(repeating: "x", count: 71), "a\u{1}"].map { boundary in
      do throws(FormError) {
        return try multipart("--b--", boundary: boundary).description
      } catch {
        return error.detail
      }
    }
    #expect(Set(errors).count == 3)
  }

  @Test("the first delimiter may be at the very start, without CRLF")
  func firstDelimiter() throws {
    #expect(try multipart("--b\r\n\(part)x\r\n--b--") == [MultipartField("n", "x")])
    #expect(try multipart("\r\n--b\r\n\(part)x\r\n--b--") == [MultipartField("n", "x")])
  }

  @Test("preamble: anything before the first delimiter is ignored")
  func preamble() throws {
    for preamble in ["text", "--", "--bb\r\n", "--b x", "x--b\r\n", "\n--b\r\n", "\r\n--b-\r\n"] {
      #expect(try multipart("\(preamble)\r\n--b\r\n\(part)x\r\n--b--").last == MultipartField("n", "x"))
    }
    #expect(throws: FormError.self) { try multipart("text--b\r\n\(part)x\r\ntext--b--") }
  }

  @Test(
    "epilogue: anything after the close delimiter is ignored",
    arguments: ["", "\r\n", "\r", " ", " \t\r\n", "x", "-", "\r\n--b\r\njunk", "\r\n--b--\r\n"])
  func epilogue(epilogue: String) throws {
    #expect(try multipart("--b\r\n\(part)x\r\n--b--\(epilogue)") == [MultipartField("n", "x")])
  }

  @Test("transport padding: spaces and tabs between boundary and CRLF", arguments: ["", " ", "\t", " \t \t"])
  func transportPadding(padding: String) throws {
    #expect(
      try multipart("--b\(padding)\r\n\(part)x\r\n--b\(padding)\r\n\(part)y\r\n--b--\(padding)\r\n")
        == [MultipartField("n", "x"), MultipartField("n", "y")])
  }

  @Test(
    "a line that does not continue like a delimiter is content",
    arguments: [
      "--bcd", "--b-", "--b-x", "--b x", "--b \tx", "--b --", "--b\r", "--b \r", "--b\rx", "--b\n", "--b\r\r",
      "--b\0", "--B", "--", "-", "--\r", " --b--",
    ])
  func notDelimiter(line: String) throws {
    for content in ["\r\n\(line)", "x\r\n\(line)\r\ny", "\r\n\(line)\r\n\(line)"] {
      #expect(try multipart("--b\r\n\(part)\(content)\r\n--b--") == [MultipartField("n", content)])
    }
  }

  @Test("a boundary in the middle of a line is content, and so is one after a lone CR or LF")
  func notAtLineStart() throws {
    for content in ["x--b--", "\r--b--", "\n--b\r\n", "x\n--b--"] {
      #expect(try multipart("--b\r\n\(part)\(content)\r\n--b--") == [MultipartField("n", content)])
    }
  }

  @Test("the CRLF before a delimiter belongs to it: a content keeps its own last CRLF")
  func lineBreakBeforeDelimiter() throws {
    for content in ["", "\r\n", "x\r\n", "\r", "\n", "\r\n\r\n", "x\r"] {
      #expect(try multipart("--b\r\n\(part)\(content)\r\n--b--") == [MultipartField("n", content)])
    }
  }

  @Test("an empty content may end at its empty line, or without one")
  func emptyContent() throws {
    let header = "Content-Disposition: form-data; name=n"
    for end in ["\r\n\r\n", "\r\n", ""] {
      #expect(
        try multipart("--b\r\n\(header)\(end)\r\n--b\r\n\(header)\(end)\r\n--b--")
          == [MultipartField("n", ""), MultipartField("n", "")])
    }
  }

  @Test("a part needs more than a delimiter before and one after")
  func nothingBetweenDelimiters() {
    for body in [
      "--b\r\n--b--", "--b\r\n\r\n--b--", "--b\r\n\r\n\r\n--b--", "--b\r\n--b\r\n\(part)x\r\n--b--",
    ] {
      #expect(throws: FormError.self) { try multipart(body) }
    }
  }

  @Test("a close delimiter alone is a form without fields, as browsers send it")
  func noFields() throws {
    #expect(try multipart("--b--\r\n").isEmpty)
    #expect(try multipart("\r\n--b--").isEmpty)
  }

  @Test(
    "a body without close delimiter is cut short",
    arguments: [
      "", "-", "--b", "--b-", "--b ", "--b\r", "--b\r\n", "x\r\n--b", "x\r\n--b\r\n\r\nb",
      "--b\r\nContent-Disposition: form-data; name=n\r\n\r\nx\r\n--b",
      "--b\r\nContent-Disposition: form-data; name=n\r\n\r\nx\r\n--b\r\n",
      "--b\r\nContent-Disposition: form-data; name=n\r\n\r\nx--b--", "--b\r\nx\r\n--bb--\r\n",
    ])
  func cutShort(body: String) {
    #expect(throws: FormError("the multipart body is cut short: it has no close delimiter")) {
      try multipart(body)
    }
  }

  @Test(
    "a body whose lines have another boundary is not cut short",
    arguments: [
      "--a--", "text", "--B--", "b", "-b--", "--a\r\n\(Self.part)x\r\n--a--\r\n", "x--b\r\n", "x --b--",
    ])
  func otherBoundary(body: String) {
    #expect(throws: FormError("no line of the multipart body has the boundary of its Content-Type")) {
      try multipart(body)
    }
  }

  @Test(
    "line ends that are LF or CR alone are named",
    arguments: [
      "--b\n\n--b--x", "--b\nContent-Disposition: form-data; name=n\n\nx\n--b--\n", "\n--b--", "x\n--b--",
      "--b \t\n",
      "--b\r\n\(Self.part)x\n--b--", "--b\r\n\(Self.part)x\n--b--\n", "--b\n\(Self.part)x\r\n--b",
      "--b\r\n\(Self.part)x\r\n--b\n",
      "--b\r\nContent-Disposition: form-data; name=n\n\nx\r\n--b--", "--b\r\n\(Self.part)--b\n",
    ])
  func lineEnds(body: String) {
    #expect(throws: FormError("lines of the multipart body end in LF alone; they must end in CRLF")) {
      try multipart(body)
    }
    #expect(throws: FormError("lines of the multipart body end in CR alone; they must end in CRLF")) {
      // A CR at the very end may be the beginning of CRLF.
      let body = body.replacing("\r\n", with: "\u{1}").replacing("\n", with: "\r") + "x"
      return try multipart(body.replacing("\u{1}", with: "\r\n"))
    }
  }

  @Test(
    "the reason why a body has no end is found in linear time",
    arguments: ["--b", "\n--", "\r\n--b x", "--b ", "--b\r\r\n"])
  func linearReason(content: String) {
    let body = "x" + String(repeating: content, count: 300_000 / content.utf8.count)
    #expect(throws: FormError.self) { try multipart(body) }
    #expect(throws: FormError.self) { try multipart("--b\r\n" + body) }
  }

  @Test("parts keep their order and repeated names")
  func order() throws {
    let body = ["a", "b", "a"].map { "--b\r\nContent-Disposition: form-data; name=\($0)\r\n\r\n\($0)\r\n" }
    #expect(
      try multipart(body.joined() + "--b--")
        == [MultipartField("a", "a"), MultipartField("b", "b"), MultipartField("a", "a")])
  }

  @Test("contents are ranges of the body, not copies")
  func ranges() throws {
    let bytes = Array("--b\r\n\(part)x\r\n--b--".utf8)
    let body = try MultipartDecoder.decode(bytes, boundary: Array("b".utf8)[...])
    let isSameMemory = bytes.span.isIdentical(to: body.bytes.span)
    #expect(isSameMemory)
    #expect(body.parts.map(\.content) == [47..<48])
  }

  @Test("a part of another body has no content and traps nothing")
  func foreignPart() throws {
    let long = try MultipartDecoder.decode(Array("--b\r\n\(part)x\r\n--b--".utf8), boundary: [0x62])
    let short = try MultipartDecoder.decode(Array("--b--".utf8), boundary: [0x62])
    let foreign = try #require(long.parts.first)
    #expect(short.content(of: foreign).isEmpty)
  }

  @Test(
    "the example of RFC 2046, its parts given names: preamble, epilogue, contents with and without last CRLF")
  func publishedExample() throws {
    func body(_ first: String, _ second: String) -> String {
      "This is the preamble.  It is to be ignored, though it\r\nis a handy place for composition agents to "
        + "include an\r\nexplanatory note to non-MIME conformant readers.\r\n\r\n--simple boundary\r\n\(first)\r\n"
        + "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.\r\n"
        + "--simple boundary\r\n\(second)Content-type: text/plain; charset=us-ascii\r\n\r\n"
        + "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n\r\n"
        + "--simple boundary--\r\n\r\nThis is the epilogue.  It is also to be ignored.\r\n"
    }
    let first = "Content-Disposition: form-data; name=implicit\r\n"
    let second = "Content-Disposition: form-data; name=explicit\r\n"
    #expect(
      try multipart(body(first, second), boundary: "simple boundary") == [
        MultipartField(
          "implicit",
          "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak."),
        MultipartField(
          "explicit",
          "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n",
          contentType: "text/plain; charset=us-ascii"),
      ])
    #expect(throws: FormError.self) { try multipart(body("", ""), boundary: "simple boundary") }
  }
}
