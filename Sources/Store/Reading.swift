package import DashboardRecords

/// A list of accounts, in the order of their creation.
package enum AccountList: Sendable {
  case all
  case administrators
  /// Accounts whose deletion is scheduled.
  case deleted
}

/// Reads one app's records as of one moment: in a snapshot, or in the write transaction. Other apps are out
/// of reach.
package protocol Reading: ~Copyable {
  func account(_ id: AccountID) throws -> Account?
  func account(usernameHash: [UInt8]) throws -> Account?

  /// Accounts of a list, newest first. The parameters are those of `records`.
  func accounts(_ list: AccountList, after last: Account?, offset: Int, limit: Int) throws -> [Account]
  func count(_ list: AccountList) throws -> Int
  /// True if the account is in the list.
  func contains(_ list: AccountList, _ account: Account) throws -> Bool

  /// A record; `nil` if it does not exist or its account was removed.
  func record<Record: OwnedRecord>(_ id: Identifier<Record.Kind>) throws -> Record?

  /// Records of an account, or of the whole app, newest first.
  ///
  /// - Parameters:
  ///   - account: `nil` for the whole app.
  ///   - last: the list continues after this record. The cost does not depend on the place in the list.
  ///   - offset: the number of records to skip. The cost grows with it.
  func records<Record: OwnedRecord>(of account: Account?, after last: Record?, offset: Int, limit: Int) throws
    -> [Record]

  /// The number of records of an account, or of the whole app.
  func count<Record: OwnedRecord>(_: Record.Type, of account: Account?) throws -> Int

  /// The newest record of an account with the lookup hash.
  ///
  /// - Parameter account: `nil` finds nothing and takes the same time.
  func record<Record: OwnedRecord>(of account: Account?, hash: [UInt8]) throws -> Record?

  /// When a session epoch of an account ended; `nil` if it is the current one.
  ///
  /// The store keeps a limited number of ends. For an older epoch, the oldest kept end is returned.
  func epochEnd(_ epoch: UInt32, of account: Account) throws -> Timestamp?

  /// A metric; `nil` if nothing was counted in the period.
  func metric(_ name: Metric.Name, _ period: String) throws -> Metric?
}

extension Reading where Self: ~Copyable {
  /// - Parameter hashes: the hashes of one username by the current and the previous secrets.
  package func account(usernameHashes hashes: [[UInt8]]) throws -> Account? {
    for hash in hashes {
      if let account = try account(usernameHash: hash) { return account }
    }
    return nil
  }

  /// A session and its account, alive or not; `nil` if one of them does not exist.
  package func signedIn(_ id: SessionID) throws -> SignedIn? {
    guard let session: Session = try record(id), let account = try account(session.accountid) else {
      return nil
    }
    return SignedIn(account: account, session: session)
  }

  /// A record of one account; `nil` if there is none, or if it is another account's.
  package func record<Record: OwnedRecord>(_ id: Identifier<Record.Kind>, of account: Account) throws
    -> Record?
  {
    guard let record: Record = try record(id), record.accountid == account.accountid else { return nil }
    return record
  }

  package func accounts(_ list: AccountList, after last: Account? = nil, limit: Int) throws -> [Account] {
    try accounts(list, after: last, offset: 0, limit: limit)
  }

  package func records<Record: OwnedRecord>(
    of account: Account? = nil, after last: Record? = nil, limit: Int
  ) throws -> [Record] {
    try records(of: account, after: last, offset: 0, limit: limit)
  }

  package func count<Record: OwnedRecord>(_: Record.Type) throws -> Int { try count(Record.self, of: nil) }
}
