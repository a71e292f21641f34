import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import DashboardEndpoints
import TestSupport
import Testing

@Suite("sessions that begin and end on the pages")
struct SessionOverTests {
  @Test("signing out clears the cache over HTTPS, and the session is over", arguments: [true, false])
  func signOut(isSecure: Bool) throws {
    let site = try TestSite()
    for path in ["/account/signout", "/account/delete-account", "end-session", "/account/end-all-sessions"] {
      let username = "ada\(path.count)"
      let person = try site.member(username)
      if path == "/account/delete-account" { _ = try site.member("another owner") }
      if isSecure { person.variables["HTTPS"] = "on" }
      let session = try #require(person.session)
      let own = path == "end-session" ? "/account/end-session?sessionid=\(session.sessionid)" : path
      let values = ["password": TestSite.password(of: username), "scope": "all"]
      let answer = try person.fill(own, values)
      guard answer.status != 409 else { continue }
      #expect(answer.status == (path == "/account/delete-account" ? 200 : 303))
      #expect(answer.http["Clear-Site-Data"] == (isSecure ? "\"cache\"" : nil), "\(path)")
      #expect(person.cookies["dashboard_session"] == nil)
      #expect(try person.get("/account").status == 303)
      #expect(!answer.text.contains(Language.english.text(.signOutTitle)))
    }
  }

  @Test("a form that the end of its session overtook leads to sign-in, and back to the empty form")
  func overtaken() throws {
    let member = try Member(TestSite())
    let form = try member.person.get("/account/change-username")
    let cookies = member.person.cookies
    _ = try member.person.fill("/account/signout")
    member.person.cookies = cookies
    let values = ["new-username": "typed name", "password": "a password"]
    let led = try #require(try member.person.submit(form, values).location)
    #expect(led == "/account/signin?return-url=/account/change-username&notice=session-over")
    let signIn = try member.person.get(led)
    #expect(try signIn.text(of: "notice") == Language.english.text(.noticeSessionOver))
    let back = try member.person.submit(
      signIn, ["username": "ada", "password": TestSite.password(of: "ada")])
    #expect(back.location == "/account/change-username")
    let empty = try member.person.get(back.location ?? "")
    #expect(try empty.input("new-username")?["value"] == nil)
  }

  /// The forms that end the session in which they are sent.
  enum Ending: CaseIterable {
    case delete, session, all, administratorsSession, sessionKey

    func url(_ session: Session) -> String {
      switch self {
      case .delete: "/account/delete-account"
      case .session: "/account/end-session?sessionid=\(session.sessionid)"
      case .all: "/account/end-all-sessions"
      case .administratorsSession: "/administrator/end-session?sessionid=\(session.sessionid)"
      case .sessionKey: "/administrator/reset-session-key?accountid=\(session.accountid)"
      }
    }
  }

  private static let values = ["password": TestSite.password(of: "ada"), "scope": "all"]

