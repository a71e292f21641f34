import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Usernames as people type them.
@Suite("prepared usernames")
struct PreparedNameTests {
  private let names: Names

  init() throws { names = try Names() }

  @Test("what people type for one name is one account")
  func oneAccount() throws {
    let dashboard = try names.open()
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
        let account = try dashboard.register(name)
        #expect(account.hasPrefix("acct_") == (index == 0), "\(name): \(account)")
        if index > 0 { #expect(account == "409 duplicate-username") }
      }
      let found = try Set(family.map { try dashboard.signIn($0) })
      #expect(found.count == 1)
      accounts.formUnion(found)
    }
    #expect(accounts.count == families.count)
  }

  @Test("a name with hidden characters is refused where it is chosen, and unknown at sign-in")
  func hidden() throws {
    let dashboard = try names.open()
    _ = try dashboard.register("ada")
    let session = try dashboard.session("ada")
    for name in ["ada\n", "ada\u{1F}", "a\u{200B}da", "ada\u{FE0F}", "\u{202E}ada", "ada\u{378}"] {
      #expect(try dashboard.register(name) == "400 invalid-username")
      #expect(try dashboard.signIn(name) == "401 invalid-username")
      #expect(try dashboard.rename(session, to: name) == "400 invalid-new-username")
    }
    // Missing first, then characters, then lengths.
    #expect(try dashboard.register("a\n", "") == "400 invalid-password")
    #expect(try dashboard.register("a\n", "x") == "400 invalid-username")
    #expect(try dashboard.register("a", "x\n") == "400 invalid-password")
    #expect(try dashboard.register("a", "x") == "400 invalid-username-length")
  }

  @Test("lengths count the prepared form where a name is chosen")
  func lengths() throws {
    let dashboard = try names.open(["MAXIMUM_USERNAME_LENGTH": "4"])
    #expect(try dashboard.register("  ab  ") == "400 invalid-username-length")
    #expect(try dashboard.register("   ") == "400 invalid-username-length")
    #expect(try dashboard.register("    abcd    ").hasPrefix("acct_"))
    #expect(try dashboard.register("e\u{301}e\u{301}e\u{301}e\u{301}").hasPrefix("acct_"))
    #expect(try dashboard.register("abcde") == "400 invalid-username-length")
    let huge = String(repeating: " ", count: 300_000) + "abcd"
    #expect(try dashboard.signIn(huge) == "401 invalid-username")
    #expect(try dashboard.register(huge) == "400 invalid-username-length")
    let letters = String(repeating: "a", count: 7000)
    #expect(try dashboard.register(letters) == "400 invalid-username-length")
    let ada = try dashboard.register("ada")
    let session = try dashboard.session("ada")
    #expect(session.accountid.description == ada)
    #expect(try dashboard.rename(session, to: letters) == "400 invalid-new-username-length")
    #expect(try dashboard.rename(session, to: letters + "\n") == "400 invalid-new-username-length")
    let longer = letters + letters
    for password in [longer, longer + "\n"] {
      #expect(try dashboard.register("bob", password) == "400 invalid-password-length")
    }
  }

  @Test("a rename takes the prepared form")
  func rename() throws {
    let dashboard = try names.open()
    let ada = try dashboard.register("ada")
    _ = try dashboard.register("eve")
    let session = try dashboard.session("ADA")
    #expect(try dashboard.rename(session, to: " EVE") == "409 duplicate-username")
    #expect(try dashboard.rename(session, to: "Zoë") == ada)
    #expect(try dashboard.signIn("zoe\u{308}") == ada)
    #expect(try dashboard.signIn("ada") == "401 invalid-username")
  }

  @Test("with USERNAMES=exact names are compared byte by byte, also for one app")
  func exactly() throws {
    let dashboard = try names.open(Names.exact)
    let (capital, small) = (try dashboard.register("Ada"), try dashboard.register("ada"))
    #expect(capital != small && small.hasPrefix("acct_"))
    #expect(try dashboard.signIn("Ada") == capital)
    #expect(try dashboard.signIn("ADA") == "401 invalid-username")
    #expect(try dashboard.register("ada\n") == "400 invalid-username")
  }
}
