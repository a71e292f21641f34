import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import Glibc
import TestSupport
import Testing

/// Usernames and passwords as people type them.
@Suite("prepared usernames and passwords")
struct PreparedNameTests {
  private let directory: TemporaryDirectory
  private let password = "correct horse"

  init() throws { directory = try TemporaryDirectory() }

  /// Opens the same data again and again. With `exact`, accounts are as those of programs before prepared forms.
  private func open(_ settings: [String: String] = [:]) throws -> Dashboard {
    let given = ["BCRYPT_WORKLOAD_FACTOR": "4", "MAXIMUM_REGISTRATIONS": "1000000"].merging(settings) { $1 }
    return try Dashboard(dataDirectory: directory.path("data"), settings: given)
  }

  private static let exact = ["USERNAMES": "exact"]

  /// The code of a refusal, or the identifier of the account.
  private func register(_ name: String, _ password: String? = nil, in dashboard: Dashboard) throws -> String {
    try outcome {
      try dashboard.call(
        CreateAccount.self, posted: ["username": name, "password": password ?? self.password], from: .trusted
      ).accountid
    }
  }

  private func signIn(
    _ name: String, _ password: String? = nil, in dashboard: Dashboard, from client: Client = .trusted
  ) throws -> String {
    try outcome {
      try dashboard.call(
        CreateSession.self, posted: ["username": name, "password": password ?? self.password], from: client
      ).accountid
    }
  }

