import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// Charsets, content encodings, boundaries and odd parts of bodies, as a client sees them.
@Suite("bodies")
struct BodyTests {
  private let fixture: Fixture
  private let router: Router
  private let latin = Array("caf".utf8) + [0xE9]

  init() throws {
    fixture = try Fixture()
    router = Router(fixture.dashboard, Routes.all) { _ in }
  }

  private func respond(
    _ type: String, _ body: [UInt8], _ variables: [String: String] = [:],
    to path: String = "POST /api/user/create-account"
  ) -> (status: Int, text: String) {
    let words = path.split(separator: " ").map(String.init)
    var all = variables
    all["CONTENT_TYPE"] = type
    return TestRequest.respond(router, words[0], words[1], all, bytes: body)
  }

  /// "STATUS CODE" of a refusal.
  private func refusal(_ answer: (status: Int, text: String)) -> String {
    "\(answer.status) \(answer.text.split(separator: #""message":""#).last?.prefix { $0 != "\"" } ?? "")"
  }

  private func detail(_ answer: (status: Int, text: String)) -> String {
    let parts = answer.text.split(separator: #""detail":""#)
    return parts.count == 2 ? String(parts[1]) : ""
  }

  private let urlEncoded = "application/x-www-form-urlencoded"
  private let multipart = "multipart/form-data; boundary=b"

  /// A body of parts with these headers and contents.
  private func parts(_ parts: (headers: String, content: [UInt8])..., boundary: String = "b") -> [UInt8] {
    var body: [UInt8] = []
    for part in parts {
      body += "--\(boundary)\r\nContent-Disposition: form-data; name=\(part.headers)\r\n\r\n".utf8
      body += part.content
      body += "\r\n".utf8
    }
    return body + Array("--\(boundary)--\r\n".utf8)
  }

  /// True if `café` with the password 12345678 can sign in, in UTF-8.
  private func isRegistered() -> Bool {
    let body = Array("username=caf%C3%A9&password=12345678".utf8)
    return respond(urlEncoded, body, to: "POST /api/user/create-session").status == 200
  }

  @Test("a username in windows-1252 is the same as one in UTF-8", arguments: 0..<8)
  func charsets(index: Int) throws {
    let form = "username=caf%E9&password=12345678"
    let password = ("password", Array("12345678".utf8))
    let bodies: [(type: String, body: [UInt8])] = [
      ("\(urlEncoded); charset=ISO-8859-1", Array(form.utf8)),
      (
        "\(urlEncoded);CHARSET = \" Us-Ascii\t\"",
        Array("username=".utf8) + latin + Array("&password=12345678".utf8)
      ),
      (urlEncoded, Array("_charset_=windows-1252&\(form)".utf8)),
      ("\(urlEncoded); charset=utf-8", Array("\(form)&_charset_=latin1".utf8)),
      ("\(urlEncoded); charset=koi8-r", Array("\(form)&_charset_=latin1".utf8)),
      ("\(multipart); charset=l1", parts(("username", latin), password)),
      (multipart, parts(("username\r\nContent-Type: text/plain; charset=ISO-8859-1", latin), password)),
      (
        "\(multipart); charset=utf-8",
        parts(("username", latin), password, ("_charset_", Array("x-cp1252".utf8)))
      ),
    ]
    let (type, body) = bodies[index]
    let answer = respond(type, body)
    #expect(answer.status == 200, "\(answer.text)")
    #expect(isRegistered())
  }

  @Test(
    "UTF-8 by any label, and unlabelled, stays UTF-8",
    arguments: ["", "; charset=utf8", "; charset=\"UTF-8\"", "; charset=", "; x"])
  func utf8(parameters: String) {
    let body = Array("username=caf%C3%A9&password=12345678".utf8)
    #expect(respond(urlEncoded + parameters, body).status == 200)
    #expect(isRegistered())
    #expect(
      refusal(respond(urlEncoded + parameters, Array("username=caf%E9&password=12345678".utf8)))
        == "400 invalid-request")
  }

