import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Administrators find a person by what they know.
@Suite("finding a person")
struct SearchTests {
  private let names: Names

  init() throws { names = try Names() }

  private func find(_ text: String, in dashboard: Dashboard, limit: Int = 100) throws -> [String] {
    let context = Context(try dashboard.app(), dashboard.services, now: dashboard.services.clock.now())
    return try Search.accounts(matching: Array(text.utf8)[...], context, limit: limit)
      .map { "\($0.accountid)" }
  }

  /// The account with a username, as the owner sees it.
  private func account(_ username: String, in dashboard: Dashboard, as owner: Session) throws -> String {
    try outcome {
      try dashboard.call(Administrator.ReadAccount.self, query: ["username": username], as: owner).accountid
    }
  }

  private func addProfile(_ address: String, of name: String, in dashboard: Dashboard) throws {
    let session = try dashboard.session(name)
    _ = try dashboard.call(
      CreateProfile.self, query: ["accountid": "\(session.accountid)"], posted: ["contact-email": address],
      as: session)
  }

  private static let profiles = ["USER_PROFILE_FIELDS": "contact-email"]

  @Test("a text finds an identifier, a username and an address, with spaces around it too")
  func text() throws {
    let dashboard = try names.open(Self.profiles)
    let ada = try dashboard.register("Ada Lovelace")
    let eve = try dashboard.register("eve")
    // A username can be the address of another person.
    let mallory = try dashboard.register("ada@example.org")
    for name in ["eve", "Ada Lovelace"] { try addProfile("Ada@example.org", of: name, in: dashboard) }
    for (text, expected) in [
      (ada, [ada]), (" \(eve)\n", [eve]), ("ada lovelace", [ada]), ("\tADA  LOVELACE ", [ada]),
      ("ada@EXAMPLE.org", [mallory, eve, ada]), (" ada@example.org ", [mallory, eve, ada]),
      ("unknown", []), ("unknown@example.org", []), ("acct_0000000000000000", []), (ada.uppercased(), []),
      ("ada", []), ("", []), (" \n", []), ("%", []), (String(repeating: "a", count: 100_000), []),
    ] {
      #expect(try find(text, in: dashboard) == expected, "\(text.prefix(40))")
    }
    #expect(try find("ada@example.org", in: dashboard, limit: 1) == [mallory, eve])
    try addProfile("ada@example.org", of: "ada@example.org", in: dashboard)
    #expect(try find("ada@example.org", in: dashboard) == [mallory, eve, ada])
  }

  @Test("a username finds the account that signs in with it, whatever the keys and USERNAMES")
  func usernames() throws {
    var (ids, keys): ([String: String], [Names.Keys]) = ([:], [.first, .firstAndNext])
    do {
      let dashboard = try names.open(Names.exact)
      for name in ["owner", "Ada", "ada", "Grace  Hopper", " eve"] {
        ids[name] = try dashboard.register(name)
      }
      let owner = try dashboard.session("owner")
      for name in ids.keys { #expect(try account(name, in: dashboard, as: owner) == ids[name]) }
      for name in ["ADA", "ada ", "Owner", "eve", "Grace Hopper"] {
        #expect(try account(name, in: dashboard, as: owner) == "404 invalid-username", "\(name)")
        #expect(try dashboard.signIn(name) == "401 invalid-username", "\(name)")
      }
      #expect(try find(" eve", in: dashboard) == [#require(ids[" eve"])])
      #expect(try find(" Ada\n", in: dashboard) == [#require(ids["Ada"])])
    }
    while let current = keys.popLast() {
      let dashboard = try names.open(keys: current)
      let owner = try dashboard.session("owner")
      // Accounts from before are found as typed, and the prepared form leads to the account that has it.
      for name in ids.keys { #expect(try account(name, in: dashboard, as: owner) == ids[name], "\(name)") }
      #expect(try account(" ADA", in: dashboard, as: owner) == ids["ada"])
      #expect(try account("Eve", in: dashboard, as: owner) == "404 invalid-username")
      #expect(try account("na\u{200B}me", in: dashboard, as: owner) == "404 invalid-username")
      #expect(try dashboard.services.store.problems() == [])
      if current == .firstAndNext { break }
    }
    let dashboard = try names.open(keys: .firstAndNext)
    let owner = try dashboard.session("owner")
    // After its sign-in the account is found in each spelling.
    #expect(try dashboard.signIn(" eve") == ids[" eve"])
    #expect(try account("EVE", in: dashboard, as: owner) == ids[" eve"])
    #expect(try find("eve", in: dashboard) == [#require(ids[" eve"])])
  }

  @Test("a look-up counts no attempt and leaves the account unchanged")
  func noTrace() throws {
    let dashboard = try names.open(Self.profiles + ["MAXIMUM_ATTEMPTS": "3"])
    _ = try dashboard.register("owner")
    let ada = try dashboard.register("ada")
    let owner = try dashboard.session("owner")
    let attempts = try dashboard.services.store.attemptCount()
    let before = try dashboard.call(Administrator.ReadAccount.self, query: ["accountid": ada], as: owner)
    for _ in 0..<20 {
      _ = try account("unknown", in: dashboard, as: owner)
      #expect(try account("Ada", in: dashboard, as: owner) == ada)
    }
    #expect(try dashboard.services.store.attemptCount() == attempts)
    #expect(
      try dashboard.call(Administrator.ReadAccount.self, query: ["username": "ada"], as: owner) == before)
  }
}
