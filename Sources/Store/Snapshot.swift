package import DashboardRecords

/// A list of accounts, in the order of their creation.
package enum AccountList: Sendable {
  case ordered(Order)
  /// Accounts with a profile that has the contact address. The cost of a look-up grows with the number of such profiles.
  case contact(ContactAddress)
  /// The accounts of a group.
  case group(String)

  /// A list whose order and size are stored.
  package enum Order: CaseIterable, Sendable {
    case all
    case administrators
    /// Accounts whose deletion is scheduled.
    case deleted
    /// Accounts that keep their usernames.
    case named
  }

  package static var all: AccountList { .ordered(.all) }
  package static var administrators: AccountList { .ordered(.administrators) }
  package static var deleted: AccountList { .ordered(.deleted) }
}

/// The records of one app: as of one moment, or as they are in a change. Other apps are out of reach.
package struct Snapshot: ~Copyable {
  enum Engine: ~Copyable {
    case dataFile(DataFileRead)
  }

  private let engine: Engine

  init(_ engine: consuming Engine) { self.engine = engine }

  // MARK: Accounts

  package func account(_ id: AccountID) throws -> Account? {
    switch engine {
    case .dataFile(let view): try view.account(id)
    }
  }

  /// The account of the first hash that has one. The number of look-ups depends on the number of hashes alone.
  ///
  /// - Parameter hashes: the hashes of one username, in its forms and by the current and the previous secrets.
  package func account(usernameHashes hashes: [[UInt8]]) throws -> Account? {
    switch engine {
    case .dataFile(let view): try view.account(usernameHashes: hashes)
    }
  }

  /// The account of the app's owner; `nil` if the app has no account yet or the owner's was deleted.
  package func owner() throws -> Account? {
    switch engine {
    case .dataFile(let view): try view.owner()
    }
  }

  /// Accounts of a list, newest first. The parameters are those of `records`.
  package func accounts(_ list: AccountList, after place: UInt64? = nil, offset: Int = 0, limit: Int) throws
    -> [Account]
  {
    switch engine {
    case .dataFile(let view): try view.accounts(list, after: place, offset: offset, limit: limit)
    }
  }

  package func count(_ list: AccountList) throws -> Int {
    switch engine {
    case .dataFile(let view): try view.count(list)
    }
  }

  /// True if the account is in the list.
  package func contains(_ list: AccountList, _ account: Account) throws -> Bool {
    switch engine {
    case .dataFile(let view): try view.contains(list, account)
    }
  }

  // MARK: Groups

  /// Groups in the order of their names.
  ///
  /// - Parameters:
  ///   - name: the list continues after this name, whether a group has it or not.
  ///   - offset: the number of groups to skip. The cost grows with it.
  package func groups(after name: String? = nil, offset: Int = 0, limit: Int) throws -> [Group] {
    switch engine {
    case .dataFile(let view): try view.groups(after: name, offset: offset, limit: limit)
    }
  }

  /// The number of groups.
  package func groupCount() throws -> Int {
    switch engine {
    case .dataFile(let view): try view.count(CountKey.Counted.groups)
    }
  }

  // MARK: Owned records

  /// A record; `nil` if it does not exist or its account was removed.
  package func record<Record: OwnedRecord>(_ id: Identifier<Record.Kind>) throws -> Record? {
    switch engine {
    case .dataFile(let view): try view.record(id)
    }
  }

  /// A record of one account; `nil` if there is none, or if it is another account's.
  package func record<Record: OwnedRecord>(_ id: Identifier<Record.Kind>, of account: Account) throws
    -> Record?
  {
    guard let record: Record = try record(id), record.accountid == account.accountid else { return nil }
    return record
  }

  /// The newest record of an account with the lookup hash.
  ///
  /// - Parameter account: `nil` finds nothing and takes the same time.
  package func record<Record: OwnedRecord>(of account: Account?, hash: [UInt8]) throws -> Record? {
    switch engine {
    case .dataFile(let view): try view.record(of: account, hash: hash)
    }
  }

  /// The newest record of the app with the lookup hash. Its kind must be found in the whole app
  /// (`OwnedKind.isFoundInApp`).
  package func record<Record: OwnedRecord>(hash: [UInt8]) throws -> Record? {
    try record(of: nil, hash: hash)
  }

  /// Records of an account, or of the whole app, newest first.
  ///
  /// - Parameters:
  ///   - account: `nil` for the whole app.
  ///   - place: the list continues after the record with this `sequence`, whether it still exists or not. The cost
  ///     does not depend on it.
  ///   - offset: the number of records to skip. The cost grows with it.
  package func records<Record: OwnedRecord>(
    of account: Account? = nil, after place: UInt64? = nil, offset: Int = 0, limit: Int
  ) throws -> [Record] {
    switch engine {
    case .dataFile(let view): try view.records(of: account, after: place, offset: offset, limit: limit)
    }
  }

  /// The oldest records of an account, oldest first.
  package func oldest<Record: OwnedRecord>(of account: Account, limit: Int) throws -> [Record] {
    switch engine {
    case .dataFile(let view): try view.oldest(of: account, limit: limit)
    }
  }

  /// The number of records of an account, or of the whole app.
  package func count<Record: OwnedRecord>(_: Record.Type, of account: Account? = nil) throws -> Int {
    switch engine {
    case .dataFile(let view): try view.count(Record.self, of: account)
    }
  }

  /// A session and its account, alive or not; `nil` if one of them does not exist.
  package func signedIn(_ id: SessionID) throws -> SignedIn? {
    guard let session: Session = try record(id), let account = try account(session.accountid) else {
      return nil
    }
    return SignedIn(account: account, session: session)
  }

  /// When a session epoch of an account ended; `nil` if it is the current one.
  ///
  /// The store keeps a limited number of ends. For an older epoch, the oldest kept end is returned.
  package func epochEnd(_ epoch: UInt32, of account: Account) throws -> Timestamp? {
    switch engine {
    case .dataFile(let view): try view.epochEnd(epoch, of: account)
    }
  }

  // MARK: Metrics

  /// A metric; `nil` if nothing was counted in the period.
  package func metric(_ name: Metric.Name, _ period: String) throws -> Metric? {
    switch engine {
    case .dataFile(let view): try view.metric(name, period)
    }
  }

  /// How often something happened on each of several days, oldest first. The last day is that of `moment`, in UTC.
  package func counts(_ name: Metric.Name, ofDays number: Int, until moment: Timestamp) throws -> [Int] {
    switch engine {
    case .dataFile(let view): try view.counts(name, ofDays: number, until: moment)
    }
  }
}
