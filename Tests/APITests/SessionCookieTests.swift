import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Which cookies sign in, and what signing in and out does to them.
@Suite("the session cookie")
struct SessionCookieTests {
  private let log = Log()

  /// A site with the account `ada`.
  private struct Site {
    let fixture: Fixture
    let router: Router
    let variables: [String: String]

    init(_ settings: [String: String] = [:], _ variables: [String: String] = [:], log: Log = Log()) throws {
      fixture = try Fixture(settings: settings, eventLog: { log.add($0) })
      router = Router(fixture.dashboard, Routes.all) { _ in }
      self.variables = variables
      for name in ["ada", "eve"] { _ = try fixture.signUp(name) }
    }

    /// A live session of its own.
    func session(_ username: String = "ada") throws -> Session {
      try fixture.dashboard.call(
        CreateSession.self, posted: ["username": username, "password": "password of \(username)"],
        from: .trusted)
    }

    func respond(_ method: String, _ path: String, _ headers: [String: String], _ body: String = "") -> Answer
    {
      let answer = TestRequest.respond(router, method, path, variables + headers, body: body)
      return Answer(status: answer.status, text: answer.text)
    }

    func signIn(_ cookie: String, _ headers: [String: String] = [:]) -> Answer {
      respond(
        "POST", "/api/user/create-session", headers + ["HTTP_COOKIE": cookie],
        "username=ada&password=password+of+ada")
    }

    func current(_ cookie: String, _ headers: [String: String] = [:]) -> Answer {
      respond("GET", "/api/user/current-session", headers + ["HTTP_COOKIE": cookie])
    }

    func signOut(_ cookie: String, _ headers: [String: String] = [:]) -> Answer {
      respond("PATCH", "/api/user/set-current-session-ended", headers + ["HTTP_COOKIE": cookie])
    }

    func isAlive(_ session: Session) -> Bool {
      current("", ["HTTP_AUTHORIZATION": "Bearer \(value(session))"]).status == 200
    }
  }

  private struct Answer {
    let status: Int
    let text: String

    var setCookies: [String] {
      text.split(separator: "\r\n").compactMap {
        $0.hasPrefix("Set-Cookie: ") ? String($0.dropFirst(12)) : nil
      }
    }

    /// True if the answer's session is this one.
    func shows(_ session: Session) -> Bool { status == 200 && text.contains("\"\(session.sessionid)\"") }
  }

  private static func value(_ session: Session) -> String { "\(session.sessionid).\(session.token ?? "")" }

  // MARK: Which cookie counts

  /// The settings, the scheme and the name that a browser gets.
  private static let names: [(settings: [String: String], isSecure: Bool, name: String)] = [
    ([:], false, "dashboard_session"), ([:], true, "__Host-dashboard_session"),
    (["APPID": "club"], false, "club_session"), (["COOKIE_NAME": "my-app_1"], true, "__Host-my-app_1"),
    (["COOKIE_DOMAIN": "example.org"], true, "dashboard_session"),
    (["COOKIE_DOMAIN": "example.org", "COOKIE_NAME": "x"], false, "x"),
  ]

  @Test("signing in sets one cookie, only its name is read, and signing out clears it", arguments: names)
  func name(settings: [String: String], isSecure: Bool, name: String) throws {
    let site = try Site(settings, isSecure ? ["HTTPS": "on"] : [:])
    let answer = site.signIn("")
    let cookie = try #require(answer.setCookies.first)
    #expect(answer.setCookies.count == 1)
    let pair = String(cookie.prefix { $0 != ";" })
    #expect(pair.hasPrefix("\(name)=sess_"))
    let domain = settings["COOKIE_DOMAIN"].map { "; Domain=\($0)" } ?? ""
    let attributes = "; Path=/\(domain); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    #expect(cookie == "\(pair); Max-Age=1200\(attributes)")

    let text = pair.dropFirst(name.utf8.count + 1)
    for other in ["__Host-", "__host-", "X"].map({ $0 + name }) + [
      String(name.dropFirst(7)), name.uppercased(),
    ] {
      #expect(site.current("\(other)=\(text)").status == 401, "\(other)")
    }
    #expect(site.current(pair).status == 200)
    #expect(site.current("a=b;\(name) = \"\(text)\" ; c").status == 200)
    let ended = site.signOut(pair)
    #expect(ended.status == 200)
    let cleared = domain.isEmpty ? [attributes] : [attributes.replacing(domain, with: ""), attributes]
    #expect(ended.setCookies == cleared.map { "\(name)=; Max-Age=0\($0)" })
    #expect(site.current(pair).status == 401)
  }

