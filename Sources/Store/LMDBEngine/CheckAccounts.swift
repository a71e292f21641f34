import DashboardLMDB
import DashboardRecords

/// The check of accounts: their lists, usernames, deletions and groups.
extension Check {
  func accounts() throws {
    apps = try appNames()
    var (listed, due, members): ([AccountList.Order: Int], Int, Int) = ([:], 0, 0)
    try each(tables.accounts) { key, account in
      let (id, name) = (key.id, "\(account)")
      let place = OrderedKey(app: key.app, owner: 0, sequence: account.sequence)
      owners[key] = account.sequence
      lastPlace = max(lastPlace, account.sequence)
      if apps[key.app] != account.appid.description || account.accountid.rawValue != id {
        report(tables.accounts.name, "\(name) is in the place of another account")
      }
      try expect(tables.usernames, UsernameKey(app: key.app, hash: account.usernameHash), id, of: name)
      for list in AccountList.Order.allCases where list.includes(account) {
        guard let table = self.table(list) else { continue }
        try expect(table, place, id, of: name)
        listed[list, default: 0] += 1
        expected[CountKey(app: key.app, list.counted), default: 0] += 1
      }
      if let time = account.deletedAt {
        due += 1
        let at = DueKey(time: time, sequence: account.sequence)
        try expect(tables.deletions, at, of: name) { $0.key == key }
      }
      if let count = account.factors?.passkeys, count > 0 { passkeys[key] = Int(count) }
      guard let membership else { return }
      for group in account.groups.compactMap({ GroupKey(app: key.app, $0) }) {
        members += 1
        try expect(membership.members, MemberKey(group, account.sequence), id, of: name)
      }
    }
    try expect(tables.usernames, count: owners.count) { key, id in
      try account(key.app, id)?.usernameHash == key.hash
    }
    for list in AccountList.Order.allCases {
      guard let table = self.table(list) else { continue }
      try expect(table, count: listed[list] ?? 0) { key, id in
        guard let account = try account(key.app, id) else { return false }
        return list.includes(account) && key.owner == 0 && key.sequence == account.sequence
      }
    }
    try expect(tables.deletions, count: due) { key, value in
      guard let account = try account(value.key.app, Number(value.key.id)) else { return false }
      return account.deletedAt.map { DueKey(time: $0, sequence: account.sequence) } == key
    }
    try groups(members: members)
    try each(tables.epochEnds) { key, _ in
      if try !isOwner(key.app, key.owner) {
        report(tables.epochEnds.name, "an entry of no account: \(Self.text(key))")
      }
    }
  }

  /// The names of the apps by their numbers.
  private func appNames() throws -> [AppNumber: String] {
    var apps: [AppNumber: String] = [:]
    try each(tables.apps) { name, number in
      let app = AppNumber(clamping: number.value)
      if number.value == 0 || apps.updateValue(name.name, forKey: app) != nil {
        report(tables.apps.name, "'\(name.name)' has the number \(number.value), which is another's")
      }
    }
    return apps
  }

  private func table(_ list: AccountList.Order) -> Table<OrderedKey, Number>? {
    list == .named ? membership?.named : list.table(tables)
  }

  private func account(_ app: AppNumber, _ id: Number) throws -> Account? {
    try value(tables.accounts, RecordKey(app: app, id: id.value))
  }

  /// True if an account has this sequence, or a removed one whose records are not all removed.
  func isOwner(_ app: AppNumber, _ sequence: UInt64) throws -> Bool {
    let place = OrderedKey(app: app, owner: 0, sequence: sequence)
    return try isAccount(app, sequence) || tables.removals.contains(place, in: transaction)
  }

  func isAccount(_ app: AppNumber, _ sequence: UInt64) throws -> Bool {
    try tables.accountsByAge.contains(OrderedKey(app: app, owner: 0, sequence: sequence), in: transaction)
  }

  func removals() throws {
    try each(tables.removals) { key, id in
      let isTwice = removed.updateValue(key.sequence, forKey: RecordKey(app: key.app, id: id.value)) != nil
      lastPlace = max(lastPlace, key.sequence)
      if try isTwice || account(key.app, id) != nil {
        let reason = isTwice ? "is there twice" : "exists"
        report(tables.removals.name, "the account \(AccountID(rawValue: id.value)) \(reason)")
      }
    }
  }

  private func groups(members count: Int) throws {
    guard let membership else { return }
    var run = Run<GroupKey>()
    func end() throws {
      guard let group = run.key else { return }
      expected[CountKey(app: group.app, .groups), default: 0] += 1
      let stored = try value(membership.counts, group)?.value ?? 0
      if stored != run.count {
        report(
          membership.counts.name,
          "'\(group.name)' of app \(group.app) counts \(stored), expected \(run.count)")
      }
    }
    try expect(membership.members, count: count) { key in
      if !run.goesOn(key.group) {
        try end()
        run = Run(key.group)
      }
    } belongs: { key, id in
      guard let account = try account(key.group.app, id) else { return false }
      return account.sequence == key.sequence && account.groups.contains(key.group.name)
    }
    try end()
    try each(membership.counts) { group, count in
      if try !hasEntries(membership.members, group.bytes) {
        report(
          membership.counts.name, "'\(group.name)' of app \(group.app) counts \(count.value), expected 0")
      }
    }
  }
}

/// Entries of an index that follow each other and have a part of their keys in common.
struct Run<Key: Equatable> {
  private(set) var key: Key?
  private(set) var count: UInt64 = 0

  init() {}

  init(_ key: Key) { (self.key, count) = (key, 1) }

  /// Counts the next entry if it has the same key.
  mutating func goesOn(_ next: Key) -> Bool {
    guard next == key else { return false }
    count += 1
    return true
  }
}
