import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("the language of the pages")
struct LanguageTests {
  private let site: TestSite

  init() throws { site = try TestSite() }

  private func language(_ answer: Answer) throws -> String? { try answer.page.all("html").first?["lang"] }

  @Test("the cookie wins over Accept-Language, which wins over English")
  func order() throws {
    let guest = site.guest()
    #expect(try language(guest.get("/account/signin")) == "en")
    guest.variables["HTTP_ACCEPT_LANGUAGE"] = "it;q=0.9, de;q=0.8, en;q=0.7"
    #expect(try language(guest.get("/account/signin")) == "de")
    #expect(try language(guest.get("/account/none")) == "de")
    guest.cookies["dashboard_language"] = "en"
    #expect(try language(guest.get("/account/signin")) == "en")
    for wrong in ["it", "", "DE", "\"de\""] {
      guest.cookies["dashboard_language"] = wrong
      #expect(try language(guest.get("/account/signin")) == "de")
    }
  }

  @Test("a guest chooses a language, and comes back to the same page", arguments: [false, true])
  func chosen(isSecure: Bool) throws {
    let guest = site.guest()
    if isSecure { guest.variables["HTTPS"] = "on" }
    let path = "/account/signin?return-url=%2Fx"
    let page = try guest.get(path).page
    let place = try #require(page.elements.firstIndex { $0["class"] == "languages" })
    let back = try #require(page.all(["input"], in: place).first { $0["name"] == "return-url" }?["value"])
    let choice = try #require(page.all(["button"], in: place).first)
    #expect(choice["lang"] == "de" && choice.text == "Deutsch")
    let answer = try guest.post("/account/language", ["language": choice["value"] ?? "", "return-url": back])
    #expect(answer.status == 303 && answer.location == path)
    #expect(
      answer.http["Set-Cookie"]
        == "dashboard_language=de; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
        + (isSecure ? "; Secure" : ""))
    #expect(try language(guest.get(path)) == "de")
  }

  @Test("a signed-in person's choice needs the token of its form")
  func token() throws {
    let person = try site.member("ada")
    let session = try #require(person.session)
    let token = session.formToken(path: "/account/language")
    for wrong in ["", "x", session.formToken(path: "/account/signout")] {
      let answer = try person.post("/account/language", ["language": "de", Site.tokenField: wrong])
      try AccessTests.expectPage(answer, 403)
      #expect(answer.text.contains(Language.english.text(.problemStaleForm)))
      #expect(answer.http["Set-Cookie"] == nil)
    }
    let answer = try person.post("/account/language", ["language": "de", Site.tokenField: token])
    #expect(answer.status == 303 && answer.location == "/account")
    // The token of a session that has ended does not matter to a guest.
    #expect(
      try site.guest().post("/account/language", ["language": "de", Site.tokenField: token]).status == 303)
  }

  @Test("a page that refuses knows the person: it leads out, and changes its language")
  func refusals() throws {
    let person = try site.member("ada")
    for path in ["/account/none", "/account/session?sessionid=none", "/account/sessions?limit=0"] {
      person.cookies["dashboard_language"] = nil
      let refused = try person.get(path)
      #expect(refused.status >= 400)
      #expect(refused.text.contains(Language.english.text(.signOutTitle)))
      let page = try refused.page
      let place = try #require(page.elements.firstIndex { $0["class"] == "languages" })
      let fields = page.all(["input"], in: place).map { ($0["name"] ?? "", $0["value"] ?? "") }
      let answer = try person.request(
        "POST", "/account/language", Person.encoded(fields + [("language", "de")]))
      #expect(answer.location == path)
    }
    // A server without time for it does not look.
    person.cookies["dashboard_language"] = nil
    let busy = try person.request("GET", "/account", isBusy: true)
    #expect(!busy.text.contains(Language.english.text(.signOutTitle)))
  }

  @Test("LANGUAGES limits the languages, and its first one is the default")
  func limited() throws {
    let guest = try TestSite(["LANGUAGES": "ar, fr"]).guest()
    func html(_ header: String) throws -> Markup.Element? {
      guest.variables["HTTP_ACCEPT_LANGUAGE"] = header
      return try guest.get("/account/signin").page.all("html").first
    }
    #expect(try html("fr")?["lang"] == "fr")
    #expect(try html("de, en")?["lang"] == "ar")
    #expect(try html("de, en")?["dir"] == "rtl")
    #expect(try guest.get("/account/signin").text.contains("Français"))
    #expect(try !guest.get("/account/signin").text.contains("English"))
    #expect(try guest.post("/account/language", ["language": "en"]).status == 400)
    let alone = try TestSite(["LANGUAGES": "ja"]).guest()
    #expect(try !alone.get("/account/signin").text.contains("languages"))
  }

  @Test("an unknown language is a page")
  func unknown() throws {
    for text in ["it", "", "de\r\nX: y"] {
      try AccessTests.expectPage(site.guest().post("/account/language", ["language": text]), 400)
    }
    try AccessTests.expectPage(site.guest().post("/account/language"), 400)
    let cross = try site.guest().request(
      "POST", "/account/language", "language=de", ["HTTP_SEC_FETCH_SITE": "cross-site"])
    try AccessTests.expectPage(cross, 403)
    #expect(cross.http["Set-Cookie"] == nil)
  }
}
