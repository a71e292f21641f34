import TestSupport
import Testing

/// lighttpd tells a program the path in two parts: the mount as SCRIPT_NAME, and the rest as PATH_INFO.
@Suite("lighttpd")
struct LighttpdTests {
  private static let form = ("Content-Type", "application/x-www-form-urlencoded")

  /// lighttpd with the program at some paths.
  private struct Mounted {
    let lighttpd: Lighttpd
    private let data: TemporaryDirectory
    private let responder: ResponderProcess?

    init(_ gateway: Lighttpd.Gateway, _ mounts: [String]) throws {
      data = try TemporaryDirectory()
      let settings = ["DATA_DIR": data.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"]
      responder = gateway == .fastcgi ? try ResponderProcess(environment: settings) : nil
      lighttpd = try Lighttpd(
        gateway, mounts: mounts, settings: settings, responder: responder?.socketPath ?? "")
    }

    func request(
      _ method: String, _ target: String, _ headers: [(String, String)] = [], body: String? = nil
    ) throws -> HTTPResponse {
      try lighttpd.client().request(
        method, target, headers: headers + (body == nil ? [] : [LighttpdTests.form]),
        body: body.map { Array($0.utf8) })
    }
  }

  @Test(
    "a user registers, signs in both ways and signs out, below any mount",
    arguments: Lighttpd.Gateway.allCases, [("/api", "/api"), ("/service", "/service/api")])
  func mounts(gateway: Lighttpd.Gateway, mount: (mount: String, root: String)) throws {
    let site = try Mounted(gateway, [mount.mount])
    let credentials = "username=ada&password=password+of+ada"
    func user(_ route: String) -> String { "\(mount.root)/user/\(route)" }
    #expect(try site.request("GET", "\(mount.root)/settings?x=1").json["object"]?.string == "settings")
    #expect(try site.request("GET", mount.root).status == 200)
    #expect(try site.request("POST", user("create-account"), body: credentials).status == 200)
    let session = try site.request("POST", user("create-session"), body: credentials)
    #expect(session.status == 200)
    let json = try session.json
    let token = "\(try #require(json["sessionid"]?.string)).\(try #require(json["token"]?.string))"
    let cookies = session.all("Set-Cookie").map { $0.prefix { $0 != ";" } }.joined(separator: "; ")
    for credential in [("Authorization", "Bearer \(token)"), ("Cookie", cookies)] {
      #expect(try site.request("GET", user("current-session"), [credential]).status == 200)
    }
    #expect(try site.request("PATCH", user("set-current-session-ended"), [("Cookie", cookies)]).status == 200)
    #expect(try site.request("GET", user("current-session"), [("Cookie", cookies)]).status == 401)
    for path in ["/", "/user", "/user/none", "/settings/", "/authorize"] {
      #expect(try site.request("GET", mount.root + path).verdict == "404 invalid-route", "\(path)")
    }
    #expect(try site.request("GET", "\(mount.mount)x/settings").status == 404)
  }

  @Test("the whole site can be the program's")
  func root() throws {
    let site = try Mounted(.fastcgi, ["/"])
    #expect(try site.request("GET", "/api/settings").status == 200)
    #expect(try site.request("GET", "/other").verdict == "404 invalid-route")
  }
}
