import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("the forms of the pages")
struct FormTests {
  /// Values that a form accepts, or at least shows again.
  static func values(_ form: Answer.Form) -> [String: String] {
    Dictionary(
      form.fields.filter { $0.name != Site.tokenField }.map { name, value in
        (name, value.isEmpty ? "typed \(name)" : value)
      }, uniquingKeysWith: { $1 })
  }

  /// Fields whose values never appear in a page again.
  static let secrets: Set<String> = [
    "password", "new-password", "verify-password", "secret-code", "code", "credential",
  ]

  @Test(
    "a form without its token, or with another's, is shown again with what was typed",
    arguments: Page.withForm.indices)
  func tokens(index: Int) throws {
    let site = try TestSite()
    let (member, page) = (try Member(site), Page.withForm[index])
    let url = try member.url(page)
    let form = try member.person.get(url).form()
    let session = try #require(member.person.session)
    let token = try #require(form.fields.first { $0.name == Site.tokenField }?.value)
    #expect(session.accepts(formToken: token, path: page.path))
    let typed = Self.values(form)
    for wrong in [
      nil, "", "x", String(token.dropLast()), token + "0", token.uppercased(),
      session.formToken(path: "/account/other"), session.formToken(path: url + "/"),
      member.otherSession.formToken(path: page.path),
    ] where wrong != token {
      var fields = typed.map { (name: $0.key, value: $0.value) }
      if let wrong { fields.append((Site.tokenField, wrong)) }
      let answer = try member.person.request("POST", form.action, Person.encoded(fields))
      try AccessTests.expectPage(answer, 403, "\(page.name) \(wrong ?? "none")")
      #expect(try answer.text(of: "problem")?.contains(Language.english.text(.problemStaleForm)) == true)
      #expect(answer.heading == Language.english.text(page.title))
      for (name, value) in typed {
        let input = try #require(try answer.page.elements.first { $0.name == "input" && $0["name"] == name })
        guard !["radio", "checkbox"].contains(input["type"]) else { continue }
        #expect(input["value"] == (Self.secrets.contains(name) ? nil : value), "\(page.name) \(name)")
      }
      let again = try #require(try answer.form().fields.first { $0.name == Site.tokenField })
      #expect(again.value == token)
    }
    // None of them had an effect: the session lives, and so does everything else.
    #expect(try member.person.get(url).status == 200)
  }

  @Test("a guest's form has no token, and needs none", arguments: Page.open.indices)
  func guests(index: Int) throws {
    let (site, page) = (try TestSite(), Page.open[index])
    let guest = try site.guest(for: page)
    let form = try guest.get(page.path).form()
    #expect(!form.fields.contains { $0.name == Site.tokenField })
    let answer = try guest.request("POST", form.action, Person.encoded(form.fields))
    #expect(answer.status == (page.name == "signout" ? 303 : 400))
  }

  @Test("no page repeats a password or a code that was posted", arguments: Page.withForm.indices)
  func secrets(index: Int) throws {
    let page = Page.withForm[index]
    let (site, marker) = (try TestSite(), "geheimnis")
    let member = try Member(site)
    for person in [member.person] + (page.access.role == .anyone ? [try site.guest(for: page)] : []) {
      let form = try person.get(member.url(page)).form()
      let names = Set(form.fields.map(\.name)).union(Self.secrets).subtracting([Site.tokenField])
      for (length, wrong) in [
        (9, "none"), (9, "remember"), (1, "none"), (2000, "none"), (9, Site.tokenField),
      ] {
        let secret = String(repeating: marker, count: (length + 8) / 9)
        var fields = form.fields.filter { $0.name == Site.tokenField && wrong != Site.tokenField }
        for name in names {
          fields.append((name, Self.secrets.contains(name) ? secret : name == wrong ? "x" : "ada"))
        }
        let answer = try person.request("POST", form.action, Person.encoded(fields))
        // A code that was made is shown.
        if page.name == "create-reset-code", answer.status == 200 { continue }
        #expect(!answer.text.contains(marker), "\(page.name) \(answer.status)")
        #expect(answer.location?.contains(marker) != true)
        // The file with all that is kept is JSON.
        let isFile = page.name == "export" && answer.http["Content-Disposition"] != nil
        #expect(isFile || !answer.text.contains("{\""), "JSON")
      }
    }
  }

