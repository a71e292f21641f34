import DashboardLMDB
import DashboardWireFormat

/// A reference to a record of any app.
struct RecordValue: TableValue {
  let key: RecordKey

  init(app: AppNumber, id: UInt64) { key = RecordKey(app: app, id: id) }

  func encode(into writer: inout ByteWriter) { key.encode(into: &writer) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    let key = try RecordKey(decoding: &reader)
    self.key = key
  }
}

/// A number: an identifier, a count or a time.
struct Number: TableValue {
  let value: UInt64

  init(_ value: UInt64) { self.value = value }

  func encode(into writer: inout ByteWriter) { writer.append(value) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let value = reader.integer(UInt64.self) else { throw UnreadableBytes() }
    self.value = value
  }
}

/// A fingerprint of secrets, 32 bytes.
struct Fingerprint: TableValue {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func encode(into writer: inout ByteWriter) { writer.append(bytes: bytes) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let bytes = reader.bytes(32) else { throw UnreadableBytes() }
    self.bytes = bytes
  }
}

/// The encoded bytes of a record whose type is not known statically.
struct StoredBytes: TableValue {
  let bytes: [UInt8]

  func encode(into writer: inout ByteWriter) { writer.append(bytes: bytes) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let bytes = reader.bytes(reader.remaining) else { throw UnreadableBytes() }
    self.bytes = bytes
  }
}
