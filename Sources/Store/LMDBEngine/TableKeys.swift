import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The number of an app, with which every key begins. A name can be a prefix of another name, a number of fixed width cannot: so no scan
/// of one app reaches another's records.
typealias AppNumber = UInt32

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

/// A place in the order of creation. `owner` is the sequence of the account to which a record belongs, 0 in tables of a whole app.
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

  /// The common prefix of all keys of an owner.
  static func prefix(app: AppNumber, owner: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(app)
    writer.append(owner)
    return writer.bytes
  }

  /// The common prefix of all keys of an app.
  static func prefix(app: AppNumber) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(app)
    return writer.bytes
  }
}

/// An owned record by its account and its lookup hash. `sequence` tells records with one hash apart.
struct HashKey: TableKey {
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

  /// The common prefix of all keys with a hash.
  static func prefix(app: AppNumber, owner: UInt64, hash: [UInt8]) -> [UInt8] {
    OrderedKey.prefix(app: app, owner: owner) + hash
  }
}

/// A count of an app, or of one account: then `owner` is the account's sequence, otherwise 0.
struct CountKey: TableKey, Hashable {
  /// What is counted. The raw values are stored; owned kinds have their own.
  struct Counted: Hashable, RawRepresentable {
    let rawValue: UInt8

    static let accounts = Counted(rawValue: 1)
    static let administrators = Counted(rawValue: 2)
    static let deletedAccounts = Counted(rawValue: 6)
    /// 1 once registration has made an owner.
    static let owners = Counted(rawValue: 7)

    static func records(_ kind: OwnedKind) -> Counted { Counted(rawValue: kind.number) }
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
      let counted = reader.integer(UInt8.self)
    else { throw UnreadableBytes() }
    self.init(app: app, owner: owner, Counted(rawValue: counted))
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

/// A record by the time at which it is due, over all apps.
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

/// A name: of an app, or of one of the store's own numbers.
struct NameKey: TableKey {
  let name: String

  init(_ name: String) { self.name = name }

  func encode(into writer: inout ByteWriter) { writer.append(text: name) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let name = reader.text() else { throw UnreadableBytes() }
    self.name = name
  }
}
