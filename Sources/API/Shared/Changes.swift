import DashboardRecords
import DashboardRouting
import DashboardStore

/// What a change checks again inside the transaction: what was read before may no longer be so.
extension Call {
  /// Changes something of the asker's.
  ///
  /// - Parameters:
  ///   - proof: of the asker's password, if that was asked for.
  ///   - body: is given the asker's account as it is.
  /// - Throws: `signInRequired` if the session has ended meanwhile, the proof's refusal if username or password are no longer
  ///   those that were proven.
  func changeOwn<Result>(
    proving proof: Proof? = nil,
    _ body: (borrowing Change, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    let asker = try asker
    return try settling(proof) {
      try write { change in
        let now = moment
        let account = try current(asker, change, now)
        _ = try proof?.confirm(change, now)
        return try body(change, account, now)
      }
    }
  }

  /// Changes something of an account's, as an administrator.
  ///
  /// - Parameters:
  ///   - unknown: thrown if the account is gone.
  ///   - body: is given the asker's account and the other one as they are.
  /// - Throws: a refusal if the asker's session has ended meanwhile or is no administrator's any more; `unknown`.
  func changeAny<Result>(
    _ id: AccountID, unknown: Exception = NamedAccount.unknown,
    _ body: (borrowing Change, _ asker: Account, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    let asker = try asker
    return try write { change in
      let now = moment
      let administrator = try current(asker, change, now)
      guard administrator.isAdministrator else { throw AccessRefusal.administratorRequired }
      guard let account = try change.account(id) else { throw unknown }
      return try body(change, administrator, account, now)
    }
  }

  /// Clears the cookies if that account, whose sessions have ended, is the asker's.
  mutating func clearCookies(ifOf account: AccountID) {
    if (try? asker)?.account.accountid == account { cookieEffect = .clear }
  }

  /// Seconds from the request for deletion to the deletion.
  var deleteDelay: Int64 { Int64(configuration.deleteDelay) * 86_400 }

  private func current(_ asker: Asker, _ change: borrowing Change, _ now: Timestamp) throws -> Account {
    guard let account = try change.account(asker.account.accountid), account.deletedAt == nil,
      let session: Session = try change.record(asker.session.sessionid),
      !session.hasEnded(at: now, account: account)
    else { throw AccessRefusal.signInRequired }
    return account
  }
}

/// The rules that protect the owner, and say what an account's state forbids.
enum Protection {
  static let owner = Exception(
    "invalid-account", 403, "the account is the owner's", field: NamedAccount.name)
  static let onlyOwner = Exception("invalid-account", 403, "the asker is not the owner")
  static let deleted = Exception(
    "invalid-account", 409, "the account is scheduled for deletion", field: NamedAccount.name)
  static let notDeleted = Exception(
    "invalid-account", 409, "the account is not scheduled for deletion, or its time has come",
    field: NamedAccount.name)

  /// - Throws: `owner` if the account is the owner's and the asker is somebody else.
  static func checkOwner(_ account: Account, asker: Account) throws(Exception) {
    if account.isOwner, account.accountid != asker.accountid { throw owner }
  }
}
