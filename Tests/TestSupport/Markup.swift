/// Reads HTML strictly. Every element except a void one is closed in order, and every attribute is quoted. Text has no
/// characters of markup.
package struct Markup: Sendable {
  package struct Malformed: Error {
    let near: String
  }

  package struct Element: Sendable {
    package let name: String
    package let attributes: [(name: String, value: String)]
    /// The places of the elements around it in `elements`, outermost first.
    package let ancestors: [Int]
    /// The text of the element and its descendants.
    package fileprivate(set) var text = ""

    package subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
  }

  /// In the order of their start tags.
  package private(set) var elements: [Element] = []
  private var rest: ArraySlice<UInt8>
  private var open: [Int] = []

  package init(_ document: String) throws {
    rest = Array(document.utf8)[...]
    guard take("<!DOCTYPE html>\n") else { throw malformed }
    while let byte = rest.first {
      if byte == UInt8(ascii: "<") {
        try tag()
      } else {
        let text = try unescaped(until: "<")
        for index in open { elements[index].text.append(text) }
      }
    }
    guard open.isEmpty else { throw malformed }
  }

  /// The titles of the document, and not those of pictures.
  package var titles: [Element] {
    elements.filter { element in
      element.name == "title" && element.ancestors.contains { elements[$0].name == "head" }
    }
  }

  package func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// The elements with a name within the element at a place.
  package func all(_ names: Set<String>, in place: Int) -> [Element] {
    elements.filter { names.contains($0.name) && $0.ancestors.contains(place) }
  }

  private var malformed: Malformed { Malformed(near: String(decoding: rest.prefix(80), as: UTF8.self)) }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private mutating func name() throws -> String {
    let name = rest.prefix {
      ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") || "-123456".utf8.contains($0)
    }
    guard !name.isEmpty else { throw malformed }
    rest = rest[name.endIndex...]
    return String(decoding: name, as: UTF8.self)
  }

  private mutating func tag() throws {
    if take("</") {
      let name = try name()
      guard take(">"), let last = open.popLast(), elements[last].name == name else { throw malformed }
      return
    }
    guard take("<") else { throw malformed }
    let name = try name()
    var attributes: [(name: String, value: String)] = []
    while take(" ") {
      let attribute = try self.name()
      guard take("=\"") else { throw malformed }
      let value = try unescaped(until: "\"")
      guard take("\"") else { throw malformed }
      attributes.append((attribute, value))
    }
    guard take(">") else { throw malformed }
    let element = Element(name: name, attributes: attributes, ancestors: open)
    if !["meta", "link", "input", "img", "br"].contains(name) { open.append(elements.count) }
    elements.append(element)
  }

  private mutating func unescaped(until end: Unicode.Scalar) throws -> String {
    let bytes = rest.prefix { $0 != UInt8(ascii: end) }
    rest = rest[bytes.endIndex...]
    guard !bytes.contains(UInt8(ascii: "<")), !bytes.contains(UInt8(ascii: ">")) else { throw malformed }
    let text = String(decoding: bytes, as: UTF8.self)
    guard bytes.contains(UInt8(ascii: "&")) else { return text }
    var parts = text.split(separator: "&", omittingEmptySubsequences: false)
    var result = String(parts.removeFirst())
    for part in parts {
      guard let end = part.firstIndex(of: ";"),
        let character = ["amp": "&", "lt": "<", "gt": ">", "quot": "\""][part[..<end]]
      else { throw Malformed(near: String(part)) }
      result += character + part[end...].dropFirst()
    }
    return result
  }
}
