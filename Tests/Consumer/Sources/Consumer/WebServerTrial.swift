import Glibc

/// Uses the guide's web server as a browser does.
struct WebServerTrial {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  private func start() -> (Program, Browser) {
    let program = Program("WebServer", ["\(directory)/site", "0"], in: directory)
    let address = program.line() ?? ""
    guard let port = UInt16(address.split(separator: ":").last?.prefix { $0 != "/" } ?? "") else {
      fatalError("the web server says \(address)")
    }
    return (program, Browser(port: port))
  }

  func run() throws {
    var (program, browser) = start()
    let form = "username=ada+l%C3%B6we&password=correct+horse"
    expect(browser.get(), 200, "Sign up")
    expect(browser.post("/sign-in", form), 401, "username")
    expect(browser.post("/sign-up", form, origin: "http://example.com"), 403)
    expect(browser.post("/sign-up", form, origin: browser.origin), 303)
    let first = browser.cookie
    expect(browser.get(), 200, "Signed in as acct_")
    expect(browser.post("/sign-up", form), 409)
    expect(browser.post("/sign-in", "username=ada+l%C3%B6we&password=wrong+horse"), 401, "password")
    expect(browser.get(), 200, "Signed in as acct_")

    browser.cookie = String(first.dropLast()) + (first.hasSuffix("0") ? "1" : "0")
    expect(browser.get(), 200, "Sign up")

    // The server is stopped, and started on the same data. Data and session are still there.
    program.stop()
    (program, browser) = start()
    browser.cookie = first
    expect(browser.get(), 200, "Signed in as acct_")

    // Signing in again ends the former session.
    expect(browser.post("/sign-in", form), 303)
    let second = browser.cookie
    Consumer.check(second != first, "a new session has the token of the former one")
    browser.cookie = first
    expect(browser.get(), 200, "Sign up")

    browser.cookie = second
    expect(browser.post("/sign-out", "", origin: "null"), 403)
    expect(browser.get(), 200, "Signed in as acct_")
    expect(browser.post("/sign-out", ""), 303)
    Consumer.check(browser.cookie == "session=", "signing out leaves the cookie \(browser.cookie)")
    expect(browser.get(), 200, "Sign up")
    browser.cookie = second
    expect(browser.get(), 200, "Sign up")

    // Clients that stall or send nonsense disturb no other client.
    let stalled = browser.connect()
    browser.send("POST /sign-in HTTP/1.1\r\nContent-Length: 10\r\n\r\nuser", stalled)
    let malformed = [
      "", "GET /", "GET / HTTP/2", "GET / HTTP/1.1\r\nx", "POST / HTTP/1.1\r\nContent-Length: -1",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked",
    ]
    for head in malformed {
      expect(browser.exchange(head + "\r\n\r\n"), 400)
    }
    let head = "GET / HTTP/1.1\r\nX: "
    expect(browser.exchange(head + String(repeating: "x", count: 16_384 - head.utf8.count)), 413)
    expect(browser.get("/nothing"), 404)
    close(stalled)
  }

  private func expect(_ answer: String, _ status: Int, _ text: String = "", line: Int = #line) {
    Consumer.check(
      answer.hasPrefix("HTTP/1.1 \(status) ") && answer.contains(text),
      "line \(line) expects \(status) with '\(text)', and gets \(answer)")
  }
}

/// A client with one cookie.
struct Browser {
  let port: UInt16
  var cookie = ""

  init(port: UInt16) { self.port = port }

  var origin: String { "http://127.0.0.1:\(port)" }

  func get(_ path: String = "/") -> String {
    exchange("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: other=1; \(cookie)\r\n\r\n")
  }

  /// Posts a form, and keeps the cookie of the answer.
  mutating func post(_ path: String, _ form: String, origin: String? = nil) -> String {
    let origin = origin.map { "Origin: \($0)\r\n" } ?? ""
    let answer = exchange(
      "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(origin)Cookie: \(cookie)\r\n"
        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n"
        + form)
    let name = "Set-Cookie: "
    if let line = answer.split(separator: "\r\n" as Character).first(where: { $0.hasPrefix(name) }) {
      cookie = String(line.dropFirst(name.count).prefix { $0 != ";" })
    }
    return answer
  }

  /// Sends bytes, and reads until the server closes.
  func exchange(_ text: String) -> String {
    let descriptor = connect()
    defer { close(descriptor) }
    send(text, descriptor)
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  func send(_ text: String, _ descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  func connect() -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
    }
    guard code == 0 else { fatalError("no connection to the web server") }
    return descriptor
  }
}
