import Accounts
import LMDB

/// The number of an app, which every key begins with. Names can be prefixes of one another; numbers of one width can't,
/// so no scan of one app reaches another's records.
typealias AppNumber = UInt32

/// A record by its random identifier.
struct RecordKey: TableKey {
  let app: AppNumber
  let id: UInt64

  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(id)
  }

  init(app: AppNumber, id: UInt64) {
    self.app = app
    self.id = id
  }

  init?(decoding reader: inout ByteReader) {
    guard let app = reader.integer(AppNumber.self), let id = reader.integer(UInt64.self) else { return nil }
    self.init(app: app, id: id)
  }
}

/// Records of an app in the order of some number, mostly that of their creation. `owner` is the sequence of the account
/// that they belong to, 0 in tables over the whole app; `sequence` makes the key unique and keeps neighbours on one page.
struct OrderedKey: TableKey {
  let app: AppNumber
  let owner: UInt64
  let sequence: UInt64

  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(owner)
    writer.append(sequence)
  }

  init(app: AppNumber, owner: UInt64, sequence: UInt64) {
    self.app = app
    self.owner = owner
    self.sequence = sequence
  }

  init?(decoding reader: inout ByteReader) {
    guard let app = reader.integer(AppNumber.self), let owner = reader.integer(UInt64.self),
      let sequence = reader.integer(UInt64.self)
    else { return nil }
    self.init(app: app, owner: owner, sequence: sequence)
  }

  /// What all keys of one owner begin with.
  static func prefix(app: AppNumber, owner: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(app)
    writer.append(owner)
    return writer.bytes
  }
}

/// Something due at a time, over all apps.
struct DueKey: TableKey {
  let time: UInt64
  let sequence: UInt64

  init(time: Timestamp, sequence: UInt64) {
    self.time = UInt64(clamping: time.milliseconds)
    self.sequence = sequence
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(time)
    writer.append(sequence)
  }

  init?(decoding reader: inout ByteReader) {
    guard let time = reader.integer(UInt64.self), let sequence = reader.integer(UInt64.self) else {
      return nil
    }
    self.time = time
    self.sequence = sequence
  }
}

/// An account by the hash of its username.
struct UsernameKey: TableKey {
  let app: AppNumber
  let hash: [UInt8]

  init(app: AppNumber, hash: [UInt8]) {
    self.app = app
    self.hash = hash
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(bytes: hash)
  }

  init?(decoding reader: inout ByteReader) {
    guard let app = reader.integer(AppNumber.self), let hash = reader.bytes(64) else { return nil }
    self.init(app: app, hash: hash)
  }
}

/// A name, as of an app or of one of the store's own numbers.
struct NameKey: TableKey {
  let name: String

  init(_ name: String) { self.name = name }

  func encode(into writer: inout ByteWriter) { writer.append(text: name) }

  init?(decoding reader: inout ByteReader) {
    guard let name = reader.text() else { return nil }
    self.name = name
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
