import DashboardRecords
import DashboardRouting
import DashboardWireFormat

/// A language of the pages. Each has a file with all its texts.
enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case german = "de"

  /// The name of the language in itself.
  var name: String {
    switch self {
    case .english: "English"
    case .german: "Deutsch"
    }
  }

  /// The primary subtag of the language's tag (RFC 5646 section 2.2.1).
  private var subtag: StaticString {
    switch self {
    case .english: "en"
    case .german: "de"
    }
  }

  /// The language that a person has chosen, or else the one that the browser prefers.
  init(of visit: Visit) {
    let chosen = visit.cookie(Self.cookieName(visit)).flatMap {
      Self(rawValue: String(decoding: $0, as: UTF8.self))
    }
    self = chosen ?? Self.preferred(visit.acceptLanguage ?? []) ?? .english
  }

  static func cookieName(_ visit: Visit) -> String { "\(visit.app.name)_language" }

  /// The first of our languages in the order of preference (RFC 9110 section 12.5.4); `nil` if there is none.
  static func preferred(_ header: Bytes) -> Language? {
    var best: (language: Language, quality: Double)?
    for range in header.split(separator: UInt8(ascii: ",")).prefix(32) {
      let tag = range.prefix { $0 != UInt8(ascii: ";") }.trimmingWhitespace()
      let primary = tag.prefix { $0 != UInt8(ascii: "-") }
      guard let language = allCases.first(where: { primary.isEqual(toLowerCase: $0.subtag) }) else {
        continue
      }
      let quality = quality(range)
      if quality > best?.quality ?? 0 { best = (language, quality) }
    }
    return best?.language
  }

  /// The weight of a language range, by default 1.
  private static func quality(_ range: Bytes) -> Double {
    guard range.contains(UInt8(ascii: ";")) else { return 1 }
    let parameters = String(decoding: range, as: UTF8.self).lowercased().split(separator: ";").dropFirst()
    let weight = parameters.map { $0.filter { $0 != " " && $0 != "\t" } }.first { $0.hasPrefix("q=") }
    return weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
  }

  /// A text, with the values of its `{name}` places.
  func text(_ text: Text, _ values: [String: String] = [:]) -> String {
    var result =
      switch self {
      case .english: English.text(text)
      case .german: German.text(text)
      }
    for (name, value) in values { result = result.replacing("{\(name)}", with: value) }
    return result
  }

  /// The label of a field; `nil` if there is no such field.
  func label(_ field: String) -> String? {
    switch self {
    case .english: English.label(field)
    case .german: German.label(field)
    }
  }

  /// A moment in UTC, such as `30 November 2026, 03:12 UTC`.
  func time(_ time: Timestamp) -> String {
    let text = "\(time)"
    let clock = text.dropFirst(11).prefix(5)
    return "\(date(text.prefix(10))), \(clock) UTC"
  }

  /// - Parameter text: `YYYY-MM-DD`.
  func date(_ text: some StringProtocol) -> String {
    let parts = text.split(separator: "-")
    guard parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else {
      return String(text)
    }
    return switch self {
    case .english: "\(day) \(English.months[month - 1]) \(parts[0])"
    case .german: "\(day). \(German.months[month - 1]) \(parts[0])"
    }
  }

  /// A duration in its largest unit, rounded up, such as `3 minutes`.
  func duration(seconds: Int) -> String {
    let units: [(length: Int, one: Text, many: Text)] = [
      (86_400, .oneDay, .days), (3600, .oneHour, .hours), (60, .oneMinute, .minutes),
      (1, .oneSecond, .seconds),
    ]
    for unit in units where seconds >= unit.length || unit.length == 1 {
      let count = (seconds + unit.length - 1) / unit.length
      return count == 1 ? text(unit.one) : text(unit.many, ["count": "\(count)"])
    }
    return ""
  }
}
