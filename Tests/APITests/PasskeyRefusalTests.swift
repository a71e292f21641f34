import TestSupport
import Testing

/// Answers of passkeys that are not right. Each refusal is an event of the account.
@Suite("refused passkeys")
struct PasskeyRefusalTests {
  private typealias Change = @Sendable (inout SoftAuthenticator) -> Void

  /// What is wrong in every ceremony. The authenticator signs all of it.
  private static let faults: [(name: String, change: Change)] = [
    ("another scheme", { $0.origin = "https://localhost" }),
    ("another host", { $0.origin = "http://evil.localhost" }),
    ("another port", { $0.origin = "http://localhost:8080" }),
    ("another site", { $0.origin = "https://evil.example" }),
    ("another type", { $0.type = $0.type == "webauthn.get" ? "webauthn.create" : "webauthn.get" }),
    ("cross-origin", { $0.otherMembers = #","crossOrigin":true"# }),
    ("inside another page", { $0.otherMembers = #","topOrigin":"https://evil.example""# }),
    ("another relying party", { $0.relyingPartyID = "evil.example" }),
    ("no user presence", { $0.flags = 0x04 }),
    ("backed up without eligibility", { $0.flags = 0x15 }),
    ("an altered challenge", { $0.challenge[40] ^= 1 }),
    ("a longer challenge", { $0.challenge += [0] }),
    ("no challenge", { $0.challenge = [] }),
  ]

  /// What is wrong in an assertion of a passkey whose stored counter is 5.
  private static let assertionFaults: [(name: String, change: Change)] = [
    ("changed eligibility", { $0.flags = 0x0D }), ("the same counter", { $0.counter = 5 }),
    ("a lower counter", { $0.counter = 4 }), ("no counter", { $0.counter = 0 }),
    ("the handle of another account", { $0.userHandle = [UInt8](repeating: 7, count: 32) }),
    ("an empty handle", { $0.userHandle = [] }),
    ("an unknown credential", { $0.credentialID = Array("unknown".utf8) }),
  ]

  @Test("an assertion that signs in alone")
  func alone() throws {
    let scene = try PasskeyScene()
    var (ada, passkey) = try scene.member("ada", .of("ada", counter: 5))
    let own: [(String, Change)] = [
      ("no user verification", { $0.flags = 0x01 }), ("no handle", { $0.userHandle = nil }),
    ]
    var guest = scene.browser()
    _ = try scene.events
    for (name, change) in Self.faults + Self.assertionFaults + own {
      let known = try scene.count("passkey-refused", of: ada.accountid)
      #expect(try guest.signIn(by: &passkey, change).verdict == "401 invalid-credential", "\(name)")
      #expect(try scene.events == ["passkey-refused"], "\(name)")
      let added = try scene.count("passkey-refused", of: ada.accountid) - known
      #expect(added == (name == "an unknown credential" ? 0 : 1), "\(name)")
    }
    // The key of another authenticator, and each algorithm in place of the registered one.
    for var other in [SoftAuthenticator.of("eve")]
      + SigningKey.Algorithm.allCases.map({ SoftAuthenticator($0) })
    {
      (other.credentialID, other.userHandle) = (passkey.credentialID, passkey.userHandle)
      other.counter = 1000
      #expect(try guest.signIn(by: &other).verdict == "401 invalid-credential")
    }
    #expect(try guest.signIn(by: &passkey).verdict == "200")
    // The counter of that use is stored.
    let used = passkey.counter
    #expect(try guest.signIn(by: &passkey) { $0.counter = used }.verdict == "401 invalid-credential")
    #expect(try guest.signIn(by: &passkey).verdict == "200")
  }

  @Test("an assertion beside a password, for which no user verification is needed")
  func secondFactor() throws {
    let scene = try PasskeyScene(["MAXIMUM_FACTOR_ATTEMPTS": "20"])
    var (ada, passkey) = try scene.member("ada", .of("ada", counter: 5))
    var waiting = try scene.waiting("ada")
    _ = try scene.events
    func send(_ change: Change) throws -> String {
      try waiting.request(
        "POST", "create-session", ["credential": waiting.answer("second-factor", &passkey, change).json]
      ).verdict
    }
    for (number, (name, change)) in (Self.faults + Self.assertionFaults).enumerated() {
      // Twenty wrong ones a day lock the account's second factors.
      if number % 10 == 0 {
        scene.fixture.clock.set(scene.fixture.clock.now().adding(seconds: 86_400))
        waiting = try scene.waiting("ada")
        _ = try scene.events
      }
      let known = try scene.count("passkey-refused", of: ada.accountid)
      #expect(try send(change) == "401 invalid-credential", "\(name)")
      #expect(try scene.events == ["passkey-refused"], "\(name)")
      let added = try scene.count("passkey-refused", of: ada.accountid) - known
      let isAlone = name == "an unknown credential" && waiting.cookies["dashboard_pending"] == nil
      #expect(added == (isAlone ? 0 : 1), "\(name)")
    }
    // Not verified, and without a handle, as security keys answer.
    #expect(try send { ($0.flags, $0.userHandle) = (0x01, nil) } == "200")
    _ = try ada.signOut()
  }

  @Test("a registration")
  func registration() throws {
    let scene = try PasskeyScene()
    var ada = scene.browser()
    try ada.signUp("ada")
    var passkey = SoftAuthenticator.of("ada")
    // ES384 (-35) and ES256K (-47).
    let keys: [[UInt8]] = [[0x38, 0x22], [0x38, 0x2E]].map {
      [0xA5, 0x01, 0x02, 0x03] + $0 + [0x20, 0x01, 0x21, 0x58, 0x20] + [UInt8](repeating: 1, count: 32)
        + [0x22, 0x58, 0x20] + [UInt8](repeating: 2, count: 32)
    }
    let noKey: [(name: String, key: [UInt8]?, change: Change)] = Self.faults.map { ($0.name, nil, $0.change) }
    let badKeys: [(name: String, key: [UInt8]?, change: Change)] = keys.map {
      ("an unknown algorithm", $0, { _ in })
    }
    for (name, key, change) in noKey + badKeys {
      let known = try scene.count("passkey-refused", of: ada.accountid)
      let answer = try ada.enrol(
        &passkey, key: key, name == "another type" ? { $0.type = "webauthn.got" } : change)
      #expect(try answer.verdict == "401 invalid-credential", "\(name)")
      #expect(try scene.count("passkey-refused", of: ada.accountid) == known + 1, "\(name)")
    }
    for text in [
      "", "{}", "[]", "null", #"{"id":"AA","response":{}}"#, String(repeating: "[", count: 70_000),
    ] {
      let answer = try ada.request("POST", "create-passkey?accountid=\(ada.accountid)", ["credential": text])
      #expect(try answer.verdict == "400 invalid-credential", "\(text.prefix(40))")
    }
    #expect(try ada.request("GET", "passkeys-count?accountid=\(ada.accountid)").text == "0")
    #expect(try ada.enrol(&passkey).verdict == "200")
  }

  @Test("every changed byte of a right assertion", arguments: SigningKey.Algorithm.allCases)
  func changedBytes(algorithm: SigningKey.Algorithm) throws {
    let scene = try PasskeyScene(["MAXIMUM_ATTEMPTS": "1000"])
    let (_, passkey) = try scene.member("ada", SoftAuthenticator(algorithm))
    var guest = scene.browser()
    var signing = passkey
    let right = try guest.answer("sign-in", &signing)
    var tried = 0
    func expectRefused(_ reply: PasskeyReply, _ what: String) throws {
      tried += 1
      let verdict = try guest.signIn(with: reply).verdict
      #expect(["401 invalid-credential", "400 invalid-credential"].contains(verdict), "\(what)")
    }
    for place in right.id.indices {
      var reply = right
      reply.id[place] ^= 1
      try expectRefused(reply, "id \(place)")
    }
    for (index, field) in right.fields.enumerated() {
      for place in field.bytes.indices {
        var reply = right
        reply.fields[index].bytes[place] ^= 1 << UInt8(place % 8)
        try expectRefused(reply, "\(field.name) \(place)")
      }
      for bytes in [field.bytes + [0], field.bytes.dropLast(), []] {
        var reply = right
        reply.fields[index].bytes = bytes
        try expectRefused(reply, "\(field.name) of \(bytes.count) bytes")
      }
      var reply = right
      reply.fields.remove(at: index)
      try expectRefused(reply, "no \(field.name)")
    }
    #expect(tried > 280)
    #expect(try guest.signIn(with: right).verdict == "200")
  }
}
