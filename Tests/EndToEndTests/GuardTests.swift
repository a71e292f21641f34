import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// nginx guards an application: only signed-in users reach it.
@Suite("guarding an application")
struct GuardTests {
  private static let names = [
    "x-accountid", "x-sessionid", "x-account", "x-session", "x-profile", "x-csrf-token", "x-administrator",
    "x-groups", "x-username", "x-authenticated-by",
  ]

  private func header(_ name: String, of answer: HTTPResponse) throws -> String? {
    try answer.json["headers"]?[name]?.string
  }

  @Test("only the headers tell the application who is signed in", arguments: Front.allCases)
  func signedIn(front: Front) throws {
    let guarded = try GuardedSite(front)
    let site = guarded.site
    let (owner, ada) = (try site.signUp("owner"), try site.signUp("ada"))
    let answer = try site.request("GET", "/shop?item=1", as: ada)
    #expect(answer.status == 200)
    #expect(try answer.json["path"]?.string == "/shop?item=1")
    #expect(try header("x-accountid", of: answer) == ada.accountid)
    #expect(try header("x-sessionid", of: answer) == ada.sessionid)
    let current = try site.request("GET", "/api/user/current-session", as: ada)
    // All but the members about the client, which come last.
    let session = try #require(current.text.split(separator: #","address":"#).first)
    #expect(
      try header("x-session", of: answer) == "\(session)}" && current.text.hasSuffix(#","current":true}"#))
    #expect(try header("x-csrf-token", of: answer) == current.json["csrfToken"]?.string)
    let account = try site.request("GET", "/api/user/account?accountid=\(ada.accountid)", as: ada)
    #expect(try header("x-account", of: answer) == account.text)
    #expect(try header("x-administrator", of: answer) == nil)
    #expect(try header("x-profile", of: answer) == nil)
    #expect(answer.all("Set-Cookie") == [])
    #expect(answer.all("Vary") == ["Cookie"])
    #expect(try header("x-administrator", of: site.request("GET", "/", as: owner)) == "true")
    // The application decides about verbs, bodies and origins.
    let posted = try site.request(
      "POST", "/shop", form: ["a": "b"], as: ada, headers: [("Origin", "https://elsewhere.example")])
    #expect(posted.status == 200)
    #expect(try posted.json["body"]?.string == "a=b")
    #expect(try site.request("DELETE", "/shop", as: ada).status == 200)
  }

  @Test("a guest is redirected to the sign-in page, with a path of this site to return to")
  func signedOut() throws {
    let guarded = try GuardedSite()
    let site = guarded.site
    func place(_ target: String, _ method: String = "GET", as user: Site.User? = nil) throws -> String? {
      let answer = try site.request(method, target, as: user, headers: GuardedSite.navigation)
      #expect(answer.status == 302)
      let location = answer.first("Location") ?? ""
      return location.split(separator: "?return-url=").last.map(String.init)
    }
    #expect(try place("/cart?id=1&n=2") == "/cart%3Fid%3D1%26n%3D2")
    #expect(try place("/a%20b?c=/../d") == "/a%2520b%3Fc%3D/../d")
    #expect(try place("/cart", "POST") == "/")
    let long = "/" + String(repeating: "\"", count: 8191)
    #expect(try place(long) == "/" + String(repeating: "%22", count: 8191))
    #expect(try place(long + String(repeating: "\"", count: 22_000)) == "/")
    let ada = try site.signUp("ada")
    #expect(try site.request("GET", "/", as: ada).status == 200)
    let forged = Site.User(
      accountid: ada.accountid, sessionid: ada.sessionid, token: String(repeating: "0", count: 64))
    #expect(try place("/", as: forged) == "/")
    #expect(try site.request("PATCH", "/api/user/set-current-session-ended", as: ada).status == 200)
    #expect(try place("/", as: ada) == "/")
    // The API itself answers as usual.
    #expect(try site.request("GET", "/api/user/current-session").status == 401)
    // Only nginx reaches the route for authorization.
    for path in [
      "/.dashboard/authorize", "/.dashboard/authorize/administrator", "/.dashboard/authorize/group",
    ] {
      #expect(try site.request("GET", path, as: ada).status == 404)
    }
  }

  @Test("an expired session does not sign in")
  func expired() throws {
    let guarded = try GuardedSite()
    let site = guarded.site
    _ = try site.signUp("ada")
    func user(secondsAgo: Int64) throws -> Site.User {
      let dashboard = try Dashboard(
        dataDirectory: site.data.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"],
        clock: FrontTests.FixedClock(moment: SystemClock().now().adding(seconds: -secondsAgo)))
      let session = try dashboard.call(
        CreateSession.self, posted: ["username": "ada", "password": "password of ada"])
      return Site.User(
        accountid: "\(session.accountid)", sessionid: "\(session.sessionid)", token: session.token ?? "")
    }
    #expect(try site.request("GET", "/", as: user(secondsAgo: 1100)).status == 200)
    #expect(try site.request("GET", "/", as: user(secondsAgo: 1200)).status == 401)
  }

  @Test("a location can require an administrator or a fresh verification")
  func requirements() throws {
    let guarded = try GuardedSite(settings: ["SESSION_VERIFICATION_DELAY": "1"])
    let site = guarded.site
    let (owner, ada) = (try site.signUp("owner"), try site.signUp("ada"))
    #expect(try site.request("GET", "/administration/", as: owner).status == 200)
    #expect(try site.request("GET", "/administration/", as: ada).status == 403)
    #expect(try site.request("GET", "/administration/").status == 401)
    for path in ["/office", "/OFFICE/", "/Office/x", "/office?x=1"] {
      #expect(try site.request("GET", path, as: ada).status == 403, "\(path)")
      #expect(try site.request("POST", path, form: ["a": "b"], as: owner).status == 200, "\(path)")
    }
    #expect(try site.request("GET", "/officers", as: ada).status == 200)
    #expect(eventually { (try? site.request("GET", "/private/", as: ada).status) == 403 })
    #expect(try site.request("GET", "/", as: ada).status == 200)
  }

  @Test("public places are open, and drop forged identity headers")
  func forged() throws {
    let guarded = try GuardedSite()
    let site = guarded.site
    let ada = try site.signUp("ada")
    let forged = Self.names.map { ($0, "forged") } + [("X_Accountid", "forged")]
    for (path, user) in [("/public/", nil), ("/sign-in", nil), ("/public/", ada), ("/", ada)] {
      let answer = try site.request("GET", path, as: user, headers: forged)
      #expect(answer.status == 200)
      #expect(!answer.text.contains("forged"))
      #expect(answer.all("Vary") == (path == "/" ? ["Cookie"] : []))
    }
    #expect(try site.request("GET", "/", headers: forged).status == 401)
  }

  @Test(
    "a profile in any script and of any size reaches the application whole",
    arguments: Front.allCases)
  func profiles(front: Front) throws {
    let fields = [
      "full-name", "display-name", "company-name", "contact-email", "display-email", "phone", "occupation",
      "location", "website",
    ]
    let guarded = try GuardedSite(
      front,
      settings: [
        "USER_PROFILE_FIELDS": fields.joined(separator: ","), "MAXIMUM_PROFILE_FULL_NAME_LENGTH": "256",
        "MAXIMUM_PROFILE_DISPLAY_NAME_LENGTH": "256", "MAXIMUM_PROFILE_COMPANY_NAME_LENGTH": "256",
      ])
    let site = guarded.site
    for (name, value) in [
      ("ada", "Æda Лавлейс 愛達 \"\\\u{7F} 👩‍💻"), ("eve", String(repeating: "👩", count: 256)),
    ] {
      let user = try site.signUp(name)
      var form = fields.map { ($0, value) }
      for index in form.indices where form[index].0.hasSuffix("email") {
        form[index].1 = String(repeating: "a", count: 60) + "@" + "example.org"
      }
      let posted = try site.request(
        "POST", "/api/user/create-profile?accountid=\(user.accountid)", as: user,
        headers: [("Content-Type", "application/x-www-form-urlencoded")],
        body: Array(Site.urlEncoded(form.map { (key: $0.0, value: $0.1) }).utf8))
      #expect(posted.status == 200, "\(posted.text)")
      let profileid = try #require(try posted.json["profileid"]?.string)
      let set = try site.request(
        "PATCH", "/api/user/set-account-profile?accountid=\(user.accountid)", form: ["profileid": profileid],
        as: user)
      #expect(set.status == 200, "\(set.text)")
      let answer = try site.request("GET", "/", as: user)
      #expect(answer.status == 200)
      #expect(try answer.json["greeting"]?.string == "Hello, \(value)")
      let text = try #require(try header("x-profile", of: answer))
      #expect(try JSON(Array(text.utf8)) == posted.json)
    }
  }

  @Test("cookies that fill a header pass, and longer ones are refused")
  func hugeCookies() throws {
    let guarded = try GuardedSite()
    let ada = try guarded.site.signUp("ada")
    let own = ada.cookie.1
    func status(_ count: Int) throws -> Int {
      let cookie = "a=\(String(repeating: "x", count: count)); \(own)"
      return try guarded.site.request("GET", "/", headers: [("Cookie", cookie)]).status
    }
    #expect(try status(30_000) == 200)
    #expect(try status(40_000) == 400)
  }

  @Test(
    "an ambiguous path and the name of another site are refused")
  func paths() throws {
    let guarded = try GuardedSite()
    let ada = try guarded.site.signUp("ada")
    for path in [
      "/administration/../public/", "/administration/x/..%2f..%2fpublic/", "/public/..%2Fadministration/",
      "/public/%2e%2e/administration/", "/public/x#/../../administration/", "/public/.", "/public\\x",
      "/\\evil.example/", "//evil.example/", "//sign-in", "//public/administration",
      "///public/administration",
      "/public/..;/administration/", "/public/..%3b/administration/", "/administration;x/users",
      "/;/administration/users", "/index.php/administration/users",
      "/index.ph%70/administration/users", "/public/x.c%67i/administration/", "/public../administration/",
      "/public/x.cgi/administration/", "/public/x.rb/administration/",
      "/public/%252e%252e/administration/", "/public/x%25252f",
      "/public/%25%32%65%25%32%65/administration/", "/public/%252%65%252%65/administration/",
      "/public/x.ph%2570/administration/", "/administration%25%33b/",
      "/cart%0a", "/cart%0D", "/cart%1f", "/cart%7F", "/cart%3fa=1", "/administration%23", "/a/%25u0061",
      "/(S(x))/administration/", "/%28S(x))/administration/", "/(%53(x))/administration/",
      "/(S%28x))/administration/", "/public/..%09/administration/",
    ] {
      #expect(try guarded.site.request("GET", path, as: ada).status == 400, "\(path)")
    }
    for path in [
      "/public/.well-known", "/public/a..b", "/public/100%25", "/public/a%20(b)", "/public/%C3%A9",
      "/public/x//y",
      "/public/index.php", "/public/a.phpx/",
      "/public/x?y=../%2f;//a",
    ] {
      #expect(try guarded.site.request("GET", path).status == 200, "\(path)")
    }
    let other = "http://other.example/public/"
    #expect(try guarded.site.request("GET", other).status == 400)
    #expect(try guarded.site.request("GET", "http://dashboard.test/public/").status == 200)
    #expect(
      try guarded.site.request("GET", "/public/", headers: [("Host", "dashboard.test:8080")]).status == 200)
    #expect(
      try guarded.site.request("GET", "/public/", headers: [("Host", "user@dashboard.test")]).status == 400)
  }

  @Test("a server block with an application can name its app")
  func app() throws {
    let guarded = try GuardedSite(more: "set $dashboard_app shop;\n")
    let ada = try guarded.site.signUp("ada")
    let answer = try guarded.site.request("GET", "/", as: ada)
    let account = try JSON(Array(try #require(try header("x-account", of: answer)).utf8))
    #expect(account["appid"]?.string == "shop")
  }

  @Test("behind a TLS proxy, one line gives the scheme to the program and the application")
  func scheme() throws {
    let guarded = try GuardedSite(more: "set $dashboard_scheme https;\n")
    let site = guarded.site
    #expect(try header("x-forwarded-proto", of: site.request("GET", "/public/")) == "https")
    // The answer is the same for every scheme and port of the browser.
    let refused = try site.request("GET", "/cart", headers: GuardedSite.navigation)
    #expect(refused.first("Location") == "/sign-in?return-url=/cart")
    _ = try site.signUp("ada")
    let answer = try site.request(
      "POST", "/api/user/create-session", form: ["username": "ada", "password": "password of ada"],
      headers: [("Origin", "https://dashboard.test")])
    #expect(answer.status == 200)
    #expect(answer.all("Set-Cookie").allSatisfy { $0.contains("; Secure") })
  }

  @Test("only a WebSocket upgrades a connection to the application")
  func tunnels() throws {
    let guarded = try GuardedSite()
    let headers = [
      ("Connection", "Upgrade, HTTP2-Settings, X-Accountid"), ("Upgrade", "h2c"),
      ("HTTP2-Settings", "AAMAAABk"),
    ]
    let answer = try guarded.site.request("GET", "/public/", headers: headers)
    #expect(answer.status == 200)
    #expect(try header("upgrade", of: answer) == nil)
    #expect(try header("connection", of: answer) == nil)
  }

  @Test("nginx sets or drops every forwarding header")
  func forwarding() throws {
    let guarded = try GuardedSite()
    let forwarded = [
      "Port", "Prefix", "Host", "For", "Proto", "Scheme", "Ssl", "Uri", "Server", "User", "Email", "Groups",
      "Preferred-Username", "Access-Token",
    ]
    let users = ["User", "Email", "Groups", "Preferred-Username", "Access-Token"]
    let names =
      forwarded.map { "X-Forwarded-\($0)" } + users.map { "X-Auth-Request-\($0)" } + [
        "Forwarded", "X-Original-URL", "X-Original-Host", "X-Rewrite-URL", "X-Real-IP", "X-Client-IP",
        "Client-IP", "True-Client-IP", "X-Cluster-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP",
        "WL-Proxy-Client-IP", "X-Url-Scheme", "Front-End-Https", "X-Script-Name", "X-Scheme",
        "X-Sendfile-Type", "X-Accel-Mapping",
        "Remote-User", "X-Remote-User", "X-WebAuth-User", "Remote-Name", "Remote-Email", "Remote-Groups",
        "X-Authenticated-User", "X-SSL-Client-Verify", "X-SSL-Client-S-DN", "X-Host", "X-HTTP-Host-Override",
        "X-Original-URI",
        "X-Goog-Authenticated-User-Email", "X-Goog-Authenticated-User-Id", "X-Goog-IAP-JWT-Assertion",
        "Cf-Access-Authenticated-User-Email", "Cf-Access-Jwt-Assertion", "X-MS-Client-Principal",
        "X-MS-Client-Principal-Name", "X-MS-Client-Principal-Id", "X-Middleware-Subrequest", "Proxy",
        "X-Forwarded-Path", "X-Authentik-Username", "X-Authentik-Email", "X-Authentik-Groups",
        "X-Authentik-Uid", "X-Authentik-Name", "Tailscale-User-Login", "Tailscale-User-Name",
        "X-Amzn-Oidc-Identity", "X-Amzn-Oidc-Data", "X-Amzn-Oidc-Accesstoken", "X-Pomerium-Jwt-Assertion",
        "X-Pomerium-Claim-Email",
      ]
    let forged = names.map { ($0, "forged.example") }
    let answer = try guarded.site.request("GET", "/public/", headers: forged)
    #expect(!answer.text.contains("forged"))
    #expect(try header("x-forwarded-host", of: answer) == "dashboard.test")
  }

  @Test("an upload may be as large as its guarded place allows")
  func uploads() throws {
    let guarded = try GuardedSite()
    let ada = try guarded.site.signUp("ada")
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
    let answer = try guarded.site.request("POST", "/uploads/", as: ada, body: body)
    #expect(answer.status == 200)
    #expect(try answer.json["body"]?.string?.utf8.count == body.count)
  }

  @Test("a WebSocket of a signed-in user is upgraded and stays open")
  func webSocket() throws {
    let guarded = try GuardedSite()
    let ada = try guarded.site.signUp("ada")
    let headers = [
      ("Authorization", "Bearer \(ada.sessionid).\(ada.token)"), ("Connection", "Upgrade"),
      ("Upgrade", "websocket"),
    ]
    let socket = try StreamSocket(guarded.site.address)
    try socket.send(HTTPClient.bytes("GET", "/live", headers: headers))
    var received = ""
    func expect(_ end: String) throws {
      while !received.hasSuffix(end) {
        let bytes = try socket.receive()
        try #require(!bytes.isEmpty, "\(received)")
        received += String(decoding: bytes, as: UTF8.self)
      }
    }
    try expect("\r\n\r\n")
    #expect(received.hasPrefix("HTTP/1.1 101 "))
    try socket.send(Array("a frame".utf8))
    try expect("a frame")
  }
}
