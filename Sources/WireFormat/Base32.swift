import DashboardSystem

/// Base32 (RFC 4648 section 6) without padding, for what a person types: A to Z and 2 to 7.
package enum Base32 {
  private static let groups = DigitGroups(bits: 5, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

  /// The digits of bytes, in capitals.
  package static func text(_ bytes: [UInt8]) -> String { groups.text(bytes) }

  /// The bytes of digits in any case; `nil` for another text. Spaces and hyphens do not count.
  package static func bytes(_ text: Bytes) -> [UInt8]? {
    groups.bytes(
      text.lazy.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }.map { character -> UInt8? in
        switch character.asciiLowercased {
        case let letter where (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter):
          letter - UInt8(ascii: "a")
        case let digit where (UInt8(ascii: "2")...UInt8(ascii: "7")).contains(digit):
          digit - UInt8(ascii: "2") + 26
        default: nil
        }
      })
  }
}
