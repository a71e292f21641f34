import DashboardLMDB
import DashboardRecords
import DashboardWireFormat

/// The key of a group. The groups of an app are in the order of their names.
struct GroupKey: Hashable {
  /// In bytes. Shorter names end with zeros, so that no name's keys are among those of a longer one.
  private static let length = 32

  let app: AppNumber
  let name: String

  /// `nil` for a text that no group can have as its name.
  init?(app: AppNumber, _ name: String) {
    guard (1...Self.length).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    (self.app, self.name) = (app, name)
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }
}

extension GroupKey: TableKey {
  func encode(into writer: inout ByteWriter) {
    writer.append(app)
    writer.append(bytes: Array(name.utf8) + [UInt8](repeating: 0, count: Self.length - name.utf8.count))
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let app = reader.integer(AppNumber.self), let name = reader.bytes(Self.length),
      name.drop(while: { $0 != 0 }).allSatisfy({ $0 == 0 }),
      let key = Self(app: app, String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
    else { throw UnreadableBytes() }
    self = key
  }
}

/// The key of an account in a group.
struct MemberKey: TableKey {
  let group: GroupKey
  /// The sequence of the account.
  let sequence: UInt64

  init(_ group: GroupKey, _ sequence: UInt64) { (self.group, self.sequence) = (group, sequence) }

  func encode(into writer: inout ByteWriter) {
    group.encode(into: &writer)
    writer.append(sequence)
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    let group = try GroupKey(decoding: &reader)
    guard let sequence = reader.integer(UInt64.self) else { throw UnreadableBytes() }
    self.init(group, sequence)
  }
}

/// The tables of groups, and of what else an account's membership holds. They change with the accounts, in the same transaction.
struct MembershipTables: Sendable {
  /// The accounts of each group, by age.
  let members: Table<MemberKey, Number>
  /// The number of accounts of each group that has accounts.
  let counts: Table<GroupKey, Number>
  /// The accounts that keep their usernames, by age.
  let named: Table<OrderedKey, Number>

  init(in transaction: borrowing some Transaction & ~Copyable, createIfMissing: Bool) throws(LMDBError) {
    members = try Table("accounts-by-group", in: transaction, createIfMissing: createIfMissing)
    counts = try Table("groups", in: transaction, createIfMissing: createIfMissing)
    named = try Table("named-accounts", in: transaction, createIfMissing: createIfMissing)
  }
}

// MARK: Reading

extension DataFileRead {
  func accounts(inGroup name: String, after place: UInt64?, offset: Int, limit: Int) throws -> [Account] {
    guard limit > 0, let tables = tables.membership, let group = GroupKey(app: number, name) else {
      return []
    }
    var found: [Account] = []
    var toSkip = offset
    try tables.members.scan(
      prefix: group.bytes, after: place.map { MemberKey(group, $0) }, .descending, in: transaction
    ) { _, id in
      if toSkip > 0 {
        toSkip -= 1
      } else if let account = try account(AccountID(rawValue: id.value)) {
        found.append(account)
      }
      return found.count < limit
    }
    return found
  }

  func count(inGroup name: String) throws -> Int {
    guard let tables = tables.membership, let group = GroupKey(app: number, name) else { return 0 }
    return Int(clamping: try tables.counts.get(group, in: transaction)?.value ?? 0)
  }

  func isInGroup(_ name: String, _ account: Account) throws -> Bool {
    guard let tables = tables.membership, let group = GroupKey(app: number, name) else { return false }
    return try tables.members.contains(MemberKey(group, account.sequence), in: transaction)
  }

  func groups(after name: String?, offset: Int, limit: Int) throws -> [Group] {
    guard limit > 0, let tables = tables.membership else { return [] }
    var found: [Group] = []
    var toSkip = offset
    try tables.counts.scan(
      prefix: OrderedKey.prefix(app: number), after: name.flatMap { GroupKey(app: number, $0) },
      in: transaction
    ) { group, count in
      if toSkip > 0 {
        toSkip -= 1
      } else {
        found.append(Group(appid: app, name: group.name, count: Int(clamping: count.value)))
      }
      return found.count < limit
    }
    return found
  }
}

// MARK: Changes

extension DataFileWrite {
  /// Moves an account between the groups' lists.
  func move(_ account: Account, from former: [String], to groups: [String]) throws {
    if former == groups { return }
    for name in former where !groups.contains(name) { try set(name, account, false) }
    for name in groups where !former.contains(name) { try set(name, account, true) }
  }

  /// Adds an account to a group's list or removes it, and updates the counts.
  private func set(_ name: String, _ account: Account, _ isIn: Bool) throws {
    guard let tables = tables.membership, let group = GroupKey(app: number, name) else { return }
    let member = MemberKey(group, account.sequence)
    if isIn {
      let id = Number(account.accountid.rawValue)
      guard try tables.members.insert(member, id, in: transaction) else { return }
    } else {
      guard try tables.members.remove(member, in: transaction) else { return }
    }
    let former = try current.count(inGroup: name)
    let count = max(0, isIn ? former + 1 : former - 1)
    if count > 0 {
      try tables.counts.put(group, Number(UInt64(count)), in: transaction)
    } else {
      try tables.counts.remove(group, in: transaction)
    }
    if former == 0 || count == 0 { try add(count - former, to: .groups) }
  }
}

extension Tables {
  /// Adds accounts to the lists of their groups, account by account.
  ///
  /// - Parameters:
  ///   - position: 0, or the result of the previous piece: the identifier of the last account.
  ///   - most: the number of accounts after which the piece ends, and the number of their groups.
  /// - Returns: `nil` after the last account.
  func linkGroups(
    after position: UInt64, most: Int = 4000, in transaction: borrowing WriteTransaction
  ) throws -> UInt64? {
    let app = AppNumber(clamping: try numbers.get(Self.migratedApp, in: transaction)?.value ?? 0)
    var (count, links, last): (Int, Int, RecordKey?) = (0, 0, nil)
    var members: [AppNumber: [Account]] = [:]
    var isMoreToDo = false
    // A nested transaction must not begin while a table is scanned.
    try accounts.scan(prefix: [], after: RecordKey(app: app, id: position), in: transaction) { key, account in
      isMoreToDo = count >= most || links >= most
      if isMoreToDo { return false }
      (count, links, last) = (count + 1, links + account.groups.count, key)
      if !account.groups.isEmpty { members[key.app, default: []].append(account) }
      return true
    }
    for (app, accounts) in members {
      guard let name = accounts.first?.appid else { continue }
      try DataFileWrite.nested(in: transaction, self, name, app, isMetered: false) { change in
        for account in accounts { try change.move(account, from: [], to: account.groups) }
      }
    }
    guard isMoreToDo, let last else {
      try numbers.remove(Self.migratedApp, in: transaction)
      return nil
    }
    try numbers.put(Self.migratedApp, Number(UInt64(last.app)), in: transaction)
    return last.id
  }
}
