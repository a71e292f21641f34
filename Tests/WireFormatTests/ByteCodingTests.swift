import DashboardWireFormat
import TestSupport
import Testing

@Suite("Stored forms")
struct ByteCodingTests {
  private func encode(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    body(&writer)
    return writer.bytes
  }

  @Test("numbers are written most significant byte first")
  func bigEndian() {
    #expect(encode { $0.append(UInt8(0x12)) } == [0x12])
    #expect(encode { $0.append(UInt16(0x1234)) } == [0x12, 0x34])
    #expect(encode { $0.append(UInt32(0x1234_5678)) } == [0x12, 0x34, 0x56, 0x78])
    #expect(encode { $0.append(UInt64(0x0102_0304_0506_0708)) } == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("encoded numbers sort like their values")
  func order() {
    let numbers: [UInt64] = [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x1_0000, 1 << 32, 1 << 63, .max]
    let encoded = numbers.map { number in encode { $0.append(number) } }
    for (first, second) in zip(encoded, encoded.dropFirst()) {
      #expect(first.lexicographicallyPrecedes(second))
    }
  }

  @Test("signed numbers come back", arguments: [0, 1, -1, .min, .max] as [Int64])
  func signed(number: Int64) {
    #expect(ByteReader.reading(encode { $0.append(number) }) { $0.signed() } == number)
    #expect(ByteReader.reading(encode { $0.append(optional: number) }) { $0.optional() } == .some(number))
  }

  @Test("an absent number differs from an unreadable one")
  func absent() {
    let absent = encode { $0.append(optional: nil) }
    #expect(ByteReader.reading(absent) { $0.optional() } == .some(nil))
    #expect(ByteReader.reading([]) { $0.optional() } == nil)
    #expect(ByteReader.reading([2, 0, 0, 0, 0, 0, 0, 0, 0]) { $0.optional() } == nil)
  }

  @Test(
    "text comes back", arguments: ["", "a", "é", "👩‍👩‍👧‍👦", "nul\0inside", String(repeating: "x", count: 65_535)])
  func text(text: String) {
    #expect(ByteReader.reading(encode { $0.append(text: text) }) { $0.text() } == text)
  }

  @Test("a text that is one byte too long is cut before its last scalar")
  func textCutExactly() {
    // The 65,535th byte is the first of é's two.
    let text = String(repeating: "x", count: 65_534)
    #expect(ByteReader.reading(encode { $0.append(text: text + "é") }) { $0.text() } == text)
  }

  @Test("text that is not UTF-8 is refused")
  func notUTF8() {
    #expect(ByteReader.reading([0, 1, 0xFF]) { $0.text() } == nil)
    #expect(ByteReader.reading([0, 2, 0xC0, 0x80]) { $0.text() } == nil)
  }

  @Test("a text that is too long is cut between scalars", arguments: ["é", "👩", "x"])
  func textCut(scalar: String) throws {
    let long = String(repeating: "y", count: 65_534) + scalar + scalar
    let read = try #require(ByteReader.reading(encode { $0.append(text: long) }) { $0.text() })
    #expect(long.hasPrefix(read))
    #expect(read.utf8.count == (scalar == "x" ? 65_535 : 65_534))
  }

  // The writer itself holds 320 bytes.
  @Test(
    "bytes stay in their order, however many they are", arguments: [0, 1, 318, 319, 320, 321, 70_000],
    [1, 8, 600])
  func bytes(first: Int, piece: Int) {
    let bytes = (0..<first + piece * 3).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let written = encode { writer in
      writer.append(bytes: Array(bytes[..<first]))
      for start in stride(from: first, to: bytes.count, by: piece) {
        let piece = bytes[start..<start + piece]
        if piece.count == 1 { writer.append(piece[start]) } else { writer.append(bytes: Array(piece)) }
        writer.append(bytes: [])
      }
    }
    #expect(written == bytes)
  }

  @Test("text and counted bytes may cross the writer's inline storage", arguments: 300...323)
  func beyondInline(before: Int) {
    let bytes = encode { writer in
      writer.append(bytes: [UInt8](repeating: 1, count: before))
      writer.append(text: "four")
      writer.append(counted: [5, 6, 7])
      writer.append(optional: 8)
      writer.append(UInt32(9))
    }
    ByteReader.reading(bytes) { reader in
      let (first, text) = (reader.bytes(before), reader.text())
      #expect(first?.count == before)
      #expect(text == "four")
      let (counted, number) = (reader.countedBytes(), reader.optional())
      #expect(counted == [5, 6, 7])
      #expect(number == .some(8))
      let last = reader.integer(UInt32.self)
      #expect(last == 9)
      let isAtEnd = reader.isAtEnd
      #expect(isAtEnd)
    }
  }

  @Test("every truncation is refused")
  func truncated() {
    let whole = encode {
      $0.append(UInt8(1))
      $0.append(text: "text")
      $0.append(UInt32(2))
      $0.append(bytes: [1, 2, 3])
      $0.append(optional: 3)
      $0.append(Int64(-4))
    }
    func isReadable(_ bytes: some Sequence<UInt8>) -> Bool {
      ByteReader.reading(Array(bytes)) { reader in
        reader.integer(UInt8.self) == 1 && reader.text() == "text" && reader.integer(UInt32.self) == 2
          && reader.bytes(3) == [1, 2, 3] && reader.optional() == .some(3) && reader.signed() == -4
          && reader.isAtEnd
      }
    }
    #expect(isReadable(whole))
    for count in whole.indices { #expect(!isReadable(whole.prefix(count))) }
    #expect(!isReadable(whole + [0]))
  }

  @Test("reading too many or a negative number of bytes gives nil")
  func counts() {
    #expect(ByteReader.reading([1, 2]) { $0.bytes(3) } == nil)
    #expect(ByteReader.reading([1, 2]) { $0.bytes(.max) } == nil)
    #expect(ByteReader.reading([1, 2]) { $0.bytes(-1) } == nil)
    #expect(ByteReader.reading([1, 2]) { $0.bytes(0) } == [])
  }

  @Test("random bytes trap nothing")
  func total() {
    var generator = SeededRandom(seed: 1)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        // Small numbers are lengths that fit and known flags.
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...2, using: &generator) : UInt8.random(in: 0...255, using: &generator)
      }
      let isAtEnd = ByteReader.reading(bytes) { reader in
        _ = (reader.text(), reader.optional(), reader.signed(), reader.text(), reader.bytes(5))
        while reader.integer(UInt8.self) != nil {}
        return reader.isAtEnd
      }
      #expect(isAtEnd)
    }
  }
}
