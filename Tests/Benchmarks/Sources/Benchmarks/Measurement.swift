/// Figures of one thing and of its baseline, taken in turns, so that a busy machine hits both alike.
struct Measurement {
  let name: String
  /// One a round.
  private(set) var baseline: [Double]
  private(set) var measured: [Double]

  init(_ name: String, baseline: [Double], measured: [Double]) {
    self.name = name
    self.baseline = baseline
    self.measured = measured
  }

  /// Times of two pieces of work in microseconds: the mean of each round.
  ///
  /// - Parameter times: how often the work is done in each of the rounds.
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

  /// The mean time of one of so many, in microseconds.
  static func time(_ times: Int, _ body: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure { for _ in 0..<times { try body() } }
    return Double(duration.components.attoseconds) / 1e12 / Double(times)
      + Double(duration.components.seconds) * 1e6 / Double(times)
  }

  /// The median of the rounds' ratios, and the smallest and largest of the middle half.
  var ratio: (median: Double, low: Double, high: Double) {
    let ratios = zip(measured, baseline).map { $0 / $1 }
    return (ratios.median, ratios.quantile(1, of: 4), ratios.quantile(3, of: 4))
  }

  /// The ratio with its spread.
  private var ratioText: String {
    let ratio = ratio
    return "\(decimal(ratio.median)) (\(decimal(ratio.low))–\(decimal(ratio.high)))"
  }

  /// A row of a Markdown table: name, baseline, measured, ratio with its spread.
  var row: String {
    "| \(name) | \(decimal(baseline.median)) | \(decimal(measured.median)) | \(ratioText) |"
  }

  /// More cells: another baseline of the same, the ratio to it and whether it is as it should be.
  func cells(_ goal: Goal) -> String {
    "\(decimal(baseline.median)) | \(ratioText) | \(goal.cells(ratio.median)) |"
  }

  /// The same with the goal for the ratio and whether it is met.
  func row(_ goal: Goal) -> String { "\(row) \(goal.cells(ratio.median)) |" }
}
