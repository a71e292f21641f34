import DashboardLMDB
import DashboardRecords

/// Changes of accounts.
extension DataFileWrite {
  func claimOwnership() throws -> Bool {
    guard try current.count(CountKey.Counted.owners) == 0 else { return false }
    try add(1, to: .owners)
    return true
  }

  func insert(_ new: Account, complete: (inout Account) -> Void) throws -> Account {
    var account = new
    account.accountid = try unusedIdentifier(madeAt: new.createdAt, in: tables.accounts)
    account.sequence = try nextPlace()
    complete(&account)
    let username = UsernameKey(app: number, hash: account.usernameHash)
    guard try tables.usernames.insert(username, Number(account.accountid.rawValue), in: transaction),
      try tables.accounts.insert(key(account), account, in: transaction)
    else { throw DuplicateUsername() }
    for list in AccountList.Order.allCases where list.includes(account) { try set(list, account, true) }
    try move(account, from: [], to: account.groups)
    return account
  }

  func update(_ account: Account) throws {
    guard let known = try current.account(account.accountid) else { return }
    if known.usernameHash != account.usernameHash {
      let username = UsernameKey(app: number, hash: account.usernameHash)
      guard try tables.usernames.insert(username, Number(account.accountid.rawValue), in: transaction)
      else { throw DuplicateUsername() }
      try tables.usernames.remove(
        UsernameKey(app: number, hash: known.usernameHash), in: transaction)
    }
    for list in AccountList.Order.allCases where list.includes(known) != list.includes(account) {
      try set(list, account, list.includes(account))
    }
    try move(account, from: known.groups, to: account.groups)
    if known.deletedAt != account.deletedAt {
      if let due = known.deletedAt { try tables.deletions.remove(deletion(account, due), in: transaction) }
      if let due = account.deletedAt {
        let value = RecordValue(app: number, id: account.accountid.rawValue)
        try tables.deletions.put(deletion(account, due), value, in: transaction)
      }
    }
    try tables.accounts.put(key(account), account, in: transaction)
  }

  /// The maximum number of epoch ends for an account, so that a client can't fill the disk with them.
  private static var mostEpochEnds: UInt64 { 1000 }

  func endSessions(of account: inout Account, at now: Timestamp, except survivor: Session?)
    throws
  {
    let epoch = UInt64(account.sessionEpoch)
    let ending = place(epoch, owner: account.sequence)
    try tables.epochEnds.put(ending, Number(UInt64(clamping: now.milliseconds)), in: transaction)
    if epoch > Self.mostEpochEnds {
      try tables.epochEnds.remove(place(epoch - Self.mostEpochEnds, owner: account.sequence), in: transaction)
    }
    let before = account
    account.sessionEpoch &+= 1
    account.updatedAt = now
    guard let survivor, var session: Session = try current.record(survivor.sessionid),
      !session.hasEnded(at: now, account: before)
    else { return }
    session.epoch = account.sessionEpoch
    try update(session)
  }

  func remove(_ account: Account) throws {
    try tables.accounts.remove(key(account), in: transaction)
    try tables.usernames.remove(UsernameKey(app: number, hash: account.usernameHash), in: transaction)
    for list in AccountList.Order.allCases where list.includes(account) { try set(list, account, false) }
    try move(account, from: account.groups, to: [])
    if let due = account.deletedAt { try tables.deletions.remove(deletion(account, due), in: transaction) }
    for owned in tables.owned {
      let count = try current.count(owned.counted, owner: account.sequence)
      try add(-count, to: owned.counted)
      try add(-count, to: owned.counted, owner: account.sequence)
    }
    try tables.removals.put(
      place(account.sequence), Number(account.accountid.rawValue), in: transaction)
    // The app begins anew.
    if try current.count(.all) == 0 { try add(-current.count(CountKey.Counted.owners), to: .owners) }
  }

  // MARK: Helpers

  private func key(_ account: Account) -> RecordKey {
    RecordKey(app: number, id: account.accountid.rawValue)
  }

  private func deletion(_ account: Account, _ due: Timestamp) -> DueKey {
    DueKey(time: due, sequence: account.sequence)
  }

  /// Adds an account to a list or removes it, and updates the list's count.
  private func set(_ list: AccountList.Order, _ account: Account, _ isIn: Bool) throws {
    guard let table = list.table(tables) else { return }
    let place = place(account.sequence)
    if isIn {
      try table.put(place, Number(account.accountid.rawValue), in: transaction)
      try add(1, to: list.counted)
    } else if try table.remove(place, in: transaction) {
      try add(-1, to: list.counted)
    }
  }
}
