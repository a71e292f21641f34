package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum SuspensionError: RuleError {
  /// The account is suspended. Only a caller who has proven its password or code learns this.
  case suspended
  case reasonLength(ClosedRange<Int>)
  /// The owner can't be suspended.
  case isOwner
  /// Administrators can't suspend themselves.
  case isOwn
  /// Only the owner and an operator can suspend an administrator, and end such a suspension.
  case isAdministrator
  case already
  case notSuspended

  package var identifier: String {
    switch self {
    case .suspended: "suspended"
    case .reasonLength: "suspension-reason-length"
    case .isOwner: "suspension-of-owner"
    case .isOwn: "suspension-of-oneself"
    case .isAdministrator: "suspension-of-administrator"
    case .already: "already-suspended"
    case .notSuspended: "not-suspended"
    }
  }

  package var allowedLength: ClosedRange<Int>? {
    if case .reasonLength(let allowed) = self { allowed } else { nil }
  }
}

/// Rules of suspension, by which administrators keep a person out of an account.
///
/// A suspended account has no live session and gets none. Reset codes that it made for others do not count meanwhile. A
/// scheduled deletion goes on.
package enum Suspensions {
  /// In Unicode scalars.
  package static let reasonLength = 1...256

  /// Suspends any account and ends its sessions, as an administrator or an operator.
  ///
  /// - Parameter reason: for administrators alone; `nil` for none.
  /// - Throws: `AccountError.unknown`, `SuspensionError`.
  package static func suspend(
    _ caller: Caller, _ context: inout Context, _ id: AccountID, reason: Bytes?
  ) throws -> Account {
    if let reason, !reasonLength.contains(reason.scalarCount) {
      throw SuspensionError.reasonLength(reasonLength)
    }
    let reason = String(decoding: reason ?? [], as: UTF8.self)
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.suspend.check(actor, account, now: now)
      var account = account
      account.changeMembership {
        $0.suspension = Membership.Suspension(at: now, reason: reason, by: actor.account?.accountid)
      }
      // They do not live again when the suspension ends.
      try change.endSessions(of: &account, at: now)
      try change.update(account)
      try change.keep(.accountSuspended, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.accountSuspended, id)
    return account
  }

  /// Ends the suspension of any account, as an administrator or an operator.
  ///
  /// - Throws: `AccountError.unknown`, `SuspensionError`.
  package static func resume(_ caller: Caller, _ context: inout Context, _ id: AccountID) throws -> Account {
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.resume.check(actor, account, now: now)
      var account = account
      account.changeMembership { $0.suspension = nil }
      account.updatedAt = now
      try change.update(account)
      try change.keep(.accountResumed, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.accountResumed, id)
    return account
  }
}
