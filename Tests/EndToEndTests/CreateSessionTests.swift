import TestSupport
import Testing

/// POST /api/user/create-session. Some tests have the names that the API's first implementation gave them.
@Suite("/api/user/create-session")
struct CreateSessionTests {
  private let route = "/api/user/create-session"

  // MARK: Exceptions

  @Test("exceptions invalid-username missing posted username", arguments: Front.everywhere)
  func missingUsername(front: Front) throws {
    let answer = try Site(front).request("POST", route, form: ["username": "", "password": "password"])
    #expect(answer.status == 400)
    #expect(try answer.json["message"] == .string("invalid-username"))
    #expect(try answer.json["field"] == .string("username"))
  }

  @Test("exceptions invalid-password missing posted password", arguments: Front.everywhere)
  func missingPassword(front: Front) throws {
    let answer = try Site(front).request("POST", route, form: ["username": "username", "password": ""])
    #expect(answer.status == 400)
    #expect(try answer.json["message"] == .string("invalid-password"))
    #expect(try answer.json["field"] == .string("password"))
  }

  // MARK: Parameters and answer

  @Test("receives optional posted remember (hours|days|minutes, or a checkbox)", arguments: Front.everywhere)
  func remember(front: Front) throws {
    let site = try Site(front)
    _ = try site.signUp("ada")
    for (remember, duration) in [
      ("hours", 28_800), ("days", 2_592_000), ("on", 2_592_000), ("Off", 1200), ("", 1200),
    ] {
      let answer = try site.request(
        "POST", route, form: ["username": "ada", "password": "password of ada", "remember": remember])
      #expect(try answer.json["duration"] == .number(Double(duration)))
      #expect(answer.all("Set-Cookie").allSatisfy { $0.contains("Max-Age=\(duration);") })
    }
  }

