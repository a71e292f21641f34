import DashboardRouting
import TestSupport
import Testing

// What the owner and administrators do in the life of a site, and how accounts end.
extension LifeTests {
  func helpAsAdministrator(_ site: Story) throws {
    let (cyd, bob) = (["accountid": site.account("cyd")], ["accountid": site.account("bob")])
    let session = site.session("bob")
    #expect(try site.refusal("administrator/accounts", as: "bob") == "403 Administrator required")
    let promoted = try site.ask("administrator/set-account-administrator", bob, as: "ada")
    #expect(promoted["administrator"] == .boolean(true) && promoted["administratorSince"] != nil)
    // Promotion ends nothing.
    #expect(try site.ask("administrator/administrator-accounts-count", as: "bob") == .number(2))
    let administrators = try site.ask("administrator/administrator-accounts", as: "bob").ids("accountid")
    #expect(administrators == [site.account("bob"), site.account("ada")])

    #expect(try site.ask("administrator/account", cyd, as: "bob").id("accountid") == site.account("cyd"))
    let count = try site.ask("administrator/sessions-count", cyd, as: "bob")
    #expect(
      try site.ask("administrator/sessions", cyd, as: "bob").array?.count == count.number.map { Int($0) })
    let read = try site.ask("administrator/session", site.session("cyd"), as: "bob")
    #expect(read["ended"] == .boolean(false))
    let ended = try site.ask("administrator/set-session-ended", site.session("cyd"), as: "bob")
    #expect(ended["ended"] == .boolean(true))
    #expect(try site.refusal("user/current-session", as: "cyd") == "401 Sign in required")

    let secret = ["secret-code": "fromTheHelpDesk"].merging(cyd) { $1 }
    let code = try site.ask("administrator/create-reset-code", secret, as: "bob")
    #expect(try code.id("accountid") == site.account("cyd"))
    let named = ["codeid": try code.id("codeid")]
    #expect(try site.ask("administrator/reset-code", named, as: "bob") == code)
    #expect(try site.ask("administrator/reset-codes", cyd, as: "bob") == .array([code]))
    #expect(try site.ask("administrator/reset-codes-count", as: "bob") == .number(1))
    #expect(try site.ask("administrator/delete-reset-code", named, as: "bob") == .boolean(true))
    #expect(try site.ask("administrator/reset-codes-count", cyd, as: "bob") == .number(0))