  @Test("what has another form is another program's cookie, and hides none of ours")
  func foreignForms() throws {
    let site = try Site()
    let session = try site.session()
    let (id, token) = ("\(session.sessionid)", try #require(session.token))
    let foreign = [
      "", "x", ".", id, token, "\(id).", ".\(token)", "\(id)\(token)", "\(id).\(token)0",
      "\(id).\(token.dropLast())",
      "\(id).\(token.uppercased())", "\(id.uppercased()).\(token)", "\(id) .\(token)", "\(id).\(token), a=b",
      "\(id.replacing("sess_", with: "acct_")).\(token)", "\(id).\(token).\(token)",
      "%73\(id.dropFirst()).\(token)",
    ]
    for text in foreign where text.contains(where: { $0.isLetter && $0 > "f" }) || !text.contains(token) {
      #expect(site.current("dashboard_session=\(text)").status == 401, "\(text)")
    }
    let all = foreign.map { "dashboard_session=\($0); " }.joined()
    #expect(site.current("\(all)dashboard_session=\(id).\(token)").shows(session))
    // What is not ours is not cleared either.
    #expect(site.signIn("dashboard_session=x; sessionid=abc; token=def").setCookies.count == 1)
  }

  @Test("of eight candidates the first that proves a session counts, and a ninth is not looked at")
  func candidates() throws {
    let site = try Site()
    let (first, second) = (try site.session(), try site.session("eve"))
    func cookie(_ values: [String]) -> String {
      values.map { "dashboard_session=\($0)" }.joined(separator: "; ")
    }
    let wrong = (0..<7).map { "sess_000000000000000\($0).\(String(repeating: "0", count: 64))" }
    let swapped = "\(first.sessionid).\(second.token ?? "")"
    #expect(
      site.current(cookie([swapped] + wrong[..<5] + [Self.value(first), Self.value(second)])).shows(first))
    #expect(site.current(cookie([Self.value(second), Self.value(first)])).shows(second))
    #expect(site.current(cookie(wrong + [Self.value(first)])).shows(first))
    #expect(site.current(cookie(wrong + [swapped, Self.value(first)])).status == 401)
    // Open routes take wrong ones for none.
    #expect(site.signIn(cookie(wrong)).status == 200)
  }

  @Test("two Cookie lines are one, and a comma separates nothing")
  func lines() throws {
    let site = try Site()
    let session = try site.session()
    let own = "dashboard_session=\(Self.value(session))"
    #expect(site.current("a=b; \(own)").status == 200)
    #expect(site.current("a=b, \(own)").status == 401)
    #expect(site.current("\(own), a=b").status == 401)
  }

  // MARK: The former pair

  @Test("the former pair signs in unless READ_OLD_COOKIES is false, each identifier with each token")
  func oldPair() throws {
    for reads in [true, false] {
      let site = try Site(reads ? [:] : ["READ_OLD_COOKIES": "false"])
      let (ada, eve) = (try site.session(), try site.session("eve"))
      let pair = "sessionid=\(ada.sessionid); token=\(ada.token ?? "")"
      #expect(site.current(pair).status == (reads ? 200 : 401))
      let mixed = "token=x; sessionid=django; token=\(eve.token ?? ""); sessionid=\(ada.sessionid); \(pair)"
      #expect(site.current(mixed).shows(ada) == reads)
      #expect(site.current("sessionid=\(ada.sessionid)").status == 401)
      #expect(site.current("sessionid=\(ada.sessionid); token=\(eve.token ?? "")").status == 401)
      // The new cookie comes first, wherever it stands.
      #expect(site.current("\(pair); dashboard_session=\(Self.value(eve))").shows(eve))
    }
  }

