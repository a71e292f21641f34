/// Bytes as digits of a base that is a power of two (RFC 4648), without padding: a digit is the next `bits` bits.
struct DigitGroups {
  /// The bits of a digit: 5 or 6.
  let bits: Int
  /// Each digit in ASCII, by its value.
  let alphabet: StaticString

  /// The digits of bytes. Zero bits fill the last digit.
  func text(_ bytes: [UInt8]) -> String {
    String(capacity: (bytes.count * 8 + bits - 1) / bits) { text in
      var (kept, count) = (UInt32(0), 0)
      func append(_ value: UInt32) {
        alphabet.withUTF8Buffer { text.append(unsafe $0[Int(value) & (1 << bits - 1)]) }
      }
      for byte in bytes {
        kept = (kept << 8 | UInt32(byte)) & 0xFFFF
        count += 8
        while count >= bits {
          count -= bits
          append(kept >> count)
        }
      }
      if count > 0 { append(kept << (bits - count)) }
    }
  }

  /// The bytes of digits; `nil` if a value is missing, or if no bytes have these digits: one digit too many, or bits that are not
  /// zero at the end.
  ///
  /// - Parameter values: the value of each digit; `nil` for a character that is none.
  func bytes(_ values: some Sequence<UInt8?>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (kept, count) = (UInt32(0), 0)
    for value in values {
      guard let value else { return nil }
      kept = (kept << bits | UInt32(value)) & 0xFFFF
      count += bits
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: kept >> count))
    }
    return count < bits && kept & (1 << count - 1) == 0 ? bytes : nil
  }
}
