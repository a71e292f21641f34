import DashboardSystem

/// Writes metrics in Prometheus' text exposition format, version 0.0.4.
struct MetricsText {
  private(set) var text = ""

  static let contentType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind: String {
    case counter, gauge, histogram
  }

  /// The value of a label, whose name all samples of the metric have.
  typealias Sample = (label: String, value: String)

  /// Writes a metric without labels.
  mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ value: some CustomStringConvertible) {
    begin(name, kind, help)
    text += "\(name) \(value)\n"
  }

  /// Writes a metric with a sample for each value of a label.
  mutating func metric(
    _ name: String, _ kind: Kind, _ help: String, by label: String,
    _ samples: some Sequence<(String, some CustomStringConvertible)>
  ) {
    begin(name, kind, help)
    for (labelled, value) in samples {
      text += "\(name){\(label)=\"\(Self.escaped(labelled))\"} \(value)\n"
    }
  }

  /// Writes a metric with two labels.
  mutating func metric(
    _ name: String, _ kind: Kind, _ help: String, by labels: (String, String),
    _ samples: some Sequence<(String, String, some CustomStringConvertible)>
  ) {
    begin(name, kind, help)
    for (first, second, value) in samples {
      text +=
        "\(name){\(labels.0)=\"\(Self.escaped(first))\",\(labels.1)=\"\(Self.escaped(second))\"} \(value)\n"
    }
  }

  /// Writes a histogram.
  ///
  /// - Parameters:
  ///   - scale: how many of the histogram's units make one of the metric's.
  ///   - label: the label of the samples and its values; `nil` for none.
  mutating func histogram(
    _ name: String, _ help: String, scale: Int64 = 1, by label: String? = nil,
    _ histograms: [(String, Histogram)]
  ) {
    begin(name, .histogram, help)
    for (labelled, histogram) in histograms {
      let own = label.map { "\($0)=\"\(Self.escaped(labelled))\"" } ?? ""
      let separator = own.isEmpty ? "" : ","
      var total: UInt64 = 0
      for (place, count) in histogram.counts.enumerated() {
        total &+= count
        let bound =
          place < histogram.bounds.count ? Self.number(histogram.bounds[place], over: scale) : "+Inf"
        text += "\(name)_bucket{\(own)\(separator)le=\"\(bound)\"} \(total)\n"
      }
      let labels = own.isEmpty ? "" : "{\(own)}"
      text += "\(name)_sum\(labels) \(Self.number(Int64(clamping: histogram.sum), over: scale))\n"
      text += "\(name)_count\(labels) \(total)\n"
    }
  }

  private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  private static func number(_ value: Int64, over scale: Int64) -> String {
    scale == 1 ? "\(value)" : "\(Double(value) / Double(scale))"
  }

  private static func escaped(_ value: String) -> String {
    let escapes: [Character: String] = ["\\": "\\\\", "\"": "\\\"", "\n": "\\n"]
    return value.map { escapes[$0] ?? String($0) }.joined()
  }
}
