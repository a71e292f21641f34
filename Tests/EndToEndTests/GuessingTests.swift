import TestSupport
import Testing

/// Limits on attempts hold for several processes. `GuessTests` tests one process.
@Suite("limits on attempts in several processes")
struct GuessingTests {
  @Test("all processes count attempts together", arguments: Front.allCases)
  func together(front: Front) throws {
    let settings = ["MAXIMUM_ATTEMPTS": "2"]
    let site = try Site(front, settings: settings)
    let other = try Site(.fastcgi, settings: settings, data: site.data)
    _ = try site.signUp("ada")
    func signIn(_ site: Site, _ password: String) throws -> Int {
      try site.request("POST", "/api/user/create-session", form: ["username": "ada", "password": password])
        .status
    }
    #expect(try signIn(site, "another password") == 401)
    #expect(try signIn(other, "another password") == 401)
    #expect(try signIn(site, "password of ada") == 429)
    #expect(try signIn(other, "password of ada") == 429)
  }
}
