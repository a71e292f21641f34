import CLinux
import Glibc

/// Two bytes or more to be looked for.
///
/// Looks for the last two bytes, at 64 places at once, which costs the same whatever is between their occurrences, and is
/// several times as fast as `memmem` on bytes that look like the beginning of the pattern. Where those two are frequent, as
/// somebody may have seen to, `memmem` takes over: so the work is linear.
struct BytePattern: Sendable {
  private typealias Block = SIMD8<UInt64>

  let bytes: [UInt8]
  private let last: Block
  private let lastButOne: Block

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    last = Self.repeated(bytes.last ?? 0)
    lastButOne = Self.repeated(bytes.dropLast().last ?? 0)
  }

  private static func repeated(_ byte: UInt8) -> Block {
    Block(repeating: UInt64(byte) &* 0x0101_0101_0101_0101)
  }

  /// Where it first begins in the text.
  func position(in text: Bytes) -> Int? {
    let found: Int? = unsafe text.withUnsafeBytes { text in
      let size = MemoryLayout<Block>.size
      let length = bytes.count - 1
      // Where the last byte of the pattern is looked for.
      var end = length
      var misses = 0
      while end <= text.count - size {
        let here = unsafe text.loadUnaligned(fromByteOffset: end, as: Block.self) ^ last
        if Self.hasZeroByte(here),
          Self.hasZeroByte(
            here | (unsafe text.loadUnaligned(fromByteOffset: end - 1, as: Block.self) ^ lastButOne))
        {
          for end in end..<end + size where unsafe matches(text, endingAt: end) { return end - length }
          misses += 1
          if misses > 64 + end / 1024 {
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
    return found.map { text.startIndex + $0 }
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

extension Bytes {
  /// Where the byte is first.
  ///
  /// The corresponding C function is `memchr`.
  func position(of byte: UInt8) -> Int? {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let found = unsafe memchr(start, Int32(byte), bytes.count) else {
        return nil
      }
      return unsafe startIndex + (UnsafeRawPointer(found) - start)
    }
  }
}
