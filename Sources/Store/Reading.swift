package import DashboardRecords

/// A list of accounts, in the order of their creation.
package enum AccountList: Sendable {
  case all
  case administrators
  /// Accounts whose deletion is scheduled.
  case deleted
}

/// What can be read of one app, as of one moment: in a snapshot, or in the transaction that writes. No record of another app is reachable.
package protocol Reading: ~Copyable {
  func account(_ id: AccountID) throws -> Account?
  func account(usernameHash: [UInt8]) throws -> Account?

  /// Accounts of a list, newest first; parameters as those of `records`.
  func accounts(_ list: AccountList, after last: Account?, offset: Int, limit: Int) throws -> [Account]
  func count(_ list: AccountList) throws -> Int
  /// True if the account is in the list.
  func contains(_ list: AccountList, _ account: Account) throws -> Bool

  /// A record; `nil` if there is none, or if its account is gone.
  func record<Record: OwnedRecord>(_ id: Identifier<Record.Kind>) throws -> Record?

  /// Records of an account, or of the whole app, newest first.
  ///
  /// - Parameters:
  ///   - account: `nil` for the whole app.
  ///   - last: the list continues after this record, at a cost that does not grow with what came before.
  ///   - offset: the number of records to pass over, one by one.
  func records<Record: OwnedRecord>(of account: Account?, after last: Record?, offset: Int, limit: Int) throws
    -> [Record]

  /// The number of records of an account, or of the whole app.
  func count<Record: OwnedRecord>(_: Record.Type, of account: Account?) throws -> Int

  /// The newest record of an account with that lookup hash.
  ///
  /// - Parameter account: `nil` finds nothing, in the same time.
  func record<Record: OwnedRecord>(of account: Account?, hash: [UInt8]) throws -> Record?

  /// When an epoch of an account's sessions ended. For an epoch so old that its end is no longer kept, a moment by which it had ended.
  func epochEnd(_ epoch: UInt32, of account: Account) throws -> Timestamp?

  /// A metric; `nil` if nothing was counted.
  func metric(_ name: Metric.Name, _ period: String) throws -> Metric?
}

extension Reading where Self: ~Copyable {
  /// - Parameter hashes: of one username by each of the keys in use.
  package func account(usernameHashes hashes: [[UInt8]]) throws -> Account? {
    for hash in hashes {
      if let account = try account(usernameHash: hash) { return account }
    }
    return nil
  }

  /// A session and its account.
  package func signedIn(_ id: SessionID) throws -> SignedIn? {
    guard let session: Session = try record(id), let account = try account(session.accountid) else {
      return nil
    }
    return SignedIn(account: account, session: session)
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
