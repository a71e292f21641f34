import DashboardWireFormat
import TestSupport
import Testing

/// The guarded application learns usernames that the site keeps, from nginx alone.
@Suite("usernames in a guarded application")
struct UsernameGuardTests {
  private func username(_ answer: HTTPResponse) throws -> String? {
    #expect(answer.status == 200)
    return try answer.json["headers"]?["x-username"]?.string
  }

  @Test("the application gets each username percent-encoded", arguments: Front.allCases)
  func encoded(front: Front) throws {
    let guarded = try GuardedSite(front, settings: ["KEEP_USERNAMES": "true"])
    let site = guarded.site
    for (name, value) in [
      ("owner", "owner"), ("josé 愛達", "jos%C3%A9%20%E6%84%9B%E9%81%94"), ("100%41", "100%2541"),
      ("%0d%0ax-administrator: true", "%250d%250ax-administrator%3A%20true"), ("a,b;c=\"", "a%2Cb%3Bc%3D%22"),
    ] {
      let user = try site.signUp(name)
      let answer = try site.request("GET", "/", as: user)
      #expect(try username(answer) == value)
      let form = try Form(urlEncoded: Array("name=\(value)".utf8)[...])
      #expect(form["name"].map { String(decoding: $0, as: UTF8.self) } == name)
      let account = try site.request("GET", "/api/user/account?accountid=\(user.accountid)", as: user)
      #expect(try account.json["username"]?.string == name)
    }
  }

  @Test("a client's own header reaches no application", arguments: ["true", "false"])
  func forged(keeps: String) throws {
    let guarded = try GuardedSite(settings: ["KEEP_USERNAMES": keeps])
    let site = guarded.site
    let ada = try site.signUp("ada")
    let own = keeps == "true" ? "ada" : nil
    for forged in ["X-Username", "x-username", "X_Username"] {
      let headers = [(forged, "forged")]
      let answer = try site.request("GET", "/", as: ada, headers: headers)
      #expect(try username(answer) == own && !answer.text.contains("forged"))
      for user in [nil, ada] {
        let open = try site.request("GET", "/public/", as: user, headers: headers)
        #expect(try username(open) == nil && !open.text.contains("forged"))
      }
      #expect(try site.request("GET", "/", headers: headers).status == 401)
    }
  }
}
