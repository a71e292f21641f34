import DashboardAccounts
import DashboardEndpoints
import DashboardRouting

/// The changes of an account, each on a page that asks first.
extension Administration {
  static let scheduleAccountDelete = change(
    "schedule-account-delete", .scheduleDeletion, Administrator.SetAccountDeleted.self,
    .scheduleDeletionTitle, submit: .scheduleDeletionSubmit, isDangerous: true, then: .deletionScheduled,
    lead: { view in
      let days = view.configuration.deleteDelay
      return days == 0
        ? view.paragraph(.scheduleDeletionAtOnceLead)
        : view.paragraph(.scheduleDeletionLead, ["days": view.language.duration(seconds: days * 86_400)])
    },
    // The sweep may have removed it.
    removes: { $0.configuration.deleteDelay == 0 },
    isDone: { exception, _ in exception.answers(AccountError.scheduledForDeletion) },
    hasEnded: { account, _ in account.deletedAt != nil })

  static let restoreAccount = change(
    "restore-account", .cancelDeletion, Administrator.ResetAccountDeleted.self, .cancelDeletionTitle,
    submit: .cancelDeletionSubmit, then: .deletionCancelled, lead: { $0.paragraph(.cancelDeletionLead) },
    isDone: { exception, view in
      guard exception.answers(AccountError.notScheduledForDeletion) else { return false }
      return try view.call(Administrator.ReadAccount.self).deletedAt == nil
    })

  static let deleteAccount = change(
    "delete-account", .delete, Administrator.DeleteAccount.self, .removeAccountTitle,
    submit: .removeAccountSubmit, isDangerous: true, then: .accountRemoved,
    lead: { $0.paragraph(.removeAccountLead) }, removes: { _ in true },
    isDone: { exception, _ in exception.status == 404 })

  static let assignAdministrator = change(
    "assign-administrator", .promote, Administrator.SetAccountAdministrator.self, .promoteTitle,
    submit: .promoteSubmit, then: .administratorAssigned, lead: { $0.paragraph(.promoteLead) },
    isDone: { exception, _ in exception.answers(RoleError.alreadyAdministrator) })

  static let revokeAdministrator = change(
    "revoke-administrator", .demote, Administrator.ResetAccountAdministrator.self, .demoteTitle,
    submit: .demoteSubmit, isDangerous: true, then: .administratorRevoked,
    lead: { $0.paragraph(.demoteLead) },
    isDone: { exception, _ in exception.answers(RoleError.notAdministrator) })

  static let transferOwnership = change(
    "transfer-ownership", .transferOwnership, Administrator.SetOwnerAccount.self, .transferTitle,
    submit: .transferSubmit, isDangerous: true, then: .ownershipTransferred,
    lead: { $0.paragraph(.transferLead) },
    // The first one has made the caller an administrator.
    isDone: { exception, view in
      guard exception.answers(RoleError.notOwner) else { return false }
      return view.call.context.isRecent(try view.call(Administrator.ReadAccount.self).ownerSince)
    })

  static let resetSessionKey = change(
    "reset-session-key", .resetSessionKey, Administrator.ResetSessionKey.self, .resetKeyTitle,
    submit: .resetKeySubmit, isDangerous: true, then: .sessionKeyReset, lead: { $0.paragraph(.resetKeyLead) },
    hasEnded: { SessionRules.haveJustEnded(of: $0, $1.call.context) })
}
