import Glibc

/// A person's browser: headless Chromium.
package final class Browser: Sendable {
  private let driver: WebDriver
  private let base: String

  /// True if the browser is installed. `deploy/test` installs it.
  package static let isInstalled =
    access(Programs.chromedriver, X_OK) == 0 && access(WebDriver.browser, X_OK) == 0

  /// - Parameters:
  ///   - base: the site's address, such as `http://127.0.0.1:8080`.
  ///   - runsScripts: false to switch the scripts of pages off.
  package init(_ base: String, width: Int = 1280, runsScripts: Bool = true) throws {
    self.base = base
    driver = try WebDriver(
      preferences: [
        "profile.managed_default_content_settings.javascript": runsScripts ? 1 : 2,
        "credentials_enable_service": false, "profile.password_manager_leak_detection": false,
        "intl.accept_languages": "en",
      ])
    if !runsScripts { try devTools("Emulation.setScriptExecutionDisabled", ["value": true]) }
    try resize(width: width)
  }

  // MARK: The window

  /// - Parameter zoom: 2 for 200 %: the page then has half the width, in CSS pixels.
  package func resize(width: Int, zoom: Int = 1) throws {
    try devTools(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": .number(Double(width / zoom)), "height": .number(Double((width < 600 ? 667 : 900) / zoom)),
        "deviceScaleFactor": .number(Double(zoom)), "mobile": .boolean(false),
      ])
  }

  /// Makes pages prefer dark colours, or light ones.
  package func setDark(_ isDark: Bool) throws {
    try devTools(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": .string(isDark ? "dark" : "light")]]])
  }

  /// A command of the Chrome DevTools Protocol.
  @discardableResult
  package func devTools(_ command: String, _ parameters: JSON = [:]) throws -> JSON {
    try driver.command("POST", "goog/cdp/execute", ["cmd": .string(command), "params": parameters])
  }

  /// A PNG of the whole page.
  package func screenshot() throws -> [UInt8] {
    let size = try run("return [document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    let clip: JSON = [
      "x": 0, "y": 0, "width": size.array?[0] ?? 0, "height": size.array?[1] ?? 0, "scale": 1,
    ]
    let answer = try devTools("Page.captureScreenshot", ["captureBeyondViewport": true, "clip": clip])
    return Base64.decode(answer["data"]?.string ?? "")
  }

  // MARK: Pages

  /// - Parameter path: of the site, or a URL with `data:`.
  package func open(_ path: String) throws {
    let url = path.hasPrefix("/") ? base + path : path
    try driver.command("POST", "url", ["url": .string(url)])
  }

  package func back() throws { try driver.command("POST", "back") }
  package func forward() throws { try driver.command("POST", "forward") }
  package func reload() throws { try driver.command("POST", "refresh") }

  /// The path and query of the page.
  package var path: String {
    get throws {
      let url = try driver.command("GET", "url").string ?? ""
      return url.hasPrefix(base) ? String(url.dropFirst(base.count)) : url
    }
  }
  package var title: String { get throws { try driver.command("GET", "title").string ?? "" } }
  package var source: String { get throws { try driver.command("GET", "source").string ?? "" } }
  /// The page as a person reads it.
  package var text: String { get throws { try text(of: "body") } }
  package var heading: String { get throws { try text(of: "h1") } }

  /// Runs a script of the test in the page. The policy of the page does not hold for it.
  @discardableResult
  package func run(_ script: String, _ arguments: JSON...) throws -> JSON {
    try driver.command("POST", "execute/sync", ["script": .string(script), "args": .array(arguments)])
  }

  @discardableResult
  package func runAsynchronously(_ script: String) throws -> JSON {
    try driver.command("POST", "execute/async", ["script": .string(script), "args": []])
  }

  package func deleteCookies() throws { try driver.command("DELETE", "cookie") }

  /// The value of a cookie; `nil` if there is none.
  package func cookie(_ name: String) throws -> String? {
    try driver.command("GET", "cookie").array?.first { $0["name"]?.string == name }?["value"]?.string
  }

  package func setCookie(_ name: String, _ value: String) throws {
    try driver.command("POST", "cookie", ["cookie": ["name": .string(name), "value": .string(value)]])
  }

  // MARK: Elements

  /// The identifier of the first element that matches a selector.
  private func element(_ selector: String, using strategy: String = "css selector") throws -> String {
    let found = try driver.command(
      "POST", "element", ["using": .string(strategy), "value": .string(selector)])
    guard case .object(let members) = found, let id = members.first?.value.string else {
      throw TestFailure("no element: \(found)")
    }
    return id
  }

  package func has(_ selector: String) throws -> Bool {
    let body: JSON = ["using": "css selector", "value": .string(selector)]
    return try driver.command("POST", "elements", body).array?.isEmpty == false
  }

  package func text(of selector: String) throws -> String {
    try driver.command("GET", "element/\(element(selector))/text").string ?? ""
  }

  package func property(_ name: String, of selector: String) throws -> String? {
    try driver.command("GET", "element/\(element(selector))/property/\(name)").string
  }

  /// Clicks on a link or button that leads to another page.
  package func click(_ selector: String) throws { try click(element: element(selector)) }

  /// Clicks on the link with this text.
  package func follow(_ text: String) throws { try click(element: element(text, using: "link text")) }

  private func click(element: String) throws {
    try leaving { try driver.command("POST", "element/\(element)/click") }
  }

  /// Waits until what `action` does has led to another page.
  package func leaving(_ action: () throws -> Void) throws {
    let page = try element("html")
    try action()
    let isLeft = try eventually {
      do {
        try driver.command("GET", "element/\(page)/name")
        return false
      } catch is WebDriver.Refusal {
        // The driver answers when the next page is there.
        return try has("h1")
      }
    }
    guard isLeft else { throw TestFailure("nothing led away from \(try path)") }
  }

  /// Types a text into a field in place of its value.
  package func type(_ text: String, into selector: String) throws {
    let id = try element(selector)
    try driver.command("POST", "element/\(id)/clear")
    try driver.command("POST", "element/\(id)/value", ["text": .string(text)])
  }

  /// Fills the page's own form in, by the names of fields, and submits it.
  ///
  /// - Parameter path: opened before; `nil` to stay on the page.
  package func fill(_ values: KeyValuePairs<String, String> = [:], at path: String? = nil) throws {
    if let path { try open(path) }
    for (name, value) in values { try type(value, into: "main [name=\"\(name)\"]") }
    try click("main form button")
  }

  /// Clicks twice on an element, as fast as a hand can.
  package func doubleClick(_ selector: String) throws {
    let id = try element(selector)
    let origin: JSON = ["element-6066-11e4-a52e-4f735466cecf": .string(id)]
    let (down, up): (JSON, JSON) = (
      ["type": "pointerDown", "button": 0], ["type": "pointerUp", "button": 0]
    )
    try perform([
      "type": "pointer", "id": "mouse",
      "actions": [
        ["type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": origin], down, up, down, up,
      ],
    ])
  }

  /// Presses keys that lead to another page.
  package func go(_ keys: String) throws { try leaving { try press(keys) } }

  /// Presses keys, one after another. Special keys have the code points of WebDriver, section 17.4.2.
  package func press(_ keys: String) throws {
    let actions = keys.unicodeScalars.flatMap { key -> [JSON] in
      ["keyDown", "keyUp"].map { ["type": .string($0), "value": .string(String(key))] }
    }
    try perform(["type": "key", "id": "keyboard", "actions": .array(actions)])
  }

  private func perform(_ source: JSON) throws { try driver.command("POST", "actions", ["actions": [source]]) }

  /// Clicks on an element of a page that stays.
  package func push(_ selector: String) throws {
    try driver.command("POST", "element/\(element(selector))/click")
  }

  // MARK: Authenticators

  /// An authenticator without hardware, which consents to everything (WebAuthn Level 3, section 11).
  package enum Authenticator: Sendable {
    /// A phone or a computer: it keeps passkeys, and verifies its holder.
    case platform
    /// A security key: it keeps none, so the site must name the credential.
    case roaming(isUserVerified: Bool)

    fileprivate var options: JSON {
      let (isPlatform, isVerified) =
        switch self {
        case .platform: (true, true)
        case .roaming(let isVerified): (false, isVerified)
        }
      return [
        "protocol": "ctap2", "transport": isPlatform ? "internal" : "usb",
        "hasResidentKey": .boolean(isPlatform), "hasUserVerification": .boolean(isVerified),
        "isUserVerified": .boolean(isVerified), "isUserConsenting": true,
      ]
    }
  }

  /// - Returns: the authenticator's identifier.
  package func add(_ authenticator: Authenticator) throws -> String {
    try driver.command("POST", "webauthn/authenticator", authenticator.options).string ?? ""
  }

  /// Takes an authenticator away, with its credentials.
  package func removeAuthenticator(_ id: String) throws {
    try driver.command("DELETE", "webauthn/authenticator/\(id)")
  }

  // MARK: Tabs

  /// The tab that is in front.
  package var tab: String { get throws { try driver.command("GET", "window").string ?? "" } }

  /// Opens a tab and goes to it.
  package func openTab() throws -> String {
    let tab = try driver.command("POST", "window/new", ["type": "tab"])["handle"]?.string ?? ""
    try show(tab)
    return tab
  }

  package func show(_ tab: String) throws { try driver.command("POST", "window", ["handle": .string(tab)]) }
}

/// Base64 (RFC 4648 section 4).
package enum Base64 {
  static func decode(_ text: String) -> [UInt8] {
    var (output, bits, count): ([UInt8], UInt32, Int) = ([], 0, 0)
    output.reserveCapacity(text.utf8.count * 3 / 4)
    for byte in text.utf8 {
      let value: UInt8? =
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
      guard let value else { continue }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return output
  }
}
