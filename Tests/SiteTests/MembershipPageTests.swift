import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("who may join and who is kept out, on the administrators' pages")
struct MembershipPageTests {
  private let site: TestSite
  private let ada: Member
  private let user: Person

  init() throws {
    site = try TestSite()
    ada = try Member(site)
    user = try ada.subjects.all().user.person
  }

  private func call<E: Endpoint>(_ endpoint: E.Type, _ query: [String: String] = [:]) throws -> E.Answer {
    let session = try #require(ada.person.session)
    return try site.dashboard.call(endpoint, query: query, as: session)
  }

  private func account(_ id: AccountID) throws -> Account {
    try call(Administrator.ReadAccount.self, ["accountid": "\(id)"])
  }

  /// What a page shows once; `nil` if it shows nothing.
  private func secret(_ answer: Answer) throws -> String? {
    try AccessTests.expectPage(answer, 200)
    #expect(answer.http["Cache-Control"]?.contains("no-store") == true)
    return try answer.text(of: "secret")
  }

  // MARK: Suspension

  @Test("an account is suspended with a reason that administrators see, and comes back")
  func suspension() throws {
    let id = try user.accountID
    let place = "/administrator/account?accountid=\(id)"
    let form = try ada.person.get(ada.url(Administration.suspendAccount))
    #expect(!form.text.contains(Language.english.text(.suspendDeletionLead)))
    for _ in 0..<2 {
      #expect(try ada.person.submit(form, ["reason": "spam <b>"]).location == "\(place)&notice=suspended")
    }
    #expect(try user.get("/account").status == 303)
    let shown = try ada.person.get(place)
    #expect(shown.text.contains("spam &lt;b&gt;") && shown.text.contains("<dt>Suspended since</dt>"))
    #expect(try ada.person.get("/administrator/accounts").text.contains("suspended"))
    let refused = try site.guest().fill("/account/signin", TestSite.credentials("user of ada"))
    #expect(refused.status == 403 && !refused.text.contains("spam"))
    let resuming = try ada.person.get("/administrator/resume-account?accountid=\(id)")
    for _ in 0..<2 {
      #expect(try ada.person.submit(resuming).location == "\(place)&notice=resumed")
    }
    #expect(try site.guest().fill("/account/signin", TestSite.credentials("user of ada")).status == 303)
  }

  @Test("a reason that is too long is told at the field, and the person who is leaving goes on leaving")
  func suspensionOfLeaver() throws {
    let leaver = try ada.subjects.all().leaver
    let url = "/administrator/suspend-account?accountid=\(leaver)"
    #expect(try ada.person.get(url).text.contains(Language.english.text(.suspendDeletionLead)))
    let long = try ada.person.fill(url, ["reason": String(repeating: "a", count: 257)])
    #expect(long.status == 400)
    #expect(try long.input("reason")?["aria-invalid"] == "true")
    #expect(try ada.person.fill(url).status == 303)
    #expect(try account(leaver).suspendedAt != nil && account(leaver).deletedAt != nil)
  }

  // MARK: Accounts for others

  @Test("an account for another person shows its code once, and a second click makes no second one")
  func madeAccount() throws {
    let form = try ada.person.get("/administrator/create-account")
    let values = ["username": "grace", "groups": "choir, board", "days": "30"]
    let first = try ada.person.submit(form, values)
    let code = try #require(try secret(first))
    #expect(first.text.contains("/account/reset-account") && first.text.contains("grace"))
    #expect(try secret(ada.person.submit(form, values)) == code)
    let made = try call(Administrator.Accounts.self).filter { !$0.passwordSet }
    #expect(made.count == 1 && made.first?.groups == ["board", "choir"])
    let id = try #require(made.first?.accountid)
    #expect(try call(Administrator.ResetCodesCount.self, ["accountid": "\(id)"]) == 1)
    // A minute later it was made, and the code is not shown again.
    site.clock.advance(seconds: 61)
    let late = try ada.person.submit(form, values)
    #expect(try secret(late) == nil)
    #expect(late.text.contains(Language.english.text(.madeAccountAlready)))
    // The same form for another person has another code.
    let other = try #require(try secret(ada.person.submit(form, ["username": "hopper"])))
    #expect(other != code)
    let choice = ["username": "grace", "secret-code": code, "new-password": "password of grace"]
    #expect(try site.guest().fill("/account/reset-account", choice).status == 303)
    #expect(try account(id).passwordSet)
    // It is not told to another administrator either, who sends the same form.
    let taken = try ada.person.submit(form, ["username": "user of ada"])
    #expect(taken.status == 409)
  }

