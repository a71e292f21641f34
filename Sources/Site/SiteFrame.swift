import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// What all pages have around their content: the site's name, the way in and out, the languages.
struct SiteFrame {
  let visit: Visit
  let language: Language
  /// `nil` if the caller is a guest, or not known because the request was refused before.
  let signedIn: SignedIn?
  /// True if the visitor can register; `nil` if it is not known, because the request was refused before.
  var mayRegister: Bool?

  private var configuration: AppConfiguration { visit.app.configuration }
  private var site: SiteConfiguration { configuration.site }

  private func words(_ text: Text) -> HTML { .text(language.text(text)) }

  // What is the same in all pages is made once: a page costs what it makes.

  private static let head: HTML = [
    .tag("meta", ["charset": "utf-8"]),
    .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
    .tag("meta", ["name": "color-scheme", "content": "light dark"]),
    .tag("link", ["rel": "stylesheet", "href": SiteStylesheet.path]),
  ]

  /// The buttons that choose a language.
  private static let buttons = Dictionary(
    uniqueKeysWithValues: Language.allCases.map { language in
      let attributes: [(key: StaticString, value: String)] = [
        ("type", "submit"), ("name", "language"), ("value", language.rawValue), ("lang", language.rawValue),
        ("dir", language.direction),
      ]
      return (language, HTML.tag("button", list: attributes, .text(language.name)))
    })

  /// - Parameters:
  ///   - title: the page's heading.
  ///   - isProblem: true if the page shows a form that was not accepted.
  ///   - hasScript: true if the page has a field for a passkey.
  func document(
    _ title: Text, isProblem: Bool = false, hasScript: Bool = false, _ content: HTML
  ) -> [UInt8] {
    let name = site.name ?? visit.app.name.description
    let prefix = isProblem ? language.text(.errorPrefix) : ""
    return HTML.document(
      .tag(
        "html", ["lang": language.rawValue, "dir": language.direction],
        .tag(
          "head", [:], Self.head,
          .tag("title", [:], .text("\(prefix)\(language.text(title)) – \(name)")),
          site.stylesheet.map { .tag("link", ["rel": "stylesheet", "href": $0]) } ?? [],
          hasScript ? .tag("script", ["src": SiteScript.path, "defer": ""]) : []),
        .tag(
          "body", [:], .tag("a", ["class": "skip", "href": "#content"], words(.skip)),
          .tag("header", [:], .tag("nav", ["aria-label": language.text(.siteNavigation)], navigation(name))),
          .tag("main", ["id": "content", "tabindex": "-1"], .tag("h1", [:], words(title)), content),
          .tag("footer", [:], footer))))
  }

  private func navigation(_ name: String) -> HTML {
    let logo: HTML = site.logo.map { .tag("img", ["src": $0, "alt": "", "class": "logo"]) } ?? []
    let home = HTML.tag("a", ["class": "home", "href": site.home ?? Page.account.path], logo, .text(name))
    let links: [HTML]
    if let signedIn {
      let pages = [.account] + (signedIn.account.isAdministrator ? [Administration.index] : []) + [.signOut]
      links = pages.map { link($0.path, $0.title) }
    } else {
      let isOpen = mayRegister ?? !configuration.registrationIsClosed
      links = ([.signIn] + (isOpen ? [.register] : [])).map { (page: Page) in
        link(page.path + wayBack, page.title)
      }
    }
    return [home, " ", .tag("span", ["class": "links"], Self.apart(links))]
  }

  /// A guest who came for another page goes there also from a link of the frame.
  private var wayBack: String {
    let wanted = (try? Form(query: visit.queryString))?["return-url"]
    return View.wayBack(wanted.map { String(decoding: $0, as: UTF8.self) })
  }

  /// Links in a line. Text browsers show only the blanks between them.
  private static func apart(_ links: [HTML]) -> HTML { .sequence(links.map { [$0, " "] }) }

  private func link(_ path: String, _ text: Text) -> HTML { .tag("a", ["href": path], words(text)) }

  private var footer: HTML {
    let links = [(site.terms, Text.terms), (site.privacy, .privacy)].compactMap { path, text in
      path.map { link($0, text) }
    }
    let query = visit.queryString.isEmpty ? "" : "?\(String(decoding: visit.queryString, as: UTF8.self))"
    let here = String(decoding: visit.path, as: UTF8.self) + query
    let token: HTML =
      signedIn.map { View.hidden(Site.tokenField, $0.session.formToken(path: Site.languagePath)) } ?? []
    let choices = site.languages.filter { $0 != language }.compactMap { Self.buttons[$0] }
    return [
      choices.isEmpty
        ? []
        : .tag(
          "form",
          [
            "method": "post", "action": Site.languagePath, "class": "languages",
            "aria-label": language.text(.languageLabel),
          ],
          token, View.hidden("return-url", here), .sequence(choices)),
      links.isEmpty ? [] : .tag("p", ["class": "links"], Self.apart(links)),
    ]
  }

  /// The response with a page.
  func draft(status: Int = 200, hasScript: Bool = false, _ body: [UInt8]) -> Draft {
    var draft = Draft(body, "text/html; charset=utf-8")
    draft.set(status: status)
    draft.add("Content-Security-Policy", Site.contentSecurityPolicy(configuration, hasScript: hasScript))
    draft.add("Referrer-Policy", "same-origin")
    draft.add("Vary", "Accept-Language, Cookie")
    return draft
  }
}
