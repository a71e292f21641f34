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
  package static func place(of value: Int64, in bounds: [Int64]) -> Int {
    var place = 0
    while place < bounds.count, value > bounds[place] { place += 1 }
    return place
  }
}
