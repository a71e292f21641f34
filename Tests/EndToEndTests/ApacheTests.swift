import Glibc
import TestSupport
import Testing

/// The folder that `deploy/shared-hosting` makes, under an Apache that runs as the owner of the files.
@Suite("shared hosting")
struct ApacheTests {
  private static let credentials = Array("username=ada&password=password of ada".utf8)
  private static let form = ("Content-Type", "application/x-www-form-urlencoded")
  private static let settings = ["BCRYPT_WORKLOAD_FACTOR": "4"]

  @Test("an uploaded folder serves the API and no file, and keeps its data outside of the document root")
  func upload() throws {
    let apache = try Apache(.cgid, settings: Self.settings, isAsShipped: true)
    let stranger = try apache.client().request(
      "POST", "/api/user/create-account", headers: [Self.form], body: Self.credentials)
    #expect(try stranger.verdict == "403 invalid-setup-code")
    let code = try apache.setupCode
    #expect(code.utf8.count == 32)
    let common = try apache.client().request(
      "POST", "/api/user/create-account", headers: [Self.form],
      body: Array("username=ada&password=password1&setup-code=\(code)".utf8))
    #expect(try common.verdict == "400 invalid-password-common")
    for (route, more) in [("create-account", "&setup-code=\(code)"), ("create-session", "")] {
      let answer = try apache.client().request(
        "POST", "/api/user/\(route)", headers: [Self.form], body: Self.credentials + Array(more.utf8))
      #expect(answer.status == 200)
      #expect(answer.all("Set-Cookie").allSatisfy { !$0.contains("Secure") })
    }
    #expect(try Files.mode("\(apache.home)/dashboard/data") == 0o700)
    #expect(try Files.mode("\(apache.home)/dashboard/data/secrets") == 0o600)
    for path in [
      "/.htaccess", "/../dashboard/dashboard.conf", "/%2e%2e/dashboard/dashboard.conf", "/", "/apis",
    ] {
      let answer = try apache.client().request("GET", path)
      #expect([400, 403, 404].contains(answer.status), "\(path): \(answer.status)")
    }
    // These answers come from the program, through every web server.
    for path in ["/dashboard.cgi", "/dashboard.cgi/api/none", "/api", "/api/explorer/../../dashboard.cgi"] {
      let answer = try apache.client().request("GET", path)
      #expect(!answer.text.contains("exec ./dashboard"), "\(path)")
    }
    for path in ["/dashboard.cgi/api/none", "/dashboard.cgi/authorize"] {
      #expect(try apache.client().request("GET", path).verdict == "404 invalid-route")
    }
  }

  @Test(
    "only dashboard.cgi runs as a program, whichever files the host runs",
    arguments: ["", "AddHandler cgi-script .cgi\n"])
  func programs(directives: String) throws {
    let apache = try Apache(.cgid, settings: Self.settings, directives: directives)
    #expect(try apache.client().request("GET", "/api/settings").status == 200)
    let root = "\(apache.home)/public_html"
    try Files.makeDirectory("\(root)/uploads")
    for name in [
      "avatar.cgi.jpg", "x.cgi", "api.cgi", "uploads/avatar.cgi.jpg", "uploads/x.cgi",
      "uploads/dashboard.cgi",
      "uploads/api",
    ] {
      try Files.write("#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nexecuted'\n", to: "\(root)/\(name)")
      #expect(chmod("\(root)/\(name)", 0o755) == 0)
      let answer = try apache.client().request("GET", "/\(name)")
      #expect(answer.status == 403 || answer.text.hasPrefix("#!/bin/sh"), "\(name): \(answer.text)")
    }
  }

  @Test("a folder that is uploaded into the document root stays closed")
  func uploadedInTheWrongPlace() throws {
    let apache = try Apache(.cgid, settings: Self.settings, documentRoot: "home")
    let page = try apache.client().request("GET", "/START-HERE.html")
    #expect(page.status == 200)
    for name in ["", "dashboard", "dashboard.conf", ".htaccess", "data/", "data/data.mdb", "data/secrets"] {
      #expect(try apache.client().request("GET", "/dashboard/\(name)").status == 403, "\(name)")
    }
  }

  @Test("behind a TLS proxy, a line in .htaccess makes cookies Secure")
  func secureCookies() throws {
    let apache = try Apache(.cgid, settings: Self.settings) { name, text in
      name.hasSuffix(".htaccess") ? text.replacing("# SetEnv HTTPS", with: "SetEnv HTTPS") : text
    }
    for route in ["create-account", "create-session"] {
      let answer = try apache.client().request(
        "POST", "/api/user/\(route)", headers: [Self.form, ("Origin", "https://dashboard.test")],
        body: Self.credentials)
      #expect(answer.status == 200)
      #expect(answer.all("Set-Cookie").allSatisfy { $0.contains("; Secure") })
    }
  }

  @Test(
    "a rewrite rule can pass Authorization on, which Apache renames at its redirect",
    arguments: [Apache.Gateway.cgi, .cgid])
  func redirectedAuthorization(gateway: Apache.Gateway) throws {
    let rule = "dashboard.cgi/$1$2 ["
    let apache = try Apache(gateway, settings: Self.settings) { name, text in
      guard name.hasSuffix(".htaccess") else { return text }
      return text.replacing("SetEnvIf Authorization", with: "# SetEnvIf Authorization")
        .replacing(rule, with: rule + "E=HTTP_AUTHORIZATION:%{HTTP:Authorization},")
    }
    for route in ["create-account", "create-session"] {
      let answer = try apache.client().request(
        "POST", "/api/user/\(route)", headers: [Self.form], body: Self.credentials)
      #expect(answer.status == 200)
      guard route == "create-session", let id = try answer.json["sessionid"]?.string,
        let token = try answer.json["token"]?.string
      else { continue }
      let bearer = ("Authorization", "Bearer \(id).\(token)")
      #expect(
        try apache.client().request("GET", "/api/user/current-session", headers: [bearer]).status == 200)
    }
    #expect(try apache.client().request("GET", "/api/user/current-session").status == 401)
  }

  @Test("only pages of the site may change data", arguments: [Apache.Gateway.cgi, .cgid])
  func origins(gateway: Apache.Gateway) throws {
    let apache = try Apache(gateway, settings: Self.settings)
    func status(from origin: String, _ name: String) throws -> Int {
      try apache.client().request(
        "POST", "/api/user/create-account", headers: [Self.form, ("Origin", origin)],
        body: Array("username=\(name)&password=password of \(name)".utf8)
      ).status
    }
    #expect(try status(from: "https://dashboard.test", "ada") == 403)
    #expect(try status(from: "http://elsewhere.test", "ada") == 403)
    #expect(try status(from: "http://dashboard.test", "ada") == 200)
  }

  @Test("the program limits the body, and logs a bad setting to the error log")
  func refusals() throws {
    let apache = try Apache(.cgid, settings: ["MAXIMUM_POST_DATA_LENGTH": "100"])
    let answer = try apache.client().request(
      "POST", "/api/user/create-session", headers: [Self.form], body: [UInt8](repeating: 97, count: 200_000))
    #expect(try answer.verdict == "413 invalid-request-length")
    let broken = try Apache(.cgid, settings: ["PAGE_SIZE": "many"])
    #expect(try broken.client().request("GET", "/api/settings").status == 500)
    #expect(broken.errorLog.contains("PAGE_SIZE is 'many'"))
  }
}
