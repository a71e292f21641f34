import LMDB

/// A record of any app, as a value.
struct RecordValue: TableValue {
  let key: RecordKey

  init(app: AppNumber, id: UInt64) { key = RecordKey(app: app, id: id) }

  func encode(into writer: inout ByteWriter) { key.encode(into: &writer) }

  init?(decoding reader: inout ByteReader) {
    guard let key = RecordKey(decoding: &reader) else { return nil }
    self.key = key
  }
}

/// A number.
struct Number: TableValue {
  let value: UInt64

  init(_ value: UInt64) { self.value = value }

  func encode(into writer: inout ByteWriter) { writer.append(value) }

  init?(decoding reader: inout ByteReader) {
    guard let value = reader.integer(UInt64.self) else { return nil }
    self.value = value
  }
}

/// Bytes whose length is fixed by their use: a fingerprint of 32 bytes.
struct Fingerprint: TableValue {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func encode(into writer: inout ByteWriter) { writer.append(bytes: bytes) }

  init?(decoding reader: inout ByteReader) {
    guard let bytes = reader.bytes(32) else { return nil }
    self.bytes = bytes
  }
}
