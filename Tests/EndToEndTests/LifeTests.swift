import DashboardRouting
import TestSupport
import Testing

/// A story through every route. Ada is the owner, Bob becomes an administrator, and Cyd and Dee are users.
@Suite("the life of a site")
struct LifeTests {
  @Test("owner, administrator and users call every route", arguments: Front.everywhere)
  func life(front: Front) throws {
    let site = try Story(front)
    try register(site)
    try invite(site)
    try keepProfiles(site)
    try forgetPassword(site)
    try changeCredentials(site)
    try protect(site)
    try addPasskey(site)
    try helpAsAdministrator(site)
    try handOver(site)
    try leave(site)
    try suspend(site)
    try makeForAnother(site)
    try removeAtOnce(site)
    try count(site)
    for route in Contract.endpoints.keys.sorted() where !site.called.contains(route) {
      Issue.record("no step of the story calls \(route): add one to Tests/EndToEndTests/LifeTests.swift")
    }
  }

  private func register(_ site: Story) throws {
    let settings = try site.call("settings", as: nil)
    #expect(settings["registration"] == .boolean(true))
    #expect(settings["profileFields"] == .array([.string("full-name"), .string("contact-email")]))
    let ada = try site.register("ada")
    #expect(ada["owner"] == .boolean(true) && ada["administrator"] == .boolean(true))
    for name in ["bob", "cyd", "dee"] {
      let account = try site.register(name)
      #expect(account["owner"] == nil && account["administrator"] == nil)
    }
    for name in ["ada", "bob", "cyd", "dee"] { try site.signIn(name) }
    #expect(try site.call("administrator/accounts-count", as: "ada") == .number(4))
    let accounts = try site.call("administrator/accounts", as: "ada").ids("accountid")
    #expect(accounts == ["dee", "cyd", "bob", "ada"].map(site.account))
    #expect(try site.call("user/account", as: "cyd")["lastSignedInAt"] != nil)
  }

