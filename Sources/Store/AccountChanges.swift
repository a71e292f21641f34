import DashboardLMDB
package import DashboardRecords

/// What can be changed of accounts.
extension Change {
  /// True once in an app's life: for the account that becomes its owner.
  package func claimOwnership() throws -> Bool {
    guard try count(CountKey.Counted.owners) == 0 else { return false }
    try add(1, to: .owners)
    return true
  }

  /// Adds an account and gives it its identifier and its place in the order of creation.
  ///
  /// - Throws: `DuplicateUsername` when its username is taken.
  package func insert(_ new: Account) throws -> Account {
    var account = new
    account.accountid = try unusedIdentifier(madeAt: new.createdAt, in: tables.accounts)
    account.sequence = try nextSequence()
    let username = UsernameKey(app: number, hash: account.usernameHash)
    guard try tables.usernames.insert(username, Number(account.accountid.rawValue), in: transaction),
      try tables.accounts.insert(key(account), account, in: transaction)
    else { throw DuplicateUsername() }
    try set(.all, account, true)
    try set(.administrators, account, account.isAdministrator)
    return account
  }

  /// The owner of the app; `nil` if the owner has left.
  package func owner() throws -> Account? {
    var owner: Account?
    let prefix = OrderedKey.prefix(app: number, owner: 0)
    try tables.administrators.scan(prefix: prefix, in: transaction) { _, id in
      if let found = try account(AccountID(rawValue: id.value)), found.isOwner { owner = found }
      return owner == nil
    }
    return owner
  }

  /// Stores an account; the lists follow what it says of itself.
  package func update(_ account: Account) throws {
    guard let known = try self.account(account.accountid) else { return }
    if known.usernameHash != account.usernameHash {
      let username = UsernameKey(app: number, hash: account.usernameHash)
      guard try tables.usernames.insert(username, Number(account.accountid.rawValue), in: transaction)
      else { throw DuplicateUsername() }
      _ = try tables.usernames.remove(
        UsernameKey(app: number, hash: known.usernameHash), in: transaction)
    }
    if known.isAdministrator != account.isAdministrator {
      try set(.administrators, account, account.isAdministrator)
    }
    if known.deletedAt != account.deletedAt {
      if let due = known.deletedAt {
        _ = try tables.deletions.remove(deletion(account, due), in: transaction)
      }
      if let due = account.deletedAt {
        let value = RecordValue(app: number, id: account.accountid.rawValue)
        try tables.deletions.put(deletion(account, due), value, in: transaction)
      }
      let isListed = known.deletedAt != nil
      if isListed != (account.deletedAt != nil) { try set(.deleted, account, !isListed) }
    }
    try tables.accounts.put(key(account), account, in: transaction)
  }

  /// How many moments at which its sessions ended are kept of an account, that nobody fills the disk with them.
  private static var mostEpochEnds: UInt64 { 1000 }

  /// Ends all sessions of the account but one, however many there are, at the cost of one. The caller stores the account.
  package func endSessions(of account: inout Account, at now: Timestamp, except survivor: Session? = nil)
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
    guard let survivor, var session: Session = try record(survivor.sessionid),
      !session.hasEnded(at: now, account: before)
    else { return }
    session.epoch = account.sessionEpoch
    try update(session)
  }

  /// Removes an account for every reader. What belonged to it follows in `removeRemains`.
  package func remove(_ account: Account) throws {
    _ = try tables.accounts.remove(key(account), in: transaction)
    _ = try tables.usernames.remove(UsernameKey(app: number, hash: account.usernameHash), in: transaction)
    try set(.all, account, false)
    if account.isAdministrator { try set(.administrators, account, false) }
    if let due = account.deletedAt {
      _ = try tables.deletions.remove(deletion(account, due), in: transaction)
      try set(.deleted, account, false)
    }
    for counted in [CountKey.Counted.sessions, .profiles, .resetCodes] {
      let count = try count(counted, owner: account.sequence)
      try add(-count, to: counted)
      try add(-count, to: counted, owner: account.sequence)
    }
    try tables.removals.put(
      place(account.sequence), Number(account.accountid.rawValue), in: transaction)
  }

  // MARK: Parts

  private func key(_ account: Account) -> RecordKey {
    RecordKey(app: number, id: account.accountid.rawValue)
  }

  private func deletion(_ account: Account, _ due: Timestamp) -> DueKey {
    DueKey(time: due, sequence: account.sequence)
  }

  /// Puts an account into a list, or takes it out, and counts.
  private func set(_ list: AccountList, _ account: Account, _ isIn: Bool) throws {
    let place = place(account.sequence)
    if isIn {
      try list.table(tables).put(place, Number(account.accountid.rawValue), in: transaction)
      try add(1, to: list.counted)
    } else if try list.table(tables).remove(place, in: transaction) {
      try add(-1, to: list.counted)
    }
  }
}
