package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum DeletionError: String, RuleError {
  /// An administrator can't delete the owner's account.
  case isOwner = "deletion-of-owner"
  /// The account of the username is not scheduled for deletion, or its deletion is due.
  case notScheduled = "deletion-not-scheduled"
  /// The account is suspended. Its holder can't cancel the deletion.
  case suspended = "deletion-of-suspended"
  /// An administrator or an operator scheduled the deletion, so the account's holder can't cancel it.
  case byAnother = "deletion-by-another"
  /// The app would be left without an owner.
  case ownerOfOthers = "deletion-of-owner-of-others"
}

/// Rules of deletion. It is scheduled with a delay in which it can be cancelled, or done at once.
package enum Deletion {
  /// Schedules the deletion of the caller's account and ends its sessions. The caller proves the account's
  /// password.
  ///
  /// - Throws: `VerificationError.sessionNotFresh` for an account with a second factor; `AttemptError`, `CredentialError`,
  ///   `DeletionError.ownerOfOthers`.
  package static func schedule(_ caller: Caller, _ context: inout Context, password: Bytes) throws -> Account
  {
    let proof = try context.proveOwn(caller, password: password)
    let delay = delay(context)
    let (account, others) = try context.changeOwn(caller, proving: proof) { change, account, now in
      if isKept(account, ofAccounts: try change.current.count(.all)) { throw DeletionError.ownerOfOthers }
      return (
        try schedule(account, at: now.adding(seconds: delay), by: .holder, caller, context, change, now),
        try change.endClientSessions(of: caller, context, at: now)
      )
    }
    context.log(.deletionScheduled, account.accountid)
    for other in others { context.log(.sessionEnded, other) }
    context.effects.session = .ended
    return account
  }

  /// Schedules the deletion of any account and ends its sessions, as an administrator or an operator.
  ///
  /// - Throws: `AccountError`, `DeletionError.isOwner`.
  package static func schedule(_ caller: Caller, _ context: inout Context, _ id: AccountID) throws -> Account
  {
    let delay = delay(context)
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.scheduleDeletion.check(actor, account, now: now)
      let scheduler = actor.account.map { DeletionScheduler.administrator($0.accountid) } ?? .operator
      return try schedule(
        account, at: now.adding(seconds: delay), by: scheduler, caller, context, change, now)
    }
    context.log(.deletionScheduled, id)
    try context.clearCookies(of: caller, ifHolderOf: id)
    return account
  }

  /// Cancels the deletion of an account. The caller proves its username and password, and its second factor if it has one.
  ///
  /// - Throws: `AttemptError`, `CredentialError`, `FactorError`, `DeletionError.suspended`, `.notScheduled`,
  ///   `.byAnother`.
  package static func cancel(
    _ caller: Caller, _ context: inout Context, username: Bytes, password: Bytes, factor: FactorClaim? = nil
  ) throws -> Account {
    let proof = try context.prove(caller, username: username, password: password)
    let account: Account = try context.write(
      proving: proof, and: factor,
      done: { [context] change, account, _ in
        if try change.current.hasJustCancelledDeletion(account, context) { throw DeletionError.notScheduled }
        return nil
      }
    ) { [context] change, account, _, now in
      if account.suspendedAt != nil { throw DeletionError.suspended }
      guard account.isScheduledForDeletion(after: now) else { throw DeletionError.notScheduled }
      switch account.deletionScheduler {
      case .administrator, .operator: throw DeletionError.byAnother
      case .holder, nil: return try cancel(account, caller.asClient, context, change, now)
      }
    }
    context.log(.deletionCancelled, account.accountid)
    return account
  }

  /// Cancels the deletion of any account, as an administrator or an operator.
  ///
  /// - Throws: `AccountError`.
  package static func cancel(_ caller: Caller, _ context: inout Context, _ id: AccountID) throws -> Account {
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.cancelDeletion.check(actor, account, now: now)
      return try cancel(account, caller, context, change, now)
    }
    context.log(.deletionCancelled, account.accountid)
    return account
  }

  /// Removes any account and its records at once, as an administrator or an operator.
  ///
  /// - Throws: `AccountError.unknown`, `DeletionError.isOwner`.
  package static func delete(_ caller: Caller, _ context: inout Context, _ id: AccountID) throws {
    try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.delete.check(actor, account, now: now)
      try change.remove(account)
      try change.count(.accountsDeleted, at: now)
    }
    context.log(.accountDeleted, id)
    // No reader sees the account any more. These pieces usually remove all of its records. The sweep removes
    // the rest.
    if !context.changesNothing { try? context.services.store.removeRemains(pieces: 4) }
    try context.clearCookies(of: caller, ifHolderOf: id)
  }

  /// True if an account must not be deleted: an app with other accounts keeps its owner. The sweep asks again
  /// when the deletion is due.
  ///
  /// - Parameter count: the number of the app's accounts.
  package static func isKept(_ account: Account, ofAccounts count: Int) -> Bool {
    account.isOwner && count > 1
  }

  /// Seconds between the request and the deletion.
  private static func delay(_ context: Context) -> Int64 { Int64(context.configuration.deleteDelay) * 86_400 }

  private static func schedule(
    _ account: Account, at due: Timestamp, by scheduler: DeletionScheduler, _ caller: Caller,
    _ context: Context, _ change: borrowing Change, _ now: Timestamp
  ) throws -> Account {
    var account = account
    account.deletedAt = due
    account.deletionScheduler = scheduler
    try change.endSessions(of: &account, at: now)
    try change.update(account)
    try change.count(.deletionsRequested, at: now)
    try change.keep(.deletionScheduled, of: account, by: caller, context, at: now)
    return account
  }

  private static func cancel(
    _ account: Account, _ caller: Caller, _ context: Context, _ change: borrowing Change, _ now: Timestamp
  ) throws -> Account {
    var account = account
    account.deletedAt = nil
    account.deletionScheduler = nil
    account.updatedAt = now
    try change.update(account)
    try change.keep(.deletionCancelled, of: account, by: caller, context, at: now)
    return account
  }
}

extension Account {
  /// True if its deletion is scheduled and not yet due.
  func isScheduledForDeletion(after now: Timestamp) -> Bool {
    deletedAt != nil && !isDue(at: now)
  }
}
