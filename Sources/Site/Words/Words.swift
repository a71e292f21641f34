/// The pages in one language: a file of texts, and how the language writes dates, numbers and durations.
protocol Words {
  /// The name of the language in itself.
  static var name: String { get }
  /// What stands between groups of three digits.
  static var thousands: String { get }
  static var isRightToLeft: Bool { get }

  static func text(_ text: Text) -> String
  /// The label of a field by the name of its parameter; `nil` if there is no such field.
  static func label(_ field: String) -> String?
  /// - Parameter month: 1 to 12.
  static func date(_ day: Int, _ month: Int, _ year: Int) -> String
  /// Such as `3 minutes`, as it stands after words like "in" and "after".
  static func duration(_ count: Int, _ unit: TimeUnit) -> String
}

extension Words {
  static var isRightToLeft: Bool { false }
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
