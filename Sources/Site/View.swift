import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// A page in one request: the call, the browser and the language.
struct View {
  var call: Call
  let page: Page
  let visit: Visit
  let language: Language
  /// Values of `Set-Cookie` for the answer to a form that was accepted.
  var cookies: [String] = []

  init(_ call: Call, _ page: Page, _ visit: Visit) {
    self.call = call
    self.page = page
    self.visit = visit
    language = Language(of: visit)
    // A page shows a part of a list, and its links lead on.
    for name in [Paging.all, Paging.offset] { self.call.query.remove(name) }
  }

  /// True if the call has ended the caller's session.
  var isSignedOut: Bool { if case .ended = call.context.effects.session { true } else { false } }

  var configuration: AppConfiguration { call.configuration }
  var account: Account { get throws { try call.signedIn.account } }

  /// Calls an endpoint with the fields of the request. Adds the identifier of the caller's account, which endpoints of users ask for.
  /// Administrators name an account.
  mutating func call<E: Endpoint>(_ endpoint: E.Type) throws -> E.Answer {
    if let own = call.caller.signedIn?.account.accountid, !E.declaration.access.isForAdministrators,
      E.declaration.parameters.contains(where: { $0.source == .querystring && $0.name == "accountid" })
    {
      call.query.set("accountid", Array("\(own)".utf8)[...])
    }
    return try E.result(&call)
  }

  /// Calls an endpoint, unless a form that was sent before, as by a double click, has had its effect already.
  ///
  /// - Parameter isDone: true if the exception comes from that.
  mutating func call<E: Endpoint>(
    _ endpoint: E.Type, unless isDone: (Exception, inout View) throws -> Bool
  ) throws {
    do {
      _ = try call(endpoint)
    } catch let exception as Exception {
      guard try isDone(exception, &self) else { throw exception }
    }
  }

  /// The text of a field in the URL; `nil` if it is absent.
  func query(_ name: String) -> String? { call.query[name].map { String(decoding: $0, as: UTF8.self) } }

  /// The text of a posted field; `nil` if it is absent.
  func posted(_ name: String) -> String? { call.posted[name].map { String(decoding: $0, as: UTF8.self) } }

  /// Where signing in leads: the path in `return-url` if it is one of this site, or else HOME_URL or the account.
  var returnPath: String { back ?? configuration.site.home ?? Page.account.path }

  /// The path in `return-url` if it is one of this site; `nil` if there is none.
  var back: String? { query("return-url").flatMap { Location($0)?.path } }

  // MARK: Words

  func words(_ text: Text, _ values: [String: String] = [:]) -> HTML { .text(language.text(text, values)) }

  /// Text that people have typed. It can't turn the direction of the text around it.
  func typed(_ text: String) -> HTML { .tag("bdi", [:], .text(text)) }

  func paragraph(_ text: Text, _ values: [String: String] = [:]) -> HTML {
    .tag("p", [:], words(text, values))
  }

  func time(_ time: Timestamp) -> HTML {
    .tag("time", ["datetime": "\(time)"], .text(language.time(time)))
  }

  func link(_ path: String, _ text: Text) -> HTML { .tag("a", ["href": path], words(text)) }

  /// A link to a page that leads on to where this one would.
  func alternative(_ page: Page) -> HTML { alternative(page, page.title) }

  func alternative(_ page: Page, _ text: Text) -> HTML {
    link(way(to: page), text)
  }

  /// The path of a page that leads on to where this one would.
  func way(to page: Page) -> String { page.path + Self.wayBack(query("return-url")) }

  /// The query with a way back; empty if there is none, or if it is too long for a header.
  ///
  /// - Parameter mark: `&` after other fields.
  static func wayBack(_ path: String?, after mark: String = "?") -> String {
    let encoded = path.flatMap { Location($0) }.map { PercentEncoding.encode(Array($0.path.utf8)[...]) }
    return encoded.flatMap { $0.utf8.count <= 8000 ? "\(mark)return-url=\($0)" : nil } ?? ""
  }

  /// A link to a page, with a field in its URL.
  ///
  /// - Parameter back: where the page leads back to; `nil` for its usual place.
  func link(
    _ page: Page, _ field: String, _ value: some CustomStringConvertible, _ text: HTML, back: String? = nil
  ) -> HTML {
    .tag("a", ["href": Self.path(page, field, value, back: back)], text)
  }

  static func path(
    _ page: Page, _ field: String, _ value: some CustomStringConvertible, back: String? = nil
  ) -> String {
    "\(page.path)?\(field)=\(value)\(wayBack(back, after: "&"))"
  }

  /// Terms and their descriptions.
  func descriptions(_ pairs: [(Text, HTML)]) -> HTML { descriptions(pairs.map { (words($0.0), $0.1) }) }

  func descriptions(_ pairs: [(HTML, HTML)]) -> HTML {
    .tag("dl", [:], .sequence(pairs.map { [.tag("dt", [:], $0.0), .tag("dd", [:], $0.1)] }))
  }

  /// Details of one thing in a line, as the language separates them.
  func listed(_ parts: [HTML?]) -> HTML {
    let parts = parts.compactMap { $0 }
    return .sequence(
      parts.enumerated().map { place, part in place > 0 ? [.text(language.comma), part] : part })
  }

  /// The text of a link with what distinguishes it from others.
  func line(_ text: HTML, _ details: HTML) -> HTML { [text, " ", .tag("span", ["class": "hint"], details)] }

  /// A list of links, as of things that can be done.
  func actions(_ links: [HTML]) -> HTML { list(links, of: "actions") }

  /// Links to lists, with how much each holds.
  func counts(_ links: [HTML]) -> HTML { list(links, of: "actions counts") }

  private func list(_ links: [HTML], of kind: String) -> HTML {
    links.isEmpty ? [] : .tag("ul", ["class": kind], .sequence(links.map { .tag("li", [:], $0) }))
  }
}
