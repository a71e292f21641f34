import DashboardEndpoints
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("hostile text on the pages")
struct HostileTextTests {
  private static let texts = [
    #""><script>alert(1)</script>"#, "'; onfocus='alert(1)' x='", "<!-- --><![CDATA[x]]>&amp;&#60;&quot",
    "\u{2028}\u{2029}\u{202E}\u{2066}\u{200F}\u{FEFF}<b>", "{field}{time}{length}{name}",
    String(repeating: "<x y=\"", count: 340), "javascript:alert(1)",
    "\r\nSet-Cookie: a=b\t\u{1}\u{7F}\u{85}\u{FFFE}",
    "\u{E9}\u{1F600}\u{10FFFD}", "</textarea></title></style>",
  ]

  /// The elements of pages.
  private static let elements: Set<String> = [
    "html", "head", "meta", "title", "link", "body", "a", "header", "nav", "main", "h1", "h2", "footer",
    "form",
    "input", "button", "label", "div", "p", "span", "ul", "li", "dl", "dt", "dd", "fieldset", "legend",
    "time",
    "code", "img", "bdi", "svg", "path", "rect", "figure", "figcaption", "strong", "details", "summary",
    "table",
    "thead", "tbody", "tr", "th", "td", "script",
  ]

  /// Every `<` and `"` of a page is its own: it parses strictly, has only its own elements, and no control characters.
  private static func expectHarmless(_ answer: Answer, _ what: String) throws {
    #expect(answer.http.all("Set-Cookie").allSatisfy { !$0.hasPrefix("a=b") })
    if answer.status == 303 {
      #expect(answer.location?.utf8.allSatisfy { (0x21..<0x7F).contains($0) } == true, "\(what)")
      return
    }
    let page = try AccessTests.expectPage(answer, answer.status, what)
    // One expectation for all elements: each takes longer than to look at an element.
    let foreign = page.elements.filter { element in
      !elements.contains(element.name)
        || element.attributes.contains { $0.name.hasPrefix("on") || $0.name == "y" || $0.name == "style" }
    }
    #expect(foreign.map(\.name) == [], "\(what)")
    let links = page.elements.compactMap { $0["href"] ?? $0["action"] ?? $0["src"] }
    // An authenticator app opens the link with its secret.
    let outside = links.filter {
      !($0.hasPrefix("/") && !$0.hasPrefix("//") || $0.hasPrefix("#") || $0.hasPrefix("otpauth://totp/"))
    }
    #expect(outside == [], "\(what)")
    // U+0000 to U+001F and U+007F to U+009F.
    let isControl = answer.http.body.indices.contains { place in
      let byte = answer.http.body[place]
      return byte < 0x20 && ![0x09, 0x0A, 0x0D].contains(byte) || byte == 0x7F
        || byte == 0xC2 && (0x80..<0xA0).contains(answer.http.body[place + 1])
    }
    #expect(!isControl, "\(what)")
  }

  @Test("typed text is escaped wherever a form shows it", arguments: Page.withForm.indices)
  func fields(index: Int) throws {
    let site = try TestSite(["USER_PROFILE_FIELDS": WordsTests.allFields])
    let page = Page.withForm[index]
    let member = try Member(site)
    for person in [member.person] + (page.access.role == .anyone ? [try site.guest(for: page)] : []) {
      let form = try person.get(member.url(page)).form()
      for text in Self.texts {
        // A stale form is shown again in one way, whatever was typed.
        for isAccepted in text == Self.texts[0] ? [true, false] : [true] {
          let fields = form.fields.map { name, value in
            (name: name, value: name == Site.tokenField && isAccepted ? value : text)
          }
          let answer = try person.request("POST", form.action, Person.encoded(fields + [("sealed", text)]))
          try Self.expectHarmless(answer, "\(page.name) \(answer.status) \(text.prefix(40))")
          guard answer.status >= 400, answer.heading == Language.english.text(page.title) else { continue }
          // The browser gets back what was typed, but for what HTML can't hold.
          for input in try answer.page.all("input") where ["text", "email"].contains(input["type"]) {
            guard let name = input["name"], !FormTests.secrets.contains(name), let value = input["value"]
            else { continue }
            let isWhole = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            #expect(value == text || !isWhole, "\(page.name) \(name)")
          }
        }
      }
    }
  }

  @Test("text in the URL is escaped wherever a page shows it", arguments: Site.pages.indices)
  func queries(index: Int) throws {
    let site = try TestSite()
    let (page, member) = (Site.pages[index], try Member(site))
    let guest = try site.guest(for: page)
    let names = [
      "return-url", "notice", "sessionid", "profileid", "codeid", "after", "place", "limit", "x",
      "accountid", "days",
    ]
    var queries: [String] = []
    for text in Self.texts {
      let fields = (names + [text]).map { ($0, text) }
      queries.append(Person.encoded(fields))
      queries.append(fields.map { "\($0)=\($1)" }.joined(separator: "&"))
    }
    // A field can be refused before another one is read, so each is sent alone too.
    let all = Self.texts.joined()
    queries += names.map { Person.encoded([($0, all)]) }
    for query in queries where !query.utf8.contains(0x0A) {
      for person in [member.person, guest] {
        let answer = try person.get("\(page.path)?\(query)")
        try Self.expectHarmless(answer, "\(page.name) ?\(query.prefix(60))")
      }
    }
  }

  @Test("text of a profile is escaped, and can't turn the page around")
  func stored() throws {
    let site = try TestSite([
      "USER_PROFILE_FIELDS": "full-name,display-name", "MAXIMUM_DISPLAY_NAME_LENGTH": "256",
    ])
    let person = try site.member("ada")
    for text in Self.texts where text.unicodeScalars.count <= 50 {
      let values = ["full-name": text, "display-name": text, "default": "true"]
      let saved = try person.fill("/account/create-profile", values)
      #expect(saved.status == 303 || saved.status == 400)
      let account = "accountid=\(try person.accountID)"
      for path in [
        "/account", "/account/profiles", "/administrator/accounts", "/administrator/account?\(account)",
        "/administrator/account-sessions?\(account)", "/administrator/create-reset-code?\(account)",
        "/administrator/sessions", "/administrator/profiles",
      ] {
        try Self.expectHarmless(person.get(path), "\(path) \(text)")
      }
      let list = try person.get("/account/profiles").page
      for link in list.all("a").compactMap({ $0["href"] }) where link.contains("profileid") {
        for page in [
          "account/profile", "account/edit-profile", "account/delete-profile", "account/set-default-profile",
          "administrator/profile",
        ] {
          try Self.expectHarmless(person.get(link.replacing("/account/profile?", with: "/\(page)?")), page)
        }
      }
    }
  }

  @Test("the names of a site are escaped")
  func site() throws {
    for text in Self.texts where text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    {
      let site = try TestSite(["SITE_NAME": text])
      try Self.expectHarmless(site.guest().get("/account/signin"), text)
    }
  }
}
