import TestSupport
import Testing

/// What nginx answers to a request that may not pass to the guarded application.
@Suite("refusals of the guard")
struct GuardRefusalTests {
  private static let page = "text/html; charset=utf-8"
  private static let json = "application/json; charset=utf-8"

  private func expectJSON(_ answer: HTTPResponse, _ verdict: String) throws {
    #expect(try answer.verdict == verdict)
    #expect(answer.all("Content-Type") == [Self.json])
    expectSafeguards(answer)
  }

  private func expectPage(_ answer: HTTPResponse, _ status: Int) {
    #expect(answer.status == status)
    #expect(answer.all("Content-Type") == [Self.page])
    #expect(answer.text.hasPrefix("<!DOCTYPE html>"))
    #expect(!answer.text.contains("<script"))
    #expect(answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'")
    expectSafeguards(answer)
  }

  private func expectSafeguards(_ answer: HTTPResponse) {
    #expect(answer.all("Cache-Control") == ["no-store"])
    #expect(answer.all("X-Content-Type-Options") == ["nosniff"])
    #expect(answer.all("X-Request-Id").count == 1)
  }

  @Test("a navigation of a guest is redirected, every other request gets 401", arguments: Front.allCases)
  func signedOut(front: Front) throws {
    let guarded = try GuardedSite(front)
    func request(_ headers: [(String, String)], _ method: String = "GET", body: [UInt8]? = nil) throws
      -> HTTPResponse
    { try guarded.site.request(method, "/cart?n=1", headers: headers, body: body) }

    for headers in [
      [("Sec-Fetch-Mode", "navigate")], [("Sec-Fetch-Mode", "navigate"), ("Accept", "*/*")],
      [("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")],
      [("Accept", "application/xhtml+xml;q=0.9")], [("Accept", "image/png , TEXT/HTML ; q=1")],
    ] {
      let answer = try request(headers)
      #expect(answer.status == 302, "\(headers)")
      #expect(answer.all("Location") == ["/sign-in?return-url=/cart%3Fn%3D1"])
      expectSafeguards(answer)
    }
    #expect(try request([("Sec-Fetch-Mode", "navigate")], "POST", body: Array("a=b".utf8)).status == 302)

    let html = ("Accept", "text/html")
    let upgrade = [("Connection", "Upgrade"), ("Upgrade", "websocket")]
    for headers in [
      [], [("Accept", "*/*")], [("Accept", "")], [("Accept", "application/json")], [("Accept", "text/*")],
      [("Accept", "text/htmlx, xtext/html")], [("Accept", "image/avif,image/webp,*/*;q=0.8")],
      [("Sec-Fetch-Mode", "cors"), html], [("Sec-Fetch-Mode", "no-cors"), html],
      [("Sec-Fetch-Mode", "same-origin"), html], [("Sec-Fetch-Mode", "0"), html],
      [("Sec-Fetch-Mode", "websocket")] + upgrade, upgrade,
    ] {
      let answer = try request(headers)
      try expectJSON(answer, "401 Sign in required")
      #expect(answer.text == #"{"object":"auth","message":"Sign in required"}"#)
      #expect(answer.all("WWW-Authenticate") == ["Bearer"])
      #expect(answer["Location"] == nil)
    }
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
      try expectJSON(request([("Sec-Fetch-Mode", "cors")], method, body: []), "401 Sign in required")
    }
    let head = try guarded.site.request("HEAD", "/")
    #expect(head.status == 401)
    #expect(head.body.isEmpty)
    // nginx takes the default limit of 1 MiB for none of its own responses.
    let body = [UInt8](repeating: 97, count: 3_000_000)
    try expectJSON(request([], "POST", body: body), "401 Sign in required")
    #expect(try request(GuardedSite.navigation, "POST", body: body).status == 302)
  }

  @Test("403 is a page for a navigation and the API's answer for others", arguments: Front.allCases)
  func forbidden(front: Front) throws {
    let guarded = try GuardedSite(
      front, settings: ["SESSION_VERIFICATION_DELAY": "1"],
      places: [("/both/", "include dashboard/verified-administrator;")])
    let site = guarded.site
    let (owner, ada) = (try site.signUp("owner"), try site.signUp("ada"))
    #expect(eventually { (try? site.request("GET", "/private/", as: ada).status) == 403 })
    #expect(eventually { (try? site.request("GET", "/both/", as: owner).status) == 403 })
    for (path, user, verdict) in [
      ("/administration/", ada, "403 Administrator required"), ("/private/", ada, "403 unverified-session"),
      ("/both/", ada, "403 Administrator required"), ("/both/", owner, "403 unverified-session"),
    ] {
      try expectJSON(site.request("GET", path, as: user), verdict)
      try expectJSON(site.request("PATCH", path, as: user), verdict)
      let page = try site.request("GET", path, as: user, headers: GuardedSite.navigation)
      if verdict.hasSuffix("unverified-session") {
        #expect(page.status == 302)
        #expect(page["Location"] == "/account/verify?return-url=\(path)")
      } else {
        expectPage(page, 403)
      }
    }
    let api = try site.request("POST", "/api/user/create-reset-code", as: owner)
    #expect(try api.text == site.request("GET", "/private/", as: owner).text)
  }

  @Test(
    "the pages for people keep their frame for 403 and 404 beside a guarded application",
    arguments: Front.allCases)
  func pages(front: Front) throws {
    let place = ("/administrator/reports/", "include dashboard/administrator;")
    let guarded = try GuardedSite(front, places: [place])
    let site = guarded.site
    let (owner, ada) = (try site.signUp("owner"), try site.signUp("ada"))
    for (path, user, status) in [
      ("/administrator", ada, 403), ("/administrator/accounts", ada, 403), ("/administrator/none", ada, 404),
      ("/administrator/none", owner, 404), ("/administrator/account?accountid=none", owner, 404),
      ("/account/none", ada, 404), ("/account/none", nil, 404),
    ] {
      for headers in [[], GuardedSite.navigation] {
        let answer = try site.request("GET", path, as: user, headers: headers)
        #expect(answer.status == status, "\(path)")
        #expect(answer.all("Content-Type") == [Self.page])
        #expect(answer.text.contains("<nav") && answer.text.contains("<footer"), "\(path)")
        #expect(answer.all("Cache-Control") == ["no-store"])
      }
    }
    // A place of the application among them has the refusals of every guarded place.
    let reports = "/administrator/reports/"
    #expect(try site.request("GET", reports, as: owner).json["path"]?.string == reports)
    try expectJSON(site.request("GET", reports, as: ada), "403 Administrator required")
    expectPage(try site.request("GET", reports, as: ada, headers: GuardedSite.navigation), 403)
  }

  @Test("a site's own 403 replaces that of the guard")
  func ownForbidden() throws {
    let places = [
      ("/first/", "error_page 403 /public/own; include dashboard/administrator;"),
      ("/place/", "include dashboard/administrator; set $dashboard_forbidden /public/place;"),
      ("/denied/", "deny all; include dashboard/signed-in;"),
    ]
    let guarded = try GuardedSite(
      more: "if ($dashboard_navigates) { set $dashboard_forbidden /public/page; }\n", places: places)
    let site = guarded.site
    _ = try site.signUp("owner")
    let ada = try site.signUp("ada")
    func path(_ answer: HTTPResponse) throws -> String? { try answer.json["path"]?.string }
    #expect(
      try path(site.request("GET", "/administration/", as: ada, headers: GuardedSite.navigation))
        == "/public/page")
    try expectJSON(site.request("GET", "/administration/", as: ada), "403 Administrator required")
    for headers in [[], GuardedSite.navigation] {
      #expect(try path(site.request("GET", "/place/", as: ada, headers: headers)) == "/public/place")
    }
    // The location's own error_page is the first, and keeps the status.
    let first = try site.request("GET", "/first/", as: ada)
    #expect(first.status == 403)
    #expect(try path(first) == "/public/own")
    try expectJSON(site.request("GET", "/denied/", as: ada), "403 forbidden")

    let denying = try GuardedSite(places: places)
    expectPage(try denying.site.request("GET", "/denied/", headers: GuardedSite.navigation), 403)
    let always = try GuardedSite(more: "set $dashboard_forbidden @own; location @own { return 418; }\n")
    _ = try always.site.signUp("owner")
    #expect(try always.site.request("GET", "/administration/", as: always.site.signUp("ada")).status == 418)
  }

  @Test("a location can let preflights pass to the application, and nothing else")
  func preflights() throws {
    let guarded = try GuardedSite(
      places: [("/cors/", "include dashboard/preflight; include dashboard/signed-in;")])
    let site = guarded.site
    let ada = try site.signUp("ada")
    let preflight = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "PUT")]
    let forged = [("X-Accountid", "forged"), ("X-Administrator", "true")]
    for headers in [preflight, preflight + forged, preflight + [("Sec-Fetch-Mode", "cors")]] {
      let answer = try site.request("OPTIONS", "/cors/", as: ada, headers: headers)
      #expect(answer.status == 200)
      #expect(try answer.json["method"]?.string == "OPTIONS")
      #expect(try answer.json["headers"]?["origin"]?.string == "https://app.example")
      for name in ["x-accountid", "x-administrator", "x-session"] {
        #expect(try answer.json["headers"]?[name] == nil)
      }
    }
    let overrides = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"].map { ($0, "DELETE") }
    for headers in [[], [preflight[0]], [preflight[1]]] + overrides.map({ preflight + [$0] }) {
      #expect(try site.request("OPTIONS", "/cors/", headers: headers).status == 401, "\(headers)")
    }
    #expect(try site.request("OPTIONS", "/cors/", headers: preflight, body: Array("a=b".utf8)).status == 401)
    #expect(try site.request("GET", "/cors/", headers: preflight).status == 401)
    #expect(try site.request("OPTIONS", "/cart", headers: preflight).status == 401)
    #expect(try site.request("GET", "/cors/", as: ada).status == 200)
  }

  @Test("an ambiguous path is refused with a page for a navigation, else in the form of the API")
  func paths() throws {
    let guarded = try GuardedSite()
    for path in ["/cart;x", "/a/..%2fb", "//evil.example/", "/index.php/administration"] {
      try expectJSON(guarded.site.request("GET", path), "400 invalid-request")
      expectPage(try guarded.site.request("GET", path, headers: GuardedSite.navigation), 400)
    }
    for path in ["/.dashboard/authorize", "/.dashboard/unauthorized", "/.dashboard/none", "/.dashboard/a;b"] {
      try expectJSON(guarded.site.request("GET", path, headers: GuardedSite.navigation), "404 invalid-route")
    }
  }

  @Test("without a responder guarded places answer 503, and open ones go on")
  func responderGone() throws {
    let guarded = try GuardedSite()
    let site = guarded.site
    let ada = try site.signUp("ada")
    site.responder?.process.signal(9)
    _ = site.responder?.process.wait()
    for path in ["/", "/administration/", "/private/"] {
      let answer = try site.request("GET", path, as: ada)
      try expectJSON(answer, "503 server-busy")
      #expect(answer["Retry-After"] == "5")
      let page = try site.request("GET", path, as: ada, headers: GuardedSite.navigation)
      expectPage(page, 503)
      #expect(page["Retry-After"] == "5")
    }
    let body = [UInt8](repeating: 97, count: 3_000_000)
    try expectJSON(site.request("POST", "/uploads/", as: ada, body: body), "503 server-busy")
    #expect(try site.request("GET", "/public/").status == 200)
  }

  @Test("headers that are too long for the responder, and a wrong setting, are 500")
  func failures() throws {
    let guarded = try GuardedSite()
    let long = String(repeating: "a", count: 30_000)
    let headers = [("A", long), ("B", long), ("C", long)]
    try expectJSON(guarded.site.request("GET", "/", headers: headers), "500 unknown-error")
    expectPage(try guarded.site.request("GET", "/", headers: headers + GuardedSite.navigation), 500)
    let wrong = try GuardedSite(more: "set $dashboard_app 'not a name';\n")
    try expectJSON(wrong.site.request("GET", "/"), "500 unknown-error")
  }

  @Test("nginx's own redirects are relative")
  func redirects() throws {
    let guarded = try GuardedSite()
    for path in ["/administration", "/public", "/private"] {
      let answer = try guarded.site.request("GET", path + "?a=b")
      #expect(answer.status == 301)
      #expect(answer["Location"] == path + "/?a=b")
    }
  }
}
