package import DashboardCrypto
package import DashboardWireFormat

/// The code of an invitation: 20 letters of an alphabet of 32, so 100 bits. The alphabet is Crockford's Base32
/// (https://www.crockford.com/base32.html), which has no letter that is mistaken for another.
package enum InvitationCode {
  package static let length = 20
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  /// The most bytes of a typed code that are read.
  private static let mostTyped = 200

  package static func new(_ random: some RandomSource) -> String {
    // 32 divides 256, so each letter is as likely as the others.
    String(decoding: random.bytes(length).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
  }

  /// A code that follows from another one and from what it is for. A form that is sent for two accounts makes two codes.
  static func derived(from code: String, for bytes: [UInt8]) -> String {
    let mac = Hash.hmacSHA256(bytes, key: Array(code.utf8))
    return String(decoding: mac.prefix(length).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
  }

  /// A typed code as it was made; `nil` if it is none.
  ///
  /// Case, blanks and hyphens do not count, `o` is 0, and `i` and `l` are 1. No code has these, so no two codes are
  /// taken for each other.
  package static func canonical(_ typed: Bytes) -> String? {
    guard typed.count <= mostTyped else { return nil }
    var code: [UInt8] = []
    for scalar in String(decoding: typed, as: UTF8.self).unicodeScalars {
      if scalar.properties.isWhitespace || scalar == "-" { continue }
      guard scalar.isASCII, code.count < length else { return nil }
      let letter = letter(UInt8(truncatingIfNeeded: scalar.value))
      guard alphabet.contains(letter) else { return nil }
      code.append(letter)
    }
    return code.count == length ? String(decoding: code, as: UTF8.self) : nil
  }

  private static func letter(_ typed: UInt8) -> UInt8 {
    let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(typed)
    let letter = isCapital ? typed | 0x20 : typed
    return switch letter {
    case UInt8(ascii: "o"): UInt8(ascii: "0")
    case UInt8(ascii: "i"), UInt8(ascii: "l"): UInt8(ascii: "1")
    default: letter
    }
  }
}
