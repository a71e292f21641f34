/// A key: bytes whose order is the order of what they mean. At most 511 bytes.
package protocol TableKey {
  func encode(into writer: inout ByteWriter)
  /// - Throws: for bytes that no key encodes to.
  init(decoding reader: inout ByteReader) throws(UnreadableBytes)
}

/// A value: bytes that are understood again, by this program and by later ones.
package protocol TableValue {
  func encode(into writer: inout ByteWriter)
  /// - Throws: for bytes that no value encodes to.
  init(decoding reader: inout ByteReader) throws(UnreadableBytes)
}

/// Bytes that mean nothing. (An error, for generic code asks for the metadata of an optional each time that it makes one.)
package struct UnreadableBytes: Error {
  package init() {}
}

/// Appends numbers (most significant byte first, so that their order is kept) and bytes.
///
/// Keys and most values fit into the writer itself, so that no memory is asked for.
package struct ByteWriter {
  private var few = InlineArray<320, UInt8>(repeating: 0)
  /// How many of the few are used.
  private var count = 0
  /// All of them, once they have been more than fit.
  private var many: [UInt8] = []

  package init() {}

  package var bytes: [UInt8] {
    var copy = self
    return unsafe copy.withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// Changes nothing; mutating only so that the bytes are lent where they are, and not copied.
  mutating func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
  {
    if !many.isEmpty { return try unsafe many.withUnsafeBytes(body) }
    let count = count
    return try unsafe withUnsafeMutableBytes(of: &few) { few in
      try unsafe body(UnsafeRawBufferPointer(rebasing: few[..<count]))
    }
  }

  private mutating func append(_ new: UnsafeRawBufferPointer) {
    if many.isEmpty, new.count <= few.count - count {
      unsafe withUnsafeMutableBytes(of: &few) { few in
        unsafe UnsafeMutableRawBufferPointer(rebasing: few[count...]).copyMemory(from: new)
      }
      count += new.count
    } else {
      if many.isEmpty { many = bytes }
      unsafe many.append(contentsOf: new)
    }
  }

  // One for each type, for generic code of another module is many times slower.
  package mutating func append(_ value: UInt8) { append(integer: value) }
  package mutating func append(_ value: UInt16) { append(integer: value) }
  package mutating func append(_ value: UInt32) { append(integer: value) }
  package mutating func append(_ value: UInt64) { append(integer: value) }

  @inline(__always)
  private mutating func append(integer: some FixedWidthInteger & BitwiseCopyable) {
    let (start, size) = (count, MemoryLayout.size(ofValue: integer))
    guard many.isEmpty, size <= few.count - start else {
      return unsafe Swift.withUnsafeBytes(of: integer.bigEndian) { unsafe append($0) }
    }
    unsafe withUnsafeMutableBytes(of: &few) { few in
      unsafe few.storeBytes(of: integer.bigEndian, toByteOffset: start, as: type(of: integer))
    }
    count = start + size
  }

  package mutating func append(_ value: Int64) { append(integer: value) }

  package mutating func append(bytes new: [UInt8]) { unsafe new.withUnsafeBytes { unsafe append($0) } }

  /// Text with its length before it, at most 65,535 bytes; the scalars beyond are cut off.
  package mutating func append(text: String) {
    var text = text
    text.withUTF8 { utf8 in
      var end = min(utf8.count, Int(UInt16.max))
      // In the middle of a scalar all bytes are 10xxxxxx (RFC 3629 section 3).
      while end < utf8.count, unsafe utf8[end] & 0xC0 == 0x80 { end -= 1 }
      append(UInt16(end))
      unsafe append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(utf8)[..<end]))
    }
  }

  /// Bytes with their number before them, at most 65,535; those beyond are cut off.
  package mutating func append(counted new: [UInt8]) {
    let kept = min(new.count, Int(UInt16.max))
    append(UInt16(kept))
    unsafe new.withUnsafeBytes { unsafe append(UnsafeRawBufferPointer(rebasing: $0[..<kept])) }
  }

  package mutating func append(optional value: Int64?) {
    append(value == nil ? UInt8(0) : 1)
    if let value { append(value) }
  }
}

/// Reads what `ByteWriter` wrote. Total: beyond the end everything is `nil`.
///
/// It borrows the bytes of LMDB's map, so it can't be copied, and only this module makes one: it lives no longer than
/// the call it is passed to.
@safe package struct ByteReader: ~Copyable {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = unsafe bytes }

  /// Reads bytes from elsewhere.
  package static func reading<Result>(_ bytes: [UInt8], _ body: (inout ByteReader) -> Result) -> Result {
    unsafe bytes.withUnsafeBytes { bytes in
      var reader = unsafe ByteReader(bytes)
      return body(&reader)
    }
  }

  package var isAtEnd: Bool { unsafe position == bytes.count }

  private mutating func take(_ count: Int) -> Range<Int>? {
    guard count >= 0, unsafe bytes.count - position >= count else { return nil }
    defer { position += count }
    return position..<position + count
  }

  // One for each type, for generic code of another module is many times slower.
  package mutating func integer(_: UInt8.Type = UInt8.self) -> UInt8? { load() }
  package mutating func integer(_: UInt16.Type = UInt16.self) -> UInt16? { load() }
  package mutating func integer(_: UInt32.Type = UInt32.self) -> UInt32? { load() }
  package mutating func integer(_: UInt64.Type = UInt64.self) -> UInt64? { load() }

  private mutating func load<Value: FixedWidthInteger & BitwiseCopyable>() -> Value? {
    guard let range = take(MemoryLayout<Value>.size) else { return nil }
    return Value(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self))
  }

  package mutating func signed() -> Int64? { integer(UInt64.self).map { Int64(bitPattern: $0) } }

  package mutating func bytes(_ count: Int) -> [UInt8]? {
    guard let range = take(count) else { return nil }
    return unsafe [UInt8](bytes[range])
  }

  package mutating func text() -> String? {
    guard let count = integer(UInt16.self), let range = take(Int(count)) else { return nil }
    let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[range]).assumingMemoryBound(to: UInt8.self)
    do {
      return String(copying: try unsafe UTF8Span(validating: text.span))
    } catch {
      return nil
    }
  }

  package mutating func countedBytes() -> [UInt8]? {
    integer(UInt16.self).flatMap { bytes(Int($0)) }
  }

  /// `nil`: cut short; `.some(nil)`: no value.
  package mutating func optional() -> Int64?? {
    switch integer(UInt8.self) {
    case 0: .some(nil)
    case 1: signed().map { .some($0) }
    default: nil
    }
  }
}
