import TestSupport
import Testing

/// Where a person is signed in, and signing out elsewhere.
@Suite("sessions of a person, through every web server")
struct SessionDetailsTests {
  private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

  private func signIn(_ username: String, at site: Site, userAgent: String?) throws -> JSON {
    try site.request(
      "POST", "/api/user/create-session",
      form: ["username": username, "password": "password of \(username)"],
      headers: userAgent.map { [("User-Agent", $0)] } ?? []
    ).json
  }

  private func sessions(of user: Site.User, at site: Site, asAdministrator: Bool = false) throws -> [JSON] {
    let route = "/api/\(asAdministrator ? "administrator" : "user")/sessions?accountid=\(user.accountid)"
    return try site.request("GET", route, as: user).json.array ?? []
  }

  @Test("a list shows address, user agent, last use and the current session", arguments: Front.everywhere)
  func list(front: Front) throws {
    let site = try Site(front)
    let user = try site.signUp("ada")
    let session = try signIn("ada", at: site, userAgent: Self.firefox)
    #expect(session["userAgent"] == .string(Self.firefox) && session["current"] == nil)
    // The web server passes bytes beyond ASCII on as they are.
    #expect(try signIn("ada", at: site, userAgent: "caf\u{E9}")["userAgent"] == .string("caf\u{E9}"))
    for isAdministrator in [false, true] {
      let list = try sessions(of: user, at: site, asAdministrator: isAdministrator)
      #expect(list.map { $0["userAgent"]?.string } == ["caf\u{E9}", Self.firefox, nil])
      #expect(list.map { $0["current"] } == [nil, nil, .boolean(true)])
      let isComplete = list.allSatisfy { $0["address"]?.string?.isEmpty == false && $0["lastUsedAt"] != nil }
      #expect(isComplete)
    }
  }

  @Test("with SESSION_DETAILS=none only the current session is told", arguments: Front.allCases)
  func none(front: Front) throws {
    let site = try Site(front, settings: ["SESSION_DETAILS": "none"])
    let user = try site.signUp("ada")
    _ = try signIn("ada", at: site, userAgent: Self.firefox)
    let list = try sessions(of: user, at: site)
    #expect(list.map { $0["current"] } == [nil, .boolean(true)])
    let hasDetails = list.contains { one in
      ["address", "userAgent", "lastUsedAt"].contains { one[$0] != nil }
    }
    #expect(!hasDetails)
    let data = try Files.read(site.data.path("data/data.mdb"))
    #expect(!String(decoding: data, as: UTF8.self).contains(Self.firefox))
  }

  @Test("signing out elsewhere leaves the session that asks, and its cookie", arguments: Front.everywhere)
  func others(front: Front) throws {
    let site = try Site(front)
    let here = try site.signUp("ada")
    let elsewhere = try site.signIn("ada")
    let eve = try site.signUp("eve")
    let route = "/api/user/set-other-sessions-ended"
    #expect(try site.request("PATCH", route).status == 401)
    let answer = try site.request("PATCH", route, headers: [here.cookie])
    #expect(answer.status == 200 && answer.text == "true" && answer.all("Set-Cookie").isEmpty)
    func status(_ user: Site.User) throws -> Int {
      try site.request("GET", "/api/user/current-session", as: user).status
    }
    #expect(try status(here) == 200 && status(elsewhere) == 401 && status(eve) == 200)
    let list = try sessions(of: here, at: site)
    #expect(list.map { $0["ended"] } == [.boolean(true), .boolean(false)])
    #expect(list.first?["endedAt"] != nil)
  }
}
