/// The percent-encoding of forms (WHATWG URL, section 1.3 and "application/x-www-form-urlencoded").
package enum PercentEncoding {
  /// Replaces `+` by a space and `%XX` by its byte. A malformed escape stays as it is.
  ///
  /// Bytes without escapes are returned without a copy.
  static func decodeForm(_ bytes: Bytes) -> Bytes {
    guard bytes.position(of: plus) != nil || bytes.position(of: percent) != nil else { return bytes }
    let (bytes, digits) = (bytes.span, digits.span)
    return [UInt8](capacity: bytes.count) { decoded in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte == percent, bytes.count - index >= 2 {
          let (high, low) = (digits[Int(bytes[index])], digits[Int(bytes[index + 1])])
          if high | low < 16 {
            decoded.append(high << 4 | low)
            index += 2
            continue
          }
        }
        decoded.append(byte == plus ? UInt8(ascii: " ") : byte)
      }
    }[...]
  }

  /// Escapes all bytes but letters, digits, `-._~` (RFC 3986 section 2.3) and `/`, which a query may contain (section 3.4).
  package static func encode(_ bytes: Bytes) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count * 3)
    for byte in bytes {
      if byte.isLetterOrDigit || unescaped.contains(byte) {
        encoded.append(byte)
      } else {
        encoded.append(percent)
        encoded.append(capitalDigits[Int(byte >> 4)])
        encoded.append(capitalDigits[Int(byte & 15)])
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static let unescaped = Array("-._~/".utf8)
  private static let capitalDigits = Array("0123456789ABCDEF".utf8)

  /// The values of hexadecimal digits in either case, indexed by their byte; 255 for other bytes.
  private static let digits: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: 255
    }
  }

  private static let plus = UInt8(ascii: "+")
  private static let percent = UInt8(ascii: "%")
}
