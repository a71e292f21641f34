import DashboardSystem
import DashboardWireFormat

/// Reads records from a connection one by one, and waits for them (FastCGI Specification 1.0, section 3.3).
struct RecordReader {
  private let socket: FileDescriptor
  private var buffer = [UInt8](
    repeating: 0, count: RecordHeader.length + RecordHeader.longestContent + Int(UInt8.max))
  private var start = 0
  private var end = 0

  init(descriptor: Int32) { socket = FileDescriptor(rawValue: descriptor) }

  /// True if every received byte belongs to a record that was read.
  var isDrained: Bool { start == end }

  /// True if the next record has arrived completely.
  var holdsRecord: Bool {
    guard end - start >= RecordHeader.length, let header = RecordHeader(buffer.span, at: start) else {
      return false
    }
    return end - start >= header.recordLength
  }

  /// The next record and its content, which is valid until the next record is read.
  ///
  /// - Returns: `nil` if the peer ended, was silent for too long, or sent another version of the protocol.
  mutating func next() -> (header: RecordHeader, content: Bytes)? {
    guard fill(RecordHeader.length), let header = RecordHeader(buffer.span, at: start),
      fill(header.recordLength)
    else { return nil }
    let content = start + RecordHeader.length
    defer { start += header.recordLength }
    return (header, buffer[content..<content + header.contentLength])
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
