import CDashboardLinux
import Glibc

/// Two bytes or more to be looked for.
///
/// A long one is looked for as R. N. Horspool does, but by pairs of bytes: the pair under its end tells how far it can move on,
/// mostly by nearly its whole length. Where it can't move far, and for a short one, the last two bytes are looked for at 64
/// places at once, which costs the same whatever is between their occurrences. Where those two are frequent, as somebody may
/// have seen to, `memmem` takes over: so the work is linear.
struct BytePattern: Sendable {
  private typealias Block = SIMD8<UInt64>

  let bytes: [UInt8]
  private let last: Block
  private let lastButOne: Block
  /// By the pair of bytes under the pattern's end, how far the end can move on; 0: it may be an occurrence.
  private let shifts: [UInt8]
  /// How far it can move on from what was none.
  private let shiftOfLast: Int
  /// How far it moves on from pairs that it has not, and from its first three if they are not in it again: a delimiter begins
  /// with CRLF and two hyphens, and a text has many lines. One length for most steps is quicker than three bytes more for some.
  ///
  /// Not stored: then what is added may as well be what was read from the table, and each step waits for that.
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
  /// How many bytes ahead memory is fetched: as many as are searched while it comes.
  private static let prefetched = 2048

  /// Where the shift of a pair is. Pairs that share a place share the shortest of their shifts, which is safe for all.
  private static func pair(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 4 ^ Int(second) }

  private static func repeated(_ byte: UInt8) -> Block {
    Block(repeating: UInt64(byte) &* 0x0101_0101_0101_0101)
  }

  /// Where it first begins in the text.
  func position(in text: Bytes) -> Int? {
    let found: Int? = unsafe text.withUnsafeBytes { text in
      // Where the last byte of the pattern is looked for.
      var end = bytes.count - 1
      if bytes.count >= 16, let found = unsafe skip(through: text, &end) { return found }
      return unsafe look(through: text, from: end)
    }
    return found.map { text.startIndex + $0 }
  }

  /// Goes on while that is quick, and leaves `end` where it is not or where the text ends.
  private func skip(through text: UnsafeRawBufferPointer, _ end: inout Int) -> Int? {
    guard let address = text.baseAddress else { return nil }
    return unsafe shifts.withUnsafeBufferPointer { shifts in
      let usual = usualShift
      while true {
        let start = end
        for _ in 0..<32 {
          // Most steps are of one length, which the processor need not wait to be told.
          while end < text.count, unsafe Int(shifts[Self.pair(text[end - 1], text[end])]) == usual {
            end += usual
            // The processor does so itself only as far as the page goes.
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

  /// Looks at every place from `end` on.
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

  /// A. Mycroft's test: subtracting 1 sets the highest bit of a byte that had it unset only where the byte was zero, or
  /// where one below it was.
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
