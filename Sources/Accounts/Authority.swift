import DashboardRecords
import DashboardStore

/// The account that makes a change. `changeAny` reads it again inside its transaction.
struct Actor {
  /// `nil` for an operator.
  let account: Account?

  init(account: Account?) { self.account = account }

  /// The caller's account as it was when the call began.
  ///
  /// - Throws: `signInRequired` for a guest.
  init(_ caller: Caller) throws(AccessRefusal) {
    account = caller.isOperator ? nil : try caller.requireSignedIn().account
  }

  /// True if the actor has the rights of the owner. An operator has them.
  var isOwner: Bool { account?.isOwner ?? true }

  /// True if the actor may change the account. Only the owner and an operator may change the owner's account.
  func mayChange(_ other: Account) -> Bool {
    guard other.isOwner, let account else { return true }
    return other.accountid == account.accountid
  }
}

/// Changes that check the caller and the account again, inside their transaction.
extension Context {
  /// Changes the caller's account or its records.
  ///
  /// - Parameters:
  ///   - proof: the proof of the account's password; `nil` if the change needs none.
  ///   - body: gets the account as it is in the transaction.
  /// - Throws: `signInRequired` if the session has ended; the proof's error if username or password have
  ///   changed.
  func changeOwn<Result>(
    _ caller: Caller, proving proof: PasswordProof? = nil,
    _ body: (borrowing Change, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    try forgivingAttempt(of: proof) {
      try write { change in
        let now = moment
        let account = try current(caller, change, now)
        if let proof { try proof.forgive(change, of: proof.confirm(change), now) }
        return try body(change, account, now)
      }
    }
  }

  /// Changes any account or its records, as an administrator or an operator.
  ///
  /// - Parameters:
  ///   - unknown: the error if the account does not exist.
  ///   - body: gets the actor and the account as they are in the transaction.
  /// - Throws: `AccessRefusal` if the caller's session or role has ended; `unknown`.
  func changeAny<Result>(
    _ caller: Caller, _ id: AccountID, unknown: any RuleError = AccountError.unknown,
    _ body: (borrowing Change, _ actor: Actor, _ account: Account, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    try changeAsAdministrator(caller) { change, actor, now in
      guard let account = try change.current.account(id) else { throw unknown }
      return try body(change, actor, account, now)
    }
  }

  /// Changes the app, as an administrator or an operator.
  ///
  /// - Parameter body: gets the actor as it is in the transaction.
  /// - Throws: `AccessRefusal` if the caller's session or role has ended.
  func changeAsAdministrator<Result>(
    _ caller: Caller, _ body: (borrowing Change, _ actor: Actor, _ now: Timestamp) throws -> Result
  ) throws -> Result {
    try write { change in
      let now = moment
      let actor = caller.isOperator ? Actor(account: nil) : Actor(account: try current(caller, change, now))
      if let account = actor.account, !account.isAdministrator { throw AccessRefusal.administratorRequired }
      return try body(change, actor, now)
    }
  }

  /// The caller's account as it is in the transaction.
  func current(_ caller: Caller, _ change: borrowing Change, _ now: Timestamp) throws -> Account {
    let session = try caller.requireSignedIn().session
    guard let signedIn = try change.current.signedIn(session.sessionid), signedIn.isAlive(at: now) else {
      throw AccessRefusal.signInRequired
    }
    return signedIn.account
  }

  /// Runs `body`. If `body` throws a refusal other than the proof's own, takes the counted attempt back.
  func forgivingAttempt<Result>(of proof: PasswordProof?, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch  where error is any RuleError || error is AccessRefusal {
      if let proof, (error as? any RuleError)?.identifier != proof.refusal.identifier {
        try write { change in
          let (now, account) = (moment, try proof.confirm(change))
          try proof.forgive(change, of: account, now)
          try change.keep(.proven, of: account, by: proof.caller.asClient, self, at: now)
        }
      }
      throw error
    }
  }
}

/// The account does not exist, or its state or role forbids the change.
package enum AccountError: String, RuleError {
  case unknown = "account-unknown"
  /// The account is the owner's, and the actor is not the owner.
  case protected = "account-protected"
  case scheduledForDeletion = "account-scheduled-for-deletion"
  case notScheduledForDeletion = "account-not-scheduled-for-deletion"
  case suspended = "account-is-suspended"
  /// Its holder has not chosen the first password yet.
  case withoutPassword = "account-without-password"
}
