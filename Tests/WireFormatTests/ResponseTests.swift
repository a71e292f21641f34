@testable import DashboardWireFormat
import Testing

@Suite("CGI responses: RFC 3875 section 6")
struct ResponseTests {
  private func serialize(_ response: Response, omitBody: Bool = false) -> String {
    var output: [UInt8] = []
    response.serialize(into: &output, omitBody: omitBody)
    return String(decoding: output, as: UTF8.self)
  }

  @Test("the statuses that the server sends are a closed set, and 500 takes the place of any other")
  func statuses() {
    #expect(
      Response.statuses == [200, 204, 303, 400, 401, 403, 404, 405, 409, 413, 414, 415, 429, 500, 503])
    for (place, status) in Response.statuses.enumerated() {
      #expect(Response.place(ofStatus: status) == place)
    }
    for status in [Int.min, -1, 0, 199, 201, 418, 599, 600, .max] {
      #expect(Response.statuses[Response.place(ofStatus: status)] == 500)
    }
  }

  @Test("status, headers in their order, length, an empty line, body")
  func whole() throws {
    var response = Response(status: 409)
    response.add("Set-Cookie", "a=1")
    try response.add("Set-Cookie", String("b=2"))
    response.body = Array("{}".utf8)
    #expect(
      serialize(response)
        == "Status: 409 Conflict\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\n{}")
  }

  @Test(
    "HEAD announces the length of the body it leaves out, 204 announces none (RFC 9110 sections 9.3.2, 8.6)")
  func withoutBody() {
    var response = Response()
    response.body = Array("abc".utf8)
    #expect(serialize(response, omitBody: true) == "Status: 200 OK\r\nContent-Length: 3\r\n\r\n")
    #expect(serialize(Response(status: 204)) == "Status: 204 No Content\r\n\r\n")
  }

  @Test(
    "CR, LF, NUL and other controls in a value are refused",
    arguments: ["a\r\nSet-Cookie: x=1", "a\n", "\r", "\0", "a\u{7F}", "\u{1B}"])
  func injectionThroughValue(value: String) {
    var response = Response()
    #expect(throws: Response.HeaderError(name: "X")) { try response.add("X", value) }
    #expect(serialize(response) == "Status: 200 OK\r\nContent-Length: 0\r\n\r\n")
  }

  @Test("a value may hold tabs and UTF-8")
  func values() throws {
    var response = Response()
    try response.add("X-A", String("a\té"))
    #expect(serialize(response).contains("X-A: a\té\r\n"))
  }

  @Test("an invalid status is sent as 500", arguments: [0, -1, 99, 600, 1000, Int.max])
  func status(number: Int) {
    #expect(serialize(Response(status: number)).hasPrefix("Status: 500 Internal Server Error\r\n"))
  }
}
