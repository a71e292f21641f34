import Glibc
import TestSupport
import Testing

/// A person's browser at the pages of a site.
final class PageWalk: Sendable {
  let site: Site
  let browser: Browser
  let width: Int

  /// A phone and a desk, in CSS pixels.
  static let widths = [375, 1280]

  /// nginx with FastCGI on a phone, and the folder for shared hosting on a desk: widths are in CSS pixels. `deploy/pages` also walks
  /// the other way round.
  static let scenes: [(Front, Int)] =
    [(.fastcgi, 375)]
    + (isThorough ? [(.fastcgi, 1280), (.apache(.cgi), 375), (.apache(.cgi), 1280)] : [])
  /// Those of tests that also show a wide page, and a program that answers one request.
  static let bothScenes = isThorough ? scenes : scenes + [(.apache(.cgi), 1280)]

  /// True if the environment has PAGES=all.
  static let isThorough = getenv("PAGES").map { String(cString: $0) == "all" } ?? false

  init(
    _ front: Front = .fastcgi, width: Int = 1280, settings: [String: String] = [:], runsScripts: Bool = true,
    hasTLS: Bool = false, server: String = "", block: String? = nil
  ) throws {
    site = try Site(front, settings: settings, hasPort: true, hasTLS: hasTLS, server: server, block: block)
    browser = try Browser(site.base ?? "", width: width, runsScripts: runsScripts)
    self.width = width
  }

  static func password(of username: String) -> String { "password of \(username)" }

  /// Registers on the page.
  func register(_ username: String) throws {
    try browser.open("/account/register")
    try browser.fill(["username": username, "password": Self.password(of: username)])
  }

  func signIn(_ username: String, password: String? = nil) throws {
    try browser.open("/account/signin")
    try browser.fill(["username": username, "password": password ?? Self.password(of: username)])
  }

  func signOut() throws {
    try browser.open("/account/signout")
    try browser.fill()
  }

  /// Checks where the browser is, and that the page fits the window.
  func expect(
    _ path: String, notice: String? = nil, problem: String? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let reached = try browser.path
    #expect(reached == path || reached.hasPrefix(path + "?"), sourceLocation: location)
    for (selector, text) in [(".notice", notice), (".problem", problem)] {
      if let text {
        #expect(try browser.text(of: selector).contains(text), sourceLocation: location)
      } else {
        #expect(try !browser.has(selector), "\(selector) at \(reached)", sourceLocation: location)
      }
    }
    try expectNoSidewaysScrolling(location)
  }

  func expectNoSidewaysScrolling(_ location: SourceLocation = #_sourceLocation) throws {
    let wide = try browser.run(
      """
      const root = document.documentElement
      if (root.scrollWidth <= root.clientWidth) return ""
      return [...document.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > root.clientWidth)
        .map(e => e.outerHTML.slice(0, 100)).join("\\n")
      """
    ).string
    let path = try browser.path
    #expect(wide == "", "\(path) scrolls sideways", sourceLocation: location)
  }
}
