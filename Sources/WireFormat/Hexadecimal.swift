/// Bytes as pairs of lower-case hexadecimal digits.
package enum Hexadecimal {
  package static func text(_ bytes: [UInt8]) -> String {
    String(capacity: bytes.count * 2) { append(bytes, to: &$0) }
  }

  /// Appends two digits for each byte.
  package static func append(_ bytes: [UInt8], to text: inout OutputSpan<UInt8>) {
    let (bytes, whole) = (bytes.span, bytes.count & ~3)
    for start in stride(from: 0, to: whole, by: 4) {
      let four = (start..<start + 4).reduce(0) { $0 << 8 | UInt32(bytes[$1]) }
      text.append(bigEndian: digits(four))
    }
    for index in whole..<bytes.count {
      let two = digits(UInt32(bytes[index]))
      text.append(UInt8(truncatingIfNeeded: two >> 8))
      text.append(UInt8(truncatingIfNeeded: two))
    }
  }

  /// The eight digits of a number in ASCII, the first digit in the highest byte.
  package static func digits(_ value: UInt32) -> UInt64 {
    // Two digits at a time, then single ones, move to the middle of their new places.
    var digits = UInt64(value)
    digits = (digits << 16 | digits) & 0x0000_FFFF_0000_FFFF
    digits = (digits << 8 | digits) & 0x00FF_00FF_00FF_00FF
    digits = (digits << 4 | digits) & 0x0F0F_0F0F_0F0F_0F0F
    // Adding 6 carries into the next four bits from 10 on.
    let letters = (digits + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    let fromDigitToLetter = UInt64(UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
    return digits + 0x3030_3030_3030_3030 + letters * fromDigitToLetter
  }

  /// The bytes of a text of lower-case digits; `nil` for another text.
  package static func bytes(_ text: Bytes) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    var rest = text
    while let first = rest.popFirst(), let second = rest.popFirst() {
      guard let high = value(ofLowerCase: first), let low = value(ofLowerCase: second) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  package static func value(ofLowerCase byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension String {
  /// A string of the UTF-8 that `write` appends, without a copy.
  ///
  /// - Parameter capacity: the most bytes that `write` appends.
  package init(capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    unsafe self.init(unsafeUninitializedCapacity: capacity) { buffer in
      var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
      write(&output)
      return unsafe output.finalize(for: buffer)
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends eight bytes, the highest first.
  package mutating func append(bigEndian value: UInt64) {
    precondition(freeCapacity >= 8)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      unsafe UnsafeMutableRawBufferPointer(buffer).storeBytes(
        of: value.bigEndian, toByteOffset: count, as: UInt64.self)
      count += 8
    }
  }
}
