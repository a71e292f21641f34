/// The browser and the system that a User-Agent header names, for people who look at their sessions.
///
/// Most browsers claim to be others too, so the order of the tables matters: the most special name comes first.
package struct UserAgent: Hashable, Sendable {
  /// Such as `Firefox`; `nil` if it is unknown.
  package let browser: String?
  /// Such as `Linux`; `nil` if it is unknown.
  package let system: String?

  /// Such as `Firefox on Linux`, `Android` or `curl`.
  package var words: String { [browser, system].compactMap(\.self).joined(separator: " on ") }

  /// Names of browsers by a part of the text.
  private static let browsers: [(part: StaticString, name: String)] = [
    ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edge/", "Edge"),
    ("OPR/", "Opera"), ("OPiOS/", "Opera"), ("OPT/", "Opera"), ("Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Chromium/", "Chrome"),
    ("Trident/", "Internet Explorer"), ("MSIE ", "Internet Explorer"),
    ("curl/", "curl"), ("Wget/", "Wget"),
  ]

  /// Names of systems by a part of the text. Phones claim to be `like Mac OS X`, and Android to be Linux.
  private static let systems: [(part: StaticString, name: String)] = [
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
  ]

  /// `nil` if the text names neither a known browser nor a known system.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    func name(in table: [(part: StaticString, name: String)]) -> String? {
      table.first { Self.contains(bytes, $0.part) }?.name
    }
    let system = name(in: Self.systems)
    // Android's former browser has the words of Safari.
    let isSafari = system != "Android" && Self.contains(bytes, "Version/") && Self.contains(bytes, "Safari/")
    let browser = name(in: Self.browsers) ?? (isSafari ? "Safari" : nil)
    if browser == nil, system == nil { return nil }
    (self.browser, self.system) = (browser, system)
  }

  private static func contains(_ bytes: [UInt8], _ part: StaticString) -> Bool {
    let part = Array("\(part)".utf8)
    guard bytes.count >= part.count else { return false }
    return (0...bytes.count - part.count).contains { bytes[$0..<$0 + part.count].elementsEqual(part) }
  }
}

extension Session {
  /// The browser and the system of the client that signed in; `nil` if they are unknown or not shown.
  package var device: UserAgent? { userAgent.flatMap(UserAgent.init) }
}
