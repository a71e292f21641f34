/// What can be written as JSON.
public protocol JSONEncodable {
  /// What its values look like.
  static var schema: JSONSchema { get }

  func encode(into writer: inout JSONWriter)
}

/// Writes one JSON text (RFC 8259) into one buffer. What it writes is well-formed whatever it is given: strings are
/// Unicode by their type, and commas and quotes are its own business.
public struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  /// Whether something stands before the next member or element.
  private var needsComma = false
  /// The members of the outermost object, while a type is being described.
  private var fields: [JSONSchema.Field]?

  package init() {}

  /// The members that an object type writes, in their order, whether they have a value or not.
  package static func fields(of value: some JSONEncodable) -> [JSONSchema.Field] {
    var writer = JSONWriter()
    writer.fields = []
    value.encode(into: &writer)
    return writer.fields ?? []
  }

  /// The JSON text of a value.
  public static func text(_ value: some JSONEncodable) -> String {
    String(decoding: Self.bytes(value), as: UTF8.self)
  }

  package static func bytes(_ value: some JSONEncodable) -> [UInt8] {
    var writer = JSONWriter()
    value.encode(into: &writer)
    return writer.bytes
  }

  /// An object: its members are what `body` writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    enclose("{", "}", body)
  }

  /// A member of the object that is being written.
  public mutating func member<Value: JSONEncodable>(_ name: StaticString, _ value: Value) {
    fields?.append(JSONSchema.Field(name: "\(name)", schema: Value.schema, isRequired: true))
    write(name, value)
  }

  /// A member that is left out if it has no value.
  public mutating func member<Value: JSONEncodable>(_ name: StaticString, _ value: Value?) {
    fields?.append(JSONSchema.Field(name: "\(name)", schema: Value.schema, isRequired: false))
    if let value { write(name, value) }
  }

  /// The member `object`, which says what kind of object this is.
  public mutating func kind(_ kind: StaticString) {
    fields?.append(JSONSchema.Field(name: "object", schema: .constant("\(kind)"), isRequired: true))
    write("object", "\(kind)")
  }

  /// A member whose name is known only when it is written.
  package mutating func member(named name: String, _ value: some JSONEncodable) {
    separate()
    quote(name.utf8)
    bytes.append(UInt8(ascii: ":"))
    value.encode(into: &self)
  }

  private mutating func write(_ name: StaticString, _ value: some JSONEncodable) {
    separate()
    name.withUTF8Buffer { unsafe quote($0) }
    bytes.append(UInt8(ascii: ":"))
    let outer = fields
    fields = nil
    value.encode(into: &self)
    fields = outer
  }

  public mutating func array(_ elements: some Sequence<some JSONEncodable>) {
    enclose("[", "]") { writer in
      for element in elements {
        writer.separate()
        element.encode(into: &writer)
      }
    }
  }

  private mutating func enclose(
    _ start: Unicode.Scalar, _ end: Unicode.Scalar, _ body: (inout JSONWriter) -> Void
  ) {
    bytes.append(UInt8(ascii: start))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: end))
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  fileprivate mutating func append(raw text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }

  /// A string (section 7): quotes, reverse solidus and controls are escaped, the rest is UTF-8 as it is.
  fileprivate mutating func quote(_ text: some Sequence<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(raw: [UInt8(ascii: "\\"), byte])
      case 0x08: append(raw: "\\b".utf8)
      case 0x09: append(raw: "\\t".utf8)
      case 0x0A: append(raw: "\\n".utf8)
      case 0x0C: append(raw: "\\f".utf8)
      case 0x0D: append(raw: "\\r".utf8)
      case 0x00..<0x20:
        append(raw: "\\u00".utf8)
        append(raw: byte < 0x10 ? "0".utf8 : "1".utf8)
        append(raw: String(byte & 0x0F, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension String: JSONEncodable {
  public static var schema: JSONSchema { .string() }
  public func encode(into writer: inout JSONWriter) { writer.quote(utf8) }
}

extension Bool: JSONEncodable {
  public static var schema: JSONSchema { .boolean }
  public func encode(into writer: inout JSONWriter) { writer.append(raw: (self ? "true" : "false").utf8) }
}

extension FixedWidthInteger {
  fileprivate func write(into writer: inout JSONWriter) { writer.append(raw: String(self).utf8) }
}

extension Int: JSONEncodable {
  public static var schema: JSONSchema { .integer }
  public func encode(into writer: inout JSONWriter) { write(into: &writer) }
}

extension Int64: JSONEncodable {
  public static var schema: JSONSchema { .integer }
  public func encode(into writer: inout JSONWriter) { write(into: &writer) }
}

extension UInt32: JSONEncodable {
  public static var schema: JSONSchema { .integer }
  public func encode(into writer: inout JSONWriter) { write(into: &writer) }
}

extension Array: JSONEncodable where Element: JSONEncodable {
  public static var schema: JSONSchema { .array(Element.schema) }
  public func encode(into writer: inout JSONWriter) { writer.array(self) }
}
