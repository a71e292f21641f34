/// A JSON text, read strictly (RFC 8259).
package enum JSON: Equatable, Sendable {
  case object([Member])
  case array([JSON])
  case string(String)
  case number(Double)
  case boolean(Bool)
  case null

  package struct Member: Equatable, Sendable {
    package let name: String
    package let value: JSON
  }

  package struct Malformed: Error {
    package let text: String
  }

  package init(_ bytes: [UInt8]) throws {
    var parser = Parser(rest: bytes[...])
    self = try parser.value()
    guard parser.rest.isEmpty else { throw parser.malformed }
  }

  package subscript(_ name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  package var array: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The names of an object's members, in their order.
  package var names: [String] {
    if case .object(let members) = self { members.map(\.name) } else { [] }
  }
}

private struct Parser {
  var rest: ArraySlice<UInt8>

  var malformed: JSON.Malformed { JSON.Malformed(text: String(decoding: rest.prefix(100), as: UTF8.self)) }

  mutating func skipBlanks() {
    while let byte = rest.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { rest.removeFirst() }
  }

  mutating func take(_ text: String) -> Bool {
    skipBlanks()
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  mutating func value() throws -> JSON {
    defer { skipBlanks() }
    if take("null") { return .null }
    if take("true") { return .boolean(true) }
    if take("false") { return .boolean(false) }
    if take("[") { return .array(try list(until: "]") { try $0.value() }) }
    if take("{") {
      return .object(
        try list(until: "}") { parser in
          let name = try parser.string()
          guard parser.take(":") else { throw parser.malformed }
          return JSON.Member(name: name, value: try parser.value())
        })
    }
    if rest.first == UInt8(ascii: "\"") { return .string(try string()) }
    let digits = rest.prefix { "+-.eE0123456789".utf8.contains($0) }
    guard let number = Double(String(decoding: digits, as: UTF8.self)) else { throw malformed }
    rest = rest[digits.endIndex...]
    return .number(number)
  }

  mutating func list<Element>(until end: String, _ element: (inout Parser) throws -> Element) throws
    -> [Element]
  {
    var elements: [Element] = []
    if take(end) { return [] }
    while true {
      elements.append(try element(&self))
      if take(end) { return elements }
      guard take(",") else { throw malformed }
    }
  }

  mutating func string() throws -> String {
    guard take("\"") else { throw malformed }
    var units: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else { throw malformed }
        return text
      case 0..<0x20: throw malformed
      case UInt8(ascii: "\\"): units += try escape()
      default: units.append(byte)
      }
    }
    throw malformed
  }

  mutating func escape() throws -> [UInt8] {
    let simple: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
    ]
    guard let byte = rest.popFirst() else { throw malformed }
    if let plain = simple[byte] { return [plain] }
    guard byte == UInt8(ascii: "u") else { throw malformed }
    var units = [try unit()]
    // The first half of a surrogate pair, which the second half follows (RFC 8259 section 7).
    if (0xD800..<0xDC00).contains(units[0]) {
      guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u") else {
        throw malformed
      }
      units.append(try unit())
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw malformed }
    return Array(text.utf8)
  }

  /// Reads four hexadecimal digits.
  private mutating func unit() throws -> UInt16 {
    guard rest.count >= 4, let unit = UInt16(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16)
    else {
      throw malformed
    }
    rest = rest.dropFirst(4)
    return unit
  }
}
