import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The number of an app, the first field of the keys. A name can be the prefix of another name; a number of
/// fixed width can't. So no scan of one app reaches another app's records.
typealias AppNumber = UInt32

/// The key of a record: its identifier.
struct RecordKey: Hashable {
  let app: AppNumber
  let id: UInt64
}

extension RecordKey: TableKey {
  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(id)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let id = reader.integer(UInt64.self) else {
      throw UnreadableBytes()
    }
    self.init(app: app, id: id)
  }
}

/// A place in the order of creation.
struct OrderedKey: Hashable {
  let app: AppNumber
  /// The sequence of the account that owns the record; 0 in tables of a whole app.
  let owner: UInt64
  let sequence: UInt64
}

extension OrderedKey: TableKey {
  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(owner)
    writer.append(sequence)
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

/// The key of an owned record in an index of lookup hashes. `sequence` distinguishes records with the same
/// hash.
struct HashKey: Equatable {
  let app: AppNumber
  /// The sequence of the account that owns the record; 0 if its kind is found in the whole app.
  let owner: UInt64
  let hash: [UInt8]
  let sequence: UInt64
}

extension HashKey: TableKey {
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

/// The key of a count. `owner` is the sequence of an account; 0 for a count of the whole app.
struct CountKey: TableKey, Hashable {
  /// The kind of count. The raw values are stored. Owned kinds have their own (`OwnedKind.number`).
  struct Counted: Hashable, RawRepresentable {
    let rawValue: UInt8

    static let accounts = Counted(rawValue: 1)
    static let administrators = Counted(rawValue: 2)
    static let deletedAccounts = Counted(rawValue: 6)
    /// 1 after the first registration, which makes the owner.
    static let owners = Counted(rawValue: 7)
    /// Groups with accounts.
    static let groups = Counted(rawValue: 9)
    static let namedAccounts = Counted(rawValue: 11)

    /// All but the counts of owned kinds.
    static let all = [accounts, administrators, deletedAccounts, owners, groups, namedAccounts]

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

/// The key of a metric.
struct MetricKey: TableKey {
  let app: AppNumber
  /// `NAME/PERIOD`.
  let metricid: String

  init(app: AppNumber, _ name: Metric.Name, _ period: String) {
    self.app = app
    metricid = "\(name.rawValue)/\(period)"
  }

  /// The beginning of this key and of all keys of the same name whose periods have as many bytes.
  func prefix(ofPeriodsWith count: Int) -> [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes.dropLast(count)
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

/// A place in the order of due times, over all apps.
struct DueKey: TableKey, Hashable {
  /// In milliseconds.
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

/// The key of an account in the index of usernames.
struct UsernameKey {
  let app: AppNumber
  let hash: [UInt8]
}

extension UsernameKey: TableKey {
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

/// A name as a key: of an app, or of an entry of the store.
struct NameKey: TableKey {
  let name: String

  init(_ name: String) { self.name = name }

  func encode(into writer: inout ByteWriter) { writer.append(text: name) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let name = reader.text() else { throw UnreadableBytes() }
    self.name = name
  }
}
