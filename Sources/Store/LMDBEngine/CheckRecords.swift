import DashboardLMDB
import DashboardRecords

/// The check of owned records, of counts, and of what belongs to no account.
extension Check {
  func records(_ owned: OwnedTables) throws {
    let bySearch = areIndexesComplete ? owned.bySearch : nil
    var (count, due, hashes, searches) = (0, 0, 0, 0)
    var found: [RecordKey: Int] = [:]
    try each(owned.records) { key, stored in
      count += 1
      guard let record = try? owned.decoded(stored) else {
        return report(owned.records.name, "a record can't be read: \(Self.text(key))")
      }
      let name = name(of: record)
      lastPlace = max(lastPlace, record.sequence)
      if key.id != rawID(of: record) || apps[key.app] != record.appid.description {
        report(owned.records.name, "\(name) is in the place of another record")
      }
      let place = OrderedKey(app: key.app, owner: 0, sequence: record.sequence)
      try expect(owned.byAge, place, key.id, of: name)
      if let index = owned.due, let time = record.dueAt {
        due += 1
        try expect(index, DueKey(time: time, sequence: record.sequence), of: name) { $0.key == key }
      }
      if record is Passkey, removed[RecordKey(app: key.app, id: record.accountid.rawValue)] == nil {
        found[RecordKey(app: key.app, id: record.accountid.rawValue), default: 0] += 1
      }
      if owned.byHash != nil, record.lookupHash != nil { hashes += 1 }
      if bySearch != nil, record.searchHash != nil { searches += 1 }
      guard let owner = owner(of: record, key.app) else {
        return report(owned.records.name, "\(name) belongs to no account")
      }
      let own = OrderedKey(app: key.app, owner: owner, sequence: record.sequence)
      try expect(owned.ofAccount, own, key.id, of: name)
      if let index = owned.byHash, let hashKey = owned.hashKey(record, app: key.app, owner: owner) {
        try expect(index, hashKey, key.id, of: name)
      }
      if let index = bySearch, let hash = record.searchHash {
        let searchKey = SearchKey(app: key.app, hash: hash, owner: owner, sequence: record.sequence)
        try expect(index, searchKey, key.id, of: name)
      }
    }
    if owned.kind === Passkey.kind {
      for key in Set(found.keys).union(passkeys.keys) where found[key] != passkeys[key] {
        report(
          owned.records.name, "\(AccountID(rawValue: key.id)) has another number of passkeys than it says")
      }
    }
    try expect(owned.byAge, count: count) { key, id in
      try record(owned, key.app, id.value)?.sequence == key.sequence && key.owner == 0
    }
    try ofAccounts(owned, count: count)
    if let index = owned.due {
      try expect(index, count: due) { key, value in
        guard let record = try record(owned, value.key.app, value.key.id) else { return false }
        return record.dueAt.map { DueKey(time: $0, sequence: record.sequence) } == key
      }
    }
    if let index = owned.byHash {
      try expect(index, count: hashes) { key, id in
        guard let record = try record(owned, key.app, id.value), let owner = owner(of: record, key.app) else {
          return false
        }
        return owned.hashKey(record, app: key.app, owner: owner) == key
      }
    }
    if let index = bySearch {
      try expect(index, count: searches) { key, id in
        guard let record = try record(owned, key.app, id.value), let owner = owner(of: record, key.app) else {
          return false
        }
        return key.owner == owner && key.hash == record.searchHash && key.sequence == record.sequence
      }
    }
  }

  /// Checks the index of each account's records, and the counts of accounts. A removed account has none.
  private func ofAccounts(_ owned: OwnedTables, count: Int) throws {
    var run = Run<AccountPlace>()
    func end() throws {
      guard let place = run.key, try isAccount(place.app, place.sequence) else { return }
      expected[CountKey(app: place.app, owned.counted), default: 0] += Int(clamping: run.count)
      try expect(CountKey(app: place.app, owner: place.sequence, owned.counted), Int(clamping: run.count))
    }
    try expect(owned.ofAccount, count: count) { key in
      let place = AccountPlace(app: key.app, sequence: key.owner)
      if !run.goesOn(place) {
        try end()
        run = Run(place)
      }
    } belongs: { key, id in
      guard let record = try record(owned, key.app, id.value) else { return false }
      return record.sequence == key.sequence && owner(of: record, key.app) == key.owner
    }
    try end()
  }

  private struct AccountPlace: Equatable {
    let app: AppNumber
    let sequence: UInt64
  }

  private func record(_ owned: OwnedTables, _ app: AppNumber, _ id: UInt64) throws -> (any OwnedRecord)? {
    try value(owned.records, RecordKey(app: app, id: id)).flatMap { try? owned.decoded($0) }
  }

  /// The sequence of the account of a record.
  private func owner(of record: any OwnedRecord, _ app: AppNumber) -> UInt64? {
    let account = RecordKey(app: app, id: record.accountid.rawValue)
    return owners[account] ?? removed[account]
  }

  private func name(of record: some OwnedRecord) -> String { "\(record.id)" }
  private func rawID(of record: some OwnedRecord) -> UInt64 { record.id.rawValue }

  // MARK: Counters, counts and numbers

  func counters(_ tables: CounterTables) throws {
    var count = 0
    try each(tables.counters) { key, counter in
      count += 1
      try expect(tables.ends, CounterEnd(counter.end, key), of: Self.text(key)) { _ in true }
    }
    try expect(tables.ends, count: count) { end, _ in try value(tables.counters, end.key)?.end == end.end }
  }

  func counts() throws {
    for (key, count) in expected {
      try expect(key, count)
      // Without it, the next account would become the owner's.
      if key.counted == .accounts { try expect(CountKey(app: key.app, .owners), 1) }
    }
    try each(tables.counts) { key, _ in
      if key.owner == 0 {
        let accounts = CountKey(app: key.app, .accounts)
        let isOfAccounts = key.counted == .owners && expected[accounts] != nil
        let isOfMembership = !areIndexesComplete && [.groups, .namedAccounts].contains(key.counted)
        if expected[key] == nil, !isOfAccounts, !isOfMembership { try expect(key, 0) }
      } else if try !hasRecords(key) {
        try expect(key, 0)
      }
    }
  }

  /// True if an account has records of the counted kind.
  private func hasRecords(_ key: CountKey) throws -> Bool {
    guard let owned = tables.owned.first(where: { $0.counted == key.counted }),
      try isAccount(key.app, key.owner)
    else { return false }
    return try hasEntries(owned.ofAccount, OrderedKey.prefix(app: key.app, owner: key.owner))
  }

  /// Checks the store's own entries, and reads the metrics, which depend on nothing.
  func ownEntries() throws {
    try each(tables.metrics) { _, _ in }
    try each(tables.numbers) { _, _ in }
    try each(tables.fingerprints) { _, _ in }
    let sequence = try value(tables.numbers, NameKey("sequence"))?.value ?? 0
    // There is no room for as many records: a later place would begin anew and replace entries.
    if sequence >= 1 << 62 { report(tables.numbers.name, "the next place is \(sequence), which is none") }
    if sequence < lastPlace {
      report(tables.numbers.name, "the next place is \(sequence), and \(lastPlace) is taken")
    }
    if try value(tables.fingerprints, DataFileEngine.keysName) == nil {
      report(tables.fingerprints.name, "the fingerprint of the keys is missing")
    }
  }
}
