/// Base64 for URLs (RFC 4648 section 5) without padding, as WebAuthn uses it.
package enum Base64URL {
  private static let groups = DigitGroups(
    bits: 6, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

  package static func text(_ bytes: [UInt8]) -> String { groups.text(bytes) }

  /// The bytes of digits; `nil` for another text, also with padding or white space.
  package static func bytes(_ text: Bytes) -> [UInt8]? {
    groups.bytes(
      text.lazy.map { character -> UInt8? in
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
      })
  }
}
