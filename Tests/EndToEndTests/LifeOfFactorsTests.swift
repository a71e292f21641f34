import TestSupport
import Testing

// The steps of the story with second factors.
extension LifeTests {
  func protect(_ site: Story) throws {
    let app = try AuthenticatorApp(site.call("user/create-totp", as: "cyd").id("secret"))
    let codes = try site.call("user/set-totp-confirmed", ["code": app.code()], as: "cyd")
    let first = try #require(codes["recoveryCodes"]?.array?.first?.string)
    let credentials = ["username": "cydney", "password": "chosen at last"]
    #expect(
      try site.refusal("user/create-session", credentials, as: nil) == "401 second-factor-required")
    try site.signIn("cyd", ["code": first])
    let own = try site.call("user/second-factors", as: "cyd")
    #expect(own["totpSince"] != nil && own["recoveryCodesLeft"] == .number(9))
    let account = ["accountid": site.account("cyd")]
    #expect(try site.call("administrator/second-factors", account, as: "ada") == own)
    let renewed = try site.call("user/create-recovery-codes", as: "cyd")
    #expect(renewed["recoveryCodes"]?.array?.count == 10)
    #expect(try site.call("user/delete-totp", as: "cyd")["totpSince"] == nil)
    let again = try AuthenticatorApp(site.call("user/create-totp", as: "cyd").id("secret"))
    _ = try site.call("user/set-totp-confirmed", ["code": again.code()], as: "cyd")
    #expect(
      try site.call("administrator/delete-second-factors", account, as: "ada")["totpSince"] == nil)
    try site.signIn("cyd")
  }

  func addPasskey(_ site: Story) throws {
    var device = PasskeyDevice("dee")
    let made = device.registration(for: try site.call("user/create-passkey-options", as: "dee"))
    let passkey = ["credential": made, "passkey-name": "phone"]
    #expect(try site.call("user/create-passkey", passkey, as: "dee")["recoveryCodes"]?.array?.count == 10)
    let credentials = ["username": "dee", "password": "password of dee"]
    #expect(
      try site.refusal("user/create-session", credentials, as: nil) == "401 second-factor-required")
    func answer(_ purpose: String, as name: String?) throws -> [String: String] {
      let options = try site.call("user/create-passkey-challenge", ["purpose": purpose], as: name)
      return ["credential": device.assertion(for: options)]
    }
    try site.signIn("dee", answer("second-factor", as: nil))
    let verified = try site.call("user/set-session-verified", answer("verify", as: "dee"), as: "dee")
    #expect(verified["sessionid"] == .string(site.session("dee")["sessionid"] ?? ""))

    let listed = try #require(try site.call("user/passkeys", as: "dee").array?.first)
    #expect(listed["name"] == .string("phone") && listed["lastUsedAt"] != nil)
    let named = ["passkeyid": try listed.id("passkeyid")]
    #expect(try site.call("user/passkey", named, as: "dee") == listed)
    #expect(try site.call("user/passkeys-count", as: "dee") == .number(1))
    #expect(try site.call("user/delete-passkey", named, as: "dee")["recoveryCodesLeft"] == .number(0))
    #expect(try site.refusal("user/passkey", named, as: "dee") == "404 invalid-passkeyid")
    #expect(try site.call("user/passkeys-count", as: "dee") == .number(0))
    try site.signIn("dee")
  }
}
