import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("finding an account on the administrators' pages")
struct AdministratorSearchTests {
  private let site: TestSite
  private let ada: Member
  private let made: Subjects.Made
  private let path = "/administrator/accounts"

  init() throws {
    site = try TestSite()
    ada = try Member(site)
    made = try ada.subjects.all()
  }

  private func find(_ text: String, as person: Person? = nil) throws -> Answer {
    try (person ?? ada.person).fill(path, ["search": text])
  }

  /// The accounts to which a page's list leads.
  private func found(_ answer: Answer) throws -> [String] {
    try answer.page.all("a").compactMap { $0["href"] }.filter { $0.contains("/account?accountid=") }
      .map { String($0.split(separator: "=")[1].prefix { $0 != "&" }) }
  }

  @Test("a number, a username or an address leads to its account, also with spaces and in capitals")
  func one() throws {
    let user = made.user.person
    let values = ["full-name": "Grace Hopper", "contact-email": "grace@example.org"]
    _ = try user.fill("/account/create-profile", values)
    let id = try user.accountID
    for text in [
      "\(id)", " \(id)\t", "user of ada", "USER OF ADA ", "grace@example.org", " Grace@Example.ORG",
    ] {
      for person in [ada.person, made.administrator] {
        let answer = try find(text, as: person)
        #expect(
          answer.status == 303 && answer.location == "/administrator/account?accountid=\(id)", "\(text)")
      }
    }
    let shown = try ada.person.get("/administrator/account?accountid=\(id)")
    #expect(shown.text.contains("\(id)"))
  }

  @Test("several accounts of an address are listed, newest first, with the form for another search")
  func several() throws {
    let answer = try find("ada@example.org")
    try AccessTests.expectPage(answer, 200)
    #expect(answer.heading == Language.english.text(.searchTitle))
    let people = [try made.user.person.accountID, try ada.person.accountID]
    #expect(try found(answer) == people.map { "\($0)" })
    #expect(answer.text.contains("2 in all"))
    #expect(try answer.input("search")?["value"] == "ada@example.org")
    let next = try ada.person.submit(answer, ["search": "leaver of ada"])
    #expect(next.location == "/administrator/account?accountid=\(made.leaver)")
  }

  @Test("of more than a hundred accounts the newest are listed, and the page says that there are more")
  func many() throws {
    let site = try TestSite(["REQUIRE_PROFILE": "true"])
    let ada = try Member(site)
    for number in 0..<101 {
      let profile = ["full-name": "Person", "contact-email": "all@example.org"]
      let credentials = TestSite.credentials("person \(number)")
      _ = try site.dashboard.call(
        CreateAccount.self, posted: profile.merging(credentials) { $1 })
    }
    let answer = try find("all@example.org", as: ada.person)
    #expect(try Set(found(answer)).count == 100)
    #expect(answer.text.contains(Language.english.text(.searchLimited, ["count": "100"])))
  }

  @Test(
    "what no account has is told, and shown as it was typed",
    arguments: ["stranger", "acct_0000000000000000", "user of", "@", "<b>&\"", "\u{202E}evil\u{2069}", " "])
  func none(text: String) throws {
    let answer = try find(text)
    try AccessTests.expectPage(answer, 200)
    #expect(answer.text.contains(Language.english.text(.searchNone)))
    #expect(try found(answer).isEmpty)
    #expect(try answer.page.all("bdi").first?.text == text || text == " ")
  }

  @Test("an empty search is told at its field, above the list")
  func empty() throws {
    let answer = try find("")
    try AccessTests.expectPage(answer, 400)
    #expect(try answer.input("search")?["aria-invalid"] == "true")
    #expect(answer.text.contains("4 in all"))
  }

  @Test("only administrators find accounts")
  func roles() throws {
    let user = made.user.person
    let session = try #require(user.session)
    let fields: KeyValuePairs = [
      "search": "ada", "form-token": session.formToken(path: path),
    ]
    let refused = try user.post(path, fields)
    try AccessTests.expectPage(refused, 403)
    #expect(refused.text.contains(Language.english.text(.problemAdministrator)))
    let led = try site.guest().post(path, fields)
    #expect(led.status == 303 && led.location?.hasPrefix("/account/signin?return-url=") == true)
  }

  @Test("what an administrator looks for is in no URL")
  func posted() throws {
    for text in ["user of ada", "ada@example.org", "stranger"] {
      let form = try ada.person.get(path).form()
      #expect(form.action == path)
      let answer = try find(text)
      let word = String(text.split(separator: " ")[0].split(separator: "@")[0])
      #expect(answer.location?.contains(word) != true)
      guard answer.status == 200 else { continue }
      for link in try answer.page.all("a") { #expect(link["href"]?.contains(word) != true, "\(text)") }
    }
  }
}
