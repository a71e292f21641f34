import TestSupport
import Testing

/// Nobody starves: one event thread, two nginx workers, many clients.
@Suite("starvation")
struct StarvationTests {
  @Test("64 clients on kept connections are all served")
  func keptClients() throws {
    let site = try Site(.fastcgi, settings: ["EVENT_THREADS": "1"])
    let ada = try site.signUp("ada")
    let clients = try (0..<64).map { _ in try site.client() }
    let headers = [("Authorization", "Bearer \(ada.sessionid).\(ada.token)")]
    let counts = try Threads.run(64) { index in
      var count = 0
      for _ in 0..<20
      where try clients[index].request("GET", "/api/user/current-session", headers: headers).status == 200 {
        count += 1
      }
      return count
    }
    #expect(counts.allSatisfy { $0 == 20 })
    // All are idle now, and a new one is served.
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  @Test("100 peers that sent one byte hold up nobody")
  func oneByte() throws {
    let site = try Site(.fastcgi, settings: ["EVENT_THREADS": "1"])
    let path = try #require(site.responder?.socketPath)
    let peers = try (0..<100).map { _ in try StreamSocket(path: path) }
    for peer in peers { try peer.send([1]) }
    let ada = try site.signUp("ada")
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200)
    withExtendedLifetime(peers) {}
  }

  @Test("100 bodies that never end hold up nobody, although nginx passes them on as they come")
  func endlessBodies() throws {
    let site = try Site(
      .fastcgi, settings: ["EVENT_THREADS": "1"], server: "\nfastcgi_request_buffering off;\n")
    let request = HTTPClient.bytes(
      "POST", "/api/user/create-account",
      headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "1000000")])
    let peers = try (0..<100).map { _ in try site.client() }
    for peer in peers { try peer.socket.send(request + Array("username=".utf8)) }
    let ada = try site.signUp("ada")
    for _ in 0..<20 { #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200) }
    withExtendedLifetime(peers) {}
  }
}

/// Records hidden in a body must never become requests, whatever is refused early.
@Suite("hidden records")
struct HiddenRecordTests {
  enum Refusal: CaseIterable, Sendable {
    case route, method, length, contentType, signIn
  }

  /// Two whole requests that would be answered with 200.
  private static let forged: [UInt8] = {
    let one = FastCGIClient.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")])
    return one + one
  }()

  @Test(
    "at every offset of the read buffer, with every early refusal, on one kept connection",
    arguments: Refusal.allCases)
  func everyOffset(refusal: Refusal) throws {
    let data = try TemporaryDirectory()
    let settings = ["MAXIMUM_POST_DATA_LENGTH": refusal == .length ? "100" : "2000000"]
    let responder = try ResponderProcess(
      environment: settings.merging(["DATA_DIR": data.path("data")]) { $1 })
    let client = try FastCGIClient(path: responder.socketPath)
    let form = "application/x-www-form-urlencoded"
    let (method, path, type, status) =
      switch refusal {
      case .route: ("POST", "/nowhere", form, 404)
      case .method: ("POST", "/api/settings", form, 405)
      case .length: ("POST", "/api/user/create-account", form, 413)
      case .contentType: ("POST", "/api/user/create-account", "text/plain", 415)
      case .signIn: ("PATCH", "/api/user/set-session-ended", form, 401)
      }
    // libfcgi reads 8 KiB at a time.
    for offset in 0..<8300 {
      let body = [UInt8](repeating: UInt8(ascii: "a"), count: offset) + Self.forged
      let answer = try client.request(
        [
          ("REQUEST_METHOD", method), ("REQUEST_URI", path), ("CONTENT_TYPE", type),
          ("CONTENT_LENGTH", "\(body.count)"),
        ], body: body)
      try #require(answer.status == status, "at offset \(offset): \(answer.text)")
    }
    let after = try client.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/user/current-session")])
    #expect(after.status == 401)
  }

  @Test("through nginx, buffered and not", arguments: [true, false])
  func throughNginx(isBuffered: Bool) throws {
    let site = try Site(
      .fastcgi, settings: ["EVENT_THREADS": "1"],
      server: isBuffered ? "" : "\nfastcgi_request_buffering off;\n")
    let client = try site.client()
    for offset in stride(from: 0, to: 20_000, by: 101) {
      let body = [UInt8](repeating: UInt8(ascii: "a"), count: offset) + Self.forged
      let answer = try client.request(
        "POST", "/nowhere", headers: [("Content-Type", "text/plain")], body: body)
      try #require(answer.status == 404)
      try #require(try client.request("GET", "/api/user/current-session").status == 401)
    }
  }
}