  @Test("over HTTPS the former pair with the prefix of COOKIE_HOST_PREFIX is read and cleared")
  func oldPrefix() throws {
    let site = try Site(["COOKIE_HOST_PREFIX": "true"], ["HTTPS": "on"])
    let ada = try site.session()
    let pair = "__Host-sessionid=\(ada.sessionid); __Host-token=\(ada.token ?? "")"
    #expect(site.current(pair).shows(ada))
    let cleared = site.signOut(pair).setCookies
    #expect(cleared.map { $0.prefix { $0 != ";" } } == ["__Host-sessionid=", "__Host-token="])
    #expect(cleared.allSatisfy { $0.hasSuffix("; Path=/; HttpOnly; SameSite=Lax; Secure") })
    #expect(try Site().current(pair).status == 401)
  }

  // MARK: Signing in and out

  @Test("signing in ends every session that the cookies prove, and a Bearer token's stays")
  func signingIn() throws {
    let site = try Site(log: log)
    let (old, former, others, bearer) = (
      try site.session(), try site.session(), try site.session("eve"), try site.session("eve")
    )
    let bystander = try site.session()
    let before = log.lines.count { $0.contains("session-ended") }
    let answer = site.signIn(
      """
      dashboard_session=\(Self.value(old)); dashboard_session=\(Self.value(others)); sessionid=\(former.sessionid); \
      token=\(former.token ?? "")
      """, ["HTTP_AUTHORIZATION": "Bearer \(Self.value(bearer))"])
    #expect(answer.status == 200)
    #expect([old, former, others].map(site.isAlive) == [false, false, false])
    #expect(site.isAlive(bearer) && site.isAlive(bystander))
    #expect(log.lines.count { $0.contains("session-ended") } == before + 3)
    // The new cookie comes last, for clients that keep one cookie a name.
    #expect(answer.setCookies.map { $0.prefix { $0 != "=" } } == ["sessionid", "token", "dashboard_session"])
    #expect(answer.setCookies.last?.contains("=sess_") == true)
  }

  @Test("a refused sign-in ends and clears nothing")
  func refusedSignIn() throws {
    let site = try Site()
    let session = try site.session()
    let answer = site.respond(
      "POST", "/api/user/create-session", ["HTTP_COOKIE": "dashboard_session=\(Self.value(session))"],
      "username=ada&password=wrong")
    #expect(answer.status == 401)
    #expect(answer.setCookies.isEmpty)
    #expect(site.isAlive(session))
  }

