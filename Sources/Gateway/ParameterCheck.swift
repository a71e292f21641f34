/// Walks the content of a PARAMS stream, which may be cut into records anywhere, to see that its lengths fit what is there
/// (FastCGI Specification 1.0, section 3.4). libfcgi believes them: a length beyond the end makes it write where nothing is
/// its own (as in CVE-2025-23016), so it is given nothing else than streams that have passed here.
struct ParameterCheck {
  private enum Stage { case nameLength, valueLength, content }

  private var stage = Stage.nameLength
  /// The bytes of a length that have come so far, and how many are still to come: 0 between two lengths.
  private var length = 0
  private var missing = 0
  private var nameLength = 0
  /// Bytes of the pair's name and value that are still to come.
  private var rest = 0

  /// Of a name and its value together: more than any request's parameters may have.
  private static let longest = 128 * 1024

  /// Whether the stream may end here.
  var isComplete: Bool { stage == .nameLength && missing == 0 }

  /// Takes the next bytes. False: no name and value can be as long as they say.
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
