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
  private static let inline = ["a", "code", "span", "strong", "button", "time", "img", "label"]

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

  /// Escapes bytes that could end text or a quoted value, or begin a character reference (sections 13.1.2.3
  /// and 13.1.4).
  private static func escape(_ text: String, into output: inout [UInt8]) {
    guard text.utf8.contains(where: { escaped($0) != nil }) else {
      output += text.utf8
      return
    }
    for byte in text.utf8 {
      if let reference = escaped(byte) { output += reference.utf8 } else { output.append(byte) }
    }
  }

  /// The character reference for a byte; `nil` if it stands for itself.
  private static func escaped(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    default: nil
    }
  }
}
