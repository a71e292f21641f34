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
    element(name, attributes.map { ($0.key, $0.value) }, content)
  }

  /// An element whose attributes depend on something.
  package static func tag(
    _ name: StaticString, list attributes: [(name: StaticString, value: String)], _ content: HTML...
  ) -> HTML {
    element(name, attributes, content)
  }

  /// Several pieces in a row.
  package static func sequence(_ pieces: [HTML]) -> HTML {
    var bytes: [UInt8] = []
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
  private static let void = ["meta", "link", "input", "img", "br"]
  /// Elements within a line of text. A line break after them would show as a blank.
  private static let inline = ["a", "code", "span", "strong", "button", "time", "img", "label", "bdi"]

  private static func element(
    _ literal: StaticString, _ attributes: [(name: StaticString, value: String)], _ content: [HTML]
  ) -> HTML {
    let name = literal.description
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.reduce(64) { $0 + $1.bytes.count })
    bytes.append(UInt8(ascii: "<"))
    bytes += name.utf8
    for attribute in attributes {
      bytes.append(UInt8(ascii: " "))
      bytes += attribute.name.description.utf8
      bytes += "=\"".utf8
      escape(attribute.value, into: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: ">"))
    if !void.contains(name) {
      for piece in content { bytes += piece.bytes }
      bytes += "</".utf8
      bytes += name.utf8
      bytes.append(UInt8(ascii: ">"))
    }
    if !inline.contains(name) { bytes.append(UInt8(ascii: "\n")) }
    return HTML(bytes)
  }

  /// Escapes characters that could end text or a quoted value, or begin a character reference (sections 13.1.2.3
  /// and 13.1.4). Replaces characters that a document must not have.
  private static func escape(_ text: String, into output: inout [UInt8]) {
    guard text.utf8.contains(where: mayNeedEscape) else {
      output += text.utf8
      return
    }
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
