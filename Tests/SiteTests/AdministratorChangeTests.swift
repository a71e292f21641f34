import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("the changes that administrators make")
struct AdministratorChangeTests {
  private let site: TestSite
  private let ada: Member
  private let made: Subjects.Made

  init() throws {
    site = try TestSite()
    ada = try Member(site)
    made = try ada.subjects.all()
  }

  private func account(_ id: AccountID) throws -> Account {
    let session = try #require(ada.person.session)
    return try site.dashboard.call(
      Administrator.ReadAccount.self, query: ["accountid": "\(id)"], as: session)
  }

  /// Submits the form of a page, and again as by a double click.
  private func twice(_ page: Page, _ target: String, _ values: [String: String] = [:]) throws {
    let form = try ada.person.get(ada.url(page))
    for round in 0..<2 {
      let answer = try ada.person.submit(form, values)
      #expect(answer.location == target, "\(page.name) \(round) \(answer.status)")
      let shown = try ada.person.get(target)
      try AccessTests.expectPage(shown, 200, target)
      #expect(try shown.text(of: "notice")?.isEmpty == false)
    }
  }

  private func path(_ id: AccountID, _ notice: String) -> String {
    "/administrator/account?accountid=\(id)&notice=\(notice)"
  }

  @Test("a deletion is scheduled and cancelled")
  func deletion() throws {
    let id = try made.user.person.accountID
    try twice(Administration.scheduleAccountDelete, path(id, "deletion-scheduled"))
    #expect(try account(id).deletedAt != nil)
    #expect(try made.user.person.get("/account").status == 303)
    try twice(Administration.restoreAccount, path(made.leaver, "deletion-cancelled"))
    #expect(try account(made.leaver).deletedAt == nil)
  }

  @Test("an account is deleted at once")
  func removal() throws {
    let id = try made.user.person.accountID
    try twice(Administration.deleteAccount, "/administrator/accounts?notice=account-removed")
    #expect(throws: Exception.self) { try account(id) }
    let list = try ada.person.get("/administrator/accounts")
    #expect(!list.text.contains("\(id)"))
  }

  @Test("an account becomes an administrator's, and another one no longer is")
  func roles() throws {
    let (id, other) = (try made.user.person.accountID, try made.administrator.accountID)
    try twice(Administration.assignAdministrator, path(id, "administrator-assigned"))
    #expect(try account(id).isAdministrator)
    #expect(try made.user.person.get("/administrator").status == 200)
    try twice(Administration.revokeAdministrator, path(other, "administrator-revoked"))
    #expect(try !account(other).isAdministrator)
    #expect(try made.administrator.get("/administrator").status == 303)
  }

  @Test("the site is handed over, and only the new owner can give it back")
  func ownership() throws {
    let id = try made.user.person.accountID
    try twice(Administration.transferOwnership, path(id, "ownership-transferred"))
    #expect(try account(id).isOwner)
    let former = try account(ada.person.accountID)
    #expect(!former.isOwner && former.isAdministrator)
    #expect(try made.user.person.get("/account").status == 303)
    // A minute later, it is no repetition.
    site.clock.advance(seconds: 60)
    let answer = try ada.person.get(ada.url(Administration.transferOwnership))
    try AccessTests.expectPage(answer, 403)
  }

  @Test("all sessions and codes of an account end")
  func sessionKey() throws {
    let id = try made.user.person.accountID
    try twice(Administration.resetSessionKey, path(id, "session-key-reset"))
    #expect(try made.user.person.get("/account").status == 303)
    let reset = ["username": "user of ada", "secret-code": "secretcode1", "new-password": "third password"]
    #expect(try site.guest().fill("/account/reset-account", reset).status == 401)
  }

  @Test("one session ends, and the list is shown again where it was")
  func session() throws {
    try twice(Administration.endSession, "/administrator/sessions?notice=session-ended")
    let shown = try ada.person.get(ada.url(Administration.session))
    #expect(shown.text.contains(Language.english.text(.sessionEnded)))
    #expect(!shown.text.contains("end-session"))
    #expect(try made.user.person.get("/account").status == 200)
  }

