import DashboardSystem
import TestSupport
import Testing

@Suite("counters and histograms")
struct CountersTests {
  @Test("what many threads add is all there, each number for itself")
  func threads() throws {
    let counters = Counters(37)
    _ = try Threads.run(8) { thread in
      for round in 0..<10_000 { counters.add(round % 37, UInt64(thread)) }
    }
    for place in 0..<37 {
      let rounds = (0..<10_000).count { $0 % 37 == place }
      #expect(counters[place] == UInt64(rounds * (0..<8).reduce(0, +)))
    }
  }

  @Test("a value counts at the first bound that is not below it, and in the sum")
  func histogram() {
    var histogram = Histogram(bounds: [1, 10, 100])
    for value: Int64 in [0, 1, 2, 10, 11, 100, 101, .max, -5] { histogram.add(value) }
    #expect(histogram.counts == [3, 2, 2, 2])
  }

  @Test("a file system has no more free space than its size, and a missing path has none")
  func space() throws {
    let space = try #require(FileSystemSpace(of: "/"))
    #expect(space.size > 0 && (0...space.size).contains(space.free))
    #expect(FileSystemSpace(of: "/nowhere/at/all") == nil)
  }
}
