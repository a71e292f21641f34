import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

extension Language {
  private var words: any Words.Type {
    switch self {
    case .english: English.self
    case .german: German.self
    case .french: French.self
    case .spanish: Spanish.self
    case .portuguese: Portuguese.self
    case .japanese: Japanese.self
    case .arabic: Arabic.self
    }
  }

  /// The name of the language in itself.
  var name: String { words.name }

  /// `rtl` or `ltr`, as in the attribute `dir`.
  var direction: String { words.isRightToLeft ? "rtl" : "ltr" }

  /// The primary subtag of the language's tag (RFC 5646 section 2.2.1).
  private var subtag: StaticString {
    switch self {
    case .english: "en"
    case .german: "de"
    case .french: "fr"
    case .spanish: "es"
    case .portuguese: "pt"
    case .japanese: "ja"
    case .arabic: "ar"
    }
  }

  /// The language that the person has chosen, if the site offers it. Otherwise the offered language that the browser prefers.
  init(of visit: Visit) {
    let offered = visit.app.configuration.site.languages
    let chosen = visit.cookie(Self.cookieName(visit)).flatMap {
      Self(rawValue: String(decoding: $0, as: UTF8.self))
    }
    if let chosen, offered.contains(chosen) {
      self = chosen
    } else {
      self = Self.preferred(visit.acceptLanguage ?? [], of: offered) ?? offered.first ?? .english
    }
  }

  static func cookieName(_ visit: Visit) -> String { "\(visit.app.name)_language" }

  /// The first of some languages in the order of preference (RFC 9110 section 12.5.4); `nil` if there is none.
  static func preferred(_ header: Bytes, of offered: [Language] = allCases) -> Language? {
    var best: (language: Language, quality: Double)?
    for range in header.split(separator: UInt8(ascii: ",")).prefix(32) {
      let tag = range.prefix { $0 != UInt8(ascii: ";") }.trimmingWhitespace()
      let primary = tag.prefix { $0 != UInt8(ascii: "-") }
      guard let language = offered.first(where: { primary.isEqual(toLowerCase: $0.subtag) }) else {
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
    let result = words.text(text)
    return values.isEmpty ? result : Self.filled(result, values)
  }

  /// The text with its places filled. What stands in a value is no place.
  private static func filled(_ text: String, _ values: [String: String]) -> String {
    var (filled, rest) = ("", text[...])
    while let start = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
      let end = rest.utf8[start...].firstIndex(of: UInt8(ascii: "}"))
    {
      filled += rest[..<start]
      let name = rest[rest.utf8.index(after: start)..<end]
      rest = rest[rest.utf8.index(after: end)...]
      filled += values[String(name)] ?? "{\(name)}"
    }
    return filled + rest
  }

  /// The label of a field; `nil` if there is no such field.
  func label(_ field: String) -> String? { words.label(field) }

  /// A sentence about the field with a label.
  func sentence(about label: String, _ sentence: String) -> String { words.labelled(label, sentence) }

  func inParentheses(_ text: String) -> String { words.inParentheses(text) }

  /// A text with the beginning and the end of a sentence.
  func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + words.fullStop }

  /// What stands between the parts of a list.
  var comma: String { words.comma }

  /// A moment in UTC, such as `30 November 2026, 03:12 UTC`.
  func time(_ time: Timestamp) -> String {
    let clock = Substring("\(time)".utf8.dropFirst(11).prefix(5))
    return words.moment(date(time), "\(clock) UTC")
  }

  /// The day of a moment in UTC.
  func date(_ time: Timestamp) -> String {
    let (year, month, day) = time.calendarDay
    return words.date(day, month, year)
  }

  /// - Parameter month: 1 to 12.
  func month(_ month: Int, _ year: Int) -> String { words.month(month, year) }

  /// Seven weekdays in short, from one on.
  ///
  /// - Parameter day: counted from 1970-01-01, which was a Thursday.
  func weekdays(from day: Int64) -> [String] {
    let weekdays = words.weekdays
    return (0..<7).map { weekdays[Int((day + 3 + $0) % 7 + 7) % 7] }
  }

  /// What stands between groups of three digits.
  var thousands: String { words.thousands }

  /// A number with its digits in groups of three.
  func number(_ number: Int) -> String {
    var digits = "\(number.magnitude)"
    var groups: [Substring] = []
    while digits.utf8.count > 3 {
      groups.append(digits.suffix(3))
      digits.removeLast(3)
    }
    let text = ([digits[...]] + groups.reversed()).joined(separator: words.thousands)
    return number < 0 ? "−\(text)" : text
  }

  /// A duration in its largest unit, rounded up, such as `3 minutes`.
  func duration(seconds: Int) -> String {
    let unit = TimeUnit.allCases.first { seconds >= $0.seconds } ?? .second
    return words.duration((seconds + unit.seconds - 1) / unit.seconds, unit)
  }
}
