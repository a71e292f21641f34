import DashboardSystem
import Glibc

/// How far a long command has come, on the terminal of descriptor 2: from the first second on, once a second. Elsewhere it says nothing.
struct Progress {
  private let name: String
  private let unit: String
  private let start = monotonicMilliseconds()
  private var told: Int64 = 0
  private var count = 0
  private let isShown = isatty(STDERR_FILENO) == 1

  init(_ name: String, unit: String) { (self.name, self.unit) = (name, unit) }

  mutating func advance(by number: Int = 1) {
    count += number
    tell()
  }

  /// - Parameter total: the count at the end; `nil` if it is not known.
  mutating func advance(to number: Int, of total: Int? = nil) {
    count = number
    tell(of: total)
  }

  private mutating func tell(of total: Int? = nil) {
    let passed = monotonicMilliseconds() - start
    guard isShown, passed >= 1000, passed / 1000 > told else { return }
    told = passed / 1000
    let rate = Int64(count) * 1000 / passed
    let end = total.map { " of \($0)" } ?? ""
    StandardError.prompt("\r\(name): \(count)\(end) \(unit), \(rate) a second \u{1B}[K")
  }

  /// Ends the line. Call it before anything else is written.
  func finish() { if told > 0 { StandardError.prompt("\r\u{1B}[K") } }
}
