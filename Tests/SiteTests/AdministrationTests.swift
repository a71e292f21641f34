import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("who may do what on the administrators' pages")
struct AdministrationTests {
  private let site: TestSite
  /// The owner.
  private let ada: Member
  private let made: Subjects.Made

  init() throws {
    site = try TestSite()
    ada = try Member(site)
    made = try ada.subjects.all()
  }

  private static let onlyOwner: Set<String> = [
    "assign-administrator", "revoke-administrator", "transfer-ownership",
  ]
  /// The pages that change an account.
  private static let changes: Set<String> = [
    "create-reset-code", "reset-session-key", "assign-administrator", "revoke-administrator",
    "transfer-ownership", "restore-account", "schedule-account-delete", "delete-account",
    "set-account-groups", "suspend-account", "resume-account", "remove-second-factors",
  ]

  private func refused(_ answer: Answer, _ text: Text, _ status: Int = 403, _ what: String) throws {
    try AccessTests.expectPage(answer, status, what)
    #expect(answer.text.contains(Language.english.text(text)), "\(what)")
    #expect(answer.heading == Language.english.text(.refusedTitle), "\(what)")
  }

  @Test("every page by role", arguments: Administration.pages.indices)
  func roles(index: Int) throws {
    let page = Administration.pages[index]
    let url = try ada.url(page)
    for isPosted in page.form == nil ? [false] : [false, true] {
      func ask(_ person: Person) throws -> Answer {
        try isPosted ? person.post(url, ["form-token": "none"]) : person.get(url)
      }
      let led = try ask(site.guest())
      #expect(
        led.status == 303 && led.location?.hasPrefix("/account/signin?return-url=/administrator") == true)
      try refused(ask(made.user.person), .problemAdministrator, 403, page.name)
      let text = try ask(made.user.person).text
      #expect(!text.contains("href=\"/administrator"), "\(page.name)")
      // A form without its token is shown again.
      try AccessTests.expectPage(ask(ada.person), isPosted ? 403 : 200, page.name)
      #expect(try ask(ada.person).heading == Language.english.text(page.title))
      if Self.onlyOwner.contains(page.name) {
        try refused(ask(made.administrator), .problemOnlyOwner, 403, page.name)
      } else {
        try AccessTests.expectPage(ask(made.administrator), isPosted ? 403 : 200, page.name)
      }
    }
  }

  @Test("an account's page offers exactly what is then allowed, and the rest is refused with a page")
  func offers() throws {
    let accounts = [
      try ada.person.accountID, try made.administrator.accountID, try made.user.person.accountID, made.leaver,
    ]
    for (asker, isOwner) in [(ada.person, true), (made.administrator, false)] {
      for account in accounts {
        let page = try asker.get("/administrator/account?accountid=\(account)").page
        let links = Set(page.all("a").compactMap { $0["href"] })
        for name in Self.changes {
          let url = "/administrator/\(name)?accountid=\(account)"
          let (isOffered, answer) = (links.contains(url), try asker.get(url))
          if isOffered {
            try AccessTests.expectPage(answer, 200, url)
          } else {
            try refused(
              answer, Self.reason(name, isOwner, place: accounts.firstIndex(of: account) ?? 0), answer.status,
              url)
            #expect([403, 409].contains(answer.status), "\(url)")
          }
        }
      }
    }
  }

  /// Why a change is refused.
  ///
  /// - Parameter place: of the account: the owner's, an administrator's, a user's, and one that is going to be deleted.
  private static func reason(_ name: String, _ isOwner: Bool, place: Int) -> Text {
    if onlyOwner.contains(name), !isOwner { return .problemOnlyOwner }
    switch (name, place) {
    case ("suspend-account", 0): return .problemSuspendOwner
    case ("suspend-account", _): return .problemSuspendOwn
    case ("resume-account", 0...1) where !isOwner: return .problemOnlyOwner
    case ("resume-account", _): return .problemNotSuspended
    case ("schedule-account-delete", 0), ("delete-account", 0): return .problemOwnerStays
    case ("revoke-administrator", 0): return .problemOwnersRole
    case ("assign-administrator", 0), ("assign-administrator", 1), ("transfer-ownership", 0):
      return .problemAlready
    case ("revoke-administrator", _): return .problemNotAdministrator
    case ("restore-account", 0) where isOwner: return .problemNotScheduled
    case (_, 0): return .problemOwnersAccount
    case ("remove-second-factors", 1) where !isOwner: return .problemOnlyOwner
    case ("remove-second-factors", _): return .problemNoFactor
    case ("restore-account", _): return .problemNotScheduled
    default: return .problemScheduled
    }
  }

  @Test("a form for what is not allowed, with the token of an allowed one, changes nothing")
  func forced() throws {
    // The owner has been that for more than a minute, so no form repeats another one.
    site.clock.advance(seconds: 60)
    let asker = made.administrator
    let owner = try ada.person.accountID
    let session = try #require(asker.session)
    let reader = try #require(ada.person.session)
    func state() throws -> [String] {
      let query = ["accountid": "\(owner)"]
      let account = try site.dashboard.call(
        Administrator.ReadAccount.self, query: query, as: reader)
      let live = try site.dashboard.call(Administrator.Sessions.self, query: query, as: session)
      let codes = try site.dashboard.call(Administrator.ResetCodes.self, query: query, as: session)
      return ["\(account.updatedAt) \(account.isOwner) \(account.sessionKeyNumber)"]
        + live.map { "\($0.sessionid) \($0.ended)" } + codes.map { "\($0.codeid)" }
    }
    let before = try state()
    for (name, query) in Self.changes.map({ ($0, "accountid=\(owner)") }) + [
      ("end-session", "sessionid=\(ada.otherSession.sessionid)"),
      ("delete-reset-code", "codeid=\(ada.code.codeid)"),
    ] {
      let url = "/administrator/\(name)?\(query)"
      let token = session.formToken(path: "/administrator/\(name)")
      let answer = try asker.post(url, ["form-token": token, "secret-code": "abcdefgh1"])
      try AccessTests.expectPage(answer, 403, url)
      #expect(answer.heading == Language.english.text(.refusedTitle), "\(url)")
      if !Self.changes.contains(name) { try refused(asker.get(url), .problemOwnersAccount, 403, url) }
    }
    #expect(try state() == before)
    for page in ["session?sessionid=\(ada.otherSession.sessionid)", "reset-code?codeid=\(ada.code.codeid)"] {
      let shown = try asker.get("/administrator/\(page)")
      try AccessTests.expectPage(shown, 200, page)
      #expect(!shown.text.contains("end-session") && !shown.text.contains("delete-reset-code"))
    }
  }

  @Test("what does not exist is a page", arguments: ["none", "", "acct_0", "%F0%9F%98%80"])
  func unknown(text: String) throws {
    for page in Administration.pages where try ada.url(page).contains("?") {
      let field = try ada.url(page).split(separator: "?")[1].split(separator: "=")[0]
      for path in ["\(page.path)?\(field)=\(text)", page.path] {
        let answer = try ada.person.get(path)
        try AccessTests.expectPage(answer, path == page.path || text.isEmpty ? answer.status : 404, path)
        #expect([200, 400, 404].contains(answer.status), "\(path)")
      }
    }
  }

  @Test("administrators have a link to their pages, and others have none")
  func links() throws {
    for path in ["/account", "/account/none", "/account/sessions", "/administrator/none"] {
      for (person, isShown) in [
        (ada.person, true), (made.administrator, true), (made.user.person, false), (site.guest(), false),
      ] {
        let answer = try person.get(path)
        guard answer.status != 303 else { continue }
        let links = try answer.page.all("a").compactMap { $0["href"] }
        #expect(links.contains("/administrator") == isShown, "\(path)")
      }
    }
  }

  @Test("a password from long ago is asked for again before a change, and the change follows")
  func fresh() throws {
    site.clock.advance(seconds: 86_400)
    for page in [Administration.assignAdministrator, Administration.createResetCode] {
      let url = try ada.url(page)
      let asked = try ada.person.fill(url, ["secret-code": "abcdefgh1"])
      try AccessTests.expectPage(asked, 403, page.name)
      #expect(asked.heading == Language.english.text(.verifyTitle))
      let wrong = try ada.person.submit(
        asked, ["verify-password": "wrong password", "secret-code": "abcdefgh1"])
      try AccessTests.expectPage(wrong, 403, page.name)
      let values = ["verify-password": TestSite.password(of: "ada"), "secret-code": "abcdefgh1"]
      let done = try ada.person.submit(wrong, values)
      #expect(done.status == (page.name == "create-reset-code" ? 200 : 303))
      site.clock.advance(seconds: 86_400)
    }
  }

  @Test(
    "a change leads to a path of this site only",
    arguments: ["https://evil.example/", "//evil.example", "/\\evil", "/a\u{1}b"])
  func returns(target: String) throws {
    let back = Person.encoded([("return-url", target)])
    for page in [Administration.endSession, Administration.deleteResetCode, Administration.deleteAccount] {
      let url = try "\(ada.url(page))&\(back)"
      #expect(try !ada.person.get(url).page.all("a").contains { $0["href"]?.contains("evil") == true })
      let location = try #require(try ada.person.fill(url).location)
      #expect(location.hasPrefix("/administrator/"))
    }
  }
}
