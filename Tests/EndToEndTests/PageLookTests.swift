import Glibc
import TestSupport
import Testing

/// axe-core, the rules of accessibility that a program can check (WCAG 2.2 and best practices).
enum Axe {
  /// `deploy/axe` puts it there.
  static let path = "\(Programs.root)/.local/axe/axe.min.js"
  static let isInstalled = Browser.isInstalled && access(path, R_OK) == 0

  /// Loads it into every page that the browser opens from then on. The policy of pages does not hold for it.
  static func load(into browser: Browser) throws {
    try browser.devTools(
      "Page.addScriptToEvaluateOnNewDocument", ["source": .string(try Files.text(path))])
  }

  /// The violations on the page, one a line.
  static func violations(in browser: Browser, only rules: [String] = []) throws -> String {
    let only = rules.isEmpty ? "" : ", runOnly: \(JSON.array(rules.map(JSON.string)).text)"
    let found = try browser.runAsynchronously(
      """
      const done = arguments[arguments.length - 1]
      axe.run(document, {resultTypes: ["violations"]\(only)}).then(
        found => done(found.violations.map(v => v.id + ": " + v.nodes.map(n => n.html + " " + n.failureSummary)).join("\\n")),
        error => done("" + error))
      """)
    return found.string ?? "no answer"
  }
}

@Suite("the look of the pages", .enabled(if: Axe.isInstalled))
struct PageLookTests {
  @Test("axe-core finds nothing, light and dark, and no page scrolls sideways at any width or at 200 %")
  func accessibility() throws {
    let walk = try PageWalk(width: 375, hasTLS: true)
    let browser = walk.browser
    try Axe.load(into: browser)
    try PageGallery(walk).visit { name in
      let light = try Axe.violations(in: browser)
      #expect(light == "", "\(name)")
      try browser.setDark(true)
      let dark = try Axe.violations(in: browser, only: ["color-contrast", "link-in-text-block"])
      #expect(dark == "", "\(name), dark")
      try browser.setDark(false)
      try walk.expectNoSidewaysScrolling()
      for (width, zoom) in [(1280, 2), (320, 1), (375, 1)] {
        try browser.resize(width: width, zoom: zoom)
        try walk.expectNoSidewaysScrolling()
      }
    }
  }

  @Test("German texts fit a phone too")
  func german() throws {
    let walk = try PageWalk(width: 320, settings: ["LANGUAGES": "de"], hasTLS: true)
    try PageGallery(walk).visit { _ in try walk.expectNoSidewaysScrolling() }
    #expect(try walk.browser.has("html[lang=de]"))
  }

  /// Pictures for people: SHOTS=DIRECTORY makes them, and LANGUAGES=ar in Arabic.
  @Test("pictures of every page", .enabled(if: getenv("SHOTS") != nil))
  func pictures() throws {
    let directory = getenv("SHOTS").map { String(cString: $0) } ?? ""
    let settings = getenv("LANGUAGES").map { ["LANGUAGES": String(cString: $0)] } ?? [:]
    for width in PageWalk.widths {
      for isDark in [false, true] {
        let walk = try PageWalk(width: width, settings: settings, hasTLS: true)
        try walk.browser.setDark(isDark)
        let folder = "\(directory)/\(width)-\(isDark ? "dark" : "light")"
        mkdir(directory, 0o755)
        mkdir(folder, 0o755)
        try PageGallery(walk).visit { name in
          try Files.write(walk.browser.screenshot(), to: "\(folder)/\(name).png")
        }
      }
    }
  }
}
