import DashboardLMDB
import TestSupport
import Testing

@Suite("Scans")
struct ScanTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func keys(
    prefix: [UInt8], after bound: BytesKey? = nil, _ order: Numbers.Order = .ascending
  ) throws -> [BytesKey] {
    var keys: [BytesKey] = []
    try fixture.table.scan(prefix: prefix, after: bound, order, in: fixture.environment.beginRead()) {
      key, _ in
      keys.append(key)
      return true
    }
    return keys
  }

  @Test("an empty table has no entries", arguments: [.ascending, .descending] as [Numbers.Order])
  func empty(order: Numbers.Order) throws {
    #expect(try keys(prefix: [], order) == [])
    #expect(try keys(prefix: [0xFF], after: [0xFF, 1], order) == [])
  }

  @Test("a scan stays within its prefix")
  func prefix() throws {
    try fixture.put([[1, 0xFF]: 0, [2]: 0, [2, 0]: 0, [2, 0xFF]: 0, [3]: 0])
    #expect(try keys(prefix: [2]) == [[2], [2, 0], [2, 0xFF]])
    #expect(try keys(prefix: [2], .descending) == [[2, 0xFF], [2, 0], [2]])
  }

  @Test("a prefix of 0xFF bytes can be scanned in descending order")
  func highestPrefix() throws {
    try fixture.put([[0xFE]: 0, [0xFF]: 0, [0xFF, 0xFF]: 0, [0xFF, 0xFF, 1]: 0])
    #expect(try keys(prefix: [0xFF, 0xFF], .descending) == [[0xFF, 0xFF, 1], [0xFF, 0xFF]])
  }

  @Test("a scan begins after its bound, even if that key is gone")
  func bound() throws {
    try fixture.put([[1, 1]: 0, [1, 3]: 0, [1, 5]: 0])
    #expect(try keys(prefix: [1], after: [1, 3]) == [[1, 5]])
    #expect(try keys(prefix: [1], after: [1, 2]) == [[1, 3], [1, 5]])
    #expect(try keys(prefix: [1], after: [1, 3], .descending) == [[1, 1]])
    #expect(try keys(prefix: [1], after: [1, 4], .descending) == [[1, 3], [1, 1]])
  }

  @Test("a scan ends when its visitor returns false")
  func stopped() throws {
    try fixture.put([[1]: 10, [2]: 20, [3]: 30])
    var visited: [Number] = []
    try fixture.table.scan(prefix: [], in: fixture.environment.beginRead()) { _, value in
      visited.append(value)
      return visited.count < 2
    }
    #expect(visited == [10, 20])
  }

  @Test("an error of the visitor ends the scan")
  func visitorError() throws {
    try fixture.put([[1]: 10, [2]: 20])
    var visits = 0
    #expect(throws: Failure()) {
      try fixture.table.scan(prefix: [], in: fixture.environment.beginRead()) { _, _ in
        visits += 1
        throw Failure()
      }
    }
    #expect(visits == 1)
  }

  @Test("the visitor may read other keys")
  func visitorReads() throws {
    try fixture.put([[1]: 10, [2]: 20])
    let transaction = try fixture.environment.beginRead()
    var again: [Number?] = []
    try fixture.table.scan(prefix: [], in: transaction) { key, _ in
      again.append(try fixture.table.get(key, in: transaction))
      return true
    }
    #expect(again == [10, 20])
  }

  /// Compares every prefix, bound and order with a sorted and filtered array.
  @Test("scans agree with a sorted array")
  func sortedArray() throws {
    let alphabet: [UInt8] = [0, 1, 0xFE, 0xFF]
    let one = alphabet.map { [$0] }
    let two = one.flatMap { start in alphabet.map { start + [$0] } }
    let all = one + two + two.flatMap { start in alphabet.map { start + [$0] } }
    var generator = SeededRandom(seed: 1)
    let stored = all.shuffled(using: &generator).prefix(all.count / 2)
      .sorted { $0.lexicographicallyPrecedes($1) }
    try fixture.environment.write { transaction in
      for key in stored { try fixture.table.put(BytesKey(key), 0, in: transaction) }
    }

    for prefix in [[]] + one + two {
      let inside = stored.filter { $0.starts(with: prefix) }
      #expect(try keys(prefix: prefix).map(\.bytes) == inside)
      #expect(try keys(prefix: prefix, .descending).map(\.bytes) == inside.reversed())
      for bound in all {
        let after = inside.filter { bound.lexicographicallyPrecedes($0) }
        let before = inside.filter { $0.lexicographicallyPrecedes(bound) }
        let ascending = try keys(prefix: prefix, after: BytesKey(bound)).map(\.bytes)
        let descending = try keys(prefix: prefix, after: BytesKey(bound), .descending).map(\.bytes)
        #expect(ascending == after, "prefix \(prefix), after \(bound)")
        #expect(descending == before.reversed(), "prefix \(prefix), after \(bound), descending")
      }
    }
  }
}
