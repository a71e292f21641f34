import DashboardRouting
import TestSupport
import Testing

// Steps by the owner and by administrators, and the deletion of accounts.
extension LifeTests {
  func helpAsAdministrator(_ site: Story) throws {
    let (cyd, bob) = (["accountid": site.account("cyd")], ["accountid": site.account("bob")])
    let session = site.session("bob")
    #expect(try site.refusal("administrator/accounts", as: "bob") == "403 Administrator required")
    let promoted = try site.call("administrator/set-account-administrator", bob, as: "ada")
    #expect(promoted["administrator"] == .boolean(true) && promoted["administratorSince"] != nil)
    // A promotion ends no session.
    #expect(try site.call("administrator/administrator-accounts-count", as: "bob") == .number(2))
    let administrators = try site.call("administrator/administrator-accounts", as: "bob").ids("accountid")
    #expect(administrators == [site.account("bob"), site.account("ada")])

    for named in [cyd, ["username": "Cydney "]] {
      #expect(try site.call("administrator/account", named, as: "bob").id("accountid") == site.account("cyd"))
    }
    let count = try site.call("administrator/sessions-count", cyd, as: "bob")
    #expect(
      try site.call("administrator/sessions", cyd, as: "bob").array?.count == count.number.map { Int($0) })
    let read = try site.call("administrator/session", site.session("cyd"), as: "bob")
    #expect(read["ended"] == .boolean(false))
    let ended = try site.call("administrator/set-session-ended", site.session("cyd"), as: "bob")
    #expect(ended["ended"] == .boolean(true))
    #expect(try site.refusal("user/current-session", as: "cyd") == "401 Sign in required")

    let secret = ["secret-code": "fromTheHelpDesk"].merging(cyd) { $1 }
    let code = try site.call("administrator/create-reset-code", secret, as: "bob")
    #expect(try code.id("accountid") == site.account("cyd"))
    let named = ["codeid": try code.id("codeid")]
    #expect(try site.call("administrator/reset-code", named, as: "bob") == code)
    #expect(try site.call("administrator/reset-codes", cyd, as: "bob") == .array([code]))
    #expect(try site.call("administrator/reset-codes-count", as: "bob") == .number(1))
    #expect(try site.call("administrator/delete-reset-code", named, as: "bob") == .boolean(true))
    #expect(try site.call("administrator/reset-codes-count", cyd, as: "bob") == .number(0))

