import TestSupport
import Testing

/// The routes account, session, current-session, sessions and sessions-count.
@Suite("reading accounts and sessions")
struct ReadingTests {
  @Test(
    "account, sessions and sessions-count answer only the caller's own account",
    arguments: ["account", "sessions", "sessions-count"], Front.everywhere)
  func ownAccount(route: String, front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    let eve = try site.signUp("eve")
    func refusal(_ query: String, as user: Site.User?) throws -> String {
      let answer = try site.request("GET", "/api/user/\(route)\(query)", as: user)
      return "\(answer.status) \(try answer.json["message"]?.string ?? "")"
    }
    #expect(try refusal("", as: ada) == "400 invalid-accountid")
    #expect(try refusal("?accountid=", as: ada) == "400 invalid-accountid")
    #expect(try refusal("?accountid=invalid", as: ada) == "404 invalid-accountid")
    #expect(try refusal("?accountid=acct_0000000000000000", as: ada) == "404 invalid-accountid")
    #expect(try refusal("?accountid=\(ada.sessionid)", as: ada) == "404 invalid-accountid")
    #expect(try refusal("?accountid=\(ada.accountid)", as: eve) == "403 invalid-account")
    #expect(try refusal("?accountid=\(ada.accountid)", as: nil) == "401 Sign in required")
    #expect(try site.request("GET", "/api/user/\(route)?accountid=\(ada.accountid)", as: ada).status == 200)
  }

  @Test("session answers only sessions of the caller's account", arguments: Front.everywhere)
  func ownSession(front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    let eve = try site.signUp("eve")
    func refusal(_ query: String, as user: Site.User?) throws -> String {
      let answer = try site.request("GET", "/api/user/session\(query)", as: user)
      return "\(answer.status) \(try answer.json["message"]?.string ?? "")"
    }
    #expect(try refusal("", as: ada) == "400 invalid-sessionid")
    #expect(try refusal("?sessionid=invalid", as: ada) == "404 invalid-sessionid")
    #expect(try refusal("?sessionid=SESS_0000000000000000", as: ada) == "404 invalid-sessionid")
    #expect(try refusal("?sessionid=\(ada.sessionid)", as: eve) == "403 invalid-account")
    #expect(try refusal("?sessionid=\(ada.sessionid)", as: nil) == "401 Sign in required")
    let again = try site.signIn("ada")
    let answer = try site.request("GET", "/api/user/session?sessionid=\(ada.sessionid)", as: again)
    #expect(try answer.json["sessionid"] == .string(ada.sessionid))
    #expect(try answer.json["token"] == nil)
  }

  @Test("a parameter counts only in its declared place", arguments: Front.everywhere)
  func sources(front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    let posted = try site.request(
      "PATCH", "/api/user/set-session-ended", form: ["sessionid": ada.sessionid], as: ada)
    #expect(try posted.json["message"] == .string("invalid-sessionid"))
    let query = try site.request(
      "POST", "/api/user/create-session?username=ada&password=password+of+ada")
    #expect(try query.json["message"] == .string("invalid-username"))
  }

  @Test("current-session answers the caller's session", arguments: Front.everywhere)
  func currentSession(front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    let answer = try site.request("GET", "/api/user/current-session", as: ada)
    #expect(try answer.json["sessionid"] == .string(ada.sessionid))
    #expect(try answer.json["token"] == nil)
    #expect(try site.request("GET", "/api/user/current-session").status == 401)
  }

  @Test("no answer has a secret", arguments: Front.everywhere)
  func secrets(front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    for route in [
      "account?accountid=\(ada.accountid)", "sessions?accountid=\(ada.accountid)", "current-session",
    ] {
      let text = try site.request("GET", "/api/user/\(route)", as: ada).text
      for secret in [
        "usernameHash", "passwordHash", "sessionKey\"", "tokenHash", "\"token\"", ada.token, "$2b$",
      ] {
        #expect(!text.contains(secret))
      }
    }
    let data = try Files.read(site.data.path("data/data.mdb"))
    for secret in [ada.token, "password of ada", "ada:"] { #expect(!data.contains(Array(secret.utf8))) }
  }

  @Test(
    "sessions are listed newest first, in pages that continue the previous page",
    arguments: Front.everywhere)
  func list(front: Front) throws {
    let site = try Site(front, settings: ["PAGE_SIZE": "3"])
    let ada = try site.signUp("ada")
    var created = [ada.sessionid]
    for _ in 0..<6 { created.append(try site.signIn("ada").sessionid) }
    let newestFirst = Array(created.reversed())
    let route = "/api/user/sessions?accountid=\(ada.accountid)"
    func ids(_ answer: HTTPResponse) throws -> [String] {
      try #require(try answer.json.array).compactMap { $0["sessionid"]?.string }
    }
    func ids(_ query: String) throws -> [String] { try ids(site.request("GET", route + query, as: ada)) }

    #expect(try ids("") == Array(newestFirst[..<3]))
    #expect(try ids("&limit=2&offset=1") == Array(newestFirst[1..<3]))
    #expect(try ids("&offset=6") == Array(newestFirst[6...]))
    #expect(try ids("&offset=7") == [])
    #expect(try ids("&offset=9223372036854775807") == [])
    #expect(try ids("&all=1&limit=x&offset=x") == newestFirst)
    #expect(try ids("&limit=1000") == newestFirst)
    #expect(try ids("&after=\(newestFirst[4])") == Array(newestFirst[5...]))

    // Follows the links from page to page.
    var target = route + "&limit=2"
    var followed: [String] = []
    for _ in 0..<10 {
      let answer = try site.request("GET", target, as: ada)
      #expect(answer["X-Total-Count"] == "7")
      followed += try ids(answer)
      guard let link = answer["Link"] else { break }
      #expect(link.hasPrefix("</api/user/sessions?") && link.hasSuffix(">; rel=\"next\""))
      target = String(link.dropFirst().prefix { $0 != ">" })
    }
    #expect(followed == newestFirst)
    #expect(
      try site.request("GET", "/api/user/sessions-count?accountid=\(ada.accountid)", as: ada).text == "7")
  }

  @Test("a malformed limit, offset or after is refused", arguments: Front.everywhere)
  func listRefusals(front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    let eve = try site.signUp("eve")
    let route = "/api/user/sessions?accountid=\(ada.accountid)"
    for (parameter, values) in [
      ("limit", ["0", "1001", "-1", "1.5", "x", "%2B1", "99999999999999999999"]),
      ("offset", ["-1", "x", "1e3", "99999999999999999999"]),
      ("after", ["x", "sess_0000000000000000", eve.sessionid]),
    ] {
      for value in values {
        let answer = try site.request("GET", "\(route)&\(parameter)=\(value)", as: ada)
        #expect(answer.status == 400)
        #expect(try answer.json["message"] == .string("invalid-\(parameter)"))
        #expect(try answer.json["field"] == .string(parameter))
      }
    }
  }
}
