import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The key of an owned record in an index of search hashes. The accounts with a hash are in the order of creation.
struct SearchKey: TableKey {
  let app: AppNumber
  /// 32 bytes.
  let hash: [UInt8]
  /// The sequence of the account.
  let owner: UInt64
  let sequence: UInt64

  init(app: AppNumber, hash: [UInt8], owner: UInt64, sequence: UInt64) {
    (self.app, self.hash, self.owner, self.sequence) = (app, hash, owner, sequence)
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(bytes: Self.prefix(app: app, hash: hash))
    writer.append(owner)
    writer.append(sequence)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let hash = reader.bytes(32),
      let owner = reader.integer(UInt64.self), let sequence = reader.integer(UInt64.self)
    else { throw UnreadableBytes() }
    self.init(app: app, hash: hash, owner: owner, sequence: sequence)
  }

  /// The common prefix of all keys with a hash.
  static func prefix(app: AppNumber, hash: [UInt8]) -> [UInt8] { OrderedKey.prefix(app: app) + hash }

  /// The common prefix of all keys of an owner with a hash.
  static func prefix(app: AppNumber, hash: [UInt8], owner: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(bytes: prefix(app: app, hash: hash))
    writer.append(owner)
    return writer.bytes
  }
}

// MARK: Reading

extension DataFileRead {
  func accounts(at address: ContactAddress, after place: UInt64?, offset: Int, limit: Int) throws -> [Account]
  {
    var found: [Account] = []
    var toSkip = offset
    if limit == 0 { return [] }
    try scan(address, after: place) { id in
      if toSkip > 0 {
        toSkip -= 1
      } else if let account = try account(id) {
        found.append(account)
      }
      return found.count < limit
    }
    return found
  }

  func count(at address: ContactAddress) throws -> Int {
    var count = 0
    try scan(address, after: nil) { _ in
      count += 1
      return true
    }
    return count
  }

  func contains(_ address: ContactAddress, _ account: Account) throws -> Bool {
    let prefix = SearchKey.prefix(app: number, hash: address.hash, owner: account.sequence)
    return try tables.owned(Profile.kind).bySearch?.first(1, prefix: prefix, in: transaction).isEmpty == false
  }

  /// Visits the accounts with a contact address, newest first and each once, until `visit` returns false.
  private func scan(
    _ address: ContactAddress, after place: UInt64?, _ visit: (AccountID) throws -> Bool
  ) throws {
    let bound = place.map { SearchKey(app: number, hash: address.hash, owner: $0, sequence: 0) }
    let prefix = SearchKey.prefix(app: number, hash: address.hash)
    var last: UInt64?
    try tables.owned(Profile.kind).bySearch?.scan(
      prefix: prefix, after: bound, .descending, in: transaction
    ) { key, _ in
      if key.owner == last { return true }
      last = key.owner
      let place = OrderedKey(app: number, owner: 0, sequence: key.owner)
      // Records of a removed account can be left. The account has no place in the order.
      guard let id = try tables.accountsByAge.get(place, in: transaction) else { return true }
      return try visit(AccountID(rawValue: id.value))
    }
  }
}

// MARK: Changes

extension OwnedTables {
  /// Adds a record to the search index.
  func linkSearch(
    _ record: some OwnedRecord, app: AppNumber, owner: UInt64, in transaction: borrowing WriteTransaction
  ) throws {
    guard let bySearch, let hash = record.searchHash else { return }
    let key = SearchKey(app: app, hash: hash, owner: owner, sequence: record.sequence)
    try bySearch.put(key, Number(record.id.rawValue), in: transaction)
  }

  /// Removes a record from the search index, by its stored form: the caller's may have another hash.
  func unlinkSearch(
    _ key: RecordKey, owner: UInt64, in transaction: borrowing WriteTransaction
  ) throws {
    guard let bySearch, let stored = try records.get(key, in: transaction) else { return }
    let record = try decoded(stored)
    guard let hash = record.searchHash else { return }
    try bySearch.remove(
      SearchKey(app: key.app, hash: hash, owner: owner, sequence: record.sequence), in: transaction)
  }
}

extension Tables {
  /// The app of the account at the migration's position.
  static var migratedApp: NameKey { NameKey("migration-app") }

  /// Adds profiles to the index of contact addresses, account by account.
  ///
  /// - Parameters:
  ///   - position: 0, or the result of the previous piece: the sequence of the last account.
  ///   - most: the number of profiles after which the piece ends, once the account's are done.
  /// - Returns: `nil` after the last account.
  func linkProfiles(
    after position: UInt64, most: Int = 2000, in transaction: borrowing WriteTransaction
  ) throws -> UInt64? {
    let profiles = try owned(Profile.kind)
    let app = AppNumber(clamping: try numbers.get(Self.migratedApp, in: transaction)?.value ?? 0)
    let bound = OrderedKey(app: app, owner: position, sequence: .max)
    var (count, last, next): (Int, OrderedKey?, UInt64?) = (0, nil, nil)
    try profiles.ofAccount.scan(prefix: [], after: bound, in: transaction) { key, id in
      if count >= most, let last, key.app != last.app || key.owner != last.owner {
        next = last.owner
        return false
      }
      (count, last) = (count + 1, key)
      if let stored = try profiles.records.get(RecordKey(app: key.app, id: id.value), in: transaction) {
        let profile = try profiles.decoded(stored)
        try profiles.linkSearch(profile, app: key.app, owner: key.owner, in: transaction)
      }
      return true
    }
    if next != nil, let last {
      try numbers.put(Self.migratedApp, Number(UInt64(last.app)), in: transaction)
    } else {
      try numbers.remove(Self.migratedApp, in: transaction)
    }
    return next
  }
}
