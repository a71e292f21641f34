import DashboardRecords
import DashboardStore

/// Who changes something, checked again inside the transaction.
struct Actor {
  /// `nil` for an operator.
  let account: Account?

  init(account: Account?) { self.account = account }

  /// The caller as it was when the call began.
  init(_ caller: Caller) throws(AccessRefusal) {
    account = caller.isOperator ? nil : try caller.requireSignedIn().account
  }

  /// True if the actor may do what the owner may.
  var isOwner: Bool { account?.isOwner ?? true }

  /// True if the actor may change what belongs to the account: the owner's account is changed by its owner or an operator.
  func mayChange(_ other: Account) -> Bool {
    guard other.isOwner, let account else { return true }
    return other.accountid == account.accountid
  }
}

/// Changes that check again, inside their transaction, what was read before it.
extension Context {
  /// Changes something of the caller's own account.
  ///
  /// - Parameters:
  ///   - proof: of the account's password, if the change needs one.
  ///   - body: gets the account as it is in the transaction.
  /// - Throws: `signInRequired` if the session has ended meanwhile; the proof's error if username or password changed meanwhile.
  func changeOwn<Result>(
    _ caller: Caller, proving proof: PasswordProof? = nil,
    _ body: (borrowing Change, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    try settling(proof) {
      try write { change in
        let now = moment
        let account = try current(caller, change, now)
        _ = try proof?.confirm(change, now)
        return try body(change, account, now)
      }
    }
  }

  /// Changes something of any account, as an administrator or an operator.
  ///
  /// - Parameters:
  ///   - unknown: the error if the account is gone.
  ///   - body: gets the actor and the account as they are in the transaction.
  /// - Throws: `AccessRefusal` if the caller's session or role ended meanwhile; `unknown`.
  func changeAny<Result>(
    _ caller: Caller, _ id: AccountID, unknown: any RuleError = AccountError.unknown,
    _ body: (borrowing Change, _ actor: Actor, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    try write { change in
      let now = moment
      let actor = caller.isOperator ? Actor(account: nil) : Actor(account: try current(caller, change, now))
      if let account = actor.account, !account.isAdministrator { throw AccessRefusal.administratorRequired }
      guard let account = try change.account(id) else { throw unknown }
      return try body(change, actor, account, now)
    }
  }

  private func current(_ caller: Caller, _ change: borrowing Change, _ now: Timestamp) throws -> Account {
    let session = try caller.requireSignedIn().session
    guard let signedIn = try change.signedIn(session.sessionid), signedIn.isAlive(at: now) else {
      throw AccessRefusal.signInRequired
    }
    return signedIn.account
  }

  /// Takes back the counted attempt if something other than the password is refused.
  func settling<Result>(_ proof: PasswordProof?, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as any RuleError {
      if let proof, error.identifier != proof.refusal.identifier {
        try write { change in _ = try proof.confirm(change, moment) }
      }
      throw error
    }
  }
}

/// An account that is not there, or that its state or its role protects.
package enum AccountError: String, RuleError {
  case unknown = "account-unknown"
  /// It is the owner's, and the actor is not the owner.
  case protected = "account-protected"
  case scheduledForDeletion = "account-scheduled-for-deletion"
  case notScheduledForDeletion = "account-not-scheduled-for-deletion"
}