  @Test("a second click on a form that ends its own session leads to the result", arguments: Ending.allCases)
  func twice(ending: Ending) throws {
    let site = try TestSite()
    let person = try site.member("ada")
    let form = try person.get(ending.url(try #require(person.session)))
    let cookies = person.cookies
    let first = try person.submit(form, Self.values)
    #expect(first.location == (ending == .delete ? nil : "/account/signin?notice=signed-out"))
    person.cookies = cookies
    let second = try person.submit(form, Self.values)
    #expect((second.status, second.location) == (first.status, first.location))
    #expect(second.text == first.text)
    // The first answer has cleared the cookie.
    person.cookies = cookies.filter { !$0.key.contains("session") }
    let third = try person.submit(form, Self.values)
    #expect((third.status, third.location) == (first.status, first.location))
    person.cookies = cookies
    // Without its token, and a minute later, it is a form that the end of its session overtook.
    var forged = Self.values
    forged[Site.tokenField] = String(repeating: "0", count: 64)
    #expect(try person.submit(form, forged).location?.hasSuffix("notice=session-over") == true)
    site.clock.advance(seconds: 60)
    #expect(try person.submit(form, Self.values).location?.hasSuffix("notice=session-over") == true)
  }

  @Test("two clicks at the same moment lead to the same result", arguments: Ending.allCases)
  func together(ending: Ending) throws {
    for _ in 0..<8 {
      let site = try TestSite()
      let person = try site.member("ada")
      let form = try person.get(ending.url(try #require(person.session)))
      // Each thread has a person of its own.
      nonisolated(unsafe) let clicks = [0, 1].map { _ in
        let click = Person(site, person.address)
        click.cookies = person.cookies
        return (person: click, form: form)
      }
      let answers = try Threads.run(2) { thread in
        let answer = try clicks[thread].person.submit(clicks[thread].form, Self.values)
        return "\(answer.status) \(answer.location ?? "")"
      }
      #expect(
        answers
          == [ending == .delete ? "200 " : "303 /account/signin?notice=signed-out"].flatMap { [$0, $0] })
    }
  }

  @Test("a form that another end of its session overtook has not had its effect", arguments: Ending.allCases)
  func overtakenEnd(ending: Ending) throws {
    let member = try Member(TestSite())
    let url = ending.url(
      ending == .session || ending == .administratorsSession
        ? member.otherSession : try #require(member.person.session))
    let form = try member.person.get(url)
    let cookies = member.person.cookies
    _ = try member.person.fill("/account/signout")
    member.person.cookies = cookies
    #expect(try member.person.submit(form, Self.values).location?.hasSuffix("notice=session-over") == true)
    #expect(
      try #require(try member.site.dashboard.session(bearer: member.otherSession.bearer ?? "")).ended == false
    )
  }

  @Test("all sessions but this one end, or this one too", arguments: ["others", "all"])
  func endAll(scope: String) throws {
    let member = try Member(TestSite())
    let other = member.site.guest()
    other.cookies["dashboard_session"] = member.otherSession.bearer ?? ""
    #expect(try other.get("/account").status == 200)
    let answer = try member.person.fill("/account/end-all-sessions", ["scope": scope])
    #expect(
      answer.location
        == (scope == "all" ? "/account/signin?notice=signed-out" : "/account/sessions?notice=sessions-ended"))
    #expect(try other.get("/account").status == 303)
    #expect(try member.person.get("/account").status == (scope == "all" ? 303 : 200))
  }

  @Test("a deletion at once offers no way back, and a later one does", arguments: ["0", "7"])
  func deletion(delay: String) throws {
    let person = try TestSite(["DELETE_DELAY": delay]).member("ada")
    let answer = try person.fill("/account/delete-account", ["password": TestSite.password(of: "ada")])
    #expect(answer.status == 200)
    #expect(answer.text.contains("href=\"/account/restore-account\"") == (delay == "7"))
    #expect(answer.heading == (delay == "7" ? "Your account will be deleted" : "Your account is deleted"))
  }

  @Test("the choice of how long to stay signed in is kept when the form is shown again")
  func remember() throws {
    let site = try TestSite()
    _ = try site.member("ada")
    for (choice, seconds) in [("minutes", 1200), ("hours", 8 * 3600), ("days", 30 * 86_400)] {
      let guest = site.guest()
      let wrong = try guest.fill(
        "/account/signin", ["username": "ada", "password": "wrong password", "remember": choice])
      let chosen = try wrong.page.all("input").filter { $0["checked"] != nil }.map { $0["value"] }
      #expect(chosen == [choice])
      let answer = try guest.submit(wrong, ["password": TestSite.password(of: "ada")])
      #expect(answer.http["Set-Cookie"]?.contains("Max-Age=\(seconds)") == true)
    }
  }

  @Test("the sign-in page and the stylesheet are small")
  func size() throws {
    let site = try TestSite()
    let page = try site.guest().get("/account/signin?return-url=/orders")
    #expect(page.http.body.count <= 15_000)
    let path = try #require(try page.page.all("link").first?["href"])
    let sheet = try site.guest().get(path)
    #expect(sheet.status == 200 && sheet.http["Content-Type"] == "text/css; charset=utf-8")
    #expect(sheet.http["Cache-Control"] == "public, max-age=31536000, immutable")
    #expect(sheet.http.body.count <= 12_000)
    #expect(!sheet.text.contains("url(") && !sheet.text.contains("@import"))
  }
}
