import Glibc

/// A browser session of Debian's chromedriver (W3C WebDriver), with a profile of its own.
final class WebDriver: Sendable {
  /// The driver's answer to a command that failed, such as `no such element`.
  struct Refusal: Error, CustomStringConvertible {
    let code: String
    let description: String
  }

  /// Chromium's engine without a window, which takes half the CPU. PAGES=all tests with the whole browser.
  static let browser =
    getenv("PAGES").map { String(cString: $0) } == "all"
    ? "/usr/bin/chromium" : "/usr/bin/chromium-headless-shell"

  private let process: ChildProcess
  private let directory: TemporaryDirectory
  private let port: UInt16
  private let session: String

  /// - Parameter preferences: of the browser's profile.
  init(preferences: JSON) throws {
    let directory = try TemporaryDirectory()
    let port = try Address.freePort()
    let process = try ChildProcess(
      [Programs.chromedriver, "--port=\(port)", "--allowed-ips=127.0.0.1"],
      environment: [
        "HOME": directory.path, "XDG_CONFIG_HOME": directory.path, "XDG_CACHE_HOME": directory.path,
        // The driver makes the profile here.
        "TMPDIR": directory.path,
      ],
      leadsGroup: true)
    try Address.port(port).waitUntilAnswered { process.isRunning }
    // Root needs `no-sandbox`. The other switches keep the browser from talking to other hosts.
    let switches: [JSON] = [
      "headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "no-first-run",
      "disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions",
      "hide-scrollbars", "host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    let capabilities: JSON = [
      "capabilities": [
        "alwaysMatch": [
          "browserName": "chrome", "acceptInsecureCerts": true,
          "goog:chromeOptions": [
            "args": .array(switches), "prefs": preferences, "binary": .string(Self.browser),
          ],
        ]
      ]
    ]
    let answer = try Self.request(port, "POST", "/session", capabilities)
    guard let session = answer["sessionId"]?.string else { throw TestFailure("no session: \(answer)") }
    (self.process, self.directory, self.port, self.session) = (process, directory, port, session)
  }

  deinit {
    // The driver ends its browser.
    _ = try? Self.request(port, "DELETE", "/session/\(session)", nil)
    process.killGroup()
    _ = process.wait()
  }

  /// Runs a command of the session. Commands are in section 6 of the WebDriver specification.
  @discardableResult
  func command(_ method: String, _ path: String, _ body: JSON? = nil) throws -> JSON {
    try Self.request(port, method, "/session/\(session)/\(path)", body)
  }

  private static func request(_ port: UInt16, _ method: String, _ path: String, _ body: JSON?) throws -> JSON
  {
    let body = method == "POST" ? Array((body ?? [:]).text.utf8) : nil
    let headers = [("Host", "127.0.0.1:\(port)"), ("Content-Type", "application/json")]
    let client = try HTTPClient(.port(port), timeout: 60_000)
    let response = try client.request(method, path, headers: headers, body: body)
    guard let value = try response.json["value"] else { throw TestFailure("no value: \(response.text)") }
    guard response.status == 200 else {
      throw Refusal(
        code: value["error"]?.string ?? "", description: value["message"]?.string ?? "\(response.status)")
    }
    return value
  }
}
