import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// What passkeys do, by the API.
@Suite("passkeys")
struct PasskeyTests {
  @Test(
    "a passkey of each algorithm signs in alone, beside a password, and proves the account again",
    arguments: SigningKey.Algorithm.allCases)
  func algorithms(algorithm: SigningKey.Algorithm) throws {
    let scene = try PasskeyScene()
    var passkey = SoftAuthenticator(algorithm)
    var ada = scene.browser()
    try ada.signUp("ada")
    let enrolled = try ada.enrol(&passkey, name: "Ada’s phone")
    #expect(try enrolled.verdict == "200")
    #expect(try enrolled.json["recoveryCodes"]?.array?.count == 10)
    try ada.signOut()
    let session = try ada.signIn(by: &passkey)
    #expect(try session.verdict == "200")
    #expect(try session.json["accountid"]?.string == ada.accountid)
    let verified = try ada.request(
      "PATCH", "set-session-verified?sessionid=\(session.json["sessionid"]?.string ?? "")",
      ["credential": ada.answer("verify", &passkey).json])
    #expect(try verified.verdict == "200")
    var other = try scene.waiting("ada")
    #expect(
      try other.request(
        "POST", "create-session", ["credential": other.answer("second-factor", &passkey).json]
      ).verdict == "200")
    #expect(other.cookies["dashboard_pending"] == nil)
    // In one request with the password.
    var third = scene.browser()
    let reply = try third.answer("second-factor", &passkey)
    #expect(try third.signIn("ada", ["credential": reply.json]).verdict == "200")
    let shown = try #require(try ada.request("GET", "passkeys?accountid=\(ada.accountid)").json.array?.first)
    #expect(shown["name"]?.string == "Ada’s phone" && shown["domain"]?.string == "localhost")
    #expect(shown["lastUsedAt"] != .null && shown["transports"]?.array == [.string("usb")])
    #expect(shown["backedUp"] == .boolean(false))
    #expect(!shown.names.contains { ["publicKey", "credentialID", "signatureCounter"].contains($0) })
    let events = try scene.events
    #expect(
      events == [
        "account-created", "signed-in", "passkey-added", "session-ended", "signed-in", "session-verified",
        "password-right", "signed-in", "signed-in",
      ])
  }

  @Test(
    "an account has several passkeys; a removed one no longer signs in, and the last one takes the recovery codes along"
  )
  func several() throws {
    let scene = try PasskeyScene()
    var (ada, first) = try scene.member("ada", .of("phone"))
    var elsewhere = scene.browser()
    #expect(try elsewhere.signIn(by: &first).verdict == "200")
    var second = SoftAuthenticator.of("key", counter: 0)
    let options = try ada.creation()
    #expect(
      options["excludeCredentials"]?.array?.map { $0["id"]?.string } == [Base64.url(first.credentialID)])
    #expect(options["user"]?["id"]?.string == first.userHandle.map(Base64.url))
    #expect(options["rp"]?["id"]?.string == "localhost")
    let added = try ada.enrol(&second)
    #expect(try added.json["recoveryCodes"] == nil && added.json["passkeys"] == .number(2))
    // Adding one has ended the other sessions.
    #expect(try elsewhere.request("GET", "current-session").status == 401)
    var guest = scene.browser()
    for _ in 0..<2 { #expect(try guest.signIn(by: &second).verdict == "200") }
    func remove(_ authenticator: SoftAuthenticator) throws {
      let list = try ada.request("GET", "passkeys?accountid=\(ada.accountid)").json.array ?? []
      // Newest first.
      let place = authenticator.credentialID == second.credentialID ? list.first : list.last
      let answer = try ada.request("DELETE", "delete-passkey?passkeyid=\(place?["passkeyid"]?.string ?? "")")
      #expect(try answer.verdict == "200")
    }
    try remove(first)
    #expect(try guest.signIn(by: &first).verdict == "401 invalid-credential")
    #expect(try guest.signIn(by: &second).verdict == "200")
    try remove(second)
    #expect(try guest.signIn(by: &second).verdict == "401 invalid-credential")
    let factors = try ada.request("GET", "second-factors?accountid=\(ada.accountid)").json
    #expect(factors["passkeys"] == .number(0) && factors["recoveryCodesLeft"] == .number(0))
    #expect(try guest.signIn("ada").verdict == "200")
    #expect(try scene.fixture.dashboard.services.store.problems() == [])
  }

  @Test("an account has at most 20 passkeys, and each belongs to one account once")
  func most() throws {
    let scene = try PasskeyScene()
    var (ada, first) = try scene.member("ada")
    for number in 2...20 {
      var one = SoftAuthenticator.of("\(number)")
      #expect(try ada.enrol(&one).verdict == "200")
    }
    var last = SoftAuthenticator.of("21")
    #expect(try ada.enrol(&last).verdict == "409 too-many-passkeys")
    #expect(try ada.enrol(&first).verdict == "409 duplicate-passkey")
    var eve = scene.browser()
    try eve.signUp("eve")
    #expect(try eve.enrol(&first).verdict == "409 duplicate-passkey")
    #expect(try eve.enrol(&last).verdict == "200")
    #expect(try ada.request("GET", "passkeys-count?accountid=\(ada.accountid)").text == "20")
    let long = String(repeating: "é", count: 51)
    #expect(try ada.addPasskey(last.registration(), name: long).verdict == "400 invalid-passkey-name-length")
    #expect(try scene.fixture.dashboard.services.store.problems() == [])
  }

  @Test("options of a second tab, older than the first passkey, do not replace the account's handle")
  func handles() throws {
    let scene = try PasskeyScene()
    var ada = scene.browser()
    try ada.signUp("ada")
    let old = try ada.creation()
    var (first, second) = (SoftAuthenticator.of("first"), SoftAuthenticator.of("second"))
    #expect(try ada.enrol(&first).verdict == "200")
    second.answer(old, at: ada.origin)
    #expect(try ada.addPasskey(second.registration()).verdict == "401 invalid-credential")
    var guest = scene.browser()
    #expect(try guest.signIn(by: &first).verdict == "200")
    #expect(try ada.enrol(&second).verdict == "200")
    #expect(try guest.signIn(by: &second).verdict == "200")
  }

  @Test("the last passkey stays where a second factor is required")
  func required() throws {
    let scene = try PasskeyScene(["SECOND_FACTOR": "required"])
    var ada = scene.browser()
    try ada.signUp("ada")
    #expect(
      try ada.request("GET", "passkeys?accountid=\(ada.accountid)").verdict == "403 second-factor-missing")
    var passkeys = [SoftAuthenticator.of("first"), .of("second")]
    for index in passkeys.indices { #expect(try ada.enrol(&passkeys[index]).verdict == "200") }
    let list = try ada.request("GET", "passkeys?accountid=\(ada.accountid)").json.array ?? []
    let verdicts = try list.map {
      try ada.request("DELETE", "delete-passkey?passkeyid=\($0["passkeyid"]?.string ?? "")").verdict
    }
    #expect(verdicts == ["200", "409 invalid-passkey"])
    var guest = scene.browser()
    #expect(try guest.signIn(by: &passkeys[0]).verdict == "200")
    #expect(try guest.request("GET", "passkeys-count?accountid=\(ada.accountid)").text == "1")
  }

  @Test("passkeys are listed to the account's holder only: with a session, or after the right password")
  func listed() throws {
    let scene = try PasskeyScene()
    var (ada, _) = try scene.member("ada")
    var guest = scene.browser()
    func allowed(_ browser: inout APIBrowser, _ purpose: String) throws -> Int? {
      try browser.challenge(purpose)["allowCredentials"]?.array?.count
    }
    for purpose in ["sign-in", "second-factor"] { #expect(try allowed(&guest, purpose) == 0) }
    #expect(throws: TestFailure.self) { try guest.challenge("verify") }
    #expect(throws: TestFailure.self) { try guest.challenge("enrol") }
    try guest.signIn("ada", ["password": "wrong password"])
    #expect(try allowed(&guest, "second-factor") == 0)
    var waiting = try scene.waiting("ada")
    #expect(try allowed(&waiting, "second-factor") == 1)
    #expect(try allowed(&waiting, "sign-in") == 0)
    // The cookie of another account, or with another token, shows nothing.
    let own = try #require(waiting.cookies["dashboard_pending"])
    waiting.keep("dashboard_pending", own.prefix(22) + String(repeating: "0", count: 64))
    #expect(try allowed(&waiting, "second-factor") == 0)
    for purpose in ["second-factor", "verify"] { #expect(try allowed(&ada, purpose) == 1) }
    let alone = try guest.challenge("sign-in")
    #expect(alone["userVerification"]?.string == "required" && alone["rpId"]?.string == "localhost")
    #expect(try guest.challenge("second-factor")["userVerification"]?.string == "preferred")
  }
}
