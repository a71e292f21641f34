extension UInt8 {
  /// The lower-case letter if this byte is one of ASCII's A to Z, otherwise the byte itself.
  @inlinable package var asciiLowercased: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }
}
