@testable import DashboardWireFormat
import TestSupport
import Testing

@Suite("Searching for bytes")
struct BytePatternTests {
  /// The first occurrence, by a naive search.
  private func position(of pattern: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    text.indices.first { text[$0...].starts(with: pattern) }
  }

  @Test("the first occurrence is found", arguments: [2, 3, 5, 15, 16, 17, 42, 74], [1, 2, 5, 256])
  func first(length: Int, letters: Int) {
    var random = SeededRandom(seed: UInt64(length * 1000 + letters))
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8(Int.random(in: 0..<letters, using: &random)) }
    }
    for round in 0..<60 {
      let pattern = bytes(length)
      var text = bytes(Int.random(in: 0...400, using: &random))
      if round % 2 == 0 {
        // The whole pattern, or the pattern with one byte changed.
        var near = pattern
        if round % 4 == 0 { near[Int.random(in: 0..<length, using: &random)] ^= 1 }
        text.insert(contentsOf: near, at: Int.random(in: 0...text.count, using: &random))
      }
      let slice = text.dropFirst(Int.random(in: 0...min(3, text.count), using: &random))
      #expect(BytePattern(pattern).position(in: slice) == position(of: pattern, in: slice))
    }
  }

  @Test(
    "a pattern is found behind many near matches",
    arguments: [
      "\r\n-", "\r\n--boundary of a for", "\r\n--boundary of a forn", "m", "rm", "form", "ary of a form",
    ])
  func late(filling: String) {
    let pattern = Array("\r\n--boundary of a form".utf8)
    for count in [0, 1, 63, 64, 65, 1000, 20_000] {
      let before = Array(String(repeating: filling, count: count).utf8)
      let text = before + pattern + before
      #expect(BytePattern(pattern).position(in: text[...]) == before.count)
      #expect(BytePattern(pattern).position(in: before[...]) == nil)
    }
  }
}
