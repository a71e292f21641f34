/// A value in the canonical CBOR of authenticators (CTAP 2.1 section 8, a subset of RFC 8949).
///
/// Integers, byte strings, text, arrays, maps, booleans and null; nothing else, such as tags and floating-point numbers. There is one
/// form of each value: lengths are definite, numbers have their shortest form, and the keys of a map are in order, each once.
package enum CBOR: Equatable, Sendable {
  /// 0 to 2^64 - 1.
  case unsigned(UInt64)
  /// -1 minus the number, so -1 to -2^64.
  case negative(UInt64)
  case bytes([UInt8])
  case text(String)
  case array([CBOR])
  /// In the order of the keys.
  case map([Entry])
  case boolean(Bool)
  case null

  package struct Entry: Equatable, Sendable {
    package let key: CBOR
    package let value: CBOR
  }

  /// The most containers inside each other (CTAP 2.1 section 8).
  package static var maximumDepth: Int { 4 }

  /// The value at the start of the bytes, and the bytes behind it; `nil` if they do not begin with the canonical form of a value.
  package static func first(in bytes: Bytes) -> (value: CBOR, rest: Bytes)? {
    var reader = CBORReader(rest: bytes)
    return reader.value(depth: 0).map { ($0, reader.rest) }
  }

  /// The value whose form all of the bytes are; `nil` if they are another one.
  package static func whole(_ bytes: Bytes) -> CBOR? {
    first(in: bytes).flatMap { $0.rest.isEmpty ? $0.value : nil }
  }
}

extension CBOR {
  /// The value of an integer key in a map; `nil` if there is none.
  package subscript(_ key: Int) -> CBOR? { value { $0.integer == key } }

  /// The value of a text key in a map; `nil` if there is none.
  package subscript(_ key: StaticString) -> CBOR? {
    value { if case .text(let text) = $0 { Array(text.utf8)[...].isEqual(to: key) } else { false } }
  }

  private func value(where isKey: (CBOR) -> Bool) -> CBOR? {
    guard case .map(let entries) = self else { return nil }
    return entries.first { isKey($0.key) }?.value
  }

  /// `nil` for another type, and for numbers that do not fit.
  package var integer: Int? {
    switch self {
    case .unsigned(let number): Int(exactly: number)
    case .negative(let number): Int(exactly: number).map { -1 - $0 }
    default: nil
    }
  }

  /// `nil` for another type.
  package var byteString: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }
}

/// Reads one value after the other from the start of `rest`. After `nil` the position has no meaning.
private struct CBORReader {
  var rest: Bytes

  /// - Parameter depth: the number of containers around the value.
  mutating func value(depth: Int) -> CBOR? {
    guard let (type, argument) = head() else { return nil }
    switch type {
    case 0: return .unsigned(argument)
    case 1: return .negative(argument)
    case 2: return take(argument).map { .bytes(Array($0)) }
    case 3: return take(argument).flatMap { String(validating: $0) }.map { .text($0) }
    case 4: return depth < CBOR.maximumDepth ? array(argument, depth: depth + 1) : nil
    case 5: return depth < CBOR.maximumDepth ? map(argument, depth: depth + 1) : nil
    case 7:
      switch argument {
      case 20: return .boolean(false)
      case 21: return .boolean(true)
      case 22: return .null
      default: return nil
      }
    default: return nil
    }
  }

  /// The major type and its argument (RFC 8949 section 3); `nil` if the argument is not in its shortest form.
  private mutating func head() -> (type: UInt8, argument: UInt64)? {
    guard let first = rest.popFirst() else { return nil }
    let (type, information) = (first >> 5, first & 0x1F)
    guard information >= 24 else { return (type, UInt64(information)) }
    // Major type 7 has no longer form: these are floating-point numbers.
    guard information <= 27, type != 7, let bytes = take(1 << UInt64(information - 24)) else { return nil }
    let argument = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    let least: UInt64 = information == 24 ? 24 : 1 << (4 << UInt64(information - 24))
    return argument >= least ? (type, argument) : nil
  }

  private mutating func take(_ count: UInt64) -> Bytes? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }

  private mutating func array(_ count: UInt64, depth: Int) -> CBOR? {
    // Each element has at least one byte, so a count beyond the input ends at its end.
    var (elements, left): ([CBOR], UInt64) = ([], count)
    while left > 0 {
      guard let element = value(depth: depth) else { return nil }
      elements.append(element)
      left -= 1
    }
    return .array(elements)
  }

  private mutating func map(_ count: UInt64, depth: Int) -> CBOR? {
    var (entries, left): ([CBOR.Entry], UInt64) = ([], count)
    var previous: Bytes?
    while left > 0 {
      let start = rest
      guard let key = value(depth: depth) else { return nil }
      let form = start.prefix(start.count - rest.count)
      if let previous, !Self.precedes(previous, form) { return nil }
      guard let value = value(depth: depth) else { return nil }
      entries.append(CBOR.Entry(key: key, value: value))
      previous = form
      left -= 1
    }
    return .map(entries)
  }

  /// The order of keys: by major type, then the shorter form first, then by bytes (CTAP 2.1 section 8).
  private static func precedes(_ first: Bytes, _ second: Bytes) -> Bool {
    let (type, other) = ((first.first ?? 0) >> 5, (second.first ?? 0) >> 5)
    if type != other { return type < other }
    return first.count == second.count ? first.lexicographicallyPrecedes(second) : first.count < second.count
  }
}
