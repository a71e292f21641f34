import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("groups on the administrators' pages")
struct GroupPageTests {
  private let site: TestSite
  private let ada: Member
  private let user: Person
  private let form: String

  init() throws {
    site = try TestSite(["PAGE_SIZE": "2"])
    ada = try Member(site)
    user = try ada.subjects.all().user.person
    form = try ada.url(Administration.setGroups)
  }

  private func groups(of person: Person) throws -> [String] {
    let session = try #require(ada.person.session)
    return try site.dashboard.call(
      Administrator.ReadAccount.self, query: ["accountid": "\(person.accountID)"], as: session
    ).groups
  }

  private func links(_ path: String) throws -> [String] {
    try ada.person.get(path).page.all("a").compactMap { $0["href"] }
  }

  @Test("groups are set by names with commas, shown on the account, and taken by an empty field")
  func set() throws {
    let page = try ada.person.get(form)
    try AccessTests.expectPage(page, 200)
    #expect(try page.input("groups")?["value"] == "")
    let place = "/administrator/account?accountid=\(try user.accountID)"
    for _ in 0..<2 {
      let done = try ada.person.submit(page, ["groups": " family, choir,family"])
      #expect(done.location == "\(place)&notice=groups-set")
    }
    #expect(try groups(of: user) == ["choir", "family"])
    let account = try ada.person.get(place)
    #expect(account.text.contains("<dt>Groups</dt>"))
    let shown = try links(place).filter { $0.contains("group=") }
    #expect(shown == ["/administrator/accounts?group=choir", "/administrator/accounts?group=family"])
    let again = try ada.person.get(form)
    #expect(try again.input("groups")?["value"] == "choir, family")
    #expect(try ada.person.submit(again, ["groups": ""]).status == 303)
    #expect(try groups(of: user) == [])
    #expect(try !ada.person.get(place).text.contains("<dt>Groups</dt>"))
  }

  @Test(
    "a name that no group can have is told at the field, and what was typed stays",
    arguments: ["Choir", "choir;family", "chœur", "choir,", "<b>", String(repeating: "a", count: 33)])
  func malformed(text: String) throws {
    let answer = try ada.person.fill(form, ["groups": text])
    try AccessTests.expectPage(answer, 400)
    #expect(try answer.input("groups")?["aria-invalid"] == "true")
    #expect(try answer.input("groups")?["value"] == text)
    #expect(answer.text.contains(Language.english.text(.problemGroups)))
    #expect(try groups(of: user) == [])
  }

  @Test("the list of groups has their numbers, and leads to the accounts of each and back")
  func lists() throws {
    let people = try (0..<5).map { try site.member("person \($0)") }
    for (number, person) in people.enumerated() {
      let url = "/administrator/set-account-groups?accountid=\(try person.accountID)"
      #expect(try ada.person.fill(url, ["groups": "all,g\(number / 2)"]).status == 303)
    }
    let list = try ada.person.get("/administrator/groups")
    try AccessTests.expectPage(list, 200)
    #expect(list.text.contains("4 in all") && list.text.contains(Language.english.text(.groupsLead)))
    let first = try links("/administrator/groups").filter { $0.contains("accounts?group=") }
    #expect(
      first.map { $0.prefix { $0 != "&" } } == ["all", "g0"].map { "/administrator/accounts?group=\($0)" })
    let older = try #require(try links("/administrator/groups").first { $0.contains("after=g0") })
    let second = try links(older).filter { $0.contains("accounts?group=") }
    #expect(second.count == 2 && second.allSatisfy { $0.contains("group=g1&") || $0.contains("group=g2&") })
    // The accounts of a group, in parts.
    var (path, found): (String?, [String]) = (first[0], [])
    while let part = path, found.count < 10 {
      let page = try ada.person.get(part)
      #expect(page.text.contains("5 in all") && page.text.contains("<dt>Group</dt>"))
      #expect(try links(part).contains("/administrator/groups"))
      let accounts = try links(part).filter { $0.contains("/account?accountid=") }
      // An account leads back to this part.
      #expect(accounts.allSatisfy { $0.contains("return-url=/administrator/accounts%3Fgroup%3Dall") })
      found += accounts.compactMap {
        $0.split(separator: "&").first?.split(separator: "=").last.map(String.init)
      }
      if !found.isEmpty, part != first[0] {
        #expect(try links(part).contains("/administrator/accounts?group=all"))
      }
      path = try links(part).first {
        $0.contains("after=") && $0.hasPrefix("/administrator/accounts?group=all&")
      }
    }
    #expect(try found == people.reversed().map { "\(try $0.accountID)" })
    // The index has the number of groups.
    #expect(try links("/administrator").contains("/administrator/groups"))
  }

  @Test(
    "an unknown group has no accounts, and is shown as it was typed", arguments: ["none", "<b>", "\u{202E}x"])
  func unknown(text: String) throws {
    let page = try ada.person.get("/administrator/accounts?\(Person.encoded([("group", text)]))")
    try AccessTests.expectPage(page, 200)
    #expect(page.text.contains("0 in all"))
    #expect(try page.page.all("bdi").contains { $0.text == text })
  }
}
