import DashboardSystem
import DashboardWireFormat

/// Reads FastCGI records from a connection one by one, and waits for them (FastCGI Specification 1.0, section 3.3).
struct RecordReader {
  struct Record {
    let type: UInt8
    let id: UInt16
    /// Its content, valid until the next record is read.
    let content: Range<Int>
    /// Its header, content and padding, valid until the next record is read.
    let whole: Range<Int>
  }

  private static let headerLength = 8
  private static let longestRecord = headerLength + Int(UInt16.max) + Int(UInt8.max)

  private let socket: FileDescriptor
  private var buffer = [UInt8](repeating: 0, count: longestRecord)
  private var start = 0
  private var end = 0

  init(descriptor: Int32) { socket = FileDescriptor(rawValue: descriptor) }

  subscript(_ range: Range<Int>) -> Bytes { buffer[range] }

  /// True if every received byte belongs to a record that was read.
  var isDrained: Bool { start == end }

  /// The next record; `nil` if the peer ended, was silent for too long, or sent another version of the protocol.
  mutating func next() -> Record? {
    guard fill(Self.headerLength), buffer[start] == 1 else { return nil }
    let contentLength = Int(buffer[start + 4]) << 8 | Int(buffer[start + 5])
    let length = Self.headerLength + contentLength + Int(buffer[start + 6])
    guard fill(length) else { return nil }
    let content = start + Self.headerLength
    defer { start += length }
    return Record(
      type: buffer[start + 1], id: UInt16(buffer[start + 2]) << 8 | UInt16(buffer[start + 3]),
      content: content..<content + contentLength, whole: start..<start + length)
  }

  /// Receives until `count` bytes can be read.
  ///
  /// - Parameter count: at most the length of the longest record.
  private mutating func fill(_ count: Int) -> Bool {
    if start + count > buffer.count {
      buffer.replaceSubrange(0..<end - start, with: Array(buffer[start..<end]))
      (start, end) = (0, end - start)
    }
    while end - start < count {
      guard let received = try? socket.receive(into: &buffer, from: end), received > 0 else { return false }
      end += received
    }
    return true
  }
}
