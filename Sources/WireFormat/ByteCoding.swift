/// A value with a stored form in bytes.
package protocol ByteEncodable {
  func encode(into writer: inout ByteWriter)
}

/// A value that can be read back from its stored form, also by later versions of the program.
package protocol ByteDecodable {
  /// - Throws: `UnreadableBytes` if no value has these bytes as its stored form.
  init(decoding reader: inout ByteReader) throws(UnreadableBytes)
}

package typealias ByteCodable = ByteEncodable & ByteDecodable

/// Bytes that are not the stored form of any value.
///
/// An error rather than an optional result: generic code looks up the metadata of an optional at every call.
package struct UnreadableBytes: Error {
  package init() {}
}

/// Writes stored forms: numbers with the most significant byte first, text, and bytes.
///
/// Encoded unsigned numbers compare as bytes in the order of their values. The first 320 bytes are kept in the writer itself, without an
/// allocation: every key and most values fit.
package struct ByteWriter {
  private var few = InlineArray<320, UInt8>(repeating: 0)
  /// The number of bytes in `few`.
  private var count = 0
  /// All bytes, once they no longer fit in `few`; empty before that.
  private var many: [UInt8] = []

  package init() {}

  package var bytes: [UInt8] {
    var copy = self
    var bytes: [UInt8] = []
    _ = unsafe copy.withBytes { written in
      unsafe bytes.append(contentsOf: written)
      return 0
    }
    return bytes
  }

  /// Calls a C function on the bytes written so far and returns its result code.
  ///
  /// Changes nothing: it is mutating so that the bytes are lent in place. It is not generic, since generic code of another module is
  /// many times slower.
  ///
  /// - Parameter body: must not keep the pointer.
  package mutating func withBytes(_ body: (UnsafeRawBufferPointer) -> Int32) -> Int32 {
    if !many.isEmpty { return unsafe many.withUnsafeBytes(body) }
    let count = count
    return unsafe withUnsafeMutableBytes(of: &few) { few in
      unsafe body(UnsafeRawBufferPointer(rebasing: few[..<count]))
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

  // One for each type: generic code of another module is many times slower.

  /// Appends a number, most significant byte first.
  package mutating func append(_ value: UInt8) { append(integer: value) }
  package mutating func append(_ value: UInt16) { append(integer: value) }
  package mutating func append(_ value: UInt32) { append(integer: value) }
  package mutating func append(_ value: UInt64) { append(integer: value) }

  /// Appends a signed number in two's complement, most significant byte first. Negative numbers sort after positive ones.
  package mutating func append(_ value: Int64) { append(integer: value) }

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

  /// Appends bytes as they are, without their number.
  package mutating func append(bytes new: [UInt8]) { unsafe new.withUnsafeBytes { unsafe append($0) } }

  /// Appends the length in bytes (16 bits) and the text in UTF-8. Scalars beyond 65,535 bytes are dropped.
  package mutating func append(text: String) {
    var text = text
    text.withUTF8 { utf8 in
      var end = min(utf8.count, Int(UInt16.max))
      // Every byte of a scalar but the first is 10xxxxxx (RFC 3629 section 3).
      while end < utf8.count, unsafe utf8[end] & 0xC0 == 0x80 { end -= 1 }
      append(UInt16(end))
      unsafe append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(utf8)[..<end]))
    }
  }

  /// Appends the number of bytes (16 bits) and the bytes. Bytes beyond 65,535 are dropped.
  package mutating func append(counted new: [UInt8]) {
    let kept = min(new.count, Int(UInt16.max))
    append(UInt16(kept))
    unsafe new.withUnsafeBytes { unsafe append(UnsafeRawBufferPointer(rebasing: $0[..<kept])) }
  }

  /// Appends 0 for `nil`, otherwise 1 and the number.
  package mutating func append(optional value: Int64?) {
    append(value == nil ? UInt8(0) : 1)
    if let value { append(value) }
  }
}

/// Reads what `ByteWriter` wrote. Reading beyond the end gives `nil`; no bytes trap.
///
/// It borrows its bytes and can't be copied. Its maker ends it before those bytes move or change.
@safe package struct ByteReader: ~Copyable {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// - Parameter bytes: must stay valid and unchanged for the reader's lifetime.
  package init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = unsafe bytes }

  /// Calls `body` with a reader of an array.
  package static func reading<Result>(_ bytes: [UInt8], _ body: (inout ByteReader) -> Result) -> Result {
    unsafe bytes.withUnsafeBytes { bytes in
      var reader = unsafe ByteReader(bytes)
      return body(&reader)
    }
  }

  package var isAtEnd: Bool { unsafe position == bytes.count }

  /// The number of bytes that are not read yet.
  package var remaining: Int { unsafe bytes.count - position }

  /// Moves past `count` bytes; `nil` if fewer are left.
  private mutating func take(_ count: Int) -> Range<Int>? {
    guard count >= 0, unsafe bytes.count - position >= count else { return nil }
    defer { position += count }
    return position..<position + count
  }

  // One for each type: generic code of another module is many times slower.

  /// The next number, most significant byte first.
  package mutating func integer(_: UInt8.Type = UInt8.self) -> UInt8? { load() }
  package mutating func integer(_: UInt16.Type = UInt16.self) -> UInt16? { load() }
  package mutating func integer(_: UInt32.Type = UInt32.self) -> UInt32? { load() }
  package mutating func integer(_: UInt64.Type = UInt64.self) -> UInt64? { load() }

  private mutating func load<Value: FixedWidthInteger & BitwiseCopyable>() -> Value? {
    guard let range = take(MemoryLayout<Value>.size) else { return nil }
    return Value(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self))
  }

  package mutating func signed() -> Int64? { integer(UInt64.self).map { Int64(bitPattern: $0) } }

  /// The next `count` bytes.
  package mutating func bytes(_ count: Int) -> [UInt8]? {
    guard let range = take(count) else { return nil }
    return unsafe [UInt8](bytes[range])
  }

  /// Text with its length before it; `nil` also if it is not UTF-8.
  package mutating func text() -> String? {
    guard let count = integer(UInt16.self), let range = take(Int(count)) else { return nil }
    let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[range]).assumingMemoryBound(to: UInt8.self)
    do {
      return String(copying: try unsafe UTF8Span(validating: text.span))
    } catch {
      return nil
    }
  }

  /// Bytes with their number before them.
  package mutating func countedBytes() -> [UInt8]? {
    integer(UInt16.self).flatMap { bytes(Int($0)) }
  }

  /// `nil` if the bytes are unreadable, `.some(nil)` if they stand for no value.
  package mutating func optional() -> Int64?? {
    switch integer(UInt8.self) {
    case 0: .some(nil)
    case 1: signed().map { .some($0) }
    default: nil
    }
  }
}
