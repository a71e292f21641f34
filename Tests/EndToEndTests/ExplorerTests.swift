import TestSupport
import Testing

/// /api, /api/explorer/… and /api/openapi.json.
@Suite("the API explorer")
struct ExplorerTests {
  private static let types = [
    "/api": "text/html; charset=utf-8",
    "/api/explorer/user/create-session": "text/html; charset=utf-8",
    "/api/openapi.json": "application/json; charset=utf-8",
    "/api/explorer/style.css": "text/css; charset=utf-8",
  ]

  @Test("the explorer is open to every client", arguments: Front.everywhere)
  func shown(front: Front) throws {
    let site = try Site(front)
    for (path, type) in Self.types {
      let answer = try site.request("GET", path)
      #expect(answer.status == 200)
      #expect(answer.all("Content-Type") == [type])
      #expect(answer.all("Content-Security-Policy").count == 1)
      #expect(answer["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'self'") == true)
      #expect(answer.all("Referrer-Policy") == ["same-origin"])
      #expect(answer.all("X-Content-Type-Options") == ["nosniff"])
      #expect(front.announces(answer["Content-Length"], bytes: answer.body.count))

      let head = try site.request("HEAD", path)
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(head["Content-Type"] == type)
    }
    #expect(try site.request("GET", "/api").text.contains("href=\"/api/explorer/user/create-session\""))
    #expect(try site.request("GET", "/api/openapi.json").json["openapi"] == .string("3.1.0"))
  }

  @Test("the explorer allows only GET and HEAD", arguments: Front.everywhere)
  func readOnly(front: Front) throws {
    let site = try Site(front)
    for path in Self.types.keys {
      let answer = try site.request("POST", path, form: ["a": "b"])
      #expect(answer.status == 405)
      #expect(answer["Allow"] == "GET, HEAD, OPTIONS")
      #expect(try answer.json["message"] == .string("invalid-method"))
    }
  }

  @Test("with EXPLORER=false only the explorer is gone", arguments: Front.everywhere)
  func turnedOff(front: Front) throws {
    let site = try Site(front, settings: ["EXPLORER": "false"])
    for path in Self.types.keys {
      let answer = try site.request("GET", path)
      #expect(answer.status == 404)
      #expect(try answer.json["message"] == .string("invalid-route"))
    }
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  @Test("the curl line has the address that the visitor used", arguments: Front.everywhere, [false, true])
  func address(front: Front, isSecure: Bool) throws {
    let site = try Site(front, isSecure: isSecure)
    let scheme = isSecure ? "https" : "http"
    func page(_ host: String) throws -> HTTPResponse {
      try site.request("GET", "/api/explorer/settings", headers: [("Host", host)])
    }
    for host in ["accounts.example:8443", "[2001:db8::7]:8080", "192.0.2.7:8080"] {
      #expect(try page(host).text.contains("curl '\(scheme)://\(host)/api/settings'"))
    }
    // A web server can refuse it. If it does not, the page does not repeat it.
    for host in ["a';touch${IFS}broken;'", "a\"><script>", "a$(touch)", "a`touch`", "a&lt;b", "a{b,c}"] {
      let answer = try page(host)
      #expect(answer.status == 400 || answer.text.contains("curl 'http://…/api/settings'"), "\(answer.text)")
    }
  }
}
