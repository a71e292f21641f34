/// A character encoding of the fields of a form, by its label in the WHATWG Encoding Standard (section 4.2).
package enum Charset: Sendable, Equatable {
  case utf8
  /// Also what `us-ascii` and `iso-8859-1` mean there.
  case windows1252
  /// Any other label.
  case unknown(label: [UInt8])

  /// Ignores case and ASCII white space at the ends. `nil` for an empty label, which counts as none.
  package init?(label: Bytes) {
    guard let first = label.firstIndex(where: { !Self.isWhitespace($0) }),
      let last = label.lastIndex(where: { !Self.isWhitespace($0) })
    else { return nil }
    let label = label[first...last]
    func isAny(of labels: [StaticString]) -> Bool { labels.contains { label.isEqual(toLowerCase: $0) } }
    if isAny(of: Self.utf8Labels) {
      self = .utf8
    } else if isAny(of: Self.windows1252Labels) {
      self = .windows1252
    } else {
      self = .unknown(label: Array(label))
    }
  }

  private static let utf8Labels: [StaticString] = [
    "utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8",
  ]
  private static let windows1252Labels: [StaticString] = [
    "ansi_x3.4-1968", "ascii", "cp1252", "cp819", "csisolatin1", "ibm819", "iso-8859-1", "iso-ir-100",
    "iso8859-1", "iso88591", "iso_8859-1", "iso_8859-1:1987", "l1", "latin1", "us-ascii", "windows-1252",
    "x-cp1252",
  ]

  /// The ASCII whitespace of the WHATWG Infra Standard.
  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) && byte != 0x0B
  }

  /// The bytes as UTF-8. ASCII and UTF-8 are returned without a copy.
  ///
  /// - Throws: for an unknown charset, for bytes that are not UTF-8, and for NUL.
  func text(_ bytes: Bytes) throws(FormError) -> Bytes {
    switch self {
    case .utf8:
      guard bytes.isText else { throw .notText }
      return bytes
    case .windows1252:
      guard bytes.position(of: 0) == nil else { throw .notText }
      return Self.decodeWindows1252(bytes)
    case .unknown(let label): throw .unknownCharset(label)
    }
  }

  /// The text of a name in a part's header. Printable ASCII is the same in every charset.
  func headerText(_ bytes: Bytes) throws(FormError) -> Bytes {
    bytes.span.isPrintable ? bytes : try text(bytes)
  }

  private static func decodeWindows1252(_ bytes: Bytes) -> Bytes {
    let others = bytes.count(where: { $0 >= 0x80 })
    guard others > 0 else { return bytes }
    let (bytes, high) = (bytes.span, high.span)
    // A code point of the index takes at most three bytes.
    return [UInt8](capacity: bytes.count + 2 * others) { decoded in
      for index in bytes.indices {
        let byte = bytes[index]
        if byte < 0x80 {
          decoded.append(byte)
          continue
        }
        let scalar = byte < 0xA0 ? high[Int(byte & 0x1F)] : UInt16(byte)
        if scalar < 0x800 {
          decoded.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
        } else {
          decoded.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
          decoded.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6) & 0x3F)
        }
        decoded.append(0x80 | UInt8(truncatingIfNeeded: scalar) & 0x3F)
      }
    }[...]
  }

  /// The code points of the bytes 0x80 to 0x9F (WHATWG Encoding, index windows-1252). Five of them are the control characters of
  /// the same number. The bytes from 0xA0 on are U+00A0 to U+00FF.
  private static let high: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]
}

extension Bytes {
  /// True if the bytes are UTF-8 without NUL.
  var isText: Bool {
    guard position(of: 0) == nil else { return false }
    return (try? UTF8Span(validating: span)) != nil
  }
}
