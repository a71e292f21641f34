import CDashboardLinux
import Glibc

/// A pattern of two bytes or more to search for.
///
/// The search for a long pattern follows R. N. Horspool, with pairs of bytes: the pair under the pattern's end tells how far the
/// pattern can move. Most moves are nearly as long as the pattern.
///
/// Where moves are short, and for a short pattern, the search compares the last two bytes at 64 places at once. If these two
/// bytes occur often, as an attacker may arrange, `memmem` takes over. So the search takes linear time.
struct BytePattern: Sendable {
  private typealias Block = SIMD8<UInt64>

  let bytes: [UInt8]
  private let last: Block
  private let lastButOne: Block
  /// How far the pattern can move, by the pair of bytes under its end. 0: the pattern may end here.
  private let shifts: [UInt8]
  /// How far the pattern can move after a failed comparison.
  private let shiftOfLast: Int
  /// How far the pattern moves for pairs that it does not contain, and for its first three pairs unless they occur again. A
  /// delimiter begins with CRLF and two hyphens, and text has many lines. Equal steps are faster than three more bytes for some.
  ///
  /// Computed rather than stored, so that each step adds a known number and does not wait for the table.
  private var usualShift: Int { bytes.count - 4 }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    last = Self.repeated(bytes.last ?? 0)
    lastButOne = Self.repeated(bytes.dropLast().last ?? 0)
    let usual = UInt8(clamping: bytes.count - 4)
    var shifts = [UInt8](repeating: usual, count: Self.pairs)
    var former = Int(usual)
    for end in 1..<max(1, bytes.count) {
      let pair = Self.pair(bytes[end - 1], bytes[end])
      former = Int(shifts[pair])
      shifts[pair] = min(usual, UInt8(clamping: bytes.count - 1 - end))
    }
    self.shifts = shifts
    shiftOfLast = former
  }

  private static let pairs = 4096
  /// How many bytes ahead memory is fetched: about as many as are searched until it arrives.
  private static let prefetched = 2048

  /// The index of a pair in `shifts`. Pairs with the same index use the shortest of their moves, which is safe for all.
  private static func pair(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 4 ^ Int(second) }

  private static func repeated(_ byte: UInt8) -> Block {
    Block(repeating: UInt64(byte) &* 0x0101_0101_0101_0101)
  }

  /// The index in the text at which the pattern first begins.
  func position(in text: Bytes) -> Int? {
    let found: Int? = unsafe text.withUnsafeBytes { text in
      // The index at which the search expects the pattern's last byte.
      var end = bytes.count - 1
      if bytes.count >= 16, let found = unsafe skip(through: text, &end) { return found }
      return unsafe look(through: text, from: end)
    }
    return found.map { text.startIndex + $0 }
  }

  /// Searches with long moves. Returns the pattern's start, or `nil` with `end` at the place where moves become short or the text
  /// ends.
  private func skip(through text: UnsafeRawBufferPointer, _ end: inout Int) -> Int? {
    guard let address = text.baseAddress else { return nil }
    return unsafe shifts.withUnsafeBufferPointer { shifts in
      let usual = usualShift
      while true {
        let start = end
        for _ in 0..<32 {
          // Most moves have this length, so the processor need not wait for the table.
          while end < text.count, unsafe Int(shifts[Self.pair(text[end - 1], text[end])]) == usual {
            end += usual
            // The processor itself prefetches only to the end of the page.
            unsafe dashboard_prefetch(address, end &+ Self.prefetched)
          }
          guard end < text.count else { return nil }
          let shift = unsafe Int(shifts[Self.pair(text[end - 1], text[end])])
          if shift == 0, unsafe matches(text, endingAt: end) { return end - (bytes.count - 1) }
          end += shift == 0 ? shiftOfLast : shift
        }
        if end - start < 32 * 8 { return nil }
      }
    }
  }

  /// Searches every place from `end` on.
  private func look(through text: UnsafeRawBufferPointer, from end: Int) -> Int? {
    let size = MemoryLayout<Block>.size
    let length = bytes.count - 1
    var end = end
    var misses = 0
    while end <= text.count - size {
      let here = unsafe text.loadUnaligned(fromByteOffset: end, as: Block.self) ^ last
      if Self.hasZeroByte(here),
        Self.hasZeroByte(
          here | (unsafe text.loadUnaligned(fromByteOffset: end - 1, as: Block.self) ^ lastButOne))
      {
        for end in end..<end + size where unsafe matches(text, endingAt: end) { return end - length }
        misses += 1
        if misses > 8 + end / 1024 {
          let start = end + size - length
          return unsafe searched(UnsafeRawBufferPointer(rebasing: text[start...])).map { $0 + start }
        }
      }
      end += size
    }
    while end < text.count {
      if unsafe matches(text, endingAt: end) { return end - length }
      end += 1
    }
    return nil
  }

  /// A. Mycroft's test. Subtracting 1 sets the highest bit of a byte if the byte, or one below it, is zero.
  private static func hasZeroByte(_ block: Block) -> Bool {
    let zeroes = (block &- repeated(1)) & ~block & repeated(0x80)
    let half = zeroes.lowHalf | zeroes.highHalf
    let quarter = half.lowHalf | half.highHalf
    return quarter[0] | quarter[1] != 0
  }

  private func matches(_ text: UnsafeRawBufferPointer, endingAt end: Int) -> Bool {
    var position = end
    for byte in bytes.reversed() {
      guard unsafe text[position] == byte else { return false }
      position -= 1
    }
    return true
  }

  /// The corresponding C function is `memmem`.
  private func searched(_ text: UnsafeRawBufferPointer) -> Int? {
    unsafe bytes.withUnsafeBytes { pattern in
      guard let start = text.baseAddress, let wanted = pattern.baseAddress,
        let found = unsafe memmem(start, text.count, wanted, pattern.count)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - start
    }
  }
}
