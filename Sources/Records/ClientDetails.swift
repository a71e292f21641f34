import DashboardWireFormat

/// What a session keeps of the client that signed in, if SESSION_DETAILS is `full`.
///
/// One array of bytes, because every check of a session reads it and few callers look at it.
package struct ClientDetails: Hashable, Sendable {
  /// The address, a line feed and the user agent, in UTF-8; empty if neither is known.
  let bytes: [UInt8]

  /// The most bytes of an address and of a user agent, each.
  package static let longest = 256

  /// The details of a session that was created without them.
  package static let unknown = ClientDetails(bytes: [])

  init(bytes: [UInt8]) { self.bytes = bytes }

  package init(of client: Client) {
    let (address, userAgent) = (Self.clean(client.addressText ?? []), Self.clean(client.userAgent ?? []))
    bytes = address.isEmpty && userAgent.isEmpty ? [] : address + [Self.separator] + userAgent
  }

  /// True if the address or the user agent is known.
  package var isKnown: Bool { !bytes.isEmpty }

  package var address: String? { Self.text(bytes.prefix { $0 != Self.separator }) }

  package var userAgent: String? { Self.text(bytes.drop { $0 != Self.separator }.dropFirst()) }

  private static let separator = UInt8(ascii: "\n")

  private static func text(_ bytes: Bytes) -> String? {
    bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// The text without control characters (U+0000…U+001F, U+007F…U+009F), cut between two scalars. Bytes that are
  /// not UTF-8 become U+FFFD.
  private static func clean(_ text: Bytes) -> [UInt8] {
    var cleaned: [UInt8] = []
    // A scalar has at least one byte.
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) { continue }
      let encoded = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      guard cleaned.count + encoded.count <= longest else { break }
      cleaned += encoded
    }
    return cleaned
  }
}
