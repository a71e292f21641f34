/// What can be written as JSON.
public protocol JSONEncodable {
  func encode(into writer: inout JSONWriter)
}

/// Writes one JSON text (RFC 8259) into one buffer. What it writes is well-formed whatever it is given: strings are
/// Unicode by their type, and commas and quotes are its own business.
public struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  /// Whether something stands before the next member or element.
  private var needsComma = false

  package init() {}

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

  /// A member of the object that is being written. One without a value is left out.
  public mutating func member(_ name: StaticString, _ value: (some JSONEncodable)?) {
    guard let value else { return }
    separate()
    name.withUTF8Buffer { unsafe quote($0) }
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
  public func encode(into writer: inout JSONWriter) { writer.quote(utf8) }
}

extension Bool: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { writer.append(raw: (self ? "true" : "false").utf8) }
}

extension FixedWidthInteger {
  fileprivate func write(into writer: inout JSONWriter) { writer.append(raw: String(self).utf8) }
}

extension Int: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { write(into: &writer) }
}

extension Int64: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { write(into: &writer) }
}

extension UInt32: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { write(into: &writer) }
}

extension Array: JSONEncodable where Element: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { writer.array(self) }
}
