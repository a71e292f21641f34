@testable import DashboardWireFormat
import TestSupport
import Testing

/// What decides the charset of a field: its part, `_charset_`, the body's Content-Type, UTF-8.
@Suite("Charsets of forms")
struct FormCharsetTests {
  private static let latin = Array("caf".utf8) + [0xE9]
  private let koi = Charset.unknown(label: Array("koi8-r".utf8))

  private func text(_ form: Form, _ name: String = "n") -> String? {
    form[name].map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: Urlencoded

  private func urlEncoded(_ text: String, _ charset: Charset? = nil) throws(FormError) -> Form {
    try Form(urlEncoded: Array(text.utf8)[...], charset: charset)
  }

  @Test("urlencoded: the charset of the Content-Type holds for names and values, escaped or not")
  func bodyCharset() throws {
    #expect(try text(urlEncoded("n=caf%E9", .windows1252)) == "café")
    #expect(try text(urlEncoded("n%E9=%80+%9f%81", .windows1252), "né") == "€ Ÿ\u{81}")
    #expect(try text(urlEncoded("n=caf%C3%A9", .windows1252)) == "cafÃ©")
    #expect(try text(Form(urlEncoded: Bytes("n=".utf8) + Self.latin, charset: .windows1252)) == "café")
    #expect(try text(urlEncoded("n=caf%C3%A9", .utf8)) == "café")
    #expect(throws: FormError.notText) { try urlEncoded("n=caf%E9") }
    #expect(throws: FormError.notText) { try urlEncoded("n=%E9%00", .windows1252) }
    #expect(throws: FormError.notText) { try urlEncoded("n%00=%E9", .windows1252) }
    #expect(throws: FormError.unknownCharset(Array("koi8-r".utf8))) { try urlEncoded("n=a", koi) }
  }

  @Test(
    "urlencoded: a field _charset_ anywhere is nearer, and holds for names and values before it too",
    arguments: [
      "_charset_=iso-8859-1&n=caf%E9&m%E9=1", "n=caf%E9&_charset_=iso-8859-1&m%E9=1",
      "m%E9=1&n=caf%E9&_charset_=Windows-1252", "%5Fcharset%5f=%20L1%09&n=caf%E9&m%E9=1",
      "_charset_=&n=caf%E9&m%E9=1&_charset_=+&_charset_=latin1",
      "n=caf%E9&m%E9=1&_charset_=latin1&_charset_=utf-8",
      "n=caf%E9&m%E9=1&_charset_=latin1&_charset_=koi8-r",
    ])
  func charsetField(body: String) throws {
    for charset in [nil, .utf8, koi] {
      let form = try urlEncoded(body, charset)
      #expect(text(form) == "café")
      #expect(text(form, "mé") == "1")
    }
  }

  @Test("urlencoded: what _charset_ does not name")
  func otherCharsetFields() throws {
    for body in [
      "n=caf%C3%A9&_charset_=", "n=caf%C3%A9&_charset_", "n=caf%C3%A9&_Charset_=l1", "n=caf%C3%A9&charset=l1",
    ] {
      #expect(try text(urlEncoded(body)) == "café")
    }
    #expect(try text(urlEncoded("n=caf%C3%A9&_charset_=utf8", .windows1252)) == "café")
    #expect(throws: FormError.unknownCharset(Array("koi8-r".utf8))) { try urlEncoded("n=a&_charset_=koi8-r") }
    #expect(throws: FormError.unknownCharset(Array("koi8-r".utf8))) {
      try urlEncoded("n=a&_charset_=koi8-r", .utf8)
    }
    for label in ["%00", "utf-8%00", "%FF", "l1%E9"] {
      #expect(throws: FormError.notText) { try urlEncoded("n=a&_charset_=\(label)") }
    }
  }

