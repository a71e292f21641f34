import DashboardSystem
import Glibc

/// A part of a buffer: bytes without a copy, with checked bounds.
package typealias Bytes = ArraySlice<UInt8>

extension Int {
  /// The value of decimal digits; `nil` if there are none, if there are other bytes, or if the value does not fit.
  package init?(decimal text: Bytes) {
    guard !text.isEmpty else { return nil }
    var value = 0
    for byte in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, exceeds) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflows, !exceeds else { return nil }
      value = sum
    }
    self = value
  }
}

extension Bytes {
  /// The index of the byte's first occurrence.
  func position(of byte: UInt8) -> Int? { span.position(of: byte).map { startIndex + $0 } }

  package func isEqual(to text: StaticString) -> Bool { span.isEqual(to: text) }

  @_disfavoredOverload
  package func isEqual(to text: String) -> Bool { span.isEqual(to: text.utf8.span) }

  /// True if the bytes equal `text` in any case.
  ///
  /// - Parameter text: has no A to Z.
  package func isEqual(toLowerCase text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { text in
      unsafe zip(self, text).allSatisfy { $0.asciiLowercased == $1 }
    }
  }

  /// The bytes with ASCII's A to Z as a to z.
  package var lowercased: [UInt8] { map { $0.asciiLowercased } }
}

extension Span<UInt8> {
  /// The offset of the byte's first occurrence.
  ///
  /// The corresponding C function is `memchr`.
  func position(of byte: UInt8) -> Int? {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let found = unsafe memchr(start, Int32(byte), bytes.count) else {
        return nil
      }
      return unsafe UnsafeRawPointer(found) - start
    }
  }

  /// The offset of the byte's first occurrence in a range.
  func position(of byte: UInt8, in range: Range<Int>) -> Int? {
    extracting(range).position(of: byte).map { range.lowerBound + $0 }
  }

  func allSatisfy(_ test: (UInt8) -> Bool) -> Bool {
    for index in indices where !test(self[index]) { return false }
    return true
  }

  /// True if all bytes are printable ASCII, 0x20…0x7E. Checks eight bytes at a time.
  var isPrintable: Bool {
    let isWordPrintable = { (word: UInt64) in
      // For a byte beyond ASCII, below a space or DEL, one of the three terms has its highest bit set. Only such bytes carry into
      // the next byte.
      (word | (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 == 0
    }
    return unsafe withUnsafeBytes { bytes in
      let whole = bytes.count & ~7
      for start in stride(from: 0, to: whole, by: 8)
      where unsafe !isWordPrintable(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)) {
        return false
      }
      return unsafe bytes[whole...].allSatisfy { (0x20..<0x7F).contains($0) }
    }
  }

  /// The corresponding C function is `memcmp`.
  func isEqual(to text: StaticString) -> Bool {
    text.withUTF8Buffer { unsafe isEqual(to: $0.span) }
  }

  fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { bytes in
      unsafe other.withUnsafeBytes { others in
        guard let start = bytes.baseAddress, let other = others.baseAddress else { return true }
        return unsafe memcmp(start, other, bytes.count) == 0
      }
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends the bytes of a span.
  mutating func append(copying bytes: Span<UInt8>) {
    precondition(freeCapacity >= bytes.count)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        count = unsafe buffer[count...].initialize(fromContentsOf: bytes)
      }
    }
  }

  /// Appends a literal.
  mutating func append(copying text: StaticString) {
    text.withUTF8Buffer { append(copying: unsafe $0.span) }
  }

  /// Appends a number in decimal digits, at most 20 bytes.
  mutating func append(decimal value: Int64) {
    // The last digit is computed first.
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var (start, rest) = (digits.count, value.magnitude)
    repeat {
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    if value < 0 { append(UInt8(ascii: "-")) }
    append(copying: digits.span.extracting(droppingFirst: start))
  }
}

extension String {
  /// The text of bytes in UTF-8; `nil` for other bytes.
  package init?(validating bytes: Bytes) {
    do {
      self.init(copying: try UTF8Span(validating: bytes.span))
    } catch {
      return nil
    }
  }
}

extension [UInt8] {
  /// Appends the bytes of a span.
  mutating func append(copying span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends a literal.
  mutating func append(copying text: StaticString) {
    text.withUTF8Buffer { unsafe append(contentsOf: $0) }
  }

  /// Appends a number in decimal digits.
  package mutating func append(decimal value: Int64) {
    append(addingCapacity: 20) { $0.append(decimal: value) }
  }
}
