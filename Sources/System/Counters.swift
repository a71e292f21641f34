import Synchronization

/// Numbers that many threads raise at once. Each processor has a row of its own, so that threads do not wait for each other's
/// cache lines. Reading a number sums its rows.
///
/// Safe to share: the rows stay at one address from `init` to `deinit`, and each number is atomic.
@safe package final class Counters: @unchecked Sendable {
  /// The number of numbers.
  package let count: Int
  private let numbers: UnsafeMutablePointer<Atomic<UInt64>>
  private let rows: Int
  private let width: Int

  /// Two cache lines, since processors fetch them in pairs.
  private static let alignment = 128

  /// All numbers are 0.
  package init(_ count: Int) {
    let perLine = Self.alignment / MemoryLayout<Atomic<UInt64>>.stride
    self.count = count
    rows = min(processorCount(), 64)
    width = (count + perLine - 1) / perLine * perLine
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: rows * width * MemoryLayout<Atomic<UInt64>>.stride, alignment: Self.alignment)
    unsafe numbers = memory.bindMemory(to: Atomic<UInt64>.self, capacity: rows * width)
    for place in 0..<rows * width { unsafe (numbers + place).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe numbers.deinitialize(count: rows * width)
    unsafe numbers.deallocate()
  }

  /// The row of the processor that runs this thread. It must not outlive the counters.
  package var row: Row {
    unsafe Row(numbers: numbers + Thread.processor % rows * width, count: count)
  }

  /// The numbers of one processor.
  @safe package struct Row {
    fileprivate let numbers: UnsafeMutablePointer<Atomic<UInt64>>
    fileprivate let count: Int

    /// Raises a number.
    package func add(_ place: Int, _ amount: UInt64 = 1) {
      precondition((0..<count).contains(place), "there is no such number")
      unsafe numbers[place].wrappingAdd(amount, ordering: .relaxed)
    }
  }

  /// Raises a number.
  package func add(_ place: Int, _ amount: UInt64 = 1) { row.add(place, amount) }

  /// The sum of what was added to a number.
  package subscript(_ place: Int) -> UInt64 {
    precondition((0..<count).contains(place), "there is no such number")
    return (0..<rows).reduce(0) { sum, row in
      unsafe sum &+ numbers[row * width + place].load(ordering: .relaxed)
    }
  }
}