  private func outcome(_ body: () throws -> AccountID) throws -> String {
    do {
      return "\(try body())"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  // MARK: Names

  @Test("what people type for one name is one account")
  func oneAccount() throws {
    let dashboard = try open()
    let families = [
      ["ada", "Ada", "ADA", " ada ", "ada\u{A0}", "ａｄａ"], ["José", "jose\u{301}", "JOSÉ", "JOSE\u{301}"],
      ["Ada  Lovelace", "ada lovelace", "ADA\u{3000}LOVELACE"], ["ΟΔΥΣΣΕΥΣ", "οδυσσευς"],
      ["İpek", "i\u{307}pek"],
      ["straße", "STRAẞE"], ["strasse"], ["ıpek"], ["ipek"], ["\u{1F0}an", "J\u{30C}an"],
      ["مي\u{200C}خواهم"], ["ميخواهم"],
    ]
    var accounts: Set<String> = []
    for family in families {
      for (index, name) in family.enumerated() {
        let account = try register(name, in: dashboard)
        #expect(account.hasPrefix("acct_") == (index == 0), "\(name): \(account)")
        if index > 0 { #expect(account == "409 duplicate-username") }
      }
      let found = try Set(family.map { try signIn($0, in: dashboard) })
      #expect(found.count == 1)
      accounts.formUnion(found)
    }
    #expect(accounts.count == families.count)
  }

  @Test("a name with hidden characters is refused where it is chosen, and unknown at sign-in")
  func hidden() throws {
    let dashboard = try open()
    let ada = try register("ada", in: dashboard)
    let session = try dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": password], from: .trusted)
    for name in ["ada\n", "ada\u{1F}", "a\u{200B}da", "ada\u{FE0F}", "\u{202E}ada", "ada\u{378}"] {
      #expect(try register(name, in: dashboard) == "400 invalid-username")
      #expect(try signIn(name, in: dashboard) == "401 invalid-username")
      let renamed = try outcome {
        try dashboard.call(
          SetAccountUsername.self, query: ["accountid": ada],
          posted: ["new-username": name, "password": password], as: session, from: .trusted
        ).accountid
      }
      #expect(renamed == "400 invalid-new-username")
    }
    // Missing first, then characters, then lengths.
    #expect(try register("a\n", "", in: dashboard) == "400 invalid-password")
    #expect(try register("a\n", "x", in: dashboard) == "400 invalid-username")
    #expect(try register("a", "x\n", in: dashboard) == "400 invalid-password")
    #expect(try register("a", "x", in: dashboard) == "400 invalid-username-length")
  }

  @Test("lengths count the prepared form where a name is chosen")
  func lengths() throws {
    let dashboard = try open(["MAXIMUM_USERNAME_LENGTH": "4"])
    #expect(try register("  ab  ", in: dashboard) == "400 invalid-username-length")
    #expect(try register("   ", in: dashboard) == "400 invalid-username-length")
    #expect(try register("    abcd    ", in: dashboard).hasPrefix("acct_"))
    #expect(try register("e\u{301}e\u{301}e\u{301}e\u{301}", in: dashboard).hasPrefix("acct_"))
    #expect(try register("abcde", in: dashboard) == "400 invalid-username-length")
    let huge = String(repeating: " ", count: 300_000) + "abcd"
    #expect(try signIn(huge, in: dashboard) == "401 invalid-username")
    #expect(try register(huge, in: dashboard) == "400 invalid-username")
  }

  @Test("a rename takes the prepared form")
  func rename() throws {
    let dashboard = try open()
    let ada = try register("ada", in: dashboard)
    _ = try register("eve", in: dashboard)
    let session = try dashboard.call(
      CreateSession.self, posted: ["username": "ADA", "password": password], from: .trusted)
    func rename(_ name: String) throws -> String {
      try outcome {
        try dashboard.call(
          SetAccountUsername.self, query: ["accountid": ada],
          posted: ["new-username": name, "password": password], as: session, from: .trusted
        ).accountid
      }
    }
    #expect(try rename(" EVE") == "409 duplicate-username")
    #expect(try rename("Zoë") == ada)
    #expect(try signIn("zoe\u{308}", in: dashboard) == ada)
    #expect(try signIn("ada", in: dashboard) == "401 invalid-username")
  }

  // MARK: Accounts from before

  @Test("an account from before is found as typed, and moves to the prepared form at its next sign-in")
  func moving() throws {
    var accounts: [String: String] = [:]
    do {
      let old = try open(Self.exact)
      for name in ["Ada", "José", "Jose\u{301}", "Max", "max", " spaced "] {
        accounts[name] = try register(name, in: old)
      }
    }
    let dashboard = try open()
    #expect(try signIn("ada", in: dashboard) == "401 invalid-username")
    #expect(try signIn("Ada", in: dashboard) == accounts["Ada"])
    for name in ["ada", "ADA", "Ada"] { #expect(try signIn(name, in: dashboard) == accounts["Ada"]) }
    #expect(try signIn(" spaced ", in: dashboard) == accounts[" spaced "])
    #expect(try signIn("spaced", in: dashboard) == accounts[" spaced "])
    // Two spellings of one name: the first to sign in moves, and both go on.
    #expect(accounts["José"] == accounts["Jose\u{301}"], "Swift takes them for one key")
    // A name that another account has is not taken.
    #expect(try signIn("Max", in: dashboard) == accounts["Max"])
    #expect(try signIn("max", in: dashboard) == accounts["max"])
    #expect(try signIn("MAX", in: dashboard) == accounts["max"])
    #expect(try signIn("Max", in: dashboard) == accounts["Max"])
    #expect(try register("Max", in: dashboard) == "409 duplicate-username")
    #expect(try register("MAX", in: dashboard) == "409 duplicate-username")
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("two spellings of one name from before stay two accounts")
  func spellings() throws {
    let (composed, decomposed) = ("jos\u{E9}", "jose\u{301}")
    let (first, second) = try {
      let old = try open(Self.exact)
      return (try register(composed, in: old), try register(decomposed, in: old))
    }()
    #expect(first != second && second.hasPrefix("acct_"))
    let dashboard = try open()
    for _ in 0..<2 {
      #expect(try signIn(decomposed, in: dashboard) == second)
      #expect(try signIn(composed, in: dashboard) == first)
      #expect(try signIn("JOSÉ", in: dashboard) == first)
    }
  }

  /// An account of the bytes `Ada` that has not moved is not found by `ada`. This can't be seen in its hash.
  @Test("a new account may take the prepared form of one from before, which keeps its own spelling")
  func takenMeanwhile() throws {
    let old = try register("Ada", in: open(Self.exact))
    let dashboard = try open()
    #expect(try register("Ada", in: dashboard) == "409 duplicate-username")
    let new = try register("ada", "another password", in: dashboard)
    #expect(new.hasPrefix("acct_"))
    // Exactly one account is tried.
    #expect(try signIn("Ada", "another password", in: dashboard) == "401 invalid-password")
    #expect(try signIn("ada", in: dashboard) == "401 invalid-password")
    for _ in 0..<2 {
      #expect(try signIn("Ada", in: dashboard) == old)
      #expect(try signIn("ada", "another password", in: dashboard) == new)
      #expect(try signIn("ADA", "another password", in: dashboard) == new)
    }
  }

  @Test("with USERNAMES=exact names are compared byte by byte, also for one app")
  func exactly() throws {
    let dashboard = try open(Self.exact)
    let (capital, small) = (try register("Ada", in: dashboard), try register("ada", in: dashboard))
    #expect(capital != small && small.hasPrefix("acct_"))
    #expect(try signIn("Ada", in: dashboard) == capital)
    #expect(try signIn("ADA", in: dashboard) == "401 invalid-username")
    #expect(try register("ada\n", in: dashboard) == "400 invalid-username")
  }

  @Test("new keys and prepared forms together find and move an account")
  func keys() throws {
    let keys = ["DASHBOARD_ENCRYPTION_KEY": "one", "DASHBOARD_SESSION_KEY": "two"]
    let old = try register("Ada", in: open(keys.merging(Self.exact) { $1 }))
    let next = [
      "DASHBOARD_ENCRYPTION_KEY": "three", "DASHBOARD_SESSION_KEY": "four",
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "one",
      "DASHBOARD_SESSION_KEY_PREVIOUS": "two",
    ]
    do {
      let dashboard = try open(next)
      #expect(try register("Ada", in: dashboard) == "409 duplicate-username")
      #expect(try signIn("Ada", in: dashboard) == old)
      #expect(try signIn("ada", in: dashboard) == old)
    }
    let dashboard = try open(next.filter { !$0.key.hasSuffix("PREVIOUS") })
    #expect(try signIn("ADA", in: dashboard) == old)
  }

  @Test("an unknown name is counted under its prepared form, however it is typed")
  func attempts() throws {
    let dashboard = try open(["MAXIMUM_ATTEMPTS": "3"])
    let names = ["eve", "Eve", "EVE ", "ｅｖｅ", " eve", "eve\n"]
    let codes = try names.map { try signIn($0, in: dashboard, from: .address("192.0.2.1")) }
    #expect(codes[..<3].allSatisfy { $0 == "401 invalid-username" })
    #expect(codes[3...].allSatisfy { $0 == "429 too-many-attempts" })
  }

  // MARK: Passwords

  @Test("a password matches in both normalization forms, and with any kind of space")
  func passwords() throws {
    let dashboard = try open()
    let (composed, decomposed) = ("caf\u{E9} au lait", "cafe\u{301}\u{A0}au\u{3000}lait")
    let ada = try register("ada", composed, in: dashboard)
    let eve = try register("eve", decomposed, in: dashboard)
    for text in [composed, decomposed] {
      #expect(try signIn("ada", text, in: dashboard) == ada)
      #expect(try signIn("eve", text, in: dashboard) == eve)
    }
    for text in ["Café au lait", "café au lait ", "café  au lait", "cafe au lait"] {
      #expect(try signIn("ada", text, in: dashboard) == "401 invalid-password", "\(text)")
    }
  }

  @Test("the hash of a password from before is replaced at the next sign-in")
  func rehash() throws {
    let dashboard = try open()
    let (composed, decomposed) = ("pass\u{E9}word", "passe\u{301}word")
    let ada = try register("ada", in: dashboard)
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
    #expect(try signIn("ada", composed, in: dashboard) == "401 invalid-password")
    #expect(try signIn("ada", decomposed, in: dashboard) == ada)
    #expect(try account().passwordHash.matches(Array(composed.utf8), secrets: secrets))
    #expect(try signIn("ada", composed, in: dashboard) == ada)
    #expect(try signIn("ada", decomposed, in: dashboard) == ada)
  }

  @Test("a password with a control character is refused where it is chosen")
  func controls() throws {
    let dashboard = try open()
    let ada = try register("ada", in: dashboard)
    let session = try dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": password], from: .trusted)
    _ = try dashboard.call(
      CreateResetCode.self, query: ["accountid": ada], posted: ["secret-code": "abcdef"], as: session)
    for text in ["12345678\n", "1234\t5678", "12345678\u{7F}", "1234567\u{9F}é", "12345678\u{378}"] {
      #expect(try register("eve", text, in: dashboard) == "400 invalid-password")
      let changed = try outcome {
        try dashboard.call(
          SetAccountPassword.self, query: ["accountid": ada],
          posted: ["new-password": text, "password": password],
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
      #expect(try register("user \(number)", text, in: dashboard).hasPrefix("acct_"))
    }
  }

  /// Compares the processor's time of this thread, the least of several tries: other work can only add to it.
  @Test("a password of two forms takes twice the time, for an unknown username too")
  func timing() throws {
    let dashboard = try open(["BCRYPT_WORKLOAD_FACTOR": "8"])
    _ = try register("ada", in: dashboard)
    func time(_ name: String, _ password: String) throws -> Int {
      try (0..<5).map { _ in
        let start = clock()
        _ = try signIn(name, password, in: dashboard)
        return clock() - start
      }.min() ?? 0
    }
    func clock() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
    let (one, two) = ("wrong password", "wrong pa\u{A0}sword")
    let known = (try time("ada", one), try time("ada", two))
    let unknown = (try time("eve", one), try time("eve", two))
    #expect(known.1 * 2 > known.0 * 3 && unknown.1 * 2 > unknown.0 * 3)
    #expect(unknown.0 * 10 < known.0 * 13 && known.0 * 10 < unknown.0 * 13)
    #expect(unknown.1 * 10 < known.1 * 13 && known.1 * 10 < unknown.1 * 13)
  }
}
