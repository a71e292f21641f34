import DashboardEndpoints
import TestSupport
import Testing

/// The blocks of docs/guide/nginx.md work. Only names and addresses are replaced.
@Suite("docs/guide/nginx.md")
struct NginxPageTests {
  /// An nginx that is set up as the page says: a server on port 80, a server with TLS, and a server on another machine that
  /// passes requests. Each has a unix socket.
  private struct Documented: Sendable {
    let responder: ResponderProcess
    let nginx: Nginx
    let directory: TemporaryDirectory
    private let data: TemporaryDirectory

    init() throws {
      let (directory, data) = (try TemporaryDirectory(), try TemporaryDirectory())
      let responder = try ResponderProcess(
        environment: ["DATA_DIR": data.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"])
      let made = try ChildProcess.run([
        "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
        "/CN=accounts.example", "-addext", "subjectAltName=DNS:accounts.example", "-keyout",
        directory.path("privkey.pem"), "-out", directory.path("fullchain.pem"),
      ])
      guard made.status == 0 else { throw TestFailure(made.errors) }
      let page = try Files.text("\(Programs.root)/docs/guide/nginx.md")
      let blocks = page.components(between: "```nginx\n", and: "```")
      guard blocks.count == 5 else { throw TestFailure("the page has \(blocks.count) blocks") }
      let (servers, zones, limits, addresses, elsewhere) = (
        blocks[0], blocks[1], blocks[2], blocks[3], blocks[4]
      )
      var text =
        zones + "upstream accounts.example { server unix:\(directory.path("tls.sock")); }\n"
        + servers.replacing(
          "include dashboard/server.conf;", with: "include dashboard/server.conf;\n" + limits + addresses)
        + "server { listen unix:\(directory.path("elsewhere.sock"));\n" + elsewhere + "}\n"
      for (written, here) in [
        ("listen 80;", "listen unix:\(directory.path("plain.sock"));"),
        ("listen 443 ", "listen unix:\(directory.path("tls.sock")) "),
        ("  listen [::]:80;\n", ""), ("  listen [::]:443 ssl http2;\n", ""),
        ("/etc/letsencrypt/live/accounts.example", directory.path), ("10.0.0.5;", "unix:;"),
        ("/etc/ssl/certs/ca-certificates.crt", directory.path("fullchain.pem")),
      ] {
        guard text.contains(written) else { throw TestFailure("the page has no '\(written)'") }
        text = text.replacing(written, with: here)
      }
      let all = text
      nginx = try Nginx(responder: responder.socketPath) { name, file in
        name == "local.conf.in" ? file.replacing("  server {", with: all + "  server {") : file
      }
      (self.responder, self.directory, self.data) = (responder, directory, data)
    }

    /// One request over TLS.
    func request(
      _ method: String, _ target: String, _ headers: [(String, String)] = [], body: String? = nil
    ) throws -> HTTPResponse {
      var headers = headers + [("Host", "accounts.example"), ("Connection", "close")]
      if body != nil { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
      let bytes = HTTPClient.bytes(method, target, headers: headers, body: body.map { Array($0.utf8) })
      let answer = try connect("http/1.1", String(decoding: bytes, as: UTF8.self))
      return try HTTPResponse(ofProgram: Array(answer.drop { $0 != "\n" }.dropFirst().utf8))
    }

    /// The output of a TLS client: a line with the protocol, then the answer.
    func connect(_ protocolName: String, _ input: String = "") throws -> String {
      let ending = try ChildProcess.run(
        [
          Programs.python, "\(Programs.root)/Tests/Application/tls.py", directory.path("tls.sock"),
          directory.path("fullchain.pem"), "accounts.example", protocolName,
        ], input: input)
      guard ending.status == 0 else { throw TestFailure(ending.errors) }
      return ending.output
    }

    func client(_ name: String) throws -> HTTPClient { try HTTPClient(path: directory.path(name)) }
  }

  @Test(
    "with TLS plain requests are redirected, HTTP/2 works, cookies are Secure, and own pages may change data"
  )
  func tls() throws {
    let documented = try Documented()
    let moved = try documented.client("plain.sock").request(
      "GET", "/api?x=1", headers: [("Host", "accounts.example")])
    #expect(moved.status == 301)
    #expect(moved.first("Location") == "https://accounts.example/api?x=1")
    #expect(try documented.connect("h2") == "h2\n")
    let form = "username=ada&password=password+of+ada"
    func post(_ route: String, from origin: String) throws -> HTTPResponse {
      try documented.request("POST", "/api/user/\(route)", [("Origin", origin)], body: form)
    }
    #expect(try post("create-account", from: "http://accounts.example").verdict == "403 invalid-origin")
    #expect(try post("create-account", from: "https://accounts.example").status == 200)
    let signedIn = try post("create-session", from: "https://accounts.example")
    #expect(signedIn.status == 200)
    #expect(signedIn.all("Set-Cookie").map { $0.prefix { $0 != "=" } } == ["__Host-dashboard_session"])
    #expect(signedIn.all("Set-Cookie").allSatisfy { $0.contains("; Secure") })
    // The request comes through nginx on another machine.
    let passed = try documented.client("elsewhere.sock").request(
      "GET", "/api/settings", headers: [("Host", "accounts.example")])
    #expect(passed.status == 200)
  }

  @Test(
    "rate limits count by the address from a balancer, and refuse in the form of the API"
  )
  func limits() throws {
    let documented = try Documented()
    @Sendable func status(_ method: String, _ route: String, from address: String) throws -> String {
      try documented.request(method, route, [("X-Forwarded-For", address)], body: "x=1").verdict
    }
    let verdicts = try Threads.run(30) { _ in
      try status("POST", "/api/user/create-session", from: "192.0.2.7")
    }
    #expect(verdicts.contains("400 invalid-username"))
    #expect(verdicts.contains("429 too-many-requests"))
    #expect(Set(verdicts).count == 2)
    #expect(try status("POST", "/api/user/create-session", from: "192.0.2.8") == "400 invalid-username")
    for endpoint in Routes.endpoints {
      let declaration = endpoint.declaration
      let answers = try Threads.run(declaration.isHashing ? 24 : 1) { _ in
        try status(declaration.verb.rawValue, declaration.route, from: "192.0.2.7")
      }
      #expect(
        answers.contains("429 too-many-requests") == declaration.isHashing, "\(declaration.route): \(answers)"
      )
    }
  }
}

extension String {
  /// The texts between two marks.
  func components(between start: String, and end: String) -> [String] {
    var found: [String] = []
    var rest = self[...]
    while let begin = rest.firstRange(of: start) {
      rest = rest[begin.upperBound...]
      guard let close = rest.firstRange(of: end) else { break }
      found.append(String(rest[..<close.lowerBound]))
      rest = rest[close.upperBound...]
    }
    return found
  }
}
