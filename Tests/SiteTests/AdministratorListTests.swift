import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import DashboardWireFormat
import TestSupport
import Testing

@Suite("the lists and charts of administrators")
struct AdministratorListTests {
  private let site: TestSite
  private let ada: Member

  init() throws {
    site = try TestSite(["PAGE_SIZE": "3"])
    ada = try Member(site)
    _ = try ada.subjects.all()
  }

  /// The links of the list's elements, and those to its other parts.
  private func links(_ path: String) throws -> (elements: [String], newest: String?, older: String?) {
    let page = try ada.person.get(path).page
    let links = page.all("a").compactMap { link in link["href"].map { (text: link.text, path: $0) } }
    let elements = links.filter { $0.path.contains("return-url=") }.map(\.path)
    func part(_ text: Text) -> String? { links.first { $0.text == Language.english.text(text) }?.path }
    return (elements, part(.newer), part(.older))
  }

  @Test("every list says how many there are, and its links lead through all of them")
  func parts() throws {
    let account = try ada.subjects.all().user.person.accountID
    for (name, count) in [
      ("accounts", 4), ("administrators", 2), ("deleted-accounts", 1), ("sessions", 7), ("profiles", 4),
      ("reset-codes", 2), ("account-sessions?accountid=\(account)", 2),
      ("account-profiles?accountid=\(account)", 2), ("account-reset-codes?accountid=\(account)", 1),
    ] {
      var (path, found): (String?, [String]) = ("/administrator/\(name)", [])
      while let part = path {
        #expect(try ada.person.get(part).text.contains("\(count) in all"), "\(part)")
        let links = try links(part)
        #expect(links.elements.count <= 3)
        if !found.isEmpty { #expect(links.newest == "/administrator/\(name)") }
        found += links.elements
        path = links.older
      }
      // Each element is there once. An account also has a link at the top of its lists.
      let identifiers = Set(found.compactMap { $0.split(separator: "&").first })
      #expect(identifiers.count == count && found.count == count, "\(name) \(found)")
    }
  }

  @Test("a list keeps its place when an element is deleted, also the one before the part")
  func places() throws {
    for number in 0..<7 { _ = try site.member("person \(number)") }
    let first = try links("/administrator/accounts")
    let second = try #require(first.older)
    let before = try links(second).elements
    // The last element of the first part is deleted, and then the first one of the second part.
    for gone in [try #require(first.elements.last), before[0]] {
      let page = try ada.person.get(gone).page
      let link = try #require(
        page.all("a").compactMap { $0["href"] }.first { $0.contains("/delete-account") })
      let done = try #require(try ada.person.fill(link).location)
      #expect(done.hasPrefix(gone == before[0] ? second : "/administrator/accounts?"))
      try AccessTests.expectPage(ada.person.get(done), 200, done)
    }
    let after = try links(second).elements
    #expect(after.first == before[1] && after.count == 3)
  }

  @Test("ending a session leads back to the part of the list, and so does the link back")
  func back() throws {
    let second = try #require(try links("/administrator/sessions").older)
    let session = try links(second).elements[0]
    let page = try ada.person.get(session).page
    #expect(page.all("a").contains { $0["href"] == second })
    let link = try #require(page.all("a").compactMap { $0["href"] }.first { $0.contains("/end-session") })
    #expect(try ada.person.fill(link).location == "\(second)&notice=session-ended")
  }

  @Test("a page shows no more than its part, whatever the URL asks for")
  func limits() throws {
    for query in ["all=true", "offset=100", "all=1&offset=1"] {
      for wing in Wing.allCases {
        let list = try ada.person.get("\(wing.root)/sessions?\(query)").page
        let links = list.all("a").filter { $0["href"]?.contains("/session?sessionid=") == true }
        #expect(links.count == (wing == .account ? 3 : 3), "\(wing) \(query)")
      }
    }
  }

