/// A piece of an HTML document (WHATWG HTML, section 13.1).
///
/// Text and attribute values are escaped when they are written. Names of elements and attributes are literals
/// of this program. So text from a client can never become markup.
package struct HTML: Sendable {
  private enum Node {
    case text(String)
    case element(StaticString, [(name: StaticString, value: String)], [HTML])
    case sequence([HTML])
  }

  private let node: Node

  private init(_ node: Node) { self.node = node }

  package static func text(_ text: String) -> HTML { HTML(.text(text)) }

  package static func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ content: HTML...
  ) -> HTML {
    HTML(.element(name, attributes.map { ($0.key, $0.value) }, content))
  }

  /// An element whose attributes depend on something.
  package static func tag(
    _ name: StaticString, list attributes: [(name: StaticString, value: String)], _ content: HTML...
  ) -> HTML {
    HTML(.element(name, attributes, content))
  }

  /// Several pieces in a row.
  package static func sequence(_ pieces: [HTML]) -> HTML { HTML(.sequence(pieces)) }

  /// A whole document in UTF-8.
  package static func document(_ root: HTML) -> [UInt8] {
    var output = Array("<!DOCTYPE html>\n".utf8)
    root.write(into: &output)
    return output
  }
}

extension HTML: ExpressibleByStringInterpolation, ExpressibleByArrayLiteral {
  package init(stringLiteral text: String) { self = .text(text) }
  package init(arrayLiteral pieces: HTML...) { self = .sequence(pieces) }
}

extension HTML {
  /// True for an element without content and end tag (section 13.1.2).
  private static func isVoid(_ name: String) -> Bool {
    ["meta", "link", "input", "img", "br"].contains(name)
  }

  /// True for an element within a line of text. A line break after it would show as a blank.
  private static func isInline(_ name: String) -> Bool {
    ["a", "code", "span", "strong", "button", "time", "img", "label"].contains(name)
  }

  private func write(into output: inout [UInt8]) {
    switch node {
    case .text(let text):
      Self.escape(text, into: &output)
    case .sequence(let pieces):
      for piece in pieces { piece.write(into: &output) }
    case .element(let name, let attributes, let content):
      let name = "\(name)"
      output += "<\(name)".utf8
      for attribute in attributes {
        output += " \(attribute.name)=\"".utf8
        Self.escape(attribute.value, into: &output)
        output += "\"".utf8
      }
      output += ">".utf8
      if !Self.isVoid(name) {
        for piece in content { piece.write(into: &output) }
        output += "</\(name)>".utf8
      }
      if !Self.isInline(name) { output += "\n".utf8 }
    }
  }

  /// Escapes bytes that could end text or a quoted value, or begin a character reference (sections 13.1.2.3
  /// and 13.1.4).
  private static func escape(_ text: String, into output: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): output += "&amp;".utf8
      case UInt8(ascii: "<"): output += "&lt;".utf8
      case UInt8(ascii: ">"): output += "&gt;".utf8
      case UInt8(ascii: "\""): output += "&quot;".utf8
      default: output.append(byte)
      }
    }
  }
}