  @Test(
    "a second click on the question for the password makes no second one, and the code is the server's choice",
    arguments: ["create-account", "create-invitation"])
  func askedTwice(name: String) throws {
    site.clock.advance(seconds: 86_400)
    let path = "/administrator/\(name)"
    let asked = try ada.person.fill(path, ["username": "grace"])
    #expect(asked.status == 403 && asked.heading == Language.english.text(.verifyTitle))
    let password = ["verify-password": TestSite.password(of: "ada")]
    let code = try #require(try secret(ada.person.submit(asked, password)))
    #expect(try secret(ada.person.submit(asked, password)) == code)
    let invitations = try call(Administrator.InvitationsCount.self)
    #expect(invitations == (name == "create-invitation" ? 1 : 0))
    let chosen = String(repeating: "0", count: 20)
    let other = try secret(ada.person.fill(path, ["username": "hopper", "form-code": chosen]))
    #expect(other != nil && other?.contains(chosen) == false)
  }

  @Test("a number out of range is told at its field", arguments: ["0", "91", "x", "1.5", "-1", ""])
  func days(text: String) throws {
    for (path, values) in [
      ("/administrator/create-account", ["username": "grace", "days": text]),
      ("/administrator/create-invitation", ["days": text]),
      ("/administrator/create-invitation", ["uses": text]),
    ] {
      // An empty field is absent.
      let wrong = text == "" ? nil : values.keys.first { $0 != "username" }
      let answer = try ada.person.fill(path, values)
      #expect(answer.status == (wrong == nil || wrong == "uses" && text == "91" ? 200 : 400), "\(path)")
      if answer.status == 400, let wrong {
        #expect(try answer.input(wrong)?["aria-invalid"] == "true")
        #expect(answer.text.contains(Language.english.text(.problemWholeNumber)))
      }
    }
  }

  // MARK: Invitations

  @Test("an invitation's link is shown once, lets people register, and is withdrawn")
  func invitation() throws {
    let form = try ada.person.get("/administrator/create-invitation")
    let values = ["uses": "2", "groups": "choir", "note": "for <singers>"]
    let link = try #require(try secret(ada.person.submit(form, values)))
    #expect(link.hasPrefix("http") && link.contains("/account/register?invitation="))
    #expect(try secret(ada.person.submit(form, values)) == link)
    let invitations = try call(Administrator.Invitations.self)
    #expect(invitations.count == 1)
    let id = try #require(invitations.first?.invitationid)
    site.clock.advance(seconds: 61)
    #expect(try secret(ada.person.submit(form, values)) == nil)

    let guest = site.guest()
    let path = try #require(link.firstRange(of: "/account").map { String(link[$0.lowerBound...]) })
    #expect(try guest.get(path).status == 303)
    #expect(try guest.fill("/account/register", TestSite.credentials("singer")).status == 303)
    let shown = try ada.person.get("/administrator/invitation?invitationid=\(id)")
    #expect(shown.text.contains("1 of 2") && shown.text.contains("for &lt;singers&gt;"))
    let deletion = try ada.person.get("/administrator/delete-invitation?invitationid=\(id)")
    for _ in 0..<2 {
      let done = try ada.person.submit(deletion)
      #expect(done.location == "/administrator/invitations?notice=invitation-deleted")
    }
    #expect(try site.guest().get(path).status == 303)
    #expect(try call(Administrator.InvitationsCount.self) == 0)
  }

  @Test("a list tells which invitations no longer work")
  func over() throws {
    _ = try ada.person.fill("/administrator/create-invitation", ["days": "1"])
    let over = Language.english.text(.invitationOver)
    #expect(try !ada.person.get("/administrator/invitations").text.contains(over))
    site.clock.advance(seconds: 86_400)
    #expect(try ada.person.get("/administrator/invitations").text.contains(over))
  }
}
