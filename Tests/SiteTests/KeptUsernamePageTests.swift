import DashboardEndpoints
import DashboardRecords
import DashboardRouting
@testable import DashboardSite
import TestSupport
import Testing

/// Where people and administrators read usernames that the site keeps.
@Suite("usernames on the pages")
struct KeptUsernamePageTests {
  /// What a page says to its terms: the text after `Username`; `nil` without it.
  private func described(_ answer: Answer) throws -> String? {
    let page = try answer.page
    let terms = page.all("dt").map(\.text)
    return terms.firstIndex(of: "Username").map { page.all("dd")[$0].text }
  }

  private func lines(_ answer: Answer) throws -> [String] {
    try answer.page.all("a").filter { $0["href"]?.contains("/account?accountid=") == true }.map(\.text)
  }

  @Test("a person and administrators see it beside the name, and in its place if there is none")
  func shown() throws {
    let site = try TestSite(["KEEP_USERNAMES": "true", "USER_PROFILE_FIELDS": "full-name,contact-email"])
    let ada = try site.member("ada")
    let eve = try site.member("<b>eve</b> & co")
    let values = ["full-name": "Ada Lovelace", "contact-email": "ada@example.org"]
    _ = try ada.fill("/account/create-profile", values)
    #expect(try described(ada.get("/account")) == "ada")
    let own = try eve.get("/account")
    #expect(try described(own) == "<b>eve</b> & co" && !own.text.contains("<b>eve"))
    let id = try #require(eve.session).accountid
    let page = try ada.get("/administrator/account?accountid=\(id)")
    #expect(try described(page) == "<b>eve</b> & co" && !page.text.contains("<b>eve"))
    let list = try lines(ada.get("/administrator/accounts"))
    #expect(list.count == 2 && list[0].hasPrefix("<b>eve</b> & co ") && !list[0].contains("\(id)"))
    #expect(list[1].hasPrefix("Ada Lovelace ada"))
    // The record of an account names it too.
    #expect(
      try lines(ada.get("/administrator/account-sessions?accountid=\(id)")).first == "<b>eve</b> & co")
    let found = try ada.fill("/administrator/accounts", ["search": "<B>Eve</b> & co"])
    #expect(found.location == "/administrator/account?accountid=\(id)")
  }

  @Test("by default no page has it")
  func off() throws {
    let site = try TestSite()
    let person = try site.member("adalovelace")
    let id = try #require(person.session).accountid
    for path in ["/account", "/administrator/accounts", "/administrator/account?accountid=\(id)"] {
      let answer = try person.get(path)
      #expect(try answer.status == 200 && described(answer) == nil && !answer.text.contains("adalovelace"))
    }
  }
}
