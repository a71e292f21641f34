/// Reads HTML strictly: every element but a void one is closed in its order, attributes are quoted, and nothing else looks
/// like markup.
struct Markup {
  struct Malformed: Error {
    let near: String
  }

  struct Element {
    let name: String
    let attributes: [(name: String, value: String)]
    /// What it has in it, without markup.
    fileprivate(set) var text = ""

    subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
  }

  /// In the order of their start tags.
  private(set) var elements: [Element] = []
  private var rest: Substring
  private var open: [Int] = []

  init(_ document: String) throws {
    rest = document[...]
    guard take("<!DOCTYPE html>\n") else { throw malformed }
    while let character = rest.first {
      if character == "<" {
        try tag()
      } else {
        let text = try unescaped(rest.prefix { $0 != "<" })
        for index in open { elements[index].text += text }
        rest = rest.drop { $0 != "<" }
      }
    }
    guard open.isEmpty else { throw malformed }
  }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  private var malformed: Malformed { Malformed(near: String(rest.prefix(80))) }

  private mutating func take(_ text: String) -> Bool {
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  private mutating func name() throws -> String {
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    guard !name.isEmpty else { throw malformed }
    rest = rest[name.endIndex...]
    return String(name)
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
      let value = rest.prefix { $0 != "\"" }
      guard !value.contains("<") else { throw malformed }
      rest = rest[value.endIndex...]
      guard take("\"") else { throw malformed }
      attributes.append((attribute, try unescaped(value)))
    }
    guard take(">") else { throw malformed }
    if !["meta", "link", "input"].contains(name) { open.append(elements.count) }
    elements.append(Element(name: name, attributes: attributes))
  }

  private func unescaped(_ text: Substring) throws -> String {
    guard !text.contains(">") else { throw Malformed(near: String(text)) }
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
