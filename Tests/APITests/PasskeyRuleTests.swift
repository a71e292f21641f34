import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// How passkeys fit the rules of accounts: limits, states, reset codes, removal.
@Suite("passkeys and the rules of accounts")
struct PasskeyRuleTests {
  @Test("a suspended account and one that will be deleted are told so only after the proof")
  func states() throws {
    let scene = try PasskeyScene()
    var owner = scene.browser()
    try owner.signUp("owner")
    var (ada, first) = try scene.member("ada")
    var (bea, second) = try scene.member("bea", .of("bea"))
    #expect(
      try owner.request(
        "PATCH", "/api/administrator/set-account-suspended?accountid=\(ada.accountid)", [:]
      ).status == 200)
    #expect(
      try bea.request(
        "PATCH", "set-account-deleted?accountid=\(bea.accountid)",
        ["password": APIBrowser.password(of: "bea")]
      ).status == 200)
    var guest = scene.browser()
    #expect(try guest.signIn(by: &first) { $0.flags = 0x01 }.verdict == "401 invalid-credential")
    #expect(try guest.signIn(by: &second) { $0.flags = 0x01 }.verdict == "401 invalid-credential")
    _ = try scene.events
    #expect(try guest.signIn(by: &first).verdict == "403 account-suspended")
    #expect(try guest.signIn(by: &second).verdict == "409 account-deleted")
    #expect(try scene.events == ["password-right", "password-right"])
    #expect(guest.cookies["dashboard_session"] == nil)
  }

  @Test("wrong passkeys count with wrong codes as second factors, and never bind a sign-in by passkey alone")
  func limits() throws {
    let scene = try PasskeyScene(["MAXIMUM_ATTEMPTS": "2"])
    var (_, passkey) = try scene.member("ada")
    var waiting = try scene.waiting("ada")
    for number in 0..<5 {
      let form =
        number == 2
        ? ["code": "123456"]
        : ["credential": try waiting.answer("second-factor", &passkey) { $0.flags = 0x00 }.json]
      #expect(try waiting.request("POST", "create-session", form).status == 401)
    }
    let right = try waiting.answer("second-factor", &passkey)
    #expect(
      try waiting.request("POST", "create-session", ["credential": right.json]).verdict
        == "429 too-many-attempts")
    var guest = scene.browser(from: "192.0.2.7")
    #expect(try guest.signIn(by: &passkey).verdict == "200")
    // By address: ten times MAXIMUM_ATTEMPTS. A right one is not counted.
    for _ in 0..<20 {
      #expect(try guest.signIn(by: &passkey) { $0.flags = 0x00 }.verdict == "401 invalid-credential")
      var other = scene.browser(from: "192.0.2.8")
      #expect(try other.signIn(by: &passkey).verdict == "200")
    }
    #expect(try guest.signIn(by: &passkey).verdict == "429 too-many-attempts")
    #expect(try scene.events.filter { $0 == "too-many-attempts" }.count == 2)
  }

  @Test("wrong passkeys that prove a session again are counted by address, so they lock no holder out")
  func verifying() throws {
    let scene = try PasskeyScene()
    var (ada, passkey) = try scene.member("ada")
    let id = try ada.request("GET", "current-session").json["sessionid"]?.string ?? ""
    func verify(_ flags: UInt8) throws -> String {
      let reply = try ada.answer("verify", &passkey) { $0.flags = flags }
      return try ada.request("PATCH", "set-session-verified?sessionid=\(id)", ["credential": reply.json])
        .verdict
    }
    _ = try scene.events
    for _ in 0..<5 { #expect(try verify(0x01) == "401 invalid-credential") }
    #expect(try scene.events == Array(repeating: "passkey-refused", count: 5))
    // They are counted by address, so that a stolen session does not use up its holder's second factors.
    var holder = try scene.waiting("ada")
    let second = try holder.answer("second-factor", &passkey)
    #expect(try holder.signIn(with: second).status == 200)
    #expect(try verify(0x05) == "200")
    for _ in 0..<95 { #expect(try verify(0x01) == "401 invalid-credential") }
    #expect(try verify(0x05) == "429 too-many-attempts")
    scene.fixture.clock.set(scene.fixture.clock.now().adding(seconds: 901))
    #expect(try verify(0x05) == "200")
    // The field of a page proves a session alone too, if the authenticator verifies its holder.
    for (flags, verdict) in [(UInt8(0x01), "401 invalid-credential"), (0x05, "200")] {
      let reply = try ada.answer("second-factor", &passkey) { $0.flags = flags }
      let answer = try ada.request(
        "PATCH", "set-session-verified?sessionid=\(id)", ["credential": reply.json])
      #expect(try answer.verdict == verdict)
    }
  }

  @Test("a reset code and a cancelled deletion take a passkey, and without it use nothing up")
  func resets() throws {
    let scene = try PasskeyScene()
    var owner = scene.browser()
    try owner.signUp("owner")
    var (ada, passkey) = try scene.member("ada")
    let code = ["secret-code": "lostandfound1"]
    #expect(try ada.request("POST", "create-reset-code?accountid=\(ada.accountid)", code).status == 200)
    var guest = scene.browser()
    let reset = ["username": "ada", "new-password": "password of ada"].merging(code) { $1 }
    func send(_ route: String, _ form: [String: String], _ flags: UInt8?) throws -> String {
      var form = form
      form["credential"] = try flags.map { flags in
        try guest.answer("second-factor", &passkey) { $0.flags = flags }.json
      }
      return try guest.request("PATCH", route, form).verdict
    }
    #expect(try send("reset-account-password", reset, nil) == "401 second-factor-required")
    #expect(try send("reset-account-password", reset, 0x00) == "401 invalid-credential")
    #expect(try send("reset-account-password", reset, 0x01) == "200")
    #expect(try send("reset-account-password", reset, 0x01) == "401 invalid-reset-code")
    try ada.signIn("ada", ["credential": ada.answer("second-factor", &passkey).json])
    #expect(
      try ada.request(
        "PATCH", "set-account-deleted?accountid=\(ada.accountid)", ["password": "password of ada"]
      ).status == 200)
    let proof = APIBrowser.credentials("ada")
    #expect(try send("reset-account-deleted", proof, nil) == "401 second-factor-required")
    #expect(try send("reset-account-deleted", proof, 0x00) == "401 invalid-credential")
    #expect(try send("reset-account-deleted", proof, 0x01) == "200")
    #expect(try guest.signIn(by: &passkey).verdict == "200")
  }

  @Test("a removed account, and an administrator who takes the factors away, leave no passkey behind")
  func removal() throws {
    let scene = try PasskeyScene()
    var owner = scene.browser()
    try owner.signUp("owner")
    var (ada, first) = try scene.member("ada")
    var (bea, second) = try scene.member("bea", .of("bea"))
    let export = try ada.request("GET", "export?accountid=\(ada.accountid)")
    #expect(try export.json["passkeys"]?.array?.count == 1)
    #expect(!export.text.contains(Base64.url(Array(first.publicKey.suffix(30)))))
    let route = "/api/administrator/delete-second-factors?accountid=\(ada.accountid)"
    #expect(try owner.request("DELETE", route).verdict == "200")
    #expect(try owner.request("DELETE", route).verdict == "409 invalid-account")
    #expect(try ada.request("GET", "current-session").status == 401)
    let delete = "/api/administrator/delete-account?accountid=\(bea.accountid)"
    #expect(try owner.request("DELETE", delete).verdict == "200")
    var guest = scene.browser()
    for var passkey in [first, second] {
      #expect(try guest.signIn(by: &passkey).verdict == "401 invalid-credential")
    }
    #expect(try ada.signIn("ada").verdict == "200")
    // The authenticators can be used again, for the same account and for others.
    #expect(try ada.enrol(&first).verdict == "200")
    #expect(try owner.enrol(&second).verdict == "200")
    #expect(try guest.signIn(by: &first).verdict == "200")
    #expect(try scene.fixture.dashboard.services.store.problems() == [])
    _ = try bea.signOut()
  }

  @Test("one answer that 32 send at once counts once", arguments: ["sign-in", "second-factor", "enrol"])
  func atOnce(purpose: String) throws {
    let scene = try PasskeyScene(["MAXIMUM_FACTOR_ATTEMPTS": "20"])
    // Without a counter only the challenge tells two uses apart.
    var (ada, passkey) = try scene.member("ada", .of("ada", counter: 0))
    var browser = ada
    var reply: PasskeyReply
    if purpose == "enrol" {
      var new = SoftAuthenticator.of("new")
      new.answer(try browser.creation(), at: browser.origin)
      reply = new.registration()
    } else {
      browser = purpose == "sign-in" ? scene.browser() : try scene.waiting("ada")
      reply = try browser.answer(purpose, &passkey)
    }
    let (sender, answer) = (browser, reply)
    let statuses = try Threads.run(32) { _ in
      var one = sender
      return try purpose == "enrol" ? one.addPasskey(answer).status : one.signIn(with: answer).status
    }
    #expect(statuses.filter { $0 == 200 }.count == 1)
    let count = try ada.request("GET", "passkeys-count?accountid=\(ada.accountid)").text
    #expect(count == (purpose == "enrol" ? "2" : "1"))
    #expect(try scene.fixture.dashboard.services.store.problems() == [])
  }

  @Test("browsers allow no passkeys at an address of numbers or without HTTPS, and the answer says so")
  func places() throws {
    let scene = try PasskeyScene()
    for (number, (origin, status)) in [
      ("http://localhost", 200), ("http://localhost:8080", 200), ("http://a.localhost", 200),
      ("https://accounts.example", 200), ("https://accounts.example:8443", 200),
      ("http://accounts.example", 409), ("http://127.0.0.1:8080", 409), ("https://192.0.2.1", 409),
      ("https://[2001:db8::1]", 409), ("http://[::1]:8080", 409),
    ].enumerated() {
      var ada = scene.browser(origin)
      try ada.signUp("ada \(number)")
      let answers = [
        try ada.request("POST", "create-passkey-options?accountid=\(ada.accountid)", [:]),
        try ada.request("POST", "create-passkey-challenge", ["purpose": "sign-in"]),
      ]
      for answer in answers {
        #expect(answer.status == status, "\(origin)")
        if status == 409 { #expect(try answer.verdict == "409 passkeys-unavailable") }
      }
      guard status == 200 else { continue }
      var passkey = SoftAuthenticator.of(origin)
      #expect(try ada.enrol(&passkey).verdict == "200", "\(origin)")
      var guest = scene.browser(origin)
      #expect(try guest.signIn(by: &passkey).verdict == "200", "\(origin)")
      let prefix = origin.hasPrefix("https:") ? "__Host-" : ""
      #expect(guest.cookies["\(prefix)dashboard_challenge"]?.utf8.count == 64, "\(origin)")
    }
  }
}
