/// Checks the lengths in a PARAMS stream, which may be cut into records anywhere (FastCGI Specification 1.0, section 3.4).
///
/// libfcgi trusts these lengths: one beyond the end makes it write out of bounds (as in CVE-2025-23016). It therefore gets only
/// streams that have passed this check.
struct ParameterCheck {
  private enum Stage { case nameLength, valueLength, content }

  private var stage = Stage.nameLength
  /// The part of a length that has arrived, and the number of its bytes still missing: 0 between two lengths.
  private var length = 0
  private var missing = 0
  private var nameLength = 0
  /// Bytes of the pair's name and value that are still missing.
  private var rest = 0

  /// The longest parameters of a request, in bytes: more than any request needs, and what one record can hold.
  static let longest = RecordHeader.longestContent

  /// True if the stream may end here.
  var isComplete: Bool { stage == .nameLength && missing == 0 }

  /// Takes the next bytes.
  ///
  /// - Returns: false if a name or value is too long.
  mutating func take(_ bytes: Span<UInt8>) -> Bool {
    var position = 0
    while position < bytes.count {
      if stage == .content {
        let count = min(rest, bytes.count - position)
        position += count
        rest -= count
        if rest == 0 { stage = .nameLength }
        continue
      }
      let byte = Int(bytes[position])
      position += 1
      if missing > 0 {
        length = length << 8 | byte
        missing -= 1
      } else if byte & 0x80 != 0 {
        (length, missing) = (byte & 0x7F, 3)
      } else {
        length = byte
      }
      if missing == 0, !finishLength() { return false }
    }
    return true
  }

  private mutating func finishLength() -> Bool {
    guard length <= Self.longest else { return false }
    if stage == .nameLength {
      nameLength = length
      stage = .valueLength
      return true
    }
    rest = nameLength + length
    stage = rest == 0 ? .nameLength : .content
    return rest <= Self.longest
  }
}
