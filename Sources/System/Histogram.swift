/// How many values were at most as large as each bound.
package struct Histogram: Sendable {
  /// In ascending order.
  package let bounds: [Int64]
  /// The number of values up to each bound and above the one before it; last, of those above all bounds.
  package var counts: [UInt64]
  package var sum: UInt64

  package init(bounds: [Int64]) {
    self.bounds = bounds
    counts = [UInt64](repeating: 0, count: bounds.count + 1)
    sum = 0
  }

  package mutating func add(_ value: Int64) {
    counts[Self.place(of: value, in: bounds)] += 1
    sum &+= UInt64(clamping: value)
  }

  /// The index of the count that a value belongs to.
  static func place(of value: Int64, in bounds: [Int64]) -> Int {
    var place = 0
    while place < bounds.count, value > bounds[place] { place += 1 }
    return place
  }
}

/// A histogram within counters, which many threads fill at once.
package struct CountedHistogram: Sendable {
  private let counters: Counters
  private let start: Int
  private let bounds: [Int64]

  /// The number of counters that it needs.
  package static func size(bounds: [Int64]) -> Int { bounds.count + 2 }

  /// - Parameter start: the index of its first counter.
  package init(in counters: Counters, from start: Int, bounds: [Int64]) {
    (self.counters, self.start, self.bounds) = (counters, start, bounds)
  }

  package func add(_ value: Int64) {
    counters.add(start + Histogram.place(of: value, in: bounds))
    counters.add(start + bounds.count + 1, UInt64(clamping: value))
  }

  /// The values so far.
  package var histogram: Histogram {
    var histogram = Histogram(bounds: bounds)
    for place in histogram.counts.indices { histogram.counts[place] = counters[start + place] }
    histogram.sum = counters[start + bounds.count + 1]
    return histogram
  }
}
