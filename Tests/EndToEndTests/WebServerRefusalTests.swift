import TestSupport
import Testing

/// Requests that nginx refuses before the responder sees them, at the API alone and beside a guarded application.
@Suite("refusals of nginx")
struct WebServerRefusalTests {
  enum Place: CaseIterable, Sendable {
    case api, guarded

    func site() throws -> (Site, GuardedSite?) {
      guard self == .guarded else { return (try Site(.fastcgi), nil) }
      let guarded = try GuardedSite()
      return (guarded.site, guarded)
    }
  }

  private static let post = "POST /api/user/create-session HTTP/1.1\r\n\(host)\(form)"
  private static let host = "Host: dashboard.test\r\n"
  private static let form = "Content-Type: application/x-www-form-urlencoded\r\n"
  private static let chunk = "ea60\r\n" + String(repeating: "a", count: 60_000) + "\r\n"

  private func send(_ bytes: String, to site: Site) throws -> HTTPResponse {
    let client = try site.client()
    // nginx may close the connection before it has read everything.
    try? client.socket.send(Array(bytes.utf8))
    let answer = try client.receive()
    #expect(answer.all("Content-Type") == ["application/json; charset=utf-8"])
    #expect(answer.all("Cache-Control") == ["no-store"])
    #expect(answer.all("X-Content-Type-Options") == ["nosniff"])
    return answer
  }

  @Test(
    "a malformed request is refused in the form of the API, with its own status", arguments: Place.allCases)
  func malformed(place: Place) throws {
    let (site, guarded) = try place.site()
    let (post, host) = (Self.post, Self.host)
    let get = "GET /api/settings HTTP/1.1\r\n\(host)"
    let long = String(repeating: "a", count: 40_000)
    for (request, verdict) in [
      (post + "Transfer-Encoding: gzip, chunked\r\n\r\n", "501 invalid-request"),
      (post + "Transfer-Encoding: identity\r\n\r\n", "501 invalid-request"),
      ("GET /api/settings HTTP/2.0\r\n\(host)\r\n", "505 invalid-request"),
      ("GET /api/settings HTTP/9.9\r\n\(host)\r\n", "505 invalid-request"),
      ("GET /api/settings HTTP/x\r\n\(host)\r\n", "400 invalid-request"),
      ("GET /api/settings HTTP/1.1\r\n\r\n", "400 invalid-request"),
      ("GET /api/%zz HTTP/1.1\r\n\(host)\r\n", "400 invalid-request"),
      ("GET /../api/settings HTTP/1.1\r\n\(host)\r\n", "400 invalid-request"),
      ("GET /api/settings HTTP/1.1\r\nHost: a b\r\n\r\n", "400 invalid-request"),
      (get + host + "\r\n", "400 invalid-request"), (get + "X: a\0b\r\n\r\n", "400 invalid-request"),
      (get + "X: \(long)\r\n\r\n", "400 invalid-request"),
      ("GET /api/settings?\(long) HTTP/1.1\r\n\(host)\r\n", "414 invalid-url-length"),
      (post + "Content-Length: 9x\r\n\r\n", "400 invalid-request"),
      (post + "Content-Length: 99999999999999999999\r\n\r\n", "400 invalid-request"),
      (post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "400 invalid-request"),
      (post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 invalid-request"),
      (post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400 invalid-request"),
      ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 invalid-request"),
      ("CONNECT a:80 HTTP/1.1\r\n\(host)\r\n", "400 invalid-request"),
    ] {
      #expect(try send(request, to: site).verdict == verdict, "\(request.prefix(120))")
    }
    #expect(try site.request("GET", "/api/settings").status == 200)
    _ = guarded
  }

  @Test("a body over the limit is 413, with a length or in chunks", arguments: Place.allCases)
  func longBodies(place: Place) throws {
    let (site, guarded) = try place.site()
    let chunks = String(repeating: Self.chunk, count: 40)
    for body in [
      "Transfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n", "Content-Length: 2000001\r\n\r\n",
      "Content-Length: 2400000\r\n\r\n" + String(repeating: "a", count: 2_400_000),
    ] {
      #expect(try send(Self.post + body, to: site).verdict == "413 invalid-request-length")
    }
    // A fault after more than 1 MiB, the default limit.
    let late = "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: Self.chunk, count: 25) + "zz\r\n"
    #expect(try send(Self.post + late, to: site).verdict == "400 invalid-request")
    _ = guarded
  }

  @Test("without a responder a body of any length is answered with 503", arguments: Place.allCases)
  func responderGone(place: Place) throws {
    let (site, guarded) = try place.site()
    site.responder?.process.signal(9)
    _ = site.responder?.process.wait()
    for body in [
      "\r\n", "Content-Length: 1500000\r\n\r\n" + String(repeating: "a", count: 1_500_000),
      "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: Self.chunk, count: 25) + "0\r\n\r\n",
    ] {
      let answer = try send(Self.post + body, to: site)
      #expect(try answer.verdict == "503 server-busy")
      #expect(answer["Retry-After"] == "5")
    }
    _ = guarded
  }

  @Test("an address that the site denies is refused in the form of the API")
  func denied() throws {
    let site = try Site(.fastcgi, server: "\ndeny all;\n")
    let request = "GET /api/settings HTTP/1.1\r\n\(Self.host)\r\n"
    #expect(try send(request, to: site).verdict == "403 forbidden")
  }
}