  @Test("an account has the name of the profile that it uses, or its number")
  func names() throws {
    let plain = try site.member("plain").accountID
    let user = try ada.subjects.all().user.person
    let values = ["full-name": "Grace Hopper", "contact-email": "g@example.org", "default": "true"]
    _ = try user.fill("/account/create-profile", values)
    let list = try ada.person.get("/administrator/accounts?limit=10")
    #expect(list.text.contains("\(plain)"))
    #expect(list.text.contains("Grace Hopper"))
    #expect(
      try ada.person.get("/administrator/account?accountid=\(user.accountID)").text.contains("Grace Hopper"))
  }

  // MARK: Charts

  /// The charts of the index: what each counts, its title, its path, and the headers and numbers of its table.
  private func charts(_ path: String) throws -> [(
    name: String, title: String, path: String, columns: [String], rows: [String], numbers: [Int]
  )] {
    let page = try ada.person.get(path).page
    return page.elements.indices.filter { page.elements[$0].name == "figure" }.map { place in
      func all(_ name: String) -> [Markup.Element] { page.all([name], in: place) }
      let headers = all("th")
      return (
        all("strong").first?.text ?? "", all("title").first?.text ?? "", all("path").first?["d"] ?? "",
        headers.filter { $0["scope"] == "col" }.map(\.text),
        headers.filter { $0["scope"] == "row" }.map(\.text), all("td").compactMap { Int($0.text) }
      )
    }
  }

  @Test("charts show each of 90 days and each month of 365, with the same numbers in tables")
  func numbers() throws {
    site.clock.advance(seconds: 3 * 86_400)
    for number in 0..<5 { _ = try site.member("late \(number)") }
    let days = try charts("/administrator")
    #expect(days.map(\.name) == ["Registrations", "Active accounts", "Sign-ins", "Reset codes made"])
    for chart in days {
      // 30 March 2022 was a Wednesday.
      #expect(chart.columns == ["Week from", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue"])
      #expect(chart.rows.count == 13 && chart.numbers.count == 90)
      #expect(chart.rows.first == "30 March 2022" && chart.rows.last == "22 June 2022")
      #expect(chart.title.hasPrefix("\(chart.name), 30 March 2022 – 27 June 2022: "))
    }
    #expect(days[0].numbers == [Int](repeating: 0, count: 86) + [4, 0, 0, 5])
    #expect(days[0].title.hasSuffix("9 in all, 5 on the busiest day"))
    #expect(days[1].title.hasSuffix(": 5 on the busiest day"))
    // The highest bar has the whole height.
    #expect(days[0].path == "M0 100V100h344V20h4V100h8V0h4V100z")
    #expect(days[3].numbers.reduce(0, +) == 2)
    let months = try charts("/administrator?days=365")
    for chart in months {
      #expect(chart.columns == ["Month", "Number"])
      #expect(chart.rows.count == 13 && chart.numbers.count == 13)
      #expect(chart.rows.first == "June 2021" && chart.rows.last == "June 2022")
    }
    #expect(months[0].numbers.last == 9 && months[0].title.hasSuffix("9 in all, 9 in the busiest month"))
    #expect(try ada.person.get("/administrator").text.contains("New accounts in the last 7 days: 9"))
  }

  @Test("the months of 365 days are right all through a year")
  func months() throws {
    for _ in 0..<24 {
      site.clock.advance(seconds: 17 * 86_400)
      let person = try site.signedIn("ada")
      let page = try person.get("/administrator?days=365").page
      let rows = page.all("th").filter { $0["scope"] == "row" }.map(\.text)
      #expect(rows.count == 48 || rows.count == 52)
      let last = try #require(rows.last)
      #expect(Language.english.date(site.clock.now()).hasSuffix(last))
    }
  }

  @Test("a site that counts no metrics has no charts, and says so")
  func off() throws {
    let site = try TestSite(["DISABLE_METRICS": "true"])
    let page = try Member(site).person.get("/administrator")
    try AccessTests.expectPage(page, 200)
    #expect(page.text.contains(Language.english.text(.metricsOff)) && !page.text.contains("<svg"))
  }

  @Test("numbers have their digits in groups")
  func groups() {
    for (number, english, german) in [
      (0, "0", "0"), (999, "999", "999"), (1000, "1,000", "1.000"), (1_234_567, "1,234,567", "1.234.567"),
      (100_000, "100,000", "100.000"),
    ] {
      #expect(Language.english.number(number) == english && Language.german.number(number) == german)
    }
  }
}
