/// A JSON text from outside, read strictly (RFC 8259).
///
/// The text is UTF-8, no object has a name twice, and at most 8 containers are inside each other.
package enum JSONValue: Equatable, Sendable {
  /// In the order of the text.
  case object([Member])
  case array([JSONValue])
  case string(String)
  /// As in the text, because the format has no limits of numbers.
  case number(String)
  case boolean(Bool)
  case null

  package struct Member: Equatable, Sendable {
    package let name: String
    package let value: JSONValue
  }

  /// The most containers inside each other.
  package static var maximumDepth: Int { 8 }

  /// `nil` for bytes that are no such text.
  package init?(_ bytes: Bytes) {
    // Later steps may rely on UTF-8.
    guard String(validating: bytes) != nil else { return nil }
    var reader = JSONReader(rest: bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.rest.isEmpty else { return nil }
    self = value
  }

  /// The value of an object's member, by the bytes of its name; `nil` if there is none.
  package subscript(_ name: StaticString) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { Array($0.name.utf8)[...].isEqual(to: name) }?.value
  }

  /// `nil` for another type.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }
}

/// Reads one value after the other from the start of `rest`. After `nil` the position has no meaning.
private struct JSONReader {
  var rest: Bytes

  mutating func skipBlanks() {
    while let byte = rest.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { rest.removeFirst() }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest.removeFirst()
    return true
  }

  /// Takes a byte behind white space.
  private mutating func takeNext(_ byte: UInt8) -> Bool {
    skipBlanks()
    return take(byte)
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
    guard rest.prefix(word.utf8CodeUnitCount).isEqual(to: word) else { return nil }
    rest = rest.dropFirst(word.utf8CodeUnitCount)
    return value
  }

  /// - Parameter depth: the number of containers around the value.
  mutating func value(depth: Int) -> JSONValue? {
    skipBlanks()
    switch rest.first {
    case UInt8(ascii: "{"): return depth < JSONValue.maximumDepth ? object(depth: depth + 1) : nil
    case UInt8(ascii: "["): return depth < JSONValue.maximumDepth ? array(depth: depth + 1) : nil
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return word("true", .boolean(true))
    case UInt8(ascii: "f"): return word("false", .boolean(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    rest.removeFirst()
    var members: [JSONValue.Member] = []
    // As bytes: Swift compares strings by canonical equivalence, under which different names are equal.
    var names: Set<[UInt8]> = []
    if takeNext(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipBlanks()
      guard let name = string(), names.insert(Array(name.utf8)).inserted, takeNext(UInt8(ascii: ":")),
        let value = value(depth: depth)
      else { return nil }
      members.append(JSONValue.Member(name: name, value: value))
    } while takeNext(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    rest.removeFirst()
    var elements: [JSONValue] = []
    if takeNext(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      guard let element = value(depth: depth) else { return nil }
      elements.append(element)
    } while takeNext(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .array(elements) : nil
  }

  /// A number (section 6), as it is written.
  private mutating func number() -> JSONValue? {
    let start = rest
    _ = take(UInt8(ascii: "-"))
    guard take(UInt8(ascii: "0")) || digits() else { return nil }
    if take(UInt8(ascii: ".")), !digits() { return nil }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      guard digits() else { return nil }
    }
    return .number(String(decoding: start.prefix(start.count - rest.count), as: UTF8.self))
  }

  /// Takes digits; false if there is none.
  private mutating func digits() -> Bool {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return !digits.isEmpty
  }

  /// A string (section 7). Its text must be Unicode, so half of a surrogate pair is refused.
  private mutating func string() -> String? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        bytes += scalar.utf8
      case 0x20...: bytes.append(byte)
      default: return nil
      }
    }
    return nil
  }

  /// The character that is meant by what stands behind a backslash.
  private mutating func escaped() -> Unicode.Scalar? {
    switch rest.popFirst() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let unit = codeUnit() else { return nil }
      guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
      guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = codeUnit(),
        (0xDC00..<0xE000).contains(low)
      else { return nil }
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  /// Four hexadecimal digits in any case.
  private mutating func codeUnit() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = rest.popFirst(), let digit = Hexadecimal.value(ofLowerCase: byte.asciiLowercased)
      else {
        return nil
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }
}
