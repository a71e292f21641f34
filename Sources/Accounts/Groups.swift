package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

/// Rules of groups, by which a site tells which of its people may use which part of it.
package enum Groups {
  /// Sets the groups of any account, as an administrator or an operator.
  ///
  /// - Parameter names: separated by commas; empty to take all groups from the account.
  /// - Throws: `GroupError`, `AccountError`.
  package static func set(
    _ caller: Caller, _ context: inout Context, _ id: AccountID, names: Bytes
  ) throws -> Account {
    let groups = try GroupNames.parse(names)
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.setGroups.check(actor, account, now: now)
      if account.groups == groups { return account }
      var account = account
      account.changeMembership { $0.groups = groups }
      account.updatedAt = now
      try change.update(account)
      try change.keep(.groupsSet, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.groupsSet, account.accountid)
    return account
  }
}
