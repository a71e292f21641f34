package import DashboardRecords

/// What an administrator can do to an account or its records.
///
/// A rule checks its action again inside its transaction. A page asks before it offers the action.
package enum AdministratorAction: CaseIterable, Sendable {
  case scheduleDeletion
  case cancelDeletion
  case delete
  case promote
  case demote
  case transferOwnership
  case setGroups
  case resetSessionKey
  case endSession
  case createResetCode
  case deleteResetCode
  case suspend
  case resume
  /// Sets its username or password without a proof of its holder.
  case setCredentials
  /// Takes its second factors away.
  case removeFactors

  /// - Parameter account: the account that the action changes.
  /// - Throws: `AccountError`, `RoleError`, `DeletionError`, `SessionError.protected`, `ResetCodeError.protected`,
  ///   `SuspensionError`, `FactorError.notEnrolled`.
  func check(_ actor: Actor, _ account: Account, now: Timestamp) throws {
    switch self {
    case .scheduleDeletion:
      if account.deletedAt != nil { throw AccountError.scheduledForDeletion }
      if account.isOwner { throw DeletionError.isOwner }
    case .cancelDeletion:
      guard actor.mayChange(account) else { throw AccountError.protected }
      guard account.isScheduledForDeletion(after: now) else { throw AccountError.notScheduledForDeletion }
    case .delete:
      if account.isOwner { throw DeletionError.isOwner }
    case .promote:
      guard actor.isOwner else { throw RoleError.notOwner }
      if account.isAdministrator { throw RoleError.alreadyAdministrator }
      if account.deletedAt != nil { throw AccountError.scheduledForDeletion }
      if account.suspendedAt != nil { throw AccountError.suspended }
    case .demote:
      guard actor.isOwner else { throw RoleError.notOwner }
      if account.isOwner { throw RoleError.isOwner }
      guard account.isAdministrator else { throw RoleError.notAdministrator }
      if account.deletedAt != nil { throw AccountError.scheduledForDeletion }
    case .transferOwnership:
      guard actor.isOwner else { throw RoleError.notOwner }
      if account.isOwner { throw RoleError.alreadyOwner }
      if account.deletedAt != nil { throw AccountError.scheduledForDeletion }
      // The owner is never suspended.
      if account.suspendedAt != nil { throw AccountError.suspended }
      // Its code ends, and only the owner could make another one.
      if !account.passwordSet { throw AccountError.withoutPassword }
    case .resetSessionKey:
      guard actor.mayChange(account) else { throw AccountError.protected }
      if account.deletedAt != nil { throw AccountError.scheduledForDeletion }
    case .setGroups:
      guard actor.mayChange(account) else { throw AccountError.protected }
    case .endSession:
      guard actor.mayChange(account) else { throw SessionError.protected }
    case .createResetCode:
      guard actor.mayChange(account) else { throw AccountError.protected }
      // The sweep is about to remove the account, so a code would be useless.
      if account.isDue(at: now) { throw AccountError.unknown }
    case .deleteResetCode:
      guard actor.mayChange(account) else { throw ResetCodeError.protected }
    case .suspend:
      if account.isOwner { throw SuspensionError.isOwner }
      if account.accountid == actor.account?.accountid { throw SuspensionError.isOwn }
      if account.isAdministrator, !actor.isOwner { throw SuspensionError.isAdministrator }
      if account.suspendedAt != nil { throw SuspensionError.already }
    case .resume:
      if account.isAdministrator, !actor.isOwner { throw SuspensionError.isAdministrator }
      guard account.suspendedAt != nil else { throw SuspensionError.notSuspended }
    case .setCredentials:
      // An administrator who could would act as another person.
      if actor.account != nil { throw AccountError.protected }
    case .removeFactors:
      // The owner's own are the last protection of the site: a command on the machine takes them away.
      if account.isOwner, actor.account != nil { throw AccountError.protected }
      if account.isAdministrator, !actor.isOwner { throw RoleError.notOwner }
      guard account.hasSecondFactor else { throw FactorError.notEnrolled }
    }
  }

  /// Checks the action before a call, with the account as it was read.
  ///
  /// - Throws: `AccessRefusal` if the caller is no administrator, and the errors of the rule.
  package func check(_ caller: Caller, _ account: Account, now: Timestamp) throws {
    let actor = try Actor(caller)
    if let own = actor.account, !own.isAdministrator { throw AccessRefusal.administratorRequired }
    try check(actor, account, now: now)
  }
}
