package import DashboardCrypto
import DashboardWireFormat

/// A kind of record. Its prefix begins every identifier of the kind.
public protocol IdentifierKind: Sendable {
  /// Four letters and an underscore, such as `acct_`.
  static var prefix: StaticString { get }
}

/// The identifier of a record: the prefix of its kind and 16 lower-case hexadecimal digits.
public struct Identifier<Kind>: Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The identifier of a record that is not in the store yet.
  package static var unassigned: Self { Self(rawValue: 0) }

  /// A new identifier: the Unix time in seconds modulo 2³², then 32 random bits.
  ///
  /// Records that are created together are often read together, and so lie close to each other in the store.
  /// The identifier may be taken: `Change.insert` finds a free one.
  package init(madeAt now: Timestamp, _ random: some RandomSource) {
    let second = UInt64(truncatingIfNeeded: now.seconds)
    rawValue = second << 32 | random.number() >> 32
  }
}

extension Identifier: CustomStringConvertible where Kind: IdentifierKind {
  /// `nil` if the bytes are not an identifier of this kind.
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

  /// `nil` if the text is not an identifier of this kind.
  public init?(_ text: String) { self.init(Array(text.utf8)[...]) }

  public var description: String { String(capacity: Self.length) { append(to: &$0) } }

  /// The length of its text in bytes.
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
public enum InvitationKind: IdentifierKind { public static let prefix: StaticString = "invt_" }
public enum EventKind: IdentifierKind { public static let prefix: StaticString = "evnt_" }
public enum PasskeyKind: IdentifierKind { public static let prefix: StaticString = "pkey_" }

public typealias AccountID = Identifier<AccountKind>
public typealias SessionID = Identifier<SessionKind>
public typealias ProfileID = Identifier<ProfileKind>
public typealias ResetCodeID = Identifier<ResetCodeKind>
public typealias InvitationID = Identifier<InvitationKind>
public typealias EventID = Identifier<EventKind>
public typealias PasskeyID = Identifier<PasskeyKind>