  /// A parent domain's cookie, a host's cookie from before COOKIE_DOMAIN, and one from before HTTPS.
  @Test(
    "after signing out with any mix of cookies, the next request is signed out",
    arguments: [[:], ["COOKIE_DOMAIN": "example.org"], ["READ_OLD_COOKIES": "false"]] as [[String: String]],
    [false, true])
  func signingOut(settings: [String: String], isSecure: Bool) throws {
    let site = try Site(settings, isSecure ? ["HTTPS": "on"] : [:], log: log)
    for route in ["set-current-session-ended", "set-session-ended?sessionid="] {
      let sessions = try ["ada", "eve", "ada", "eve", "ada"].map(site.session)
      let values = sessions.map(Self.value)
      let cookie =
        """
        dashboard_session=\(values[0]); dashboard_session=\(values[1]); __Host-dashboard_session=\(values[2]); \
        __Host-dashboard_session=\(values[3]); sessionid=\(sessions[4].sessionid); token=\(sessions[4].token ?? "")
        """
      let current = isSecure && settings["COOKIE_DOMAIN"] == nil ? sessions[2] : sessions[0]
      #expect(site.current(cookie).shows(current))
      let path = "/api/user/\(route)\(route.hasSuffix("=") ? "\(current.sessionid)" : "")"
      let answer = site.respond("PATCH", path, ["HTTP_COOKIE": cookie])
      #expect(answer.status == 200)
      #expect(site.current(cookie).status == 401)
      let names = answer.setCookies.map { String($0.prefix { $0 != "=" }) }
      let plain = ["dashboard_session", "__Host-dashboard_session", "sessionid", "token"]
      let expected =
        settings["COOKIE_DOMAIN"] == nil
        ? plain : plain.flatMap { $0.hasPrefix("__Host-") ? [$0] : [$0, $0] }
      #expect(names == expected)
      #expect(
        answer.setCookies.allSatisfy {
          !$0.hasPrefix("__Host-") || $0.hasSuffix("; Secure") && !$0.contains("Domain")
        })
    }
  }

  /// Settings change, and other hosts have other schemes.
  @Test("sessions of cookies that no longer sign in end with the others")
  func formerSettings() throws {
    let site = try Site(["COOKIE_DOMAIN": "example.org", "READ_OLD_COOKIES": "false"], ["HTTPS": "on"])
    for route in [
      "set-current-session-ended", "reset-session-key?accountid=", "set-account-deleted?accountid=",
    ] {
      // The owner, ada, can't leave.
      let sessions = try ["eve", "ada", "ada"].map(site.session)
      let values = sessions.map(Self.value)
      let cookie = """
        dashboard_session=\(values[0]); __Host-dashboard_session=\(values[1]); sessionid=\(sessions[2].sessionid); \
        token=\(sessions[2].token ?? "")
        """
      let path = "/api/user/\(route)\(route.hasSuffix("=") ? "\(sessions[0].accountid)" : "")"
      let answer = site.respond("PATCH", path, ["HTTP_COOKIE": cookie], "password=password+of+eve")
      #expect(answer.status == 200, "\(route)")
      #expect(sessions.map(site.isAlive) == [false, false, false], "\(route)")
      #expect(answer.setCookies.count == 7)
    }
  }

  @Test("cookies that no longer sign in hide none that does")
  func hiding() throws {
    let wrong = "sess_0000000000000000.\(String(repeating: "0", count: 64))"
    let eight = String(repeating: "dashboard_session=\(wrong); ", count: 8)
    let site = try Site([:], ["HTTPS": "on"])
    let (old, other) = (try site.session(), try site.session("eve"))
    let cookie =
      "\(eight)__Host-dashboard_session=\(Self.value(old)); sessionid=\(other.sessionid); token=\(other.token ?? "")"
    #expect(site.signIn("\(eight)__Host-dashboard_session=\(Self.value(try site.session()))").status == 200)
    #expect(site.signOut(cookie).status == 200)
    #expect([old, other].map(site.isAlive) == [false, false])
    #expect(site.current(cookie).status == 401)
  }

  @Test(
    "a former pair of mixed prefixes is ended and cleared, over plain HTTP too", arguments: [false, true])
  func mixedPair(isSecure: Bool) throws {
    let site = try Site([:], isSecure ? ["HTTPS": "on"] : [:])
    for (first, second) in [("", "__Host-"), ("__Host-", ""), ("__Host-", "__Host-")] {
      let held = try site.session()
      let pair = "\(first)sessionid=\(held.sessionid); \(second)token=\(held.token ?? "")"
      let answer = site.signIn(pair)
      #expect(!site.isAlive(held))
      let cleared = answer.setCookies.dropLast().map { String($0.prefix { $0 != "=" }) }
      #expect(cleared == ["\(first)sessionid", "\(second)token"])
    }
  }

  @Test("an administrator who ends the own sessions is signed out of all cookies")
  func administratorsOwn() throws {
    let site = try Site()
    let (own, held) = (try site.session(), try site.session("eve"))
    let cookie = "dashboard_session=\(Self.value(own)); dashboard_session=\(Self.value(held))"
    let answer = site.respond(
      "PATCH", "/api/administrator/reset-session-key?accountid=\(own.accountid)", ["HTTP_COOKIE": cookie])
    #expect(answer.status == 200)
    #expect([own, held].map(site.isAlive) == [false, false])
    #expect(site.current(cookie).status == 401)
  }

  @Test("COOKIE_NAME may be a name of the former pair")
  func formerName() throws {
    for name in ["sessionid", "token"] {
      let site = try Site(["COOKIE_NAME": name])
      let (old, new) = (try site.session(), try site.session())
      let pair = "sessionid=\(old.sessionid); token=\(old.token ?? "")"
      #expect(site.current(pair).shows(old))
      #expect(site.current("\(pair); \(name)=\(Self.value(new))").shows(new))
      let answer = site.signIn("\(pair); \(name)=\(Self.value(new))")
      #expect([old, new].map(site.isAlive) == [false, false])
      #expect(answer.setCookies.last?.hasPrefix("\(name)=sess_") == true)
    }
  }

  @Test("ending another session than the current one leaves the cookies and their sessions")
  func endingAnother() throws {
    let site = try Site()
    let (own, held, other) = (try site.session(), try site.session("eve"), try site.session())
    let cookie = "dashboard_session=\(Self.value(own)); dashboard_session=\(Self.value(held))"
    let answer = site.respond(
      "PATCH", "/api/user/set-session-ended?sessionid=\(other.sessionid)", ["HTTP_COOKIE": cookie])
    #expect(answer.status == 200)
    #expect(answer.setCookies.isEmpty)
    #expect([own, held, other].map(site.isAlive) == [true, true, false])
  }

  @Test("signing out with a Bearer token ends its session and the cookies'")
  func signingOutByBearer() throws {
    let site = try Site()
    let (bearer, held) = (try site.session(), try site.session("eve"))
    let answer = site.signOut(
      "dashboard_session=\(Self.value(held))", ["HTTP_AUTHORIZATION": "Bearer \(Self.value(bearer))"])
    #expect(answer.text.contains("\(bearer.sessionid)"))
    #expect([bearer, held].map(site.isAlive) == [false, false])
    #expect(answer.setCookies.count == 1)
    #expect(
      site.signOut("", ["HTTP_AUTHORIZATION": "Bearer \(Self.value(try site.session()))"]).setCookies.isEmpty)
  }

  // MARK: Authorization

  @Test(
    "an Authorization that is not ours leaves the cookie in force",
    arguments: ["Bearer x.y", "Bearer", "Bearer ", "Basic YTpi", "Digest a=b", "sess_0.0", "Negotiate x"])
  func foreignAuthorization(_ header: String) throws {
    let site = try Site()
    let session = try site.session()
    let cookie = "dashboard_session=\(Self.value(session))"
    let foreign = ["HTTP_AUTHORIZATION": header]
    #expect(site.current(cookie, foreign).shows(session))
    // And it exempts nothing from the check of the origin.
    for origin in [["HTTP_ORIGIN": "http://evil.example"], ["HTTP_SEC_FETCH_SITE": "cross-site"]] {
      #expect(site.signOut(cookie, foreign + origin).status == 403)
      #expect(site.signIn(cookie, foreign + origin).status == 403)
    }
    #expect(site.isAlive(session))
  }

  @Test("a Bearer token of our form wins over cookies, even if it is wrong")
  func bearer() throws {
    let site = try Site()
    let (own, other) = (try site.session(), try site.session("eve"))
    let cookie = "dashboard_session=\(Self.value(own))"
    #expect(site.current(cookie, ["HTTP_AUTHORIZATION": "bEaReR   \(Self.value(other))"]).shows(other))
    let wrong = "sess_0000000000000000.\(String(repeating: "0", count: 64))"
    let answer = site.current(cookie, ["HTTP_AUTHORIZATION": "Bearer \(wrong)"])
    #expect(answer.status == 401)
    #expect(answer.text.contains("WWW-Authenticate: Bearer\r\n"))
  }

  @Test("every 401 names the scheme, and no other status does")
  func challenge() throws {
    let site = try Site()
    for (path, body) in [("create-session", "username=nobody&password=password"), ("create-profile", "a=b")] {
      let answer = site.respond("POST", "/api/user/\(path)", [:], body)
      #expect(answer.status == 401)
      #expect(answer.text.contains("WWW-Authenticate: Bearer\r\n"))
    }
    #expect(!site.respond("GET", "/api/settings", [:]).text.contains("WWW-Authenticate"))
    #expect(!site.respond("POST", "/api/user/create-session", [:]).text.contains("WWW-Authenticate"))
  }
}
