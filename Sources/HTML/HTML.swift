/// A piece of an HTML document (WHATWG HTML, section 13.1).
///
/// Text and attribute values are escaped when they are written. Names of elements and attributes are literals
/// of this program. So text from a client can never become markup.
package struct HTML: Sendable {
  /// The piece in UTF-8. Pieces are joined by copying, which costs less than a tree of them.
  private let bytes: [UInt8]

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  package static func text(_ text: String) -> HTML {
    var bytes: [UInt8] = []
    escape(text, into: &bytes)
    return HTML(bytes)
  }

  package static func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ content: HTML...
  ) -> HTML {
    element(name, attributes, content)
  }

  /// An element whose attributes depend on something.
  package static func tag(
    _ name: StaticString, list attributes: [(key: StaticString, value: String)], _ content: HTML...
  ) -> HTML {
    element(name, attributes, content)
  }

  /// Several pieces in a row.
  package static func sequence(_ pieces: [HTML]) -> HTML {
    // Most are empty but one, and a copy of a large one takes time.
    var (full, size): (HTML?, Int) = (nil, 0)
    var isOne = true
    for piece in pieces where !piece.bytes.isEmpty {
      isOne = full == nil
      full = piece
      size += piece.bytes.count
    }
    if isOne { return full ?? HTML([]) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    for piece in pieces { bytes += piece.bytes }
    return HTML(bytes)
  }

  /// A whole document in UTF-8.
  package static func document(_ root: HTML) -> [UInt8] { Array("<!DOCTYPE html>\n".utf8) + root.bytes }
}

extension HTML: ExpressibleByStringInterpolation, ExpressibleByArrayLiteral {
  package init(stringLiteral text: String) { self = .text(text) }
  package init(arrayLiteral pieces: HTML...) { self = .sequence(pieces) }
}

extension HTML {
  /// Elements without content and end tag (section 13.1.2).
  private static let void = numbers("meta", "link", "input", "img", "br")
  /// Elements within a line of text. A line break after them would show as a blank.
  private static let inline = numbers(
    "a", "code", "span", "strong", "button", "time", "img", "label", "bdi")

  private static func numbers(_ names: StaticString...) -> [UInt64] { names.map(number) }

  /// The last eight bytes of a name as a number, which is compared at once.
  private static func number(_ name: StaticString) -> UInt64 {
    name.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt64($1) } }
  }

  private static func element(
    _ name: StaticString, _ attributes: some Collection<(key: StaticString, value: String)>, _ content: [HTML]
  ) -> HTML {
    var bytes: [UInt8] = []
    let length = attributes.reduce(2 * name.utf8CodeUnitCount + 6) {
      $0 + $1.key.utf8CodeUnitCount + $1.value.utf8.count + 4
    }
    bytes.reserveCapacity(content.reduce(length) { $0 + $1.bytes.count })
    bytes.append(UInt8(ascii: "<"))
    add(name, to: &bytes)
    for attribute in attributes {
      bytes.append(UInt8(ascii: " "))
      add(attribute.key, to: &bytes)
      add("=\"", to: &bytes)
      escape(attribute.value, into: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: ">"))
    let number = number(name)
    if !void.contains(number) {
      for piece in content { bytes += piece.bytes }
      add("</", to: &bytes)
      add(name, to: &bytes)
      bytes.append(UInt8(ascii: ">"))
    }
    if !inline.contains(number) { bytes.append(UInt8(ascii: "\n")) }
    return HTML(bytes)
  }

  private static func add(_ text: StaticString, to bytes: inout [UInt8]) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Escapes characters that could end text or a quoted value, or begin a character reference (sections 13.1.2.3
  /// and 13.1.4). Replaces characters that a document must not have.
  private static func escape(_ text: String, into output: inout [UInt8]) {
    // Most text is appended in one piece, from a string that is stored in UTF-8.
    var text = text
    let isPlain = text.withUTF8 { bytes in
      guard !bytes.contains(where: mayNeedEscape) else { return false }
      output.append(contentsOf: bytes)
      return true
    }
    guard !isPlain else { return }
    for scalar in text.unicodeScalars {
      if let reference = escaped(scalar) { output += reference.utf8 } else { output += scalar.utf8 }
    }
  }

  /// True for a byte with which a character that is escaped can begin.
  private static func mayNeedEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x7F, 0xC2, 0xEF...:
      true
    default: byte < 0x20
    }
  }

  /// What stands for a character in a document; `nil` if it stands for itself.
  private static func escaped(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "&": return "&amp;"
    case "<": return "&lt;"
    case ">": return "&gt;"
    case "\"": return "&quot;"
    case "\t", "\n", "\r", "\u{C}": return nil
    default:
      let value = scalar.value
      let isControl = value < 0x20 || (0x7F...0x9F).contains(value)
      let isNoncharacter = (0xFDD0...0xFDEF).contains(value) || value & 0xFFFE == 0xFFFE
      return isControl || isNoncharacter ? "\u{FFFD}" : nil
    }
  }
}

extension HTML {
  /// Writes a piece that is too large to be made of smaller ones. Only literals of this module are `markup`. Texts are escaped.
  struct Output {
    var bytes: [UInt8] = []

    var html: HTML { HTML(bytes) }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func markup(_ literal: StaticString) { HTML.add(literal, to: &bytes) }

    mutating func text(_ text: String) { HTML.escape(text, into: &bytes) }

    /// A number that is not negative, in decimal digits.
    ///
    /// - Parameter separator: between groups of three digits.
    mutating func number(_ number: Int, separator: String = "") {
      if number >= 1000 {
        self.number(number / 1000, separator: separator)
        text(separator)
      }
      let rest = number % 1000
      if number >= 100 { digit(rest / 100) }
      if number >= 10 { digit(rest / 10 % 10) }
      digit(rest % 10)
    }

    private mutating func digit(_ digit: Int) { bytes.append(UInt8(ascii: "0") + UInt8(max(0, digit))) }
  }
}
