/// The kind of a record, which its identifier begins with.
public protocol IdentifierKind: Sendable {
  /// Four letters and an underscore, such as `acct_`.
  static var prefix: StaticString { get }
}

/// Names one record of a kind: the kind's prefix and 16 lower-case hexadecimal digits, drawn at random.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, CustomStringConvertible {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Total: `nil` for bytes that are no identifier of this kind.
  package init?(_ text: ArraySlice<UInt8>) {
    let prefix = String(describing: Kind.prefix).utf8
    guard text.count == prefix.count + 16, text.starts(with: prefix) else { return nil }
    var value: UInt64 = 0
    for byte in text.dropFirst(prefix.count) {
      guard let digit = Hexadecimal.value(ofLowerCase: byte) else { return nil }
      value = value << 4 | UInt64(digit)
    }
    rawValue = value
  }

  public init?(_ text: String) { self.init(Array(text.utf8)[...]) }

  public var description: String {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: rawValue >> (56 - 8 * $0)) }
    return String(describing: Kind.prefix) + Hexadecimal.text(bytes)
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
  package static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
  }

  static func value(ofLowerCase byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
