/// Percent-encoding as forms use it (WHATWG URL, section 1.3 and "application/x-www-form-urlencoded").
enum PercentEncoding {
  /// Replaces `+` by a space and `%XX` by its byte. An escape that is malformed or cut short stays as it is.
  ///
  /// Bytes without escapes are returned as they are, without a copy.
  static func decodeForm(_ bytes: Bytes) -> Bytes {
    guard let first = bytes.firstIndex(where: { $0 == plus || $0 == percent }) else { return bytes }
    var decoded = Array(bytes[..<first])
    decoded.reserveCapacity(bytes.count)
    var rest = bytes[first...]
    while let byte = rest.popFirst() {
      switch byte {
      case plus:
        decoded.append(UInt8(ascii: " "))
      case percent:
        if let value = value(ofEscape: rest.prefix(2)) {
          decoded.append(value)
          rest = rest.dropFirst(2)
        } else {
          decoded.append(percent)
        }
      default:
        decoded.append(byte)
      }
    }
    return decoded[...]
  }

  /// The byte that two hexadecimal digits of either case stand for.
  private static func value(ofEscape digits: Bytes) -> UInt8? {
    guard digits.count == 2, let high = digits.first.flatMap(value(ofDigit:)),
      let low = digits.last.flatMap(value(ofDigit:))
    else { return nil }
    return high << 4 | low
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static let plus = UInt8(ascii: "+")
  private static let percent = UInt8(ascii: "%")
}