  @Test("what is missing or wrong is told at its field, and the summary leads there")
  func errors() throws {
    let site = try TestSite()
    for (fields, name, text) in [
      ([:], "username", "Fill in: Username."),
      (["username": "ada"], "password", "Fill in: Password."),
      (
        ["username": "a\u{7}b", "password": "long enough 1"], "username",
        Language.english.text(.problemCharacters)
      ),
      (["username": "ada", "password": "short"], "password", "Password: Use 8 to 128 characters."),
    ] {
      let answer = try site.guest().fill("/account/register", fields)
      try AccessTests.expectPage(answer, 400, name)
      let input = try #require(try answer.input(name))
      #expect(input["aria-invalid"] == "true")
      #expect(input["aria-describedby"]?.contains("field-\(name)-problem") == true)
      let page = try answer.page
      #expect(page.elements.first { $0["id"] == "field-\(name)-problem" }?.text == text)
      let summary = try #require(page.elements.first { $0["class"] == "problem" })
      #expect(summary["autofocus"] != nil && summary["role"] == "alert" && summary["tabindex"] == "-1")
      #expect(page.all("a").contains { $0["href"] == "#field-\(name)" && $0.text == text })
      #expect(page.all("title").first?.text.hasPrefix("Error: Register") == true)
      #expect(page.elements.filter { $0["aria-invalid"] != nil }.count == 1)
    }
  }

  @Test(
    "a register page asks for the fields that the settings require, and no other", arguments: [true, false])
  func requiredProfile(isRequired: Bool) throws {
    let settings = [
      "USER_PROFILE_FIELDS": "full-name,phone", "REQUIRE_PROFILE": isRequired ? "true" : "false",
    ]
    let site = try TestSite(settings)
    let page = try site.guest().get("/account/register")
    for name in ["full-name", "phone"] {
      #expect(try (page.input(name)?["required"] != nil) == isRequired)
    }
    #expect(try page.input("contact-email") == nil)
    #expect(!page.text.contains("optional"))
    let member = try site.member("ada").get("/account/create-profile")
    #expect(try member.input("full-name")?["required"] != nil && member.input("phone")?["required"] != nil)
    #expect(try member.input("contact-email") == nil)
  }

  @Test("a profile keeps every field that its form has")
  func profileFields() throws {
    let site = try TestSite(["USER_PROFILE_FIELDS": WordsTests.allFields])
    let member = try Member(site)
    let page = try member.person.get("/account/create-profile")
    var values = Member.others
    values["full-name"] = "Augusta Ada King"
    values["contact-email"] = "king@example.org"
    #expect(try member.person.submit(page, values).location == "/account/profiles?notice=profile-saved")
    let list = try member.person.get("/account/profiles")
    let link = try #require(try list.page.all("a").first { $0.text == "Augusta Ada King" }?["href"])
    let shown = try member.person.get(link)
    for value in values.values { #expect(shown.text.contains(value)) }
    let edited = try member.person.get(link.replacing("/profile?", with: "/edit-profile?"))
    for (name, value) in values { #expect(try edited.input(name)?["value"] == value) }
  }

  @Test("where registration is closed, its page says so and has no form")
  func closed() throws {
    let site = try TestSite(["DISABLE_REGISTRATION": "true"])
    let page = try site.guest().get("/account/register")
    try AccessTests.expectPage(page, 200)
    #expect(page.text.contains(Language.english.text(.registrationClosed).replacing("'", with: "'")))
    #expect(try page.input("username") == nil)
    try AccessTests.expectPage(site.guest().post("/account/register", ["username": "ada"]), 403)
    #expect(try !site.guest().get("/account/signin").text.contains("/account/register"))
  }
}
