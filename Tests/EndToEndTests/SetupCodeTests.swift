import TestSupport
import Testing

@Suite("the setup code, through every web server")
struct SetupCodeTests {
  private func register(_ username: String, _ code: String?, at site: Site) throws -> HTTPResponse {
    let password = "password of \(username)"
    return try site.request(
      "POST", "/api/user/create-account",
      form: code.map { ["username": username, "password": password, "setup-code": $0] }
        ?? ["username": username, "password": password])
  }

  @Test("only its holder becomes the owner, and later registrations need none", arguments: Front.everywhere)
  func owner(front: Front) throws {
    let site = try Site(front, settings: ["SETUP_CODE": "the code", "DISABLE_REGISTRATION": "true"])
    func setup() throws -> JSON? { try site.request("GET", "/api/settings").json["setup"] }
    #expect(try setup() == .boolean(true))
    for code in [nil, "", "another"] {
      let answer = try register("eve", code, at: site)
      #expect(try answer.verdict == "403 invalid-setup-code")
      #expect(try answer.json["field"] == .string("setup-code"))
    }
    let owner = try register("ada", "the code", at: site)
    #expect(try owner.json["owner"] == .boolean(true))
    #expect(try setup() == nil)
    #expect(try register("eve", "the code", at: site).verdict == "403 registration-disabled")
  }

  @Test(
    "of many at once, in one process or in many, one becomes the owner", arguments: Front.allCases)
  func race(front: Front) throws {
    let site = try Site(front, settings: ["SETUP_CODE": "the code", "MAXIMUM_ATTEMPTS": "1000"])
    let owners = try Threads.run(16) { number in
      let answer = try register("user\(number)", "the code", at: site)
      #expect(answer.status == 200, "\(answer.text)")
      return try answer.json["owner"] == .boolean(true)
    }
    #expect(owners.filter(\.self).count == 1)
  }
}