    try site.signIn("cyd")
    #expect(
      try site.call("administrator/reset-session-key", cyd, as: "bob")["sessionKeyNumber"] == .number(3))
    #expect(try site.refusal("user/current-session", as: "cyd") == "401 Sign in required")

    // A demotion ends all sessions.
    let demoted = try site.call("administrator/reset-account-administrator", bob, as: "ada")
    #expect(demoted["administrator"] == nil && demoted["administratorSince"] == nil)
    #expect(try site.refusal("user/current-session", as: "bob") == "401 Sign in required")
    try site.expectEnded(session, "administrator", as: "ada")
    #expect(try site.call("administrator/administrator-accounts-count", as: "ada") == .number(1))
    try site.signIn("bob")
    #expect(try site.refusal("administrator/accounts", as: "bob") == "403 Administrator required")
  }

  func handOver(_ site: Story) throws {
    let (ada, bob) = (["accountid": site.account("ada")], ["accountid": site.account("bob")])
    let owner = try site.call("administrator/set-owner-account", bob, as: "ada")
    #expect(owner["owner"] == .boolean(true) && owner["administrator"] == .boolean(true))
    // A transfer ends the sessions of the new owner.
    #expect(try site.refusal("user/current-session", as: "bob") == "401 Sign in required")
    try site.signIn("bob")
    let former = try site.call("administrator/account", ada, as: "ada")
    #expect(former["owner"] == nil && former["ownerSince"] == nil)
    #expect(former["administrator"] == .boolean(true))
    // Other administrators can't change the owner, who is Bob now.
    for change in ["set-owner-account", "reset-account-administrator", "delete-account", "reset-session-key"]
    {
      #expect(try site.refusal("administrator/\(change)", bob, as: "ada") == "403 invalid-account")
    }
  }

  func leave(_ site: Story) throws {
    let dee = ["accountid": site.account("dee")]
    let credentials = ["username": "dee", "password": "password of dee"]
    let session = site.session("dee")
    let leaving = try site.call("user/set-account-deleted", ["password": "password of dee"], as: "dee")
    #expect(leaving["deletedAt"] != nil)
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    #expect(try site.refusal("user/create-session", credentials, as: nil) == "409 account-deleted")
    try site.expectEnded(session, "administrator", as: "ada")
    #expect(try site.call("administrator/deleted-accounts", as: "ada") == .array([leaving]))
    #expect(try site.call("administrator/deleted-accounts-count", as: "ada") == .number(1))
    #expect(try site.call("administrator/accounts-count", as: "ada") == .number(4))

    // Dee cancels the deletion.
    #expect(try site.call("user/reset-account-deleted", credentials, as: nil)["deletedAt"] == nil)
    #expect(try site.call("administrator/deleted-accounts-count", as: "ada") == .number(0))
    try site.signIn("dee")
    #expect(try site.call("administrator/set-account-deleted", dee, as: "ada")["deletedAt"] != nil)
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    #expect(try site.call("administrator/reset-account-deleted", dee, as: "bob")["deletedAt"] == nil)
    try site.signIn("dee")
  }

  func makeForAnother(_ site: Story) throws {
    let values = ["username": "eve", "groups": "family, editors"]
    let made = try site.call("administrator/create-account", values, as: "bob")
    #expect(made["passwordSet"] == .boolean(false))
    #expect(made["groups"] == .array([.string("editors"), .string("family")]))
    let eve = ["accountid": try made.id("accountid")]
    // The code is shown once.
    #expect(try site.call("administrator/account", eve, as: "bob")["secretCode"] == nil)
    let password = "password of eve"
    let credentials = ["username": "eve", "password": password]
    #expect(try site.refusal("user/create-session", credentials, as: nil) == "401 invalid-password")
    let claim = ["username": "eve", "new-password": password, "secret-code": try made.id("secretCode")]
    #expect(try site.call("user/reset-account-password", claim, as: nil) == .boolean(true))
    #expect(try site.refusal("user/reset-account-password", claim, as: nil) == "401 invalid-reset-code")
    #expect(try site.call("administrator/account", eve, as: "bob")["passwordSet"] == nil)
    #expect(try site.call("user/create-session", credentials, as: nil).id("accountid") == eve["accountid"])
    #expect(try site.call("administrator/delete-account", eve, as: "bob") == .boolean(true))
  }

  func suspend(_ site: Story) throws {
    let dee = ["accountid": site.account("dee")]
    let credentials = ["username": "dee", "password": "password of dee"]
    let session = site.session("dee")
    let suspended = try site.call(
      "administrator/set-account-suspended", dee, ["reason": "a quarrel"], as: "ada")
    #expect(suspended["suspendedAt"] != nil && suspended["suspensionReason"] == .string("a quarrel"))
    #expect(try site.call("administrator/account", dee, as: "bob") == suspended)
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    #expect(try site.refusal("user/create-session", credentials, as: nil) == "403 account-suspended")
    try site.expectEnded(session, "administrator", as: "ada")
    let resumed = try site.call("administrator/reset-account-suspended", dee, as: "bob")
    #expect(resumed["suspendedAt"] == nil && resumed["suspensionReason"] == nil)
    // The session from before stays ended.
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    try site.signIn("dee")
    #expect(try site.call("user/account", as: "dee")["suspensionReason"] == nil)
  }

  func removeAtOnce(_ site: Story) throws {
    _ = try site.call("user/create-reset-code", ["secret-code": "neverUsed"], as: "dee")
    let profile = try site.call("user/profiles", as: "dee").ids("profileid")
    let code = try site.call("user/reset-codes", as: "dee").ids("codeid")
    let dee = ["accountid": site.account("dee")]
    let session = site.session("dee")
    func counts() throws -> [Double] {
      try ["accounts", "sessions", "profiles", "reset-codes", "deleted-accounts"].map {
        try site.call("administrator/\($0)-count", as: "ada").number ?? -1
      }
    }
    let sessions = try site.call("administrator/sessions-count", dee, as: "ada").number ?? 0
    _ = try site.call("administrator/set-account-deleted", dee, as: "ada")
    let before = try counts()
    #expect(try site.call("administrator/delete-account", dee, as: "ada") == .boolean(true))
    let after = try counts()
    #expect(zip(before, after).map(-) == [1, sessions, 1, 1, 1])

    // No route and no list returns the account.
    #expect(try site.refusal("user/current-session", as: "dee") == "401 Sign in required")
    for (thing, values) in [
      ("account", dee), ("session", session), ("profile", ["profileid": profile[0]]),
      ("reset-code", ["codeid": code[0]]), ("sessions", dee), ("profiles-count", dee),
      ("delete-account", dee),
    ] {
      #expect(try site.refusal("administrator/\(thing)", values, as: "ada").hasPrefix("404 invalid-"))
    }
    for (list, count) in zip(["accounts", "sessions", "profiles", "reset-codes"], after) {
      let elements = try #require(try site.call("administrator/\(list)", ["all": "1"], as: "ada").array)
      #expect(Double(elements.count) == count)
      #expect(!elements.contains { $0["accountid"] == .string(site.account("dee")) })
    }

    // Another account can have the username.
    let gone = site.account("dee")
    _ = try site.register("dee")
    try site.signIn("dee")
    #expect(site.account("dee") != gone)
    #expect(try site.call("user/profiles", as: "dee") == .array([]))
  }

  func count(_ site: Story) throws {
    let names = [
      "accounts-created", "account-delete-requests", "account-deleted", "sessions-created", "active-sessions",
      "resetcodes-created", "resetcodes-used",
    ]
    let keys = names.map { "\($0)/total" } + ["accounts-created/1999"]
    let metrics = try site.call("administrator/metric-keys", ["keys": keys.joined(separator: ",")], as: "ada")
    #expect(try metrics.ids("name") == names)
    #expect(
      metrics.array?.compactMap { $0["value"]?.number } == [7, 3, 3, Double(site.signIns + 1), 6, 5, 2])
  }
}