  @Test("a name may have 256 bytes as UTF-8")
  func nameLength() throws {
    let name = String(repeating: "%E9", count: 128)
    #expect(try text(urlEncoded("\(name)=1", .windows1252), String(repeating: "é", count: 128)) == "1")
    #expect(throws: FormError.nameTooLong) { try urlEncoded("\(name)a=1", .windows1252) }
    let part = { (count: Int) in
      Array("--b\r\nContent-Disposition: form-data; name=\"".utf8) + [UInt8](repeating: 0xE9, count: count)
        + Array("\"\r\n\r\n1\r\n--b--".utf8)
    }
    #expect(
      try text(multipartForm(part(128), charset: .windows1252), String(repeating: "é", count: 128)) == "1")
    #expect(throws: FormError.nameTooLong) { try multipartForm(part(129), charset: .windows1252) }
  }

  // MARK: Multipart

  /// A body of fields named `n`, `m` …, each with a Content-Type if it is not empty.
  private func body(_ parts: (name: String, type: String, content: [UInt8])...) -> [UInt8] {
    var bytes: [UInt8] = []
    for part in parts {
      bytes += "--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"\r\n".utf8
      if !part.type.isEmpty { bytes += "Content-Type: \(part.type)\r\n".utf8 }
      bytes += "\r\n".utf8
      bytes += part.content
      bytes += "\r\n".utf8
    }
    return bytes + Array("--b--\r\n".utf8)
  }

  @Test("multipart: the part's charset, _charset_, the body's, UTF-8: the nearest counts")
  func nearest() throws {
    let labels: [(label: String, charset: Charset)?] = [
      nil, ("latin1", .windows1252), ("utf8", .utf8), ("koi8-r", koi),
    ]
    for part in labels {
      for field in labels {
        for whole in labels {
          let own = ("n", part.map { "text/plain; charset=\($0.label)" } ?? "", Self.latin)
          let named = ("_charset_", "", Array((field?.label ?? "").utf8))
          for bytes in [body(named, own), body(own, named)] {
            let form = Result { () throws(FormError) in
              try multipartForm(bytes, charset: whole?.charset, asking: ["n"])
            }
            switch (part ?? field ?? whole)?.charset {
            case .windows1252: #expect(try text(form.get()) == "café")
            case .utf8, nil: #expect(throws: FormError.notText) { try form.get() }
            case .unknown(let label): #expect(throws: FormError.unknownCharset(label)) { try form.get() }
            }
          }
        }
      }
    }
  }

  @Test("multipart: names and file names have the charset of the form, not that of their part")
  func names() throws {
    func named(_ disposition: [UInt8], _ type: String = "", _ content: [UInt8] = [0x31]) -> [UInt8] {
      Array("--b\r\nContent-Disposition: form-data; ".utf8) + disposition
        + Array("\r\nContent-Type:\(type)\r\n\r\n".utf8)
        + content + Array("\r\n--b--".utf8)
    }
    let name = Array("name=\"n".utf8) + [0xE9, 0x22]
    let file = Array("name=f; filename=\"".utf8) + [0x80, 0x22]
    #expect(try text(multipartForm(named(name), charset: .windows1252), "né") == "1")
    #expect(
      try text(
        multipartForm(named(name, "text/plain;charset=utf8", [0xC3, 0xA9]), charset: .windows1252), "né")
        == "é")
    let upload = try multipartForm(named(file), charset: .windows1252).uploads.first
    #expect(upload.map { String(decoding: $0.fileName, as: UTF8.self) } == "€")
    for bytes in [
      named(name), named(file), named(name, "text/plain; charset=l1"), named(file, "a/b; charset=l1"),
    ] {
      #expect(throws: FormError.notText) { try multipartForm(bytes) }
      #expect(throws: FormError.notText) { try multipartForm(bytes, charset: .utf8) }
      #expect(throws: FormError.self) { try multipartForm(bytes, charset: koi) }
    }
    // A file has no charset, and names in ASCII are the same in all.
    let ascii = named(Array("name=f; filename=\"a\"".utf8), "text/plain; charset=x", [0xFF, 0])
    #expect(try multipartForm(ascii, charset: koi, asking: ["f"]).uploads.first?.content == [0xFF, 0])
  }

  @Test("multipart: a file called _charset_ names nothing, and a fault of the field _charset_ fails the form")
  func charsetField() throws {
    let file = "--b\r\nContent-Disposition: form-data; name=_charset_; filename=f\r\n\r\nlatin1\r\n"
    let charset = "--b\r\nContent-Disposition: form-data; name=_charset_\r\n"
    let field =
      Array("--b\r\nContent-Disposition: form-data; name=n\r\n\r\n".utf8) + Self.latin
      + Array("\r\n--b--".utf8)
    #expect(throws: FormError.notText) { try multipartForm(Array(file.utf8) + field) }
    #expect(try text(multipartForm(Array("\(charset)\r\n latin1\t\r\n".utf8) + field)) == "café")
    // The first that is not empty counts.
    #expect(
      try text(
        multipartForm(Array("\(charset)\r\n\r\n\(charset)\r\nl1\r\n\(charset)\r\nutf8\r\n".utf8) + field))
        == "café")
    for content in ["Content-Transfer-Encoding: base64\r\n\r\nbGF0aW4x", "X\r\n\r\nlatin1", "\r\nlatin1\0"] {
      #expect(throws: FormError.self) { try multipartForm(Array("\(charset)\(content)\r\n".utf8) + field) }
    }
  }

  @Test("4.6: the RFC's example, in any charset that is known")
  func publishedExample() throws {
    func form(_ charset: String) throws(FormError) -> Form {
      let body =
        "--AaB03x\r\ncontent-disposition: form-data; name=\"_charset_\"\r\n\r\n\(charset)\r\n--AaB03x\r\n"
        + "content-disposition: form-data; name=\"field1\"\r\n\r\n...text encoded in \(charset) ...\r\n--AaB03x--"
      return try multipartForm(Array(body.utf8), asking: ["field1"], boundary: "AaB03x")
    }
    for charset in ["iso-8859-1", "utf-8"] {
      #expect(try text(form(charset), "field1") == "...text encoded in \(charset) ...")
      #expect(try text(form(charset), "_charset_") == charset)
    }
    #expect(throws: FormError.unknownCharset(Array("iso-8859-2".utf8))) { try form("iso-8859-2") }
  }

  // MARK: Odd parts

  private static let odd = [
    "Content-Type: text/plain; charset=koi8-r", "Content-Type: text/plain; charset=utf-16",
    "Content-Type: text/",
    "Content-Type: a/b/c", "Content-Type: text/plain\r\nContent-Type: text/html",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: x-own", "X", "X Y: z", ": y", "X: y\r\n z", "X : y",
  ]

  @Test(
    "an odd part that no parameter asks for is passed over, whatever its content; one that is asked for is an error",
    arguments: odd)
  func oddParts(header: String) throws {
    for content in [[0x31], [0xFF, 0xFE, 0, 0x31]] as [[UInt8]] {
      for part in [
        "\(header)\r\nContent-Disposition: form-data; name=m",
        "Content-Disposition: form-data; name=m\r\n\(header)",
      ] {
        let odd = Array("--b\r\n\(part)\r\n\r\n".utf8) + content + Array("\r\n".utf8)
        let plain = Array("--b\r\nContent-Disposition: form-data; name=n\r\n\r\n1\r\n".utf8)
        for bytes in [odd + plain, plain + odd].map({ $0 + Array("--b--".utf8) }) {
          let form = try multipartForm(bytes, asking: ["n"])
          #expect(text(form) == "1")
          #expect(form["m"] == nil)
          #expect(throws: FormError.self) { try multipartForm(bytes, asking: ["n", "m"]) }
        }
      }
    }
  }

  @Test("a file with an odd header is a file, asked for or not", arguments: odd)
  func oddFiles(header: String) throws {
    let bytes = Array(
      "--b\r\nContent-Disposition: form-data; name=n; filename=f\r\n\(header)\r\n\r\n\0\r\n--b--".utf8)
    let form = try multipartForm(bytes, asking: ["n"])
    #expect(form.isUpload("n") && form.uploads.first?.content == [0])
  }

  @Test("a field is an upload if it came as a file only")
  func uploads() throws {
    let parts = { (names: [String]) in
      Array(
        (names.map { "--b\r\nContent-Disposition: form-data; \($0)\r\n\r\n1\r\n" }.joined() + "--b--").utf8)
    }
    #expect(try multipartForm(parts(["name=n; filename=f"])).isUpload("n"))
    #expect(try multipartForm(parts(["name=n; filename="])).isUpload("n"))
    #expect(try !multipartForm(parts(["name=n; filename=f", "name=n"])).isUpload("n"))
    #expect(try !multipartForm(parts(["name=n", "name=m; filename=f"])).isUpload("n"))
    #expect(try !multipartForm(parts(["name=n; filename*=utf-8''f"])).isUpload("n"))
  }

  @Test(
    "a part without a readable name fails the form",
    arguments: [
      "X: y", "Content-Disposition: form-data", "Content-Disposition: form-data; filename=f",
      "Content-Disposition form-data; name=m", "Content-Disposition: form-data;\r\n name=m",
      "Content-Disposition: form-data; name=m; name=n", "Content-Disposition: form-data; name=",
      "Content-Disposition: form-data; name=m\r\nContent-Disposition: form-data; name=n",
    ])
  func nameless(headers: String) {
    #expect(throws: FormError.self) { try multipartForm(Array("--b\r\n\(headers)\r\n\r\nx\r\n--b--".utf8)) }
  }

  @Test("random headers and charsets trap nothing, and fields are UTF-8 without NUL")
  func total() {
    var random = SeededRandom(seed: 2045)
    let pieces =
      [
        "--b", "\r\n", "\r\n\r\n", "Content-Disposition:", "Content-Type:", "form-data", "; name=", "n",
        "_charset_", "; filename=",
        "\"", "\\", ";", "=", " ", "text/plain", "; charset=", "latin1", "utf-8", "koi8-r",
        "Content-Transfer-Encoding:", "base64",
        "--", "&", "%E9", "%00", "\n", ":",
      ].map { Array($0.utf8) } + [[0xE9], [0], [0xC3, 0xA9], [0x81]]
    let whole =
      Array(
        "--b\r\nContent-Disposition: form-data; name=n\r\nContent-Type: text/plain; charset=l1\r\n\r\n".utf8)
      + Self.latin + Array("\r\n--b--".utf8)
    var outcomes: Set<Bool> = []
    for round in 0..<20_000 {
      var bytes = round % 2 == 0 ? whole : []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: start)
      }
      let charset = [nil, Charset.utf8, .windows1252, koi].randomElement(using: &random) ?? nil
      for form in [
        try? multipartForm(bytes, charset: charset, asking: ["n"]),
        try? Form(urlEncoded: bytes[...], charset: charset),
      ] {
        outcomes.insert(form != nil)
        if let value = form?["n"] { #expect(value.isText) }
      }
      _ = try? HeaderValue(bytes[...]).boundary()
      _ = HeaderValue(bytes[...], hasEscapes: false).charset
    }
    #expect(outcomes == [true, false])
  }
}
