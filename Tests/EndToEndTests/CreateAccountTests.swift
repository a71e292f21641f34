import TestSupport
import Testing

@Suite("/api/user/create-account")
struct CreateAccountTests {
  private let route = "/api/user/create-account"

  private func refusal(_ answer: HTTPResponse) throws -> [String] {
    let json = try answer.json
    #expect(json["object"] == .string("error"))
    #expect(json["detail"]?.string?.isEmpty == false)
    return ["\(answer.status)", json["message"]?.string ?? "", json["field"]?.string ?? ""]
  }

  @Test("refusals come in the order of the checks", arguments: Front.everywhere)
  func exceptions(front: Front) throws {
    let site = try Site(front)
    func create(_ form: KeyValuePairs<String, String>) throws -> [String] {
      try refusal(site.request("POST", route, form: form))
    }
    #expect(try create(["password": "x"]) == ["400", "invalid-username", "username"])
    #expect(try create(["username": "", "password": ""]) == ["400", "invalid-username", "username"])
    #expect(try create(["username": "x"]) == ["400", "invalid-password", "password"])
    #expect(
      try create(["username": "ab", "password": "x"]) == ["400", "invalid-username-length", "username"])
    #expect(
      try create(["username": "abc", "password": "1234567"]) == [
        "400", "invalid-password-length", "password",
      ])
    let long = String(repeating: "é", count: 129)
    #expect(
      try create(["username": String(long.dropLast(28)), "password": "12345678"])
        == ["400", "invalid-username-length", "username"])
    #expect(
      try create(["username": "abc", "password": long]) == ["400", "invalid-password-length", "password"])
    _ = try site.signUp("abc")
    #expect(
      try create(["username": "abc", "password": "12345678"]) == ["409", "duplicate-username", "username"])
  }

  @Test("a length is the number of Unicode scalars, and both limits are allowed", arguments: Front.everywhere)
  func lengths(front: Front) throws {
    let site = try Site(front)
    for (username, password) in [
      ("éèà", "€€€€€€€€"), (String(repeating: "𝄞", count: 100), String(repeating: "é", count: 128)),
    ] {
      let answer = try site.request("POST", route, form: ["username": username, "password": password])
      #expect(answer.status == 200)
      let session = try site.request(
        "POST", "/api/user/create-session", form: ["username": username, "password": password])
      #expect(session.status == 200)
    }
  }

  @Test(
    "only the first account is the owner and an administrator", arguments: Front.everywhere)
  func owner(front: Front) throws {
    let site = try Site(front)
    let form: KeyValuePairs = ["username": "ada", "password": "12345678"]
    let first = try site.request("POST", route, form: form)
    #expect(first.status == 200)
    #expect(
      try first.json.names == [
        "accountid", "object", "appid", "sessionKeyNumber", "owner", "ownerSince", "administrator",
        "administratorSince", "createdAt", "updatedAt",
      ])
    #expect(try first.json["accountid"]?.string?.hasPrefix("acct_") == true)
    #expect(try first.json["owner"] == .boolean(true))
    let second = try site.request("POST", route, form: ["username": "eve", "password": "12345678"])
    #expect(
      try second.json.names == ["accountid", "object", "appid", "sessionKeyNumber", "createdAt", "updatedAt"])
    #expect(second.all("Set-Cookie").isEmpty)
  }

  @Test("blanks and case count in a password, and the Unicode form does not", arguments: Front.everywhere)
  func exactPasswords(front: Front) throws {
    let site = try Site(front)
    let password = "  Pass word caf\u{E9} "
    #expect(try site.request("POST", route, form: ["username": "ada", "password": password]).status == 200)
    func signIn(_ password: String) throws -> Int {
      try site.request("POST", "/api/user/create-session", form: ["username": "ada", "password": password])
        .status
    }
    #expect(try signIn(password) == 200)
    #expect(try signIn("  Pass word cafe\u{301} ") == 200)
    #expect(try signIn(String(password.dropLast())) == 401)
    #expect(try signIn(password.lowercased()) == 401)
  }

  /// A phone capitalises, a keyboard composes otherwise, and a file ends with a line break.
  @Test("a username may be typed in another way, and must be visible", arguments: Front.everywhere)
  func preparedUsername(front: Front) throws {
    let site = try Site(front)
    let password = "correct horse"
    func post(_ route: String, _ username: String, _ password: String) throws -> String {
      try site.request("POST", "/api/user/\(route)", form: ["username": username, "password": password])
        .verdict
    }
    #expect(try post("create-account", "José Ångström", password).hasPrefix("200"))
    for name in ["jose\u{301} a\u{30A}ngstro\u{308}m", " JOSÉ  ÅNGSTRÖM ", "ｊｏｓé ångström"] {
      #expect(try post("create-session", name, password).hasPrefix("200"))
      #expect(try post("create-account", name, password) == "409 duplicate-username")
    }
    #expect(try post("create-account", "eve\n", password) == "400 invalid-username")
    #expect(try post("create-account", "eve\u{200B}", password) == "400 invalid-username")
    #expect(try post("create-account", "eve", "correct horse\n") == "400 invalid-password")
    #expect(try post("create-session", "eve\n", password) == "401 invalid-username")
  }

  @Test("closed registration is the first refusal", arguments: Front.everywhere)
  func closed(front: Front) throws {
    let site = try Site(front, settings: ["DISABLE_REGISTRATION": "true"])
    #expect(try refusal(site.request("POST", route)) == ["403", "registration-disabled", ""])
    #expect(try site.request("GET", "/api/settings").json["registration"] == .boolean(false))
  }

  @Test("the settings give the lengths, and refusals name them", arguments: Front.everywhere)
  func settings(front: Front) throws {
    let site = try Site(
      front,
      settings: [
        "MINIMUM_USERNAME_LENGTH": "1", "MAXIMUM_USERNAME_LENGTH": "2", "MINIMUM_PASSWORD_LENGTH": "1",
      ])
    let settings = try site.request("GET", "/api/settings").json
    #expect(settings["object"] == .string("settings"))
    #expect(settings["minimumUsernameLength"] == .number(1))
    #expect(settings["maximumUsernameLength"] == .number(2))
    #expect(settings["minimumPasswordLength"] == .number(1))
    #expect(settings["maximumPasswordLength"] == .number(128))
    #expect(settings["registration"] == .boolean(true))
    #expect(try site.request("POST", route, form: ["username": "a", "password": "b"]).status == 200)
    let tooLong = try site.request("POST", route, form: ["username": "abc", "password": "b"])
    #expect(try refusal(tooLong) == ["400", "invalid-username-length", "username"])
  }

  @Test("each app has its own accounts", arguments: Front.everywhere)
  func apps(front: Front) throws {
    let data = try TemporaryDirectory()
    func site(of app: String) throws -> Site {
      try Site(front, app: .name(app), data: data)
    }
    let (shop, other) = (try site(of: "shop"), try site(of: "sho"))
    let ada = try shop.signUp("ada")
    let answer = try other.request("POST", route, form: ["username": "ada", "password": "12345678"])
    #expect(try answer.json["appid"] == .string("sho"))
    #expect(try answer.json["owner"] == .boolean(true))
    #expect(try other.request("GET", "/api/user/current-session", as: ada).status == 401)
    let owner = try other.signUp("owner")
    #expect(try other.request("GET", "/api/user/session?sessionid=\(ada.sessionid)", as: owner).status == 404)
    #expect(try other.request("GET", "/api/user/account?accountid=\(ada.accountid)", as: owner).status == 404)
    // A client's header does not choose the app.
    let forged = try shop.request(
      "GET", "/api/user/current-session", as: ada,
      headers: [("DASHBOARD_APPID", "sho"), ("Dashboard-Appid", "sho")])
    #expect(try forged.json["appid"] == .string("shop"))
  }
}
