import TestSupport
import Testing

/// FastCGI records hidden in a body never become requests.
@Suite("hidden records")
struct HiddenRecordTests {
  enum Refusal: CaseIterable, Sendable {
    case route, method, length, contentType, signIn
  }

  /// Two complete requests. Each would get 200 if the program took it for a request.
  private static let forged: [UInt8] = {
    let one = FastCGIClient.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]).bytes
    return one + one
  }()

  @Test(
    "a hidden record is ignored at every offset of the read buffer, with every early refusal",
    arguments: Refusal.allCases)
  func everyOffset(refusal: Refusal) throws {
    let data = try TemporaryDirectory()
    let settings = ["MAXIMUM_POST_DATA_LENGTH": refusal == .length ? "100" : "2000000"]
    let responder = try ResponderProcess(
      environment: settings.merging(["DATA_DIR": data.path("data")]) { $1 })
    let client = try FastCGIClient(.unix(responder.socketPath))
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
      let answer = try client.ask(
        [
          ("REQUEST_METHOD", method), ("REQUEST_URI", path), ("CONTENT_TYPE", type),
          ("CONTENT_LENGTH", "\(body.count)"),
        ], body: body
      ).http
      try #require(answer.status == status, "at offset \(offset): \(answer.text)")
    }
    let after = try client.ask([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/user/current-session")]).http
    #expect(after.status == 401)
  }

  @Test("a hidden record is ignored through nginx, with and without buffering", arguments: [true, false])
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
