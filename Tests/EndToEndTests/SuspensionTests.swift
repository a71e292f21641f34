import TestSupport
import Testing

@Suite("suspension, through the web server")
struct SuspensionTests {
  private func change(
    _ route: String, _ user: Site.User, as caller: Site.User, at site: Site, reason: String? = nil
  ) throws -> HTTPResponse {
    let route = "/api/administrator/\(route)?accountid=\(user.accountid)"
    guard let reason else { return try site.request("PATCH", route, as: caller) }
    return try site.request("PATCH", route, form: ["reason": reason], as: caller)
  }

  @Test("a guarded application loses the person at the next request", arguments: Front.allCases)
  func guarded(front: Front) throws {
    let guarded = try GuardedSite(front)
    let site = guarded.site
    let (owner, ada) = (try site.signUp("owner"), try site.signUp("ada"))
    #expect(try site.request("GET", "/shop", as: ada).status == 200)
    #expect(
      try change("set-account-suspended", ada, as: owner, at: site, reason: "a quarrel").status == 200)
    #expect(try site.request("GET", "/shop", as: ada).status == 401)
    #expect(try site.request("GET", "/shop", headers: [ada.cookie]).status == 401)
    #expect(try site.request("GET", "/public/", as: ada).status == 200)
    #expect(try site.request("GET", "/shop", as: owner).status == 200)
    #expect(try change("reset-account-suspended", ada, as: owner, at: site).status == 200)
    #expect(try site.request("GET", "/shop", as: ada).status == 401)
    #expect(try site.request("GET", "/shop", as: try site.signIn("ada")).status == 200)
  }

  @Test("sign-ins, checks and suspensions at once leave no live session", arguments: Front.allCases)
  func race(front: Front) throws {
    let site = try Site(front, settings: ["MAXIMUM_ATTEMPTS": "1000"])
    let (owner, ada) = (try site.signUp("owner"), try site.signUp("ada"))
    let credentials: KeyValuePairs = ["username": "ada", "password": "password of ada"]
    let answers = try Threads.run(24) { number -> (verdict: String, user: Site.User?) in
      switch number % 3 {
      case 0:
        let answer = try change("set-account-suspended", ada, as: owner, at: site)
        return ("suspend \(try answer.verdict)", nil)
      case 1:
        let answer = try site.request("GET", "/api/user/current-session", as: ada)
        return ("check \(try answer.verdict)", nil)
      default:
        let answer = try site.request("POST", "/api/user/create-session", form: credentials)
        let user =
          answer.status == 200
          ? Site.User(
            accountid: ada.accountid, sessionid: try answer.json.id("sessionid"),
            token: try answer.json.id("token")) : nil
        return ("sign in \(try answer.verdict)", user)
      }
    }
    let verdicts = Set(answers.map(\.verdict))
    #expect(answers.filter { $0.verdict == "suspend 200" }.count == 1)
    #expect(
      verdicts.isSubset(of: [
        "suspend 200", "suspend 409 invalid-account", "check 200", "check 401 Sign in required",
        "sign in 200", "sign in 403 account-suspended",
      ]), "\(verdicts)")
    let users = answers.compactMap { $0.user } + [ada]
    for user in users {
      #expect(try site.request("GET", "/api/user/current-session", as: user).status == 401)
    }
  }
}
