/// Figures of a subject and of its baseline. They are taken in turns, so a busy machine affects both.
struct Measurement {
  let name: String
  /// One figure for each round.
  private(set) var baseline: [Double]
  private(set) var measured: [Double]

  init(_ name: String, baseline: [Double], measured: [Double]) {
    self.name = name
    self.baseline = baseline
    self.measured = measured
  }

  /// Measures the times of two closures in microseconds: the mean of each round.
  ///
  /// - Parameter times: the number of calls in each round.
  init(
    _ name: String, rounds: Int = 15, times: Int = 200, baseline: () throws -> Void,
    measured: () throws -> Void
  ) throws {
    self.init(name, baseline: [], measured: [])
    for _ in 0..<rounds {
      self.baseline.append(try Self.time(times, baseline))
      self.measured.append(try Self.time(times, measured))
    }
  }

  /// The mean time of a call in microseconds.
  static func time(_ times: Int, _ body: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure { for _ in 0..<times { try body() } }
    return Double(duration.components.attoseconds) / 1e12 / Double(times)
      + Double(duration.components.seconds) * 1e6 / Double(times)
  }

  /// The median of the rounds' ratios, and their quartiles.
  var ratio: (median: Double, low: Double, high: Double) {
    let ratios = zip(measured, baseline).map { $0 / $1 }
    return (ratios.median, ratios.quantile(1, of: 4), ratios.quantile(3, of: 4))
  }

  /// The ratio with its quartiles.
  private var ratioText: String {
    let ratio = ratio
    return "\(decimal(ratio.median)) (\(decimal(ratio.low))–\(decimal(ratio.high)))"
  }

  /// A row of a Markdown table: name, baseline, measured, ratio with its quartiles.
  var row: String {
    "| \(name) | \(decimal(baseline.median)) | \(decimal(measured.median)) | \(ratioText) |"
  }

  /// Cells for a second baseline: its median, the ratio to it, and the goal.
  func cells(_ goal: Goal) -> String {
    "\(decimal(baseline.median)) | \(ratioText) | \(goal.cells(ratio.median)) |"
  }

  /// `row` with the goal for the ratio.
  func row(_ goal: Goal) -> String { "\(row) \(goal.cells(ratio.median)) |" }
}
