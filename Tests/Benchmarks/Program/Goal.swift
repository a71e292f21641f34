import Synchronization

/// The duration of a run. `short` takes seconds and finds gross differences only.
enum Effort {
  case full, short

  func rounds(_ full: Int) -> Int { self == .full ? full : max(3, full / 3) }
}

/// The goal for a figure.
enum Goal {
  case atMost(Double)
  case atLeast(Double)
  /// The figure has no goal.
  case informative

  private static let grossMisses = Atomic(0)

  /// True if a printed figure was twice as bad as its goal.
  static var hasGrossMiss: Bool { grossMisses.load(ordering: .relaxed) > 0 }

  /// Two cells of a table: the goal, and "met" or "missed".
  func cells(_ figure: Double) -> String {
    let (text, badness): (String, Double)
    switch self {
    case .atMost(let bound):
      (text, badness) = ("≤ \(decimal(bound))", bound == 0 ? figure * 3 : figure / bound)
    case .atLeast(let bound): (text, badness) = ("≥ \(decimal(bound))", bound / figure)
    case .informative: return "– | –"
    }
    if badness > 2 { Self.grossMisses.add(1, ordering: .relaxed) }
    return "\(text) | \(badness <= 1 ? "met" : "**missed**")"
  }
}

/// A number with two digits after the point.
func decimal(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "–" }
  let hundredths = Int((abs(value) * 100).rounded())
  let digits = hundredths % 100
  return "\(value < 0 ? "-" : "")\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits)"
}

extension [Double] {
  /// The middle element. For an even count, the upper one of the two.
  var median: Double { quantile(1, of: 2) }

  func quantile(_ part: Int, of parts: Int) -> Double {
    let sorted = sorted()
    return sorted.isEmpty ? .nan : sorted[Swift.min(count * part / parts, count - 1)]
  }
}