  @Test("another charset is 415 with its name, before origin and sign-in")
  func unknownCharsets() {
    let form = Array("username=ada&password=12345678".utf8)
    let username = Array("ada".utf8)
    let foreign: [String: String] = ["HTTP_ORIGIN": "https://evil.example"]
    for (type, body, variables) in [
      ("\(urlEncoded); charset=koi8-r", form, [:]), ("\(urlEncoded); charset=KOI8-R", form, foreign),
      (urlEncoded, form + Array("&_charset_=koi8-r".utf8), [:]),
      ("\(multipart); charset=\"koi8-r\"", parts(("username", username)), foreign),
      (multipart, parts(("_charset_", Array("koi8-r".utf8)), ("username", username)), [:]),
      (multipart, parts(("username\r\nContent-Type: text/plain;charset=koi8-r", username)), [:]),
    ] {
      let answer = respond(type, body, variables)
      #expect(refusal(answer) == "415 invalid-content-type")
      #expect(detail(answer).lowercased().contains("koi8-r"), "\(answer.text)")
    }
    let signedOut = respond("\(urlEncoded); charset=koi8-r", form, to: "PATCH /api/user/set-account-username")
    #expect(refusal(signedOut) == "415 invalid-content-type")
    // The charset of a part, and other faults of a form, come at their place in the order of checks.
    for body in [parts(("new-username\r\nContent-Type: a/b; charset=l1", latin)), Array("--b".utf8)] {
      #expect(
        respond("\(multipart); charset=koi8-r", body, to: "PATCH /api/user/set-account-username").status
          == 401)
    }
    #expect(refusal(respond("\(urlEncoded); charset=koi8-r", [])) == "400 invalid-username")
  }

  @Test("a name of an encoding is quoted only as short printable ASCII")
  func quotedNames() {
    for label in ["%01%7F\u{1}é\"\\", String(repeating: "x", count: 100_000)] {
      let answer = respond(urlEncoded, Array("username=a&_charset_=\(label)".utf8))
      #expect(refusal(answer) == "415 invalid-content-type")
      #expect(answer.text.utf8.count < 1000)
    }
    #expect(refusal(respond(urlEncoded, Array("_charset_=%00".utf8))) == "400 invalid-request")
  }

  @Test(
    "a Content-Encoding other than identity is 415 with its name",
    arguments: [
      ("gzip", "gzip"), ("GZIP", "GZIP"), ("identity, gzip", "gzip"), ("gzip,identity", "gzip"),
      ("br , zstd", "br, zstd"),
      (" ,deflate,", "deflate"), ("x-own", "x-own"), ("identity;q=1", "identity;q=1"),
      ("\"identity\"", "identity"),
      ("identity gzip", "identity gzip"),
    ])
  func contentEncodings(header: String, name: String) {
    for (type, body) in [(urlEncoded, [0x1F, 0x8B, 8, 0, 0xFF]), (multipart, parts(("username", latin)))] {
      let answer = respond(
        type, body, ["HTTP_CONTENT_ENCODING": header, "HTTP_ORIGIN": "https://evil.example"])
      #expect(refusal(answer) == "415 invalid-content-type")
      #expect(detail(answer).contains(name))
    }
    #expect(refusal(respond("", [], ["HTTP_CONTENT_ENCODING": header])) == "400 invalid-username")
  }

  @Test(
    "no encoding, and identity, mean the body as it is",
    arguments: ["", " ", "identity", "Identity", "IDENTITY , identity", ","])
  func identity(header: String) {
    let body = Array("username=ada&password=12345678".utf8)
    #expect(respond(urlEncoded, body, ["HTTP_CONTENT_ENCODING": header]).status == 200)
  }

  @Test(
    "a boundary of any characters, quoted or not",
    arguments: [
      ("b", "b"), (" = \"b\"", "b"), ("a b", "a b"), ("\"a b \"", "a b "), (#""a\"\\;""#, #"a"\;"#),
      (#"a"b\c"#, #"a"b\c"#),
      ("[{<@,é>}]=", "[{<@,é>}]="), ("\"--\"", "--"),
      (String(repeating: "-", count: 70), String(repeating: "-", count: 70)),
    ])
  func boundaries(written: String, boundary: String) {
    let equals = written.hasPrefix(" =") ? "" : "="
    let body = parts(
      ("username", Array("ada".utf8)), ("password", Array("12345678".utf8)), boundary: boundary)
    let answer = respond("multipart/form-data; x; boundary\(equals)\(written) ; charset=utf-8", body)
    #expect(answer.status == 200, "\(answer.text)")
  }

  @Test("each fault of a multipart body has a detail of its own")
  func faults() {
    let part = "Content-Disposition: form-data; name=username\r\n\r\nada\r\n"
    let cases = [
      ("multipart/form-data", "--b--"), ("multipart/form-data; boundary=", "--b--"),
      ("multipart/form-data; boundary=\"b", "--b--"),
      ("multipart/form-data; boundary=\"b\"c", "--b--"),
      ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", "--b--"),
      ("multipart/form-data; boundary=\u{1}", "--b--"), (multipart, "--b\r\n\(part)"),
      (multipart, "--a\r\n\(part)--a--"),
      (multipart, "--b\r\n\(part)--b--".replacing("\r\n", with: "\n")),
      (multipart, "--b\r\n\(part)--b--x".replacing("\r\n", with: "\r")),
      (multipart, "--b\r\n\r\nx\r\n--b--"), (multipart, "--b\r\nX\r\n\(part)--b--"),
      (multipart, "--b\r\nX: y\r\n z\r\n\(part)--b--"),
      (multipart, "--b\r\nContent-Transfer-Encoding: base64\r\n\(part)--b--"),
      (multipart, "--b\r\nContent-Type: x y z\r\n\(part)--b--"),
      (multipart, "--b\r\nContent-Disposition: form-data; name=a\r\n\(part)--b--"),
      (multipart, "--b\r\nX: \0\r\n\(part)--b--"),
    ]
    let answers = cases.map { respond($0.0, Array($0.1.utf8)) }
    for (answer, input) in zip(answers, cases) {
      #expect(refusal(answer) == "400 invalid-request", "\(input)")
    }
    let details = Dictionary(grouping: answers.map(detail)) { $0 }
    #expect(details.filter { $1.count > 1 }.keys.sorted() == [])
  }

  @Test(
    "an odd part that no parameter asks for does not disturb the others",
    arguments: [
      "x\r\nContent-Type:", "x\r\nContent-Type: a/b; charset=utf-16",
      "x\r\nContent-Transfer-Encoding: base64", "x\r\nX-Own",
      "x\r\nX: y\r\n z", #""x"; filename="C:\"\#r\#nContent-Transfer-Encoding: x"#,
      #""x"; filename=my "file; x"#, "x; filename=",
      "x\r\nContent-Transfer-Encoding:", "x\r\nContent-Type: (comment)",
      "_charset\r\nContent-Type: a/b; charset=koi8-r",
    ])
  func oddParts(headers: String) {
    let body = parts(
      (headers, [0x31]), ("username", latin), (headers, [0x31]), ("password", Array("12345678".utf8)))
    #expect(respond("\(multipart); charset=l1", body).status == 200)
    #expect(isRegistered())
  }

  @Test("a parameter with a transfer encoding is refused, and a file or an empty header is not")
  func askedParts() {
    let password = ("password", Array("12345678".utf8))
    let encoded = respond(
      multipart, parts(("username\r\nContent-Transfer-Encoding: base64", Array("YWRh".utf8)), password))
    #expect(refusal(encoded) == "400 invalid-request")
    #expect(detail(encoded).contains("base64"))
    let plain = "username\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type:\r\nX-Own:"
    #expect(
      respond(multipart, parts((plain, latin), password), ["HTTP_CONTENT_ENCODING": "identity"]).status == 400
    )
    #expect(respond(multipart, parts((plain, Array("ada".utf8)), password)).status == 200)
  }

  @Test("a missing parameter that came as a file says so, with the declared code")
  func uploads() throws {
    let ada = try fixture.signUp("ada")
    let bearer = ["HTTP_AUTHORIZATION": "Bearer \(ada.sessionid).\(ada.token ?? "")"]
    let own = "?accountid=\(ada.accountid)"
    for (path, given, field) in [
      ("POST /api/user/create-account", [], "username"),
      ("POST /api/user/create-account", ["username"], "password"),
      ("POST /api/user/create-session", ["username"], "password"),
      ("PATCH /api/user/set-account-username\(own)", [], "new-username"),
      ("PATCH /api/user/set-account-password\(own)", [], "new-password"),
      ("POST /api/user/create-reset-code\(own)", [], "secret-code"),
      ("POST /api/user/create-profile\(own)", [], "full-name"),
    ] as [(String, [String], String)] {
      var body = given.map { "--b\r\nContent-Disposition: form-data; name=\($0)\r\n\r\nada\r\n" }.joined()
      let missing = respond(multipart, Array("\(body)--b--".utf8), bearer, to: path)
      body +=
        "--b\r\nContent-Disposition: form-data; name=\(field); filename=f\r\nContent-Transfer-Encoding: base64\r\n\r\n\0x\r\n"
      let answer = respond(multipart, Array("\(body)--b--".utf8), bearer, to: path)
      #expect(answer.status == 400 && refusal(answer) == refusal(missing), "\(path): \(answer.text)")
      #expect(answer.text.contains(#""field":"\#(field)""#))
      #expect(detail(answer).contains("file"))
      #expect(!detail(missing).contains("file"))
    }
    // A text of the same name is the parameter, and a querystring parameter does not come in a body.
    let both = parts(
      ("username; filename=f", [0]), ("username", Array("bob".utf8)), ("password", Array("12345678".utf8)))
    #expect(respond(multipart, both).status == 200)
    let query = respond(
      multipart, parts(("accountid; filename=f", [0])), bearer, to: "PATCH /api/user/set-account-username")
    #expect(refusal(query) == "400 invalid-accountid" && !detail(query).contains("file"))
  }
}