  private func invite(_ site: Story) throws {
    let values = ["uses": "2", "days": "1", "groups": "family,editors", "note": "for Eve"]
    let made = try site.call("administrator/create-invitation", values, as: "ada")
    let code = try made.id("code")
    let named = ["invitationid": try made.id("invitationid")]
    #expect(made["groups"] == .array([.string("editors"), .string("family")]))
    let credentials = ["username": "eve", "password": "password of eve"]
    let eve = try site.call("user/create-account", credentials, ["invitation-code": code], as: nil)
    let (own, family) = (["accountid": try eve.id("accountid")], ["group": "family"])
    #expect(try site.call("administrator/accounts", family, as: "ada") == .array([eve]))
    let groups = try site.call("administrator/groups", as: "ada").array ?? []
    #expect(groups.map { $0["name"] } == [.string("editors"), .string("family")])
    #expect(groups.map { $0["count"] } == [.number(1), .number(1)])
    let without = try site.call("administrator/set-account-groups", own, ["groups": ""], as: "ada")
    #expect(without["groups"] == nil)
    #expect(try site.call("administrator/accounts-count", family, as: "ada") == .number(0))
    #expect(try site.call("administrator/groups", as: "ada") == .array([]))
    let invitation = try site.call("administrator/invitation", named, as: "ada")
    #expect(invitation["used"] == .number(1) && invitation["uses"] == .number(2) && invitation["code"] == nil)
    #expect(try site.call("administrator/invitations", as: "ada") == .array([invitation]))
    #expect(try site.call("administrator/invitations-count", as: "ada") == .number(1))
    #expect(try site.call("administrator/delete-invitation", named, as: "ada") == .boolean(true))
    #expect(try site.refusal("administrator/invitation", named, as: "ada") == "404 invalid-invitationid")
    #expect(
      try site.refusal(
        "user/create-account", ["username": "fay", "password": "x", "invitation-code": code], as: nil)
        == "403 invalid-invitation-code")
    // The story goes on without her.
    let account = ["accountid": try eve.id("accountid")]
    #expect(try site.call("administrator/delete-account", account, as: "ada") == .boolean(true))
  }

  private func keepProfiles(_ site: Story) throws {
    let fields = ["full-name": "Cyd Charisse", "contact-email": "cyd@example.org"]
    let first = try site.call("user/create-profile", fields, as: "cyd").id("profileid")
    #expect(try site.call("user/account", as: "cyd").id("profileid") == first)
    let second = try site.call("user/create-profile", fields, as: "cyd").id("profileid")
    #expect(try site.call("user/account", as: "cyd").id("profileid") == first)
    let named = ["profileid": second]
    _ = try site.call("user/update-profile", named.merging(fields) { $1 }, ["full-name": "C. C."], as: "cyd")
    let profile = try site.call("user/profile", named, as: "cyd")
    #expect(profile["fullName"] == .string("C. C."))
    #expect(profile["contactEmail"] == .string("cyd@example.org"))

    #expect(try site.call("user/profiles-count", as: "cyd") == .number(2))
    #expect(try site.refusal("user/delete-profile", ["profileid": first], as: "cyd") == "409 invalid-profile")
    #expect(try site.call("user/set-account-profile", named, as: "cyd").id("profileid") == second)
    #expect(try site.call("user/delete-profile", ["profileid": first], as: "cyd") == .boolean(true))
    #expect(try site.call("user/profiles", as: "cyd").ids("profileid") == [second])
    #expect(try site.refusal("user/profile", ["profileid": first], as: "cyd") == "404 invalid-profileid")

    let another = try site.call("user/create-profile", fields, as: "dee").id("profileid")
    #expect(try site.call("administrator/profiles", as: "ada").ids("profileid") == [another, second])
    #expect(try site.call("administrator/profiles-count", as: "ada") == .number(2))
    #expect(try site.call("administrator/profile", named, as: "ada") == profile)
    let address = ["contact-email": "Cyd@example.org"]
    let found = try site.call("administrator/accounts", address, as: "ada").ids("accountid")
    #expect(found == ["dee", "cyd"].map(site.account))
    #expect(try site.call("administrator/accounts-count", address, as: "ada") == .number(2))
  }

  private func forgetPassword(_ site: Story) throws {
    let code = try site.call("user/create-reset-code", ["secret-code": "lostAndFound"], as: "cyd")
    let spare = try site.call("user/create-reset-code", ["secret-code": "another1"], as: "cyd").id("codeid")
    #expect(try site.call("user/reset-codes", as: "cyd").ids("codeid") == [spare, code.id("codeid")])
    #expect(try site.call("user/reset-code", ["codeid": code.id("codeid")], as: "cyd") == code)
    #expect(try site.call("user/delete-reset-code", ["codeid": spare], as: "cyd") == .boolean(true))
    #expect(try site.call("user/reset-codes-count", as: "cyd") == .number(1))

    let before = site.session("cyd")
    let values = ["username": "cyd", "secret-code": "lostAndFound", "new-password": "remembered now"]
    #expect(try site.call("user/reset-account-password", values, as: nil) == .boolean(true))
    #expect(try site.refusal("user/current-session", as: "cyd") == "401 Sign in required")
    #expect(try site.refusal("user/reset-account-password", values, as: nil) == "401 invalid-reset-code")
    #expect(
      try site.refusal("user/create-session", ["username": "cyd", "password": "password of cyd"], as: nil)
        == "401 invalid-password")
    site.passwords["cyd"] = "remembered now"
    try site.signIn("cyd")
    try site.expectEnded(before, "user", as: "cyd")
    let account = try site.call("user/account", as: "cyd")
    #expect(account["resetCodeLastUsedAt"] != nil && account["passwordLastChangedAt"] != nil)
    #expect(try site.call("user/reset-codes", as: "cyd") == .array([]))
  }

  private func changeCredentials(_ site: Story) throws {
    // Other sessions end, the caller's goes on, and only the new username and password count.
    let elsewhere = site.session("cyd")
    try site.signIn("cyd")
    let renaming = ["new-username": "cydney", "password": "remembered now"]
    #expect(try site.call("user/set-account-username", renaming, as: "cyd")["usernameLastChangedAt"] != nil)
    try site.expectEnded(elsewhere, "user", as: "cyd")
    let old = ["username": "cyd", "password": "remembered now"]
    #expect(try site.refusal("user/create-session", old, as: nil) == "401 invalid-username")
    site.usernames["cyd"] = "cydney"

    let here = site.session("cyd")
    try site.signIn("cyd")
    let change = ["new-password": "chosen at last", "password": "remembered now"]
    #expect(try site.call("user/set-account-password", change, as: "cyd")["passwordLastChangedAt"] != nil)
    try site.expectEnded(here, "user", as: "cyd")
    site.passwords["cyd"] = "chosen at last"

    let current = try site.call("user/current-session", as: "cyd")
    let proof = ["username": "cydney", "password": "chosen at last"]
    let verified = try site.call("user/set-session-verified", proof, as: "cyd")
    #expect(verified["sessionid"] == current["sessionid"] && verified["ended"] == .boolean(false))
    #expect(try verified.id("lastVerifiedAt") >= current.id("lastVerifiedAt"))

    let first = site.session("cyd")
    try site.signIn("cyd")
    #expect(try site.call("user/set-session-ended", first, as: "cyd")["ended"] == .boolean(true))
    #expect(try site.call("user/sessions-count", as: "cyd") == .number(5))
    let sessions = try #require(try site.call("user/sessions", as: "cyd").array)
    #expect(sessions.map { $0["ended"] == .boolean(true) } == [false, true, true, true, true])
    #expect(sessions.map { $0["current"] } == [.boolean(true), nil, nil, nil, nil])

    let events = try site.call("user/events", ["all": "1"], as: "cyd").array ?? []
    #expect(events.first?["name"] == .string("session-ended"))
    #expect(events.contains { $0["name"] == .string("signed-in") })
    let own = ["accountid": site.account("cyd"), "all": "1"]
    #expect(
      try site.call("administrator/events", own, as: "ada").ids("eventid")
        == events.map { try $0.id("eventid") })

    let export = try site.call("user/export", as: "cyd")
    #expect(export["account"] == (try site.call("user/account", as: "cyd")))
    #expect(
      export["events"]?.array?.count == (try site.call("user/events", ["all": "1"], as: "cyd").array?.count))

    let elsewhereAgain = site.session("cyd")
    try site.signIn("cyd")
    #expect(try site.call("user/set-other-sessions-ended", as: "cyd") == .boolean(true))
    try site.expectEnded(elsewhereAgain, "user", as: "cyd")

    #expect(try site.call("user/reset-session-key", as: "cyd") == .boolean(true))
    #expect(try site.refusal("user/current-session", as: "cyd") == "401 Sign in required")
    try site.signIn("cyd")
    let account = try site.call("user/account", as: "cyd")
    #expect(account["sessionKeyNumber"] == .number(2) && account["sessionKeyLastResetAt"] != nil)
    #expect(try site.call("user/set-current-session-ended", as: "cyd")["endedAt"] != nil)
    #expect(try site.refusal("user/current-session", as: "cyd") == "401 Sign in required")
    try site.signIn("cyd")
  }
}
