package import DashboardRecords
import DashboardStore

package enum RoleError: String, RuleError {
  /// Only the owner and an operator may change roles.
  case notOwner = "role-change-by-other-than-owner"
  case alreadyAdministrator = "already-administrator"
  case notAdministrator = "not-administrator"
  /// The owner is always an administrator.
  case isOwner = "role-of-owner"
  case alreadyOwner = "already-owner"
}

/// Rules of roles: an app has administrators, and one owner.
package enum Roles {
  /// Gives an account the administrator role. Its sessions go on.
  ///
  /// - Throws: `AccountError`, `RoleError`.
  package static func promote(_ caller: Caller, _ context: inout Context, _ id: AccountID) throws -> Account {
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.promote.check(actor, account, now: now)
      var account = account
      account.administratorSince = now
      account.updatedAt = now
      try change.update(account)
      try change.keep(.administratorSet, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.administratorSet, account.accountid)
    return account
  }

  /// Takes the administrator role from an account and ends its sessions.
  ///
  /// - Throws: `AccountError`, `RoleError`.
  package static func demote(_ caller: Caller, _ context: inout Context, _ id: AccountID) throws -> Account {
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.demote.check(actor, account, now: now)
      var account = account
      account.administratorSince = nil
      // Reset codes that the account created for others must not become valid again with the role.
      account.oldestCode = try change.nextPlace()
      try change.endSessions(of: &account, at: now)
      try change.update(account)
      try change.keep(.administratorReset, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.administratorReset, account.accountid)
    return account
  }

  /// Makes another account the owner's and ends its sessions. The former owner stays an administrator.
  ///
  /// - Throws: `AccountError`, `RoleError`.
  package static func transferOwnership(_ caller: Caller, _ context: inout Context, to id: AccountID) throws
    -> Account
  {
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.transferOwnership.check(actor, account, now: now)
      if var former = try actor.account ?? change.current.owner() {
        former.ownerSince = nil
        former.updatedAt = now
        try change.update(former)
      }
      var account = account
      account.ownerSince = now
      account.oldestCode = try change.nextPlace()
      account.administratorSince = account.administratorSince ?? now
      // An administrator may have a session of this account, by a reset code.
      try change.endSessions(of: &account, at: now)
      try change.update(account)
      try change.keep(.ownerSet, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.ownerSet, account.accountid)
    return account
  }
}
