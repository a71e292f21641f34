import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// A challenge counts for one purpose, account and browser, for five minutes, once. A passkey counts for one domain.
@Suite("challenges for passkeys")
struct PasskeyChallengeTests {
  @Test("a challenge of another purpose")
  func purposes() throws {
    let scene = try PasskeyScene()
    var (ada, passkey) = try scene.member("ada", .of("ada", counter: 0))
    let session = try ada.request("GET", "current-session").json["sessionid"]?.string ?? ""
    func challenge(_ purpose: String, _ browser: inout APIBrowser) throws -> JSON {
      try purpose == "enrol" ? browser.creation() : browser.challenge(purpose)
    }
    let purposes = ["enrol", "sign-in", "verify", "second-factor"]
    for purpose in purposes {
      passkey.answer(try challenge(purpose, &ada), at: ada.origin)
      var new = SoftAuthenticator.of(purpose)
      new.answer(try challenge(purpose, &ada), at: ada.origin)
      // The cookie of the challenge is the same in each use.
      var waiting = try scene.waiting("ada")
      waiting.keep("dashboard_challenge", ada.cookies["dashboard_challenge"])
      let form = ["credential": passkey.assertion.json]
      let path = "set-session-verified?sessionid=\(session)"
      #expect(
        try (waiting.request("POST", "create-session", form).status == 200)
          == ["sign-in", "second-factor"].contains(purpose), "second factor by \(purpose)")
      passkey.answer(try challenge(purpose, &ada), at: ada.origin)
      let again = ["credential": passkey.assertion.json]
      // The field of a page serves both.
      #expect(
        try (ada.request("PATCH", path, again).status == 200)
          == ["verify", "second-factor"].contains(purpose), "verify by \(purpose)")
      var guest = scene.browser()
      guest.keep("dashboard_challenge", ada.cookies["dashboard_challenge"])
      passkey.answer(try challenge(purpose, &ada), at: ada.origin)
      #expect(
        try (guest.signIn(with: passkey.assertion).status == 200) == (purpose == "sign-in"),
        "alone by \(purpose)")
      #expect(
        try (ada.addPasskey(new.registration()).status == 200) == (purpose == "enrol"),
        "enrolled by \(purpose)")
    }
  }

  @Test("a challenge of another account, browser or app, an old one, and one that was used")
  func challenges() throws {
    let scene = try PasskeyScene()
    var (ada, passkey) = try scene.member("ada", .of("ada", counter: 0))
    var (bea, _) = try scene.member("bea", .of("bea"))
    let clock = scene.fixture.clock
    // Made for another account, in the same browser.
    bea.keep("dashboard_challenge", ada.cookies["dashboard_challenge"])
    var new = SoftAuthenticator.of("new")
    new.answer(try bea.creation(), at: bea.origin)
    #expect(try ada.addPasskey(new.registration()).verdict == "401 invalid-credential")
    passkey.answer(try bea.challenge("verify"), at: bea.origin)
    let id = try ada.request("GET", "current-session").json["sessionid"]?.string ?? ""
    #expect(
      try ada.request("PATCH", "set-session-verified?sessionid=\(id)", ["credential": passkey.assertion.json])
        .verdict == "401 invalid-credential")
    // In another browser, and in one without the cookie.
    var (guest, other) = (scene.browser(), scene.browser())
    _ = try other.challenge("sign-in")
    let foreign = try guest.answer("sign-in", &passkey)
    #expect(try other.signIn(with: foreign).verdict == "401 invalid-credential")
    other.forget("dashboard_challenge")
    #expect(try other.signIn(with: foreign).verdict == "401 invalid-credential")
    // For less than five minutes.
    let begun = clock.now()
    let old = try guest.answer("sign-in", &passkey)
    clock.set(begun.adding(seconds: 300))
    #expect(try guest.signIn(with: old).verdict == "401 invalid-credential")
    let late = try guest.answer("sign-in", &passkey)
    clock.set(begun.adding(seconds: 599))
    #expect(try guest.signIn(with: late).verdict == "200")
    // Once.
    var again = guest
    #expect(try again.signIn(with: late).verdict == "401 invalid-credential")
    let early = try guest.answer("sign-in", &passkey)
    #expect(try guest.signIn(with: early).verdict == "200")
    for seconds in [1, 150, 299] as [Int64] {
      clock.set(begun.adding(seconds: 599 + seconds))
      #expect(try guest.signIn(with: early).verdict == "401 invalid-credential")
    }
    // A registration too.
    #expect(try ada.signIn(by: &passkey).verdict == "200")
    new.answer(try ada.creation(), at: ada.origin)
    #expect(try ada.addPasskey(new.registration()).verdict == "200")
    let list = try ada.request("GET", "passkeys?accountid=\(ada.accountid)").json.array ?? []
    #expect(
      try ada.request(
        "DELETE", "delete-passkey?passkeyid=\(list.first?["passkeyid"]?.string ?? "")"
      ).status == 200)
    #expect(try ada.addPasskey(new.registration()).verdict == "401 invalid-credential")
  }

  @Test("a passkey that was made for another domain than the one of PASSKEY_RP_ID")
  func domains() throws {
    let origin = "https://accounts.example.org"
    let scene = try PasskeyScene()
    var (ada, passkey) = (scene.browser(origin), SoftAuthenticator.of("ada"))
    try ada.signUp("ada")
    #expect(try ada.enrol(&passkey).verdict == "200")
    #expect(passkey.relyingPartyID == "accounts.example.org")
    let copy = try TemporaryDirectory()
    try Files.makeDirectory(copy.path("data"))
    for name in ["data.mdb", "secrets"] {
      try Files.write(Files.read(scene.fixture.directory.path("data/\(name)")), to: copy.path("data/\(name)"))
    }
    let dashboard = try Dashboard(
      dataDirectory: copy.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "PASSKEY_RP_ID": "example.org"], clock: scene.fixture.clock)
    let router = Router(dashboard, Routes.all) { _ in }
    var guest = PasskeyScene.browser(router, origin)
    #expect(try guest.challenge("sign-in")["rpId"]?.string == "example.org")
    #expect(try guest.signIn(by: &passkey).verdict == "401 invalid-credential")
    #expect(
      try guest.signIn(by: &passkey) { $0.relyingPartyID = "accounts.example.org" }.verdict
        == "401 invalid-credential")
    // One of the new domain signs in at each of its hosts.
    var bea = PasskeyScene.browser(router, origin)
    try bea.signUp("bea")
    var new = SoftAuthenticator.of("bea")
    #expect(try bea.enrol(&new).verdict == "200")
    var elsewhere = PasskeyScene.browser(router, "https://shop.example.org")
    #expect(try elsewhere.signIn(by: &new).verdict == "200")
    var outside = PasskeyScene.browser(router, "https://example.com")
    #expect(
      try outside.request("POST", "create-passkey-challenge", ["purpose": "sign-in"]).verdict
        == "409 passkeys-unavailable")
  }
}
