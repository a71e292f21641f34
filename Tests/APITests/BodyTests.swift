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
}
