import TestSupport

/// Times of one piece of work and of its baseline, taken in turns, so that a busy machine hits both alike.
struct Measurement {
  let name: String
  /// In microseconds, one a round: the mean of the round.
  private(set) var baseline: [Double] = []
  private(set) var measured: [Double] = []

  /// - Parameter times: how often the work is done in each of the rounds.
  init(
    _ name: String, rounds: Int = 15, times: Int = 200, baseline: () throws -> Void,
    measured: () throws -> Void
  ) throws {
    self.name = name
    for _ in 0..<rounds {
      self.baseline.append(try Self.time(times, baseline))
      self.measured.append(try Self.time(times, measured))
    }
  }

  private static func time(_ times: Int, _ body: () throws -> Void) throws -> Double {
    let duration = try ContinuousClock().measure { for _ in 0..<times { try body() } }
    return Double(duration.components.attoseconds) / 1e12 / Double(times)
      + Double(duration.components.seconds) * 1e6 / Double(times)
  }

  /// The median of the rounds' ratios, and the smallest and largest of the middle half.
  var ratio: (median: Double, low: Double, high: Double) {
    let ratios = zip(measured, baseline).map { $0 / $1 }.sorted()
    return (ratios[ratios.count / 2], ratios[ratios.count / 4], ratios[ratios.count * 3 / 4])
  }

  /// A row of a Markdown table.
  var row: String {
    let ratio = ratio
    func text(_ value: Double) -> String {
      let hundredths = Int((value * 100).rounded())
      return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
    func median(_ values: [Double]) -> String { text(values.sorted()[values.count / 2]) }
    return "| \(name) | \(median(baseline)) | \(median(measured)) | \(text(ratio.median)) "
      + "(\(text(ratio.low))–\(text(ratio.high))) |"
  }
}
