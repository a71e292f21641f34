/// The kind of a record, which its identifier begins with.
public protocol IdentifierKind: Sendable {
  /// Four letters and an underscore, such as `acct_`.
  static var prefix: StaticString { get }
}

/// Names one record of a kind: the kind's prefix and 16 lower-case hexadecimal digits, drawn at random.
public struct Identifier<Kind>: Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }
}

extension Identifier: CustomStringConvertible where Kind: IdentifierKind {
  /// Total: `nil` for bytes that are no identifier of this kind.
  package init?(_ text: ArraySlice<UInt8>) {
    let prefix = Kind.prefix
    guard text.count == prefix.utf8CodeUnitCount + 16,
      prefix.withUTF8Buffer({ unsafe text.starts(with: $0) })
    else { return nil }
    var value: UInt64 = 0
    for byte in text.dropFirst(prefix.utf8CodeUnitCount) {
      guard let digit = Hexadecimal.value(ofLowerCase: byte) else { return nil }
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
    for shift in stride(from: 60, through: 0, by: -4) {
      text.append(Hexadecimal.digit(UInt8(rawValue >> UInt64(shift) & 15)))
    }
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
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
  }

  /// - Parameter value: 0…15.
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ (value &- 10)
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
