/// The DER form of an ECDSA signature (RFC 3279 section 2.2.3): a SEQUENCE of the INTEGERs r and s.
enum ECDSASignature {
  /// The two numbers, most significant byte first, without zero bytes before it; `nil` for bytes that are not the DER form of two
  /// positive numbers of at most 256 bits.
  static func numbers(_ bytes: [UInt8]) -> (r: [UInt8], s: [UInt8])? {
    // Two numbers of at most 33 bytes each fit the short form of a length, which DER requires up to 127 (X.690 section 10.1).
    guard bytes.count >= 2, bytes[0] == 0x30, bytes[1] < 0x80, Int(bytes[1]) == bytes.count - 2 else {
      return nil
    }
    var rest = bytes[2...]
    guard let r = integer(&rest), let s = integer(&rest), rest.isEmpty else { return nil }
    return (r, s)
  }

  /// Takes an INTEGER from the start of `rest`.
  private static func integer(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.popFirst() == 0x02, let length = rest.popFirst(), (1...33).contains(length),
      Int(length) <= rest.count
    else { return nil }
    let content = rest.prefix(Int(length))
    rest = rest.dropFirst(Int(length))
    guard let first = content.first, first < 0x80 else { return nil }
    guard first == 0 else { return length <= 32 ? Array(content) : nil }
    // A zero byte stands only before a byte that would otherwise make the number negative. It never stands alone: 0 is no r or s.
    guard let second = content.dropFirst().first, second >= 0x80 else { return nil }
    return Array(content.dropFirst())
  }
}
