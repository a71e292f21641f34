/// The pages in one language: a file of texts, and how the language writes dates, numbers and durations.
protocol Words {
  /// The name of the language in itself.
  static var name: String { get }
  /// What stands between groups of three digits.
  static var thousands: String { get }
  static var isRightToLeft: Bool { get }
  /// What ends a sentence.
  static var fullStop: String { get }
  /// What stands between the parts of a list.
  static var comma: String { get }

  static func text(_ text: Text) -> String
  /// The label of a field by the name of its parameter; `nil` if there is no such field.
  static func label(_ field: String) -> String?
  /// - Parameter month: 1 to 12.
  static func date(_ day: Int, _ month: Int, _ year: Int) -> String
  /// A month without a day. - Parameter month: 1 to 12.
  static func month(_ month: Int, _ year: Int) -> String
  /// From Monday on, as short as in a calendar.
  static var weekdays: [String] { get }
  /// Such as `3 minutes`, as it stands after words like "in" and "after".
  static func duration(_ count: Int, _ unit: TimeUnit) -> String
  /// A date with a time of day.
  static func moment(_ date: String, _ clock: String) -> String
  /// A sentence about a field.
  static func labelled(_ label: String, _ sentence: String) -> String
  static func inParentheses(_ text: String) -> String
}

extension Words {
  static var isRightToLeft: Bool { false }
  static var fullStop: String { "." }
  static var comma: String { ", " }

  static func moment(_ date: String, _ clock: String) -> String { date + comma + clock }
  static func labelled(_ label: String, _ sentence: String) -> String { "\(label): \(sentence)" }
  static func inParentheses(_ text: String) -> String { "(\(text))" }
}

enum TimeUnit: CaseIterable {
  case day
  case hour
  case minute
  case second

  var seconds: Int {
    switch self {
    case .day: 86_400
    case .hour: 3600
    case .minute: 60
    case .second: 1
    }
  }
}
