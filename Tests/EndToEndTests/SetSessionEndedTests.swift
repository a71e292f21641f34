import TestSupport
import Testing

/// PATCH /api/user/set-session-ended. Some tests have the names that the API's first implementation gave them.
@Suite("/api/user/set-session-ended")
struct SetSessionEndedTests {
  private func end(_ sessionid: String?, as user: Site.User?, at site: Site) throws -> HTTPResponse {
    let query = sessionid.map { "?sessionid=\($0)" } ?? ""
    return try site.request("PATCH", "/api/user/set-session-ended\(query)", as: user)
  }

  @Test("exceptions invalid-sessionid missing querystring sessionid", arguments: Front.everywhere)
  func missingSessionid(front: Front) throws {
    let site = try Site(front)
    let user = try site.signUp("user")
    for query in [nil, ""] {
      let answer = try end(query, as: user, at: site)
      #expect(answer.status == 400)
      #expect(try answer.json["message"] == .string("invalid-sessionid"))
    }
  }

  @Test("exceptions invalid-sessionid invalid querystring sessionid", arguments: Front.everywhere)
  func invalidSessionid(front: Front) throws {
    let site = try Site(front)
    let user = try site.signUp("user")
    for sessionid in ["invalid", "sess_0000000000000000", user.accountid, "%F0%9F%98%80"] {
      let answer = try end(sessionid, as: user, at: site)
      #expect(answer.status == 404)
      #expect(try answer.json["message"] == .string("invalid-sessionid"))
    }
  }

  @Test("exceptions invalid-session querystring sessionid is already ended", arguments: Front.everywhere)
  func alreadyEnded(front: Front) throws {
    let site = try Site(front)
    let first = try site.signUp("user")
    #expect(try end(first.sessionid, as: first, at: site).status == 200)
    let second = try site.signIn("user")
    let answer = try end(first.sessionid, as: second, at: site)
    #expect(answer.status == 409)
    #expect(try answer.json["message"] == .string("invalid-session"))
  }

  @Test("exceptions invalid-account ineligible querystring sessionid", arguments: Front.everywhere)
  func ineligible(front: Front) throws {
    let site = try Site(front)
    let user = try site.signUp("user")
    let other = try site.signUp("other")
    for _ in 0..<2 {
      // The session lives at first and has ended later. The refusal is the same.
      let answer = try end(other.sessionid, as: user, at: site)
      #expect(answer.status == 403)
      #expect(try answer.json["message"] == .string("invalid-account"))
      _ = try end(other.sessionid, as: other, at: site)
    }
  }

  @Test("returns object", arguments: Front.everywhere)
  func returns(front: Front) throws {
    let site = try Site(front)
    let user = try site.signUp("user")
    let answer = try end(user.sessionid, as: user, at: site)
    #expect(answer.status == 200)
    let session = try answer.json
    #expect(
      session.names == [
        "sessionid", "object", "appid", "accountid", "duration", "csrfToken", "expiresAt", "lastVerifiedAt",
        "endedAt", "ended", "createdAt", "updatedAt", "address", "lastUsedAt", "current",
      ])
    #expect(session["object"] == .string("session"))
    #expect(session["ended"] == .boolean(true))
    #expect(session["endedAt"] == session["updatedAt"])
  }

  @Test("an ended session does not sign in, and stays readable", arguments: Front.everywhere)
  func ends(front: Front) throws {
    let site = try Site(front)
    let first = try site.signUp("user")
    let second = try site.signIn("user")
    let answer = try end(first.sessionid, as: second, at: site)
    #expect(answer.all("Set-Cookie").isEmpty)
    #expect(try site.request("GET", "/api/user/current-session", as: first).status == 401)
    let read = try site.request("GET", "/api/user/session?sessionid=\(first.sessionid)", as: second)
    #expect(try read.json["ended"] == .boolean(true))
    #expect(read.body == answer.body)
  }

  @Test("ending the caller's session clears its cookie", arguments: Front.everywhere)
  func clearsCookies(front: Front) throws {
    let site = try Site(front)
    let cleared = ["dashboard_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"]
    let first = try site.signUp("user")
    let route = "/api/user/set-session-ended?sessionid=\(first.sessionid)"
    #expect(try site.request("PATCH", route, headers: [first.cookie]).all("Set-Cookie") == cleared)
    let second = try site.signIn("user")
    let answer = try site.request("PATCH", "/api/user/set-current-session-ended", headers: [second.cookie])
    #expect(answer.all("Set-Cookie") == cleared)
    #expect(try answer.json["ended"] == .boolean(true))
    #expect(try site.request("PATCH", "/api/user/set-current-session-ended", as: second).status == 401)
  }

  @Test("a guest is refused", arguments: Front.everywhere)
  func signedOut(front: Front) throws {
    let answer = try end("invalid", as: nil, at: Site(front))
    #expect(answer.status == 401)
    #expect(answer.text == #"{"object":"auth","message":"Sign in required"}"#)
  }
}