    try site.signIn("cyd")
    #expect(
      try site.ask("administrator/reset-session-key", cyd, as: "bob")["sessionKeyNumber"] == .number(3))
    #expect(try site.refusal("user/current-session", as: "cyd") == "401 Sign in required")

    // Demotion ends all sessions.
    let demoted = try site.ask("administrator/reset-account-administrator", bob, as: "ada")
    #expect(demoted["administrator"] == nil && demoted["administratorSince"] == nil)
    #expect(try site.refusal("user/current-session", as: "bob") == "401 Sign in required")
    try site.expectEnded(session, "administrator", as: "ada")
    #expect(try site.ask("administrator/administrator-accounts-count", as: "ada") == .number(1))
    try site.signIn("bob")
    #expect(try site.refusal("administrator/accounts", as: "bob") == "403 Administrator required")
  }

  func handOver(_ site: Story) throws {
    let (ada, bob) = (["accountid": site.account("ada")], ["accountid": site.account("bob")])
    let owner = try site.ask("administrator/set-owner-account", bob, as: "ada")
    #expect(owner["owner"] == .boolean(true) && owner["administrator"] == .boolean(true))
    // What somebody else may have begun as Bob has ended.
    #expect(try site.refusal("user/current-session", as: "bob") == "401 Sign in required")
    try site.signIn("bob")
    let former = try site.ask("administrator/account", ada, as: "ada")
    #expect(former["owner"] == nil && former["ownerSince"] == nil)
    #expect(former["administrator"] == .boolean(true))
    // Now Bob is the one who is protected.
    for change in ["set-owner-account", "reset-account-administrator", "delete-account", "reset-session-key"]
    {
      #expect(try site.refusal("administrator/\(change)", bob, as: "ada") == "403 invalid-account")
    }
  }

  func leave(_ site: Story) throws {
    let dee = ["accountid": site.account("dee")]
    let credentials = ["username": "dee", "password": "password of dee"]
    let session = site.session("dee")
    let leaving = try site.ask("user/set-account-deleted", ["password": "password of dee"], as: "dee")
    #expect(leaving["deletedAt"] != nil)
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    #expect(try site.refusal("user/create-session", credentials, as: nil) == "409 account-deleted")
    try site.expectEnded(session, "administrator", as: "ada")
    #expect(try site.ask("administrator/deleted-accounts", as: "ada") == .array([leaving]))
    #expect(try site.ask("administrator/deleted-accounts-count", as: "ada") == .number(1))
    #expect(try site.ask("administrator/accounts-count", as: "ada") == .number(4))

    // Thought better of.
    #expect(try site.ask("user/reset-account-deleted", credentials, as: nil)["deletedAt"] == nil)
    #expect(try site.ask("administrator/deleted-accounts-count", as: "ada") == .number(0))
    try site.signIn("dee")
    #expect(try site.ask("administrator/set-account-deleted", dee, as: "ada")["deletedAt"] != nil)
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    #expect(try site.ask("administrator/reset-account-deleted", dee, as: "bob")["deletedAt"] == nil)
    try site.signIn("dee")
  }

  func removeAtOnce(_ site: Story) throws {
    _ = try site.ask("user/create-reset-code", ["secret-code": "neverUsed"], as: "dee")
    let profile = try site.ask("user/profiles", as: "dee").ids("profileid")
    let code = try site.ask("user/reset-codes", as: "dee").ids("codeid")
    let dee = ["accountid": site.account("dee")]
    let session = site.session("dee")
    func counts() throws -> [Double] {
      try ["accounts", "sessions", "profiles", "reset-codes", "deleted-accounts"].map {
        try site.ask("administrator/\($0)-count", as: "ada").number ?? -1
      }
    }
    let sessions = try site.ask("administrator/sessions-count", dee, as: "ada").number ?? 0
    _ = try site.ask("administrator/set-account-deleted", dee, as: "ada")
    let before = try counts()
    #expect(try site.ask("administrator/delete-account", dee, as: "ada") == .boolean(true))
    let after = try counts()
    #expect(zip(before, after).map(-) == [1, sessions, 1, 1, 1])

    // Gone for every reader, and from every list.
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    for (thing, values) in [
      ("account", dee), ("session", session), ("profile", ["profileid": profile[0]]),
      ("reset-code", ["codeid": code[0]]), ("sessions", dee), ("profiles-count", dee),
      ("delete-account", dee),
    ] {
      #expect(try site.refusal("administrator/\(thing)", values, as: "ada").hasPrefix("404 invalid-"))
    }
    for (list, count) in zip(["accounts", "sessions", "profiles", "reset-codes"], after) {
      let elements = try #require(try site.ask("administrator/\(list)", ["all": "1"], as: "ada").array)
      #expect(Double(elements.count) == count)
      #expect(!elements.contains { $0["accountid"] == .string(site.account("dee")) })
    }

    // The name is free again, and is somebody else's.
    let gone = site.account("dee")
    _ = try site.register("dee")
    try site.signIn("dee")
    #expect(site.account("dee") != gone)
    #expect(try site.ask("user/profiles", as: "dee") == .array([]))
  }

  func count(_ site: Story) throws {
    let names = [
      "accounts-created", "account-delete-requests", "account-deleted", "sessions-created", "active-sessions",
      "resetcodes-created", "resetcodes-used",
    ]
    let keys = names.map { "\($0)/total" } + ["accounts-created/1999"]
    let metrics = try site.ask("administrator/metric-keys", ["keys": keys.joined(separator: ",")], as: "ada")
    #expect(try metrics.ids("name") == names)
    #expect(metrics.array?.compactMap { $0["value"]?.number } == [5, 3, 1, Double(site.signIns), 5, 4, 1])
  }
}