  @Test("returns object", arguments: Front.everywhere)
  func returns(front: Front) throws {
    let site = try Site(front)
    _ = try site.signUp("ada")
    let answer = try site.request("POST", route, form: ["username": "ada", "password": "password of ada"])
    #expect(answer.status == 200)
    let session = try answer.json
    #expect(
      session.names == [
        "sessionid", "object", "appid", "accountid", "duration", "csrfToken", "expiresAt", "lastVerifiedAt",
        "ended", "createdAt", "updatedAt", "address", "lastUsedAt", "token",
      ])
    #expect(session["object"] == .string("session"))
    #expect(session["appid"] == .string("dashboard"))
    #expect(session["duration"] == .number(1200))
    #expect(session["ended"] == .boolean(false))
    #expect(session["csrfToken"]?.string?.count == 128)
    #expect(session["token"]?.string?.count == 64)
    #expect(session["lastVerifiedAt"] == session["createdAt"])
    #expect(session["createdAt"]?.string?.count == 24)
  }

  // MARK: Further cases

  @Test(
    "an unknown username is invalid-username, a wrong password invalid-password", arguments: Front.everywhere)
  func wrongCredentials(front: Front) throws {
    let site = try Site(front)
    _ = try site.signUp("ada")
    let unknown = try site.request("POST", route, form: ["username": "eve", "password": "password of ada"])
    #expect(unknown.status == 401)
    #expect(try unknown.json["message"] == .string("invalid-username"))
    let wrong = try site.request("POST", route, form: ["username": "ada", "password": "password of eve"])
    #expect(wrong.status == 401)
    #expect(try wrong.json["message"] == .string("invalid-password"))
    #expect(wrong.all("Set-Cookie").isEmpty)
  }

  @Test("a missing body is a missing username", arguments: Front.everywhere)
  func noBody(front: Front) throws {
    let answer = try Site(front).request("POST", route)
    #expect(answer.status == 400)
    #expect(try answer.json["message"] == .string("invalid-username"))
  }

  @Test("only the cookie and a Bearer token sign in", arguments: Front.everywhere)
  func cookies(front: Front) throws {
    let site = try Site(front)
    _ = try site.signUp("ada")
    let answer = try site.request("POST", route, form: ["username": "ada", "password": "password of ada"])
    let sessionid = try #require(try answer.json["sessionid"]?.string)
    let token = try #require(try answer.json["token"]?.string)
    #expect(
      answer.all("Set-Cookie") == [
        "dashboard_session=\(sessionid).\(token); Max-Age=1200; Path=/; HttpOnly; SameSite=Lax"
      ])
    let wrong = token.dropLast() + (token.hasSuffix("0") ? "1" : "0")
    func current(
      _ headers: [(String, String)], at target: String = "/api/user/current-session"
    ) throws -> Int {
      try site.request("GET", target, headers: headers).status
    }
    #expect(try current([("Cookie", "a=b; dashboard_session=\"\(sessionid).\(token)\"; c")]) == 200)
    #expect(try current([("Cookie", "sessionid=\(sessionid); token=\(token)")]) == 200)
    #expect(try current([("Authorization", "bearer \(sessionid).\(token)")]) == 200)
    #expect(try current([("Cookie", "dashboard_session=\(sessionid)")]) == 401)
    #expect(try current([("Cookie", "dashboard_session=\(sessionid).\(wrong)")]) == 401)
    #expect(try current([], at: "/api/user/current-session?sessionid=\(sessionid)&token=\(token)") == 401)
    // A Bearer token of our form wins over cookies, even if it is wrong. Another program's does not count.
    let cookie = ("Cookie", "dashboard_session=\(sessionid).\(token)")
    #expect(try current([cookie, ("Authorization", "Bearer \(sessionid).\(wrong)")]) == 401)
    #expect(try current([cookie, ("Authorization", "Bearer x.y")]) == 200)
  }

  /// Apache joins them with a comma, which can be part of a value.
  @Test("a cookie in the second of two lines signs in", arguments: Front.allCases, [false, true])
  func twoLines(front: Front, hasStockParameters: Bool) throws {
    let block = """
      location / {
        fastcgi_pass dashboard;
        include /etc/nginx/fastcgi_params;
        fastcgi_param SCRIPT_FILENAME \(Programs.dashboard);
      }
      """
    let site = try hasStockParameters ? Site(front, block: block) : Site(front)
    let ada = try site.signUp("ada")
    let other = ("Cookie", "a=b; dashboard_session=x")
    for lines in [[other, ada.cookie], [ada.cookie, other], [other, other, ada.cookie]] {
      #expect(try site.request("GET", "/api/user/current-session", headers: lines).status == 200)
    }
    // Signing out ends the sessions of both lines.
    let second = try site.signIn("ada")
    let route = "/api/user/set-current-session-ended"
    #expect(try site.request("PATCH", route, headers: [ada.cookie, second.cookie]).status == 200)
    #expect(try site.request("GET", "/api/user/current-session", as: second).status == 401)
  }

  @Test("cookies are Secure when the request came over HTTPS", arguments: Front.everywhere)
  func secureCookies(front: Front) throws {
    let site = try Site(front, isSecure: true)
    _ = try site.signUp("ada")
    let answer = try site.request("POST", route, form: ["username": "ada", "password": "password of ada"])
    #expect(answer.all("Set-Cookie").map { $0.prefix { $0 != "=" } } == ["__Host-dashboard_session"])
    #expect(answer.all("Set-Cookie").allSatisfy { $0.hasSuffix("; SameSite=Lax; Secure") })
  }

  @Test("multipart and urlencoded forms get the same answer", arguments: Front.everywhere)
  func multipart(front: Front) throws {
    let site = try Site(front)
    _ = try site.signUp("ada")
    let body = Multipart.body(["username": "ada", "password": "password of ada", "remember": "days"])
    let answer = try site.request("POST", route, headers: [Multipart.contentType], body: body)
    #expect(answer.status == 200)
    #expect(try answer.json["duration"] == .number(2_592_000))
  }

  @Test("wrong credentials in the headers count as missing", arguments: Front.everywhere)
  func wrongHeaders(front: Front) throws {
    let site = try Site(front)
    _ = try site.signUp("ada")
    let answer = try site.request(
      "POST", route, form: ["username": "ada", "password": "password of ada"],
      headers: [("Cookie", "dashboard_session=sess_0000000000000000.\(String(repeating: "0", count: 64))")])
    #expect(answer.status == 200)
  }

  @Test("a sign-in sets lastSignedInAt and counts the session", arguments: Front.everywhere)
  func signsIn(front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    let account = try site.request("GET", "/api/user/account?accountid=\(ada.accountid)", as: ada)
    let session = try site.request("GET", "/api/user/session?sessionid=\(ada.sessionid)", as: ada)
    #expect(try account.json["lastSignedInAt"] == session.json["createdAt"])
    let count = try site.request("GET", "/api/user/sessions-count?accountid=\(ada.accountid)", as: ada)
    #expect(count.text == "1")
  }

  @Test(
    "a sign-in replaces a hash of another cost, and the password still matches", arguments: Front.everywhere)
  func rehash(front: Front) throws {
    let data = try TemporaryDirectory()
    do {
      let site = try Site(front, settings: ["BCRYPT_WORKLOAD_FACTOR": "5"], data: data)
      _ = try site.signUp("ada")
    }
    let site = try Site(front, data: data)
    _ = try site.signIn("ada")
    _ = try site.signIn("ada")
    let bytes = try Files.read(data.path("data/data.mdb"))
    #expect(bytes.contains(Array("$2b$04$".utf8)))
  }

  @Test("hashing and writing run on other threads than the event loop")
  func workerThreads() throws {
    let site = try Site(.fastcgi)
    let process = try #require(site.responder).process
    func threads() -> Set<String> {
      let tasks = "/proc/\(process.pid)/task"
      let names = Files.names(in: tasks).compactMap { try? Files.text("\(tasks)/\($0)/comm") }
      return Set(names.map { String($0.dropLast()) })
    }
    _ = try site.request("GET", "/api/settings")
    #expect(threads() == ["dashboard", "event", "sweep"])
    let ada = try site.signUp("ada")
    #expect(threads() == ["dashboard", "event", "sweep", "hashing"])
    _ = try site.request("PATCH", "/api/user/set-current-session-ended", as: ada)
    #expect(threads() == ["dashboard", "event", "sweep", "hashing", "writing"])
  }
}
