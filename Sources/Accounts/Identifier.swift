/// The kind of a record, which its identifier begins with.
public protocol IdentifierKind: Sendable {
  /// Four letters and an underscore, such as `acct_`.
  static var prefix: StaticString { get }
}

/// Names one record of a kind: the kind's prefix and 16 lower-case hexadecimal digits.
public struct Identifier<Kind>: Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A new one: the second of its making since 1970, modulo 2³², and 32 random bits.
  ///
  /// So what is made at about the same time, and is then asked for at about the same time, lies together in the store. It may
  /// be taken already: see `Change.unused`.
  package init(madeAt now: Timestamp, _ random: some RandomSource) {
    let second = UInt64(truncatingIfNeeded: now.seconds)
    rawValue = second << 32 | random.number() >> 32
  }
}

extension Identifier: CustomStringConvertible where Kind: IdentifierKind {
  /// Total: `nil` for bytes that are no identifier of this kind.
  package init?(_ text: ArraySlice<UInt8>) {
    let (text, length) = (text.span, Kind.prefix.utf8CodeUnitCount)
    guard text.count == length + 16 else { return nil }
    let isOfKind = Kind.prefix.withUTF8Buffer { prefix in
      prefix.indices.allSatisfy { unsafe prefix[$0] == text[$0] }
    }
    guard isOfKind else { return nil }
    var value: UInt64 = 0
    for index in length..<text.count {
      guard let digit = Hexadecimal.value(ofLowerCase: text[index]) else { return nil }
      value = value << 4 | UInt64(digit)
    }
    rawValue = value
  }

  public init?(_ text: String) { self.init(Array(text.utf8)[...]) }

  public var description: String { String(capacity: Self.length) { append(to: &$0) } }

  /// Bytes of its text.
  package static var length: Int { Kind.prefix.utf8CodeUnitCount + 16 }

  /// Appends its text, which is ASCII.
  package func append(to text: inout OutputSpan<UInt8>) {
    Kind.prefix.withUTF8Buffer { prefix in unsafe prefix.forEach { text.append($0) } }
    text.append(bigEndian: Hexadecimal.digits(UInt32(truncatingIfNeeded: rawValue >> 32)))
    text.append(bigEndian: Hexadecimal.digits(UInt32(truncatingIfNeeded: rawValue)))
  }
}

public enum AccountKind: IdentifierKind { public static let prefix: StaticString = "acct_" }
public enum SessionKind: IdentifierKind { public static let prefix: StaticString = "sess_" }
public enum ProfileKind: IdentifierKind { public static let prefix: StaticString = "prof_" }
public enum ResetCodeKind: IdentifierKind { public static let prefix: StaticString = "code_" }

public typealias AccountID = Identifier<AccountKind>
public typealias SessionID = Identifier<SessionKind>
public typealias ProfileID = Identifier<ProfileKind>
public typealias ResetCodeID = Identifier<ResetCodeKind>

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

  /// The eight digits of a number as text, the first in the highest byte.
  static func digits(_ value: UInt32) -> UInt64 {
    // Half of the digits, then half of those, move to the middle of the room that they get.
    var digits = UInt64(value)
    digits = (digits << 16 | digits) & 0x0000_FFFF_0000_FFFF
    digits = (digits << 8 | digits) & 0x00FF_00FF_00FF_00FF
    digits = (digits << 4 | digits) & 0x0F0F_0F0F_0F0F_0F0F
    // From 10 on, adding 6 reaches the next four bits.
    let letters = (digits + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    let fromDigitToLetter = UInt64(UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
    return digits + 0x3030_3030_3030_3030 + letters * fromDigitToLetter
  }

  static func value(ofLowerCase byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension String {
  /// Text of UTF-8 that `write` appends, without a copy of it.
  ///
  /// - Parameter capacity: bytes that are appended at most.
  init(capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    unsafe self.init(unsafeUninitializedCapacity: capacity) { buffer in
      var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
      write(&output)
      return unsafe output.finalize(for: buffer)
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends eight bytes, the highest first.
  mutating func append(bigEndian value: UInt64) {
    precondition(freeCapacity >= 8)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      unsafe UnsafeMutableRawBufferPointer(buffer).storeBytes(
        of: value.bigEndian, toByteOffset: count, as: UInt64.self)
      count += 8
    }
  }
}
