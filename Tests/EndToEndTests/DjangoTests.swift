import Glibc
import TestSupport
import Testing

/// A stock Django keeps sessions of its own behind the guard. Its default cookie is called `sessionid`.
@Suite("Django behind the guard")
struct DjangoTests {
  static let isInstalled = access("/usr/lib/python3/dist-packages/django", R_OK) == 0

  /// A browser's cookies.
  private struct Jar {
    var cookies: [String: String] = [:]

    mutating func take(_ answer: HTTPResponse) {
      for header in answer.all("Set-Cookie") {
        let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
        cookies[pair[0].trimmed] = pair.count == 2 ? String(pair[1]) : ""
      }
    }

    var header: (String, String) {
      ("Cookie", cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
    }
  }

  @Test("its session cookie and the guard's live side by side", .enabled(if: isInstalled))
  func sessions() throws {
    let directory = try TemporaryDirectory()
    let application = try ChildProcess([
      Programs.python, "\(Programs.root)/Tests/Application/django_application.py", directory.path,
    ])
    defer {
      application.signal(SIGKILL)
      _ = application.wait()
    }
    let socket = directory.path("application.sock")
    try Address.unix(socket).waitUntilAnswered { application.isRunning }
    let site = try Site(
      .fastcgi,
      block: """
        include dashboard/guard.conf;
        location / { include dashboard/signed-in; proxy_pass http://unix:\(socket); }
        location = /sign-in { include dashboard/anybody; proxy_pass http://unix:\(socket); }
        """)
    var jar = Jar()
    func send(_ method: String, _ path: String, form: KeyValuePairs<String, String>? = nil) throws
      -> HTTPResponse
    {
      let answer = try site.request(method, path, form: form, headers: [jar.header])
      jar.take(answer)
      return answer
    }
    func visit(_ path: String) throws -> JSON {
      let answer = try send("GET", path)
      #expect(answer.status == 200)
      return try answer.json
    }
    #expect(try visit("/sign-in")["visits"]?.number == 1)
    let own = try #require(jar.cookies["sessionid"])
    let credentials: KeyValuePairs = ["username": "ada", "password": "password of ada"]
    let account = try send("POST", "/api/user/create-account", form: credentials).json["accountid"]?.string
    #expect(try send("POST", "/api/user/create-session", form: credentials).status == 200)
    #expect(jar.cookies.keys.sorted() == ["dashboard_session", "sessionid"])
    for visits in 2...4 {
      let answer = try visit("/page")
      #expect(answer["visits"]?.number == Double(visits))
      #expect(answer["accountid"]?.string == account)
      // Django gets its own cookie only.
      #expect(answer["cookies"]?.array?.compactMap(\.string) == ["sessionid"])
    }
    // The session ends, and Django's goes on.
    #expect(try send("PATCH", "/api/user/set-current-session-ended").status == 200)
    #expect(try send("GET", "/page").status == 401)
    #expect(try visit("/sign-in")["visits"]?.number == 5)
    #expect(jar.cookies["sessionid"] == own)
  }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
