import DashboardWireFormat

/// The types of records (FastCGI Specification 1.0, section 8).
enum RecordType {
  static let beginRequest: UInt8 = 1
  static let abortRequest: UInt8 = 2
  static let endRequest: UInt8 = 3
  static let parameters: UInt8 = 4
  static let standardInput: UInt8 = 5
  static let getValues: UInt8 = 9
  static let getValuesResult: UInt8 = 10
  static let unknownType: UInt8 = 11
}

/// The header of a record (FastCGI Specification 1.0, section 3.3).
struct RecordHeader {
  static let length = 8
  /// The longest content of a record, in bytes.
  static let longestContent = Int(UInt16.max)

  let type: UInt8
  /// The request's id; 0 in a management record.
  let id: UInt16
  let contentLength: Int
  let paddingLength: Int

  /// - Parameter position: at least `length` bytes before the end.
  /// - Returns: `nil` if the record is of another version of the protocol.
  init?(_ bytes: Span<UInt8>, at position: Int) {
    guard bytes[position] == 1 else { return nil }
    type = bytes[position + 1]
    id = UInt16(bytes[position + 2]) << 8 | UInt16(bytes[position + 3])
    contentLength = Int(bytes[position + 4]) << 8 | Int(bytes[position + 5])
    paddingLength = Int(bytes[position + 6])
  }

  /// The bytes of header, content and padding.
  var recordLength: Int { Self.length + contentLength + paddingLength }
}

/// A record without padding.
///
/// - Parameter content: at most `RecordHeader.longestContent` bytes.
func record(_ type: UInt8, id: UInt16, _ content: [UInt8] = []) -> [UInt8] {
  let length = UInt16(content.count)
  return [1, type, UInt8(id >> 8), UInt8(id & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF), 0, 0] + content
}
