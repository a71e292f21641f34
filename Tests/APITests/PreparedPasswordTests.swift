import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Passwords as people type them.
@Suite("prepared passwords")
struct PreparedPasswordTests {
  private let names: Names

  init() throws { names = try Names() }

  @Test("a password matches in both normalization forms, and with any kind of space")
  func passwords() throws {
    let dashboard = try names.open()
    let (composed, decomposed) = ("caf\u{E9} au lait", "cafe\u{301}\u{A0}au\u{3000}lait")
    let ada = try dashboard.register("ada", composed)
    let eve = try dashboard.register("eve", decomposed)
    for text in [composed, decomposed] {
      #expect(try dashboard.signIn("ada", text) == ada)
      #expect(try dashboard.signIn("eve", text) == eve)
    }
    for text in ["Café au lait", "café au lait ", "café  au lait", "cafe au lait"] {
      #expect(try dashboard.signIn("ada", text) == "401 invalid-password", "\(text)")
    }
  }

  @Test("the hash of a password from before is replaced at the next sign-in")
  func rehash() throws {
    let dashboard = try names.open()
    let (composed, decomposed) = ("pass\u{E9}word", "passe\u{301}word")
    let ada = try dashboard.register("ada")
    let id = try #require(AccountID(ada))
    let secrets = try dashboard.app().secrets
    func account() throws -> Account {
      try #require(try dashboard.services.store.read(dashboard.app().name) { try $0.account(id) })
    }
    try dashboard.services.store.write(dashboard.app().name) { change in
      var account = try #require(try change.current.account(id))
      account.passwordHash = try PasswordHash(
        Array(decomposed.utf8), .bcrypt(cost: 4), secrets: secrets, random: SystemRandom())
      try change.update(account)
    }
    #expect(try dashboard.signIn("ada", composed) == "401 invalid-password")
    #expect(try dashboard.signIn("ada", decomposed) == ada)
    #expect(try account().passwordHash.matches(Array(composed.utf8), secrets: secrets))
    #expect(try dashboard.signIn("ada", composed) == ada)
    #expect(try dashboard.signIn("ada", decomposed) == ada)
  }

  @Test("a password with a control character is refused where it is chosen")
  func controls() throws {
    let dashboard = try names.open()
    let ada = try dashboard.register("ada")
    let session = try dashboard.session("ada")
    _ = try dashboard.call(
      CreateResetCode.self, query: ["accountid": ada], posted: ["secret-code": "abcdef"], as: session)
    for text in ["12345678\n", "1234\t5678", "12345678\u{7F}", "1234567\u{9F}é", "12345678\u{378}"] {
      #expect(try dashboard.register("eve", text) == "400 invalid-password")
      let changed = try outcome {
        try dashboard.call(
          SetAccountPassword.self, query: ["accountid": ada],
          posted: ["new-password": text, "password": Names.password],
          as: session, from: .trusted
        ).accountid
      }
      #expect(changed == "400 invalid-new-password")
      let reset = try outcome {
        _ = try dashboard.call(
          ResetAccountPassword.self,
          posted: ["username": "ada", "new-password": text, "secret-code": "abcdef"], from: .trusted)
        return session.accountid
      }
      #expect(reset == "400 invalid-password")
    }
    for (number, text) in ["joined\u{200D}\u{FE0F}👩", "\u{E000}1234567", "\u{2028}1234567"].enumerated() {
      #expect(try dashboard.register("user \(number)", text).hasPrefix("acct_"))
    }
  }
}
