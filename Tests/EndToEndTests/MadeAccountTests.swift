import TestSupport
import Testing

@Suite("accounts made for others, through the web server")
struct MadeAccountTests {
  @Test("the person chooses the password, with registration closed", arguments: Front.everywhere)
  func life(front: Front) throws {
    let site = try Site(front, settings: ["SETUP_CODE": "the code", "DISABLE_REGISTRATION": "true"])
    let registration: KeyValuePairs = [
      "username": "owner", "password": "password of owner", "setup-code": "the code",
    ]
    #expect(try site.request("POST", "/api/user/create-account", form: registration).status == 200)
    let owner = try site.signIn("owner")
    let form: KeyValuePairs = ["username": "ada", "groups": "editors, family", "days": "1"]
    let made = try site.request("POST", "/api/administrator/create-account", form: form, as: owner)
    #expect(made.status == 200)
    let code = try made.json.id("secretCode")
    #expect(
      try made.json.names == [
        "accountid", "object", "appid", "sessionKeyNumber", "resetCodeLastCreatedAt", "groups", "passwordSet",
        "createdAt", "updatedAt", "secretCode",
      ])
    let again = try site.request("POST", "/api/administrator/create-account", form: form, as: owner)
    #expect(try again.verdict == "409 duplicate-username")
    func claim(_ code: String) throws -> String {
      let form: KeyValuePairs = [
        "username": "ada", "secret-code": code, "new-password": "password of ada",
      ]
      return try site.request("PATCH", "/api/user/reset-account-password", form: form).verdict
    }
    #expect(throws: (any Error).self) { try site.signIn("ada") }
    #expect(try claim("another") == "401 invalid-reset-code")
    let id = try made.json.id("accountid")
    let suspension = "account-suspended?accountid=\(id)"
    #expect(try site.request("PATCH", "/api/administrator/set-\(suspension)", as: owner).status == 200)
    #expect(try claim(code) == "403 account-suspended")
    #expect(try site.request("PATCH", "/api/administrator/reset-\(suspension)", as: owner).status == 200)
    #expect(try claim(code) == "200")
    #expect(try claim(code) == "401 invalid-reset-code")
    let ada = try site.signIn("ada")
    let account = try site.request("GET", "/api/user/account?accountid=\(id)", as: ada).json
    #expect(account["passwordSet"] == nil && account["secretCode"] == nil)
    #expect(account["groups"] == .array([.string("editors"), .string("family")]))
  }
}