  @Test("a code is made for an account and shown once; it sets a new password; another one is removed")
  func codes() throws {
    let form = try ada.person.get(ada.url(Administration.createResetCode))
    let code = try #require(try form.input("secret-code")?["value"])
    for _ in 0..<2 {
      let shown = try ada.person.submit(form)
      try AccessTests.expectPage(shown, 200)
      #expect(try shown.text(of: "secret")?.contains(code) == true)
    }
    let list = try ada.person.get("/administrator/reset-codes")
    #expect(!list.text.contains(code))
    let reset = ["username": "user of ada", "secret-code": code, "new-password": "third password"]
    let used = try site.guest().fill("/account/reset-account", reset)
    #expect(used.location == "/account/signin?notice=password-reset")
    try twice(Administration.deleteResetCode, "/administrator/reset-codes?notice=code-removed")
  }

  @Test(
    "a code that is sent again is made and counted once, also without a password; another one is a new one")
  func repeatedCode() throws {
    let site = try TestSite(["MAXIMUM_REGISTRATIONS": "5"])
    let ada = try Member(site)
    let made = try ada.subjects.all()
    let owner = try #require(ada.person.session)
    let user = try made.user.person.accountID
    let empty = try site.dashboard.call(
      Administrator.CreateAccount.self, posted: ["username": "empty"], as: owner
    ).accountid
    /// The codes of an account, and how many were ever made.
    func counts(_ id: AccountID) throws -> [Int] {
      let key = ["keys": "resetcodes-created/total"]
      let metrics = try site.dashboard.call(Administrator.MetricKeys.self, query: key, as: owner)
      let query = ["accountid": "\(id)"]
      return [
        try site.dashboard.call(Administrator.ResetCodesCount.self, query: query, as: owner),
        metrics.first?.value ?? 0,
      ]
    }
    for id in [user, empty] {
      let before = try counts(id)
      let form = try ada.person.get("/administrator/create-reset-code?accountid=\(id)")
      let code = try #require(try form.input("secret-code")?["value"])
      // More than the limit allows: only a code that is made counts.
      for _ in 0..<5 {
        let shown = try ada.person.submit(form)
        try AccessTests.expectPage(shown, 200)
        #expect(try shown.text(of: "secret") == code)
      }
      #expect(try counts(id) == before.map { $0 + 1 })
      site.clock.advance(seconds: 60)
      let later = try ada.person.submit(form)
      try AccessTests.expectPage(later, 200)
      #expect(later.text.contains(Language.english.text(.resetCodeAlreadyMade)))
      #expect(!later.text.contains(code))
      #expect(try counts(id) == before.map { $0 + 1 })
      // The same secret of another administrator is that administrator's code.
      let other = try made.administrator.fill(
        "/administrator/create-reset-code?accountid=\(id)", ["secret-code": code])
      #expect(try other.text(of: "secret") == code)
      #expect(try counts(id) == [before[0] + 1, before[1] + 2])
    }
    // Beside these two codes the limit counts the owner's own one and that of the account without a password.
    let third = "/administrator/create-reset-code?accountid=\(user)"
    #expect(try ada.person.fill(third).status == 200)
    #expect(try ada.person.fill(third).status == 429)
  }

  @Test("an administrator who ends the own account's sessions is led to sign in")
  func own() throws {
    let person = made.administrator
    for name in ["reset-session-key", "schedule-account-delete"] {
      let answer = try person.fill("/administrator/\(name)?accountid=\(try person.accountID)")
      #expect(answer.location == "/account/signin?notice=signed-out", "\(name)")
      #expect(person.cookies["dashboard_session"] == nil)
      let credentials = TestSite.credentials("administrator of ada")
      _ = try person.fill("/account/signin", credentials)
    }
    // It is going to be deleted.
    #expect(person.cookies["dashboard_session"] == nil)
  }

  @Test("with DELETE_DELAY=0 the page says so, and leads to the list")
  func atOnce() throws {
    let site = try TestSite(["DELETE_DELAY": "0"])
    let ada = try Member(site)
    let page = try ada.person.get(ada.url(Administration.scheduleAccountDelete))
    #expect(page.text.contains(Language.english.text(.scheduleDeletionAtOnceLead)))
    #expect(try ada.person.submit(page).location == "/administrator/accounts?notice=deletion-scheduled")
  }
}
