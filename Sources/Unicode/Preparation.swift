package import DashboardWireFormat

/// The forms in which usernames and passwords are compared, so that keyboards and capital letters make no difference.
///
/// ASCII needs no tables, and all work is linear but for the sorting of combining marks. All text is UTF-8.
package enum Preparation {
  /// A username in its prepared form: full and half width mapped away, white space as single spaces and none outside, lower case,
  /// and Normalization Form C.
  ///
  /// It follows UsernameCaseMapped (RFC 8265 section 3.3), and differs by allowing spaces.
  package static func username(_ text: Bytes) -> [UInt8] {
    if isASCII(text) {
      return spaced(text.map { Scalar($0) }).map { lowerASCII(UInt8(truncatingIfNeeded: $0)) }
    }
    var scalars: [Scalar] = []
    for scalar in spaced(decode(text).map(\.withoutWidth)) {
      switch scalar {
      // The simple mapping would lose the dot.
      case 0x130: scalars += [0x69, 0x307]
      // A sigma's form depends on its place.
      case 0x3C2: scalars.append(0x3C3)
      default: scalars.append(scalar.lowerCase)
      }
    }
    return encode(composed(scalars))
  }

  /// A password in its prepared form: other spaces as U+0020, and Normalization Form C. Nothing is trimmed.
  ///
  /// Source: OpaqueString (RFC 8265 section 4.2).
  package static func password(_ text: Bytes) -> [UInt8] {
    if isASCII(text) { return Array(text) }
    return encode(composed(decode(text).map { $0.isSpace ? .space : $0 }))
  }

  /// True if people can see and type the username: no controls, unassigned and invisible characters. U+200C and U+200D may join
  /// letters, as Persian and the scripts of India need them.
  package static func isUsername(_ text: Bytes) -> Bool {
    if isASCII(text) { return text.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
    let scalars = decode(text)
    return scalars.indices.allSatisfy { index in
      let scalar = scalars[index]
      if scalar == .zeroWidthNonJoiner || scalar == .zeroWidthJoiner {
        // Marks belong to the letter before them.
        let before = scalars[..<index].last { !$0.isMark }
        let after = scalars[(index + 1)...].first
        return before?.isLetter ?? false && after?.isLetter ?? false
      }
      return !scalar.isHidden
    }
  }

  /// True if the password can be typed again: no controls and no unassigned characters.
  package static func isPassword(_ text: Bytes) -> Bool {
    if isASCII(text) { return text.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
    return decode(text).allSatisfy { !$0.isControl && !$0.isUnassigned }
  }

  private static func isASCII(_ text: Bytes) -> Bool { text.allSatisfy { $0 < 0x80 } }

  private static func lowerASCII(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }

  /// Without outer white space, and with each inner run as one space.
  private static func spaced(_ scalars: [Scalar]) -> [Scalar] {
    var result: [Scalar] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars {
      if !scalar.isWhiteSpace {
        result.append(scalar)
      } else if let last = result.last, last != .space {
        result.append(.space)
      }
    }
    if result.last == .space { result.removeLast() }
    return result
  }

  private static func decode(_ text: Bytes) -> [Scalar] {
    String(decoding: text, as: UTF8.self).unicodeScalars.map(\.value)
  }

  private static func encode(_ scalars: [Scalar]) -> [UInt8] {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars.map { Unicode.Scalar($0) ?? "\u{FFFD}" })
    return Array(String(text).utf8)
  }
}
