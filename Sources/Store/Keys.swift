import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The number of an app, which every key begins with. Names can be prefixes of one another; numbers of one width can't,
/// so no scan of one app reaches another's records.
package typealias AppNumber = UInt32

/// A record by its identifier.
struct RecordKey: TableKey, Hashable {
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

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let id = reader.integer(UInt64.self) else {
      throw UnreadableBytes()
    }
    self.init(app: app, id: id)
  }
}

/// Records of an app in the order of some number, mostly that of their creation. `owner` is the sequence of the account
/// that they belong to, 0 in tables over the whole app; `sequence` makes the key unique and keeps neighbours on one page.
struct OrderedKey: TableKey, Hashable {
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

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let owner = reader.integer(UInt64.self),
      let sequence = reader.integer(UInt64.self)
    else { throw UnreadableBytes() }
    self.init(app: app, owner: owner, sequence: sequence)
  }

  /// What all keys of one owner begin with.
  static func prefix(app: AppNumber, owner: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(app)
    writer.append(owner)
    return writer.bytes
  }

  /// What all keys of one app begin with.
  static func prefix(app: AppNumber) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(app)
    return writer.bytes
  }
}

/// A reset code of an account by its hash. `sequence` makes room for two codes that are the same.
struct CodeKey: TableKey {
  let app: AppNumber
  let owner: UInt64
  let hash: [UInt8]
  let sequence: UInt64

  init(app: AppNumber, owner: UInt64, hash: [UInt8], sequence: UInt64) {
    self.app = app
    self.owner = owner
    self.hash = hash
    self.sequence = sequence
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(bytes: Self.prefix(app: app, owner: owner, hash: hash))
    writer.append(sequence)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let owner = reader.integer(UInt64.self),
      let hash = reader.bytes(64), let sequence = reader.integer(UInt64.self)
    else { throw UnreadableBytes() }
    self.init(app: app, owner: owner, hash: hash, sequence: sequence)
  }

  /// What the keys of all codes with that hash begin with.
  static func prefix(app: AppNumber, owner: UInt64, hash: [UInt8]) -> [UInt8] {
    OrderedKey.prefix(app: app, owner: owner) + hash
  }
}

/// What is counted of an app, or of one account: then `owner` is the account's sequence, otherwise 0.
struct CountKey: TableKey, Hashable {
  /// The raw values are stored.
  enum Counted: UInt8, CaseIterable {
    case accounts = 1
    case administrators = 2
    case sessions = 3
    case profiles = 4
    case resetCodes = 5
    case deletedAccounts = 6
    /// 1 once an owner has been made by registration.
    case owners = 7
  }

  let app: AppNumber
  let owner: UInt64
  let counted: Counted

  init(app: AppNumber, owner: UInt64 = 0, _ counted: Counted) {
    self.app = app
    self.owner = owner
    self.counted = counted
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(owner)
    writer.append(counted.rawValue)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let owner = reader.integer(UInt64.self),
      let counted = reader.integer(UInt8.self).flatMap(Counted.init)
    else { throw UnreadableBytes() }
    self.init(app: app, owner: owner, counted)
  }
}

/// A metric of an app by its name and period.
struct MetricKey: TableKey {
  let app: AppNumber
  /// `NAME/PERIOD`.
  let metricid: String

  init(app: AppNumber, _ name: Metric.Name, _ period: String) {
    self.app = app
    metricid = "\(name.rawValue)/\(period)"
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(text: metricid)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let metricid = reader.text() else {
      throw UnreadableBytes()
    }
    self.app = app
    self.metricid = metricid
  }
}

/// Something due at a time, over all apps.
struct DueKey: TableKey, Hashable {
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

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let time = reader.integer(UInt64.self), let sequence = reader.integer(UInt64.self) else {
      throw UnreadableBytes()
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

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let hash = reader.bytes(64) else {
      throw UnreadableBytes()
    }
    self.init(app: app, hash: hash)
  }
}

/// A name, as of an app or of one of the store's own numbers.
struct NameKey: TableKey {
  let name: String

  init(_ name: String) { self.name = name }

  func encode(into writer: inout ByteWriter) { writer.append(text: name) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let name = reader.text() else { throw UnreadableBytes() }
    self.name = name
  }
}
