/// A value that can be written as JSON.
public protocol JSONEncodable {
  /// The type of the JSON values.
  static var schema: JSONSchema { get }

  func encode(into writer: inout JSONWriter)
}

/// Writes one JSON text (RFC 8259) into one buffer. The result is always well-formed: strings are Unicode by their type, and the
/// writer adds commas and quotes.
public struct JSONWriter {
  @usableFromInline
  package private(set) var bytes: [UInt8] = []
  /// True if the next member or element needs a comma before it.
  private var needsComma = false
  /// The number of open objects.
  private var depth = 0
  /// The members of the outermost object, while a type is described.
  private var fields: [JSONSchema.Field]?

  package init() {}

  /// The members that an object type writes, in their order, with or without a value.
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

  /// The JSON text of a value in ASCII, as headers (RFC 9110 section 5.5) and logs on terminals need it. Other characters can
  /// only be in strings, where they are escaped.
  package static func ascii(_ value: some JSONEncodable) -> [UInt8] {
    let bytes = Self.bytes(value)
    // Most texts have nothing to escape, which this check sees quickly.
    if bytes.span.isPrintable { return bytes }
    var text = ""
    for unit in String(decoding: bytes, as: UTF8.self).utf16 {
      if let scalar = Unicode.Scalar(unit), (0x20..<0x7F).contains(scalar.value) {
        text.unicodeScalars.append(scalar)
      } else {
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return Array(text.utf8)
  }

  @inlinable
  package static func bytes(_ value: some JSONEncodable) -> [UInt8] {
    var writer = withRoom
    value.encode(into: &writer)
    return writer.bytes
  }

  @usableFromInline
  static var withRoom: JSONWriter {
    var writer = JSONWriter()
    // Longer than most texts. With the array's header it is still a size that malloc takes from the thread's cache.
    writer.bytes.reserveCapacity(960)
    return writer
  }

  /// Writes an object with the members that `body` writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    depth += 1
    enclose("{", "}", body)
    depth -= 1
  }

  // Inlinable, since generic code of another module is many times slower.

  /// Writes a member of the current object.
  @inlinable
  public mutating func member<Value: JSONEncodable>(_ name: StaticString, _ value: Value) {
    describe(name, Value.schema, isRequired: true)
    begin(name)
    value.encode(into: &self)
  }

  /// Writes a member of the current object, or nothing if it has no value.
  @inlinable
  public mutating func member<Value: JSONEncodable>(_ name: StaticString, _ value: Value?) {
    describe(name, Value.schema, isRequired: false)
    guard let value else { return }
    begin(name)
    value.encode(into: &self)
  }

  /// Writes the member `object`, which names the kind of the object.
  public mutating func kind(_ kind: StaticString) {
    describe("object", .constant("\(kind)"), isRequired: true)
    begin("object")
    kind.withUTF8Buffer { unsafe quote($0) }
  }

  /// True while a type is described: then all members must be written, also without a value.
  package var isDescribed: Bool { fields != nil }

  @usableFromInline
  mutating func describe(_ name: StaticString, _ schema: @autoclosure () -> JSONSchema, isRequired: Bool) {
    guard fields != nil, depth == 1 else { return }
    fields?.append(JSONSchema.Field(name: "\(name)", schema: schema(), isRequired: isRequired))
  }

  /// Writes the name of a member, before its value.
  @usableFromInline
  mutating func begin(_ name: StaticString) {
    let isFirst = !needsComma
    needsComma = true
    bytes.append(addingCapacity: name.utf8CodeUnitCount + 4) { output in
      if !isFirst { output.append(UInt8(ascii: ",")) }
      // Names are literals without characters that need an escape.
      output.append(UInt8(ascii: "\""))
      output.append(copying: name)
      output.append(UInt8(ascii: "\""))
      output.append(UInt8(ascii: ":"))
    }
  }

  /// Writes a string of printable ASCII, which `write` appends and in which nothing needs an escape.
  ///
  /// - Parameter capacity: the most bytes that `write` appends.
  package mutating func string(capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    bytes.append(addingCapacity: capacity + 2) { output in
      output.append(UInt8(ascii: "\""))
      write(&output)
      output.append(UInt8(ascii: "\""))
    }
  }

  /// Writes a member whose name is not a literal.
  package mutating func member(named name: String, _ value: some JSONEncodable) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    value.encode(into: &self)
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

  fileprivate mutating func append(raw text: StaticString) { bytes.append(copying: text) }

  fileprivate mutating func append(decimal value: Int64) { bytes.append(decimal: value) }

  fileprivate mutating func quote(_ text: String) {
    var text = text
    text.withUTF8 { unsafe quote($0) }
  }

  /// Writes a string (section 7). Quotation marks, backslashes and control characters are escaped.
  private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var rest = unsafe text[...]
    while let special = unsafe rest.firstIndex(where: Self.isSpecial) {
      unsafe bytes.append(contentsOf: rest[..<special])
      escape(unsafe rest[special])
      unsafe rest = unsafe rest[(special + 1)...]
    }
    unsafe bytes.append(contentsOf: rest)
    bytes.append(UInt8(ascii: "\""))
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case 0x08: append(raw: "\\b")
    case 0x09: append(raw: "\\t")
    case 0x0A: append(raw: "\\n")
    case 0x0C: append(raw: "\\f")
    case 0x0D: append(raw: "\\r")
    default:
      append(raw: byte < 0x10 ? "\\u000" : "\\u001")
      bytes += String(byte & 0x0F, radix: 16).utf8
    }
  }
}

extension String: JSONEncodable {
  public static var schema: JSONSchema { .string() }
  public func encode(into writer: inout JSONWriter) { writer.quote(self) }
}

extension Bool: JSONEncodable {
  public static var schema: JSONSchema { .boolean }
  public func encode(into writer: inout JSONWriter) { writer.append(raw: self ? "true" : "false") }
}

extension Int: JSONEncodable {
  public static var schema: JSONSchema { .integer }
  public func encode(into writer: inout JSONWriter) { writer.append(decimal: Int64(self)) }
}

extension Int64: JSONEncodable {
  public static var schema: JSONSchema { .integer }
  public func encode(into writer: inout JSONWriter) { writer.append(decimal: self) }
}

extension UInt32: JSONEncodable {
  public static var schema: JSONSchema { .integer }
  public func encode(into writer: inout JSONWriter) { writer.append(decimal: Int64(self)) }
}

extension Array: JSONEncodable where Element: JSONEncodable {
  public static var schema: JSONSchema { .array(Element.schema) }
  public func encode(into writer: inout JSONWriter) { writer.array(self) }
}
